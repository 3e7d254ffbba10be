#include "core/huge_pages.h"

#include <sys/mman.h>

#include <atomic>
#include <cstdint>
#include <cstdlib>
#include <cstring>
#include <new>

namespace isthmus {
namespace {

std::atomic<std::size_t> all_bytes{0};

}  // namespace

std::size_t huge_array_bytes() { return all_bytes; }

namespace internal {
namespace {

constexpr std::size_t kLine = 64;
constexpr std::size_t kPage = 4096;
constexpr std::size_t kHugePage = std::size_t{2} << 20;

std::size_t round_up(std::size_t bytes, std::size_t unit) { return (bytes + unit - 1) / unit * unit; }

/// Whole pages that begin where a large page does.
void* map(std::size_t bytes) {
  const std::size_t size = round_up(bytes, kPage);
  void* const mapped =
      ::mmap(nullptr, size + kHugePage, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, /*fd=*/-1, /*offset=*/0);
  if (mapped == MAP_FAILED) throw std::bad_alloc();
  char* const all = static_cast<char*>(mapped);
  const std::size_t before = (kHugePage - reinterpret_cast<std::uintptr_t>(all) % kHugePage) % kHugePage;
  if (before > 0) ::munmap(all, before);
  ::munmap(all + before + size, kHugePage - before);
  ::madvise(all + before, size, MADV_HUGEPAGE);  // a refusal only costs time
  return all + before;
}

}  // namespace

void* allocate_huge(std::size_t bytes) {
  const std::size_t size = round_up(bytes > 0 ? bytes : 1, kLine);
  void* const memory = bytes >= kHugePage ? map(bytes) : std::aligned_alloc(kLine, size);
  if (memory == nullptr) throw std::bad_alloc();
  if (bytes < kHugePage) std::memset(memory, 0, size);
  all_bytes += bytes;
  return memory;
}

void FreeHuge::operator()(void* memory) const {
  all_bytes -= bytes;
  if (bytes >= kHugePage) {
    ::munmap(memory, round_up(bytes, kPage));
  } else {
    std::free(memory);
  }
}

}  // namespace internal
}  // namespace isthmus
