// Counts the n-grams that a hypothesis shares with references.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace isthmus {

/// The n-grams of a sentence's references as a trie: an n-gram is the node that its tokens lead to from the root. All
/// nodes lie in one flat hash table, keyed by parent and token, that is reused from sentence to sentence without
/// clearing. A token is any 64-bit number: a code point, or the hash of a word.
///
/// Not thread-safe: one object for each thread.
class NgramTrie {
 public:
  /// Forgets the references and makes room for at most `ngrams` n-grams. Throws std::length_error beyond 2³⁰.
  void clear(std::size_t ngrams);

  /// Adds a reference: all its n-grams of orders 1..max_order. Of each n-gram the references allow as many as the one
  /// that has most of it.
  void add_reference(std::span<const std::uint64_t> tokens, int max_order);

  /// matches[n-1] += number of n-grams of the hypothesis that the references allow, for n = 1..matches.size().
  void count_matches(std::span<const std::uint64_t> hypothesis, std::span<std::int64_t> matches);

 private:
  using Node = std::uint32_t;  // slot + 1; the root is 0
  static constexpr Node kRoot = 0;
  static constexpr Node kAbsent = 0;

  struct Slot {
    std::uint64_t token = 0;
    Node parent = 0;
    std::uint32_t generation = 0;  // the slot is free unless this is the trie's
    std::int32_t allowed = 0;
    std::int32_t count = 0;  // in the sentence of `pass`
    std::uint32_t pass = 0;
  };

  Node find(Node parent, std::uint64_t token) const;
  Node find_or_add(Node parent, std::uint64_t token);
  /// The slot that has the n-gram, or the free slot where it belongs.
  std::size_t probe(Node parent, std::uint64_t token) const;
  /// Occurrences of the n-gram in the sentence of this pass, with this one.
  std::int32_t count_one(Slot& slot);

  std::vector<Slot> slots_;
  std::size_t mask_ = 0;
  std::uint32_t generation_ = 0;
  std::uint32_t pass_ = 0;
};

/// Number of n-grams of order n in a sentence of `length` tokens.
inline std::int64_t ngrams_of_order(std::size_t length, std::size_t n) {
  return length >= n ? static_cast<std::int64_t>(length - n + 1) : 0;
}

}  // namespace isthmus
