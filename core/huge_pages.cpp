#include "core/huge_pages.h"

#include <sys/mman.h>

#include <cstdlib>
#include <cstring>
#include <new>

namespace isthmus::internal {

void* allocate_huge(std::size_t bytes) {
  constexpr std::size_t kHuge = std::size_t{2} << 20;
  constexpr std::size_t kLine = 64;
  const std::size_t alignment = bytes >= kHuge ? kHuge : kLine;
  const std::size_t size = (bytes + alignment - 1) / alignment * alignment;
  void* memory = std::aligned_alloc(alignment, size > 0 ? size : alignment);
  if (memory == nullptr) throw std::bad_alloc();
  if (alignment == kHuge) ::madvise(memory, size, MADV_HUGEPAGE);  // a refusal only costs time
  std::memset(memory, 0, size);
  return memory;
}

void FreeHuge::operator()(void* memory) const { std::free(memory); }

}  // namespace isthmus::internal
