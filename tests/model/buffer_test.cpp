#include "model/buffer.h"

#include "tests/catch.h"

namespace isthmus {
namespace {

TEST_CASE("a buffer has the size that it was given last, and the memory of the largest") {
  Buffer<float> buffer;
  CHECK(buffer.size() == 0);
  buffer.setZero(3, 5);
  CHECK(buffer.isZero(0));
  const float* const memory = buffer.data();
  buffer.resize(15, 1);
  CHECK(buffer.data() == memory);
  CHECK(buffer.rows() == 15);
  buffer.resize(2, 2);
  buffer.resize(5, 3);
  CHECK(buffer.data() == memory);
  buffer.setZero(1000, 700);  // in pages of its own
  CHECK(buffer.isZero(0));
  CHECK(buffer.cols() == 700);
}

TEST_CASE("an assignment takes over size and numbers") {
  const Matrix<double> given = Matrix<double>::Random(4, 6);
  Buffer<double> buffer;
  buffer = given;
  CHECK(buffer == given);
  Buffer<double> other;
  other = buffer;
  CHECK(other == given);
  CHECK(other.data() != buffer.data());
  buffer = other.middleCols(1, 2);
  CHECK(buffer == given.middleCols(1, 2));
}

TEST_CASE("buffers move and swap with their memory") {
  Buffer<double> one;
  one.setZero(2, 3);
  Buffer<double> two;
  two.setZero(1, 1);
  const double* const memory = one.data();
  one.swap(two);
  CHECK(two.data() == memory);
  CHECK(two.cols() == 3);
  CHECK(one.size() == 1);
  const Buffer<double> three(std::move(two));
  CHECK(three.data() == memory);
  one = Buffer<double>();
  CHECK(one.size() == 0);
}

}  // namespace
}  // namespace isthmus
