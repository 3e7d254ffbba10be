// Memory in large pages, for arrays that are read from end to end.
#pragma once

#include <cstddef>
#include <memory>

namespace isthmus {

namespace internal {
void* allocate_huge(std::size_t bytes);
struct FreeHuge {
  std::size_t bytes = 0;

  void operator()(void* memory) const;
};
}  // namespace internal

/// An array of numbers, zero at first, on a cache line. A large one is memory of its own, which goes back to the system
/// with it, in pages of 2 MiB where the system grants them: the processor then looks up fewer addresses.
template <class S>
using HugeArray = std::unique_ptr<S[], internal::FreeHuge>;

/// Throws std::bad_alloc.
template <class S>
HugeArray<S> make_huge_array(std::size_t size) {
  const std::size_t bytes = size * sizeof(S);
  return HugeArray<S>(static_cast<S*>(internal::allocate_huge(bytes)), internal::FreeHuge{bytes});
}

/// Bytes in all such arrays of the process now. Thread-safe.
std::size_t huge_array_bytes();

}  // namespace isthmus
