#include "core/npy.h"

#include <fmt/format.h>

namespace isthmus {
namespace {

std::string header(const std::string& shape, NpyOrder order) {
  std::string dictionary = fmt::format("{{'descr': '<f4', 'fortran_order': {}, 'shape': ({}), }}",
                                       order == NpyOrder::kColumns ? "True" : "False", shape);
  const std::size_t preamble = 10;
  dictionary.append(63 - (preamble + dictionary.size()) % 64, ' ').push_back('\n');
  std::string header("\x93NUMPY\x01\x00", 8);
  header.push_back(static_cast<char>(dictionary.size() & 0xff));
  header.push_back(static_cast<char>(dictionary.size() >> 8));
  return header + dictionary;
}

}  // namespace

std::string npy_header(std::size_t rows, NpyOrder order) { return header(fmt::format("{},", rows), order); }

std::string npy_header(std::size_t rows, std::size_t columns, NpyOrder order) {
  return header(fmt::format("{}, {}", rows, columns), order);
}

}  // namespace isthmus
