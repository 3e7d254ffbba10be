#include "core/huge_pages.h"

#include <algorithm>
#include <cstdint>

#include "tests/catch.h"

namespace isthmus {
namespace {

TEST_CASE("an array is zero, aligned and of any size") {
  for (const std::size_t size : {std::size_t{0}, std::size_t{1}, std::size_t{1000}, (std::size_t{1} << 19) + 3}) {
    const HugeArray<float> array = make_huge_array<float>(size);
    REQUIRE(array != nullptr);
    CHECK(reinterpret_cast<std::uintptr_t>(array.get()) % 64 == 0);
    CHECK(std::all_of(array.get(), array.get() + size, [](float x) { return x == 0.0f; }));
    std::fill_n(array.get(), size, 1.0f);
  }
}

}  // namespace
}  // namespace isthmus
