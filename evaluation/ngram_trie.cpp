#include "evaluation/ngram_trie.h"

#include <algorithm>
#include <bit>
#include <stdexcept>

namespace isthmus {

void NgramTrie::clear(std::size_t ngrams) {
  if (ngrams > (std::size_t{1} << 30)) throw std::length_error("a line is too long to count its n-grams");
  // At most half full. The mask follows the sentence, so that one long line does not make the others miss the cache.
  const std::size_t size = std::bit_ceil(2 * ngrams + 1);
  if (size > slots_.size()) slots_.resize(size);
  mask_ = size - 1;
  pass_ = 0;
  if (++generation_ == 0) {  // 2³² sentences later
    std::fill(slots_.begin(), slots_.end(), Slot{});
    generation_ = 1;
  }
}

std::size_t NgramTrie::probe(Node parent, std::uint64_t token) const {
  std::uint64_t hash = (token ^ (parent * 0x9E3779B97F4A7C15ULL)) * 0xD6E8FEB86659FD93ULL;
  hash ^= hash >> 32;
  std::size_t slot = hash & mask_;
  while (slots_[slot].generation == generation_ && (slots_[slot].token != token || slots_[slot].parent != parent)) {
    slot = (slot + 1) & mask_;
  }
  return slot;
}

NgramTrie::Node NgramTrie::find(Node parent, std::uint64_t token) const {
  const std::size_t slot = probe(parent, token);
  return slots_[slot].generation == generation_ ? static_cast<Node>(slot + 1) : kAbsent;
}

NgramTrie::Node NgramTrie::find_or_add(Node parent, std::uint64_t token) {
  const std::size_t slot = probe(parent, token);
  if (slots_[slot].generation != generation_) {
    slots_[slot] = {.token = token, .parent = parent, .generation = generation_};
  }
  return static_cast<Node>(slot + 1);
}

std::int32_t NgramTrie::count_one(Slot& slot) {
  if (slot.pass != pass_) {
    slot.pass = pass_;
    slot.count = 0;
  }
  return ++slot.count;
}

void NgramTrie::add_reference(std::span<const std::uint64_t> tokens, int max_order) {
  ++pass_;
  for (std::size_t begin = 0; begin < tokens.size(); ++begin) {
    const std::size_t end = std::min(tokens.size(), begin + static_cast<std::size_t>(max_order));
    Node node = kRoot;
    for (std::size_t i = begin; i < end; ++i) {
      node = find_or_add(node, tokens[i]);
      Slot& slot = slots_[node - 1];
      slot.allowed = std::max(slot.allowed, count_one(slot));
    }
  }
}

void NgramTrie::count_matches(std::span<const std::uint64_t> hypothesis, std::span<std::int64_t> matches) {
  if (slots_.empty()) return;
  ++pass_;
  for (std::size_t begin = 0; begin < hypothesis.size(); ++begin) {
    const std::size_t orders = std::min(hypothesis.size() - begin, matches.size());
    Node node = kRoot;
    for (std::size_t n = 0; n < orders; ++n) {
      node = find(node, hypothesis[begin + n]);
      if (node == kAbsent) break;  // then no longer n-gram is there either
      Slot& slot = slots_[node - 1];
      matches[n] += count_one(slot) <= slot.allowed;
    }
  }
}

}  // namespace isthmus
