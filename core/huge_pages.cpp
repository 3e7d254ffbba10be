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
/// From here on an array has pages of its own: buffers that grow would leave holes of their old sizes in the heap.
constexpr std::size_t kOwnPages = std::size_t{128} << 10;

std::size_t round_up(std::size_t bytes, std::size_t unit) { return (bytes + unit - 1) / unit * unit; }

char* map(std::size_t bytes) {
  void* const mapped =
      ::mmap(nullptr, bytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, /*fd=*/-1, /*offset=*/0);
  if (mapped == MAP_FAILED) throw std::bad_alloc();
  return static_cast<char*>(mapped);
}

/// Whole pages that begin where a large page does, if they fill one.
void* map_pages(std::size_t bytes) {
  const std::size_t size = round_up(bytes, kPage);
  if (size < kHugePage) return map(size);
  char* const all = map(size + kHugePage);
  const std::size_t before = (kHugePage - reinterpret_cast<std::uintptr_t>(all) % kHugePage) % kHugePage;
  if (before > 0) ::munmap(all, before);
  ::munmap(all + before + size, kHugePage - before);
  ::madvise(all + before, size, MADV_HUGEPAGE);  // a refusal only costs time
  return all + before;
}

}  // namespace

void* allocate_huge(std::size_t bytes) {
  void* memory = nullptr;
  if (bytes >= kOwnPages) {
    memory = map_pages(bytes);
  } else {
    const std::size_t size = round_up(bytes > 0 ? bytes : 1, kLine);
    memory = std::aligned_alloc(kLine, size);
    if (memory == nullptr) throw std::bad_alloc();
    std::memset(memory, 0, size);
  }
  all_bytes += bytes;
  return memory;
}

void FreeHuge::operator()(void* memory) const {
  all_bytes -= bytes;
  if (bytes >= kOwnPages) {
    ::munmap(memory, round_up(bytes, kPage));
  } else {
    std::free(memory);
  }
}

}  // namespace internal
}  // namespace isthmus
