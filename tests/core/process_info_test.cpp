#include "core/process_info.h"

#include <vector>

#include "tests/catch.h"

using namespace isthmus;

TEST_CASE("The peak of memory counts anew when it is told to, so that one process can measure several runs") {
  constexpr std::int64_t kSize = 200'000'000;
  { const std::vector<char> large(kSize, 1); }
  const std::int64_t before = peak_memory();
  CHECK(before >= kSize);
  reset_peak_memory();
  if (peak_memory() == before) {
    WARN("the system does not let a process reset its peak");
    return;
  }
  CHECK(peak_memory() < before - kSize / 2);
  { const std::vector<char> small(kSize / 4, 1); }
  CHECK(peak_memory() >= kSize / 4);
}
