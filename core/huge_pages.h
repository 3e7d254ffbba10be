// Memory in large pages, for arrays that are read from end to end.
#pragma once

#include <cstddef>
#include <memory>

namespace isthmus {

namespace internal {
void* allocate_huge(std::size_t bytes);
struct FreeHuge {
  void operator()(void* memory) const;
};
}  // namespace internal

/// An array of numbers, zero at first, on a cache line, and in pages of 2 MiB where it is larger and the system grants
/// them: the processor then looks up few addresses, which is worth several per cent of a training step.
template <class S>
using HugeArray = std::unique_ptr<S[], internal::FreeHuge>;

template <class S>
HugeArray<S> make_huge_array(std::size_t size) {
  return HugeArray<S>(static_cast<S*>(internal::allocate_huge(size * sizeof(S))));
}

}  // namespace isthmus
