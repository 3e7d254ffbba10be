#include "distributed/all_reduce.h"

#include <algorithm>
#include <memory>
#include <vector>

namespace isthmus {
namespace {

// What one rank receives at a time, from all others together. Two such pieces are in memory.
constexpr std::size_t kPieceBytes = std::size_t{2} << 20;
// Smaller messages cost more than they carry.
constexpr std::size_t kLeastBytes = std::size_t{64} << 10;
// Segments begin at cache lines.
constexpr std::size_t kAlignment = 64;

/// Which part of a buffer each rank adds up, and in which pieces.
template <class Number>
class Segments {
 public:
  Segments(std::span<Number> values, std::size_t ranks) : values_(values), ranks_(ranks) {
    const std::size_t others = std::max<std::size_t>(ranks - 1, 1);
    piece_ = std::max(kLeastBytes, kPieceBytes / others) / sizeof(Number);
  }

  std::span<Number> of(std::size_t rank) const { return values_.subspan(begin(rank), begin(rank + 1) - begin(rank)); }

  /// Numbers in a whole piece.
  std::size_t piece() const { return piece_; }
  /// Of the longest segment.
  std::size_t pieces() const {
    std::size_t longest = 0;
    for (std::size_t rank = 0; rank < ranks_; ++rank) longest = std::max(longest, of(rank).size());
    return (longest + piece_ - 1) / piece_;
  }
  /// Empty behind the end of a short segment.
  std::span<Number> of(std::size_t rank, std::size_t piece) const {
    const std::span<Number> segment = of(rank);
    const std::size_t first = std::min(piece * piece_, segment.size());
    return segment.subspan(first, std::min(piece_, segment.size() - first));
  }

 private:
  std::size_t begin(std::size_t rank) const {
    if (rank == ranks_) return values_.size();
    constexpr std::size_t kLine = kAlignment / sizeof(Number);
    return std::min(values_.size(), (values_.size() * rank / ranks_ + kLine - 1) / kLine * kLine);
  }

  std::span<Number> values_;
  std::size_t ranks_;
  std::size_t piece_ = 0;
};

/// terms[0] becomes the sum of all terms, of `count` numbers each.
template <class Number>
void add_by_halves(std::span<Number* const> terms, std::size_t count) {
  if (terms.size() == 1) return;
  const std::size_t mid = terms.size() / 2;
  add_by_halves(terms.first(mid), count);
  add_by_halves(terms.subspan(mid), count);
  Number* left = terms[0];
  const Number* right = terms[mid];
  for (std::size_t i = 0; i < count; ++i) left[i] += right[i];
}

void wait_for(std::vector<Wire::Transfer>& transfers) {
  for (const Wire::Transfer& transfer : transfers) transfer();
  transfers.clear();
}

/// The other ranks, beginning with the next one, so that all do not send to the same one at once.
std::vector<std::size_t> others(const Wire& wire) {
  std::vector<std::size_t> ranks;
  for (std::size_t step = 1; step < wire.size(); ++step) ranks.push_back((wire.rank() + step) % wire.size());
  return ranks;
}

/// Receives the other ranks' terms of this rank's segment, piece after piece, and adds them up.
template <class Number>
class SegmentSum {
 public:
  SegmentSum(Wire& wire, const Segments<Number>& segments)
      : wire_(wire),
        segments_(segments),
        length_(std::min(segments.piece(), segments.of(wire.rank()).size())),
        received_(std::make_unique_for_overwrite<Number[]>(2 * wire.size() * length_)) {}

  void run() {
    begin(0);
    for (std::size_t piece = 0; !own(piece).empty(); ++piece) {
      begin(piece + 1);
      wait_for(transfers_[piece % 2]);
      add(piece);
    }
  }

 private:
  std::span<Number> own(std::size_t piece) const { return segments_.of(wire_.rank(), piece); }
  Number* term(std::size_t rank, std::size_t piece) {
    return received_.get() + (piece % 2 * wire_.size() + rank) * length_;
  }

  void begin(std::size_t piece) {
    const std::size_t count = own(piece).size();
    if (count == 0) return;
    for (const std::size_t rank : others(wire_)) {
      const std::span<Number> buffer(term(rank, piece), count);
      transfers_[piece % 2].push_back(wire_.receive(rank, std::as_writable_bytes(buffer)));
    }
  }

  void add(std::size_t piece) {
    std::vector<Number*> terms;
    for (std::size_t rank = 0; rank < wire_.size(); ++rank) {
      terms.push_back(rank == wire_.rank() ? own(piece).data() : term(rank, piece));
    }
    add_by_halves<Number>(terms, own(piece).size());
    if (wire_.rank() != 0) std::copy_n(terms[0], own(piece).size(), own(piece).data());
  }

  Wire& wire_;
  const Segments<Number>& segments_;
  std::size_t length_;  // of a piece
  std::unique_ptr<Number[]> received_;
  std::vector<Wire::Transfer> transfers_[2];  // of even and odd pieces
};

}  // namespace

template <class Number>
void all_reduce(Wire& wire, std::span<Number> values) {
  if (wire.size() == 1 || values.empty()) return;
  const Segments<Number> segments(values, wire.size());
  std::vector<Wire::Transfer> sends;
  for (std::size_t piece = 0; piece < segments.pieces(); ++piece) {
    for (const std::size_t rank : others(wire)) {
      const std::span<Number> term = segments.of(rank, piece);
      if (!term.empty()) sends.push_back(wire.send(rank, std::as_bytes(term)));
    }
  }
  SegmentSum<Number>(wire, segments).run();
  // The sums take the place of the terms.
  wait_for(sends);

  std::vector<Wire::Transfer> receipts;
  const std::span<Number> own = segments.of(wire.rank());
  for (const std::size_t rank : others(wire)) {
    const std::span<Number> sum = segments.of(rank);
    if (!sum.empty()) receipts.push_back(wire.receive(rank, std::as_writable_bytes(sum)));
    if (!own.empty()) sends.push_back(wire.send(rank, std::as_bytes(own)));
  }
  wait_for(receipts);
  wait_for(sends);
}

template void all_reduce<float>(Wire&, std::span<float>);
template void all_reduce<double>(Wire&, std::span<double>);
template void all_reduce<std::int64_t>(Wire&, std::span<std::int64_t>);

}  // namespace isthmus
