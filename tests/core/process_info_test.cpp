#include "core/process_info.h"

#include <sys/mman.h>

#include <cstring>

#include "tests/catch.h"

using namespace isthmus;

namespace {

/// Memory that the system gives and takes back at once: allocators, the sanitizers' above all, may keep what is freed.
void use_memory(std::size_t bytes) {
  void* const memory = ::mmap(nullptr, bytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  REQUIRE(memory != MAP_FAILED);
  std::memset(memory, 1, bytes);
  ::munmap(memory, bytes);
}

}  // namespace

TEST_CASE("The peak of memory counts anew when it is told to, so that one process can measure several runs") {
  constexpr std::int64_t kSize = 200'000'000;
  use_memory(kSize);
  const std::int64_t before = peak_memory();
  CHECK(before >= kSize);
  reset_peak_memory();
  if (peak_memory() == before) {
    WARN("the system does not let a process reset its peak");
    return;
  }
  CHECK(peak_memory() < before - kSize / 2);
  use_memory(kSize / 4);
  CHECK(peak_memory() >= kSize / 4);
}
