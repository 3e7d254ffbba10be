#include "distributed/all_reduce.h"

#include <algorithm>
#include <memory>
#include <vector>

namespace isthmus {
namespace {

// Open MPI sends and receives messages of this size at once, and those of a megabyte in turn.
constexpr std::size_t kPieceBytes = std::size_t{128} << 10;
// Messages on their way to this rank, as many as a slow network has room for.
constexpr std::size_t kMostMessages = 16;
// Segments begin at cache lines.
constexpr std::size_t kAlignment = 64;

/// Which part of a buffer each rank adds up, and in which pieces.
template <class Number>
class Segments {
 public:
  static constexpr std::size_t kPiece = kPieceBytes / sizeof(Number);

  Segments(std::span<Number> values, std::size_t ranks) : values_(values), ranks_(ranks) {}

  std::span<Number> of(std::size_t rank) const { return values_.subspan(begin(rank), begin(rank + 1) - begin(rank)); }

  /// Of the longest segment.
  std::size_t pieces() const {
    std::size_t longest = 0;
    for (std::size_t rank = 0; rank < ranks_; ++rank) longest = std::max(longest, of(rank).size());
    return (longest + kPiece - 1) / kPiece;
  }
  /// Empty behind the end of a short segment.
  std::span<Number> of(std::size_t rank, std::size_t piece) const {
    const std::span<Number> segment = of(rank);
    const std::size_t first = std::min(piece * kPiece, segment.size());
    return segment.subspan(first, std::min(kPiece, segment.size() - first));
  }

 private:
  std::size_t begin(std::size_t rank) const {
    if (rank == ranks_) return values_.size();
    constexpr std::size_t kLine = kAlignment / sizeof(Number);
    return std::min(values_.size(), (values_.size() * rank / ranks_ + kLine - 1) / kLine * kLine);
  }

  std::span<Number> values_;
  std::size_t ranks_;
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

/// One all-reduce. A piece's receipts begin before its sends, and both wait for those of the piece `depth_` before, so
/// that no rank's sends stand in the way of what the others must answer.
template <class Number>
class AllReduce {
 public:
  AllReduce(Wire& wire, std::span<Number> values)
      : wire_(wire),
        segments_(values, wire.size()),
        depth_(std::max<std::size_t>(2, kMostMessages / (wire.size() - 1))),
        length_(std::min(Segments<Number>::kPiece, segments_.of(wire.rank()).size())),
        received_(std::make_unique_for_overwrite<Number[]>(depth_ * wire.size() * length_)) {
    // Beginning with the next one, so that all do not send to the same rank at once.
    for (std::size_t step = 1; step < wire.size(); ++step) others_.push_back((wire.rank() + step) % wire.size());
  }

  void run() {
    in_pieces([this](std::size_t rank, std::size_t piece) { return term(rank, piece); },
              [this](std::size_t rank, std::size_t piece) { return segments_.of(rank, piece); },
              [this](std::size_t piece) { add(piece); });
    // Every rank has its sums, and what they were made of has left, so that the others' may take its place.
    in_pieces([this](std::size_t rank, std::size_t piece) { return segments_.of(rank, piece); },
              [this](std::size_t, std::size_t piece) { return own(piece); }, [](std::size_t) {});
  }

 private:
  std::span<Number> own(std::size_t piece) const { return segments_.of(wire_.rank(), piece); }
  /// Where another rank's term of this rank's segment goes.
  std::span<Number> term(std::size_t rank, std::size_t piece) const {
    return {received_.get() + (piece % depth_ * wire_.size() + rank) * length_, own(piece).size()};
  }

  /// For all pieces: receives from each other rank into in(rank, piece), sends it out(rank, piece), and calls
  /// done(piece).
  template <class In, class Out, class Done>
  void in_pieces(const In& in, const Out& out, const Done& done) {
    std::vector<std::vector<Wire::Transfer>> transfers(depth_);
    const std::size_t pieces = segments_.pieces();
    for (std::size_t piece = 0; piece < pieces + depth_; ++piece) {
      std::vector<Wire::Transfer>& slot = transfers[piece % depth_];
      if (piece >= depth_) {
        for (const Wire::Transfer& transfer : slot) transfer();
        slot.clear();
        done(piece - depth_);
      }
      if (piece >= pieces) continue;
      for (const std::size_t rank : others_) {
        const std::span<Number> bytes = in(rank, piece);
        if (!bytes.empty()) slot.push_back(wire_.receive(rank, std::as_writable_bytes(bytes)));
      }
      for (const std::size_t rank : others_) {
        const std::span<Number> bytes = out(rank, piece);
        if (!bytes.empty()) slot.push_back(wire_.send(rank, std::as_bytes(bytes)));
      }
    }
  }

  void add(std::size_t piece) {
    const std::span<Number> sum = own(piece);
    std::vector<Number*> terms;
    for (std::size_t rank = 0; rank < wire_.size(); ++rank) {
      terms.push_back(rank == wire_.rank() ? sum.data() : term(rank, piece).data());
    }
    add_by_halves<Number>(terms, sum.size());
    if (terms[0] != sum.data()) std::copy_n(terms[0], sum.size(), sum.data());
  }

  Wire& wire_;
  Segments<Number> segments_;
  std::vector<std::size_t> others_;
  std::size_t depth_;   // pieces on their way
  std::size_t length_;  // of a piece
  std::unique_ptr<Number[]> received_;
};

}  // namespace

template <class Number>
void all_reduce(Wire& wire, std::span<Number> values) {
  if (wire.size() == 1 || values.empty()) return;
  AllReduce<Number>(wire, values).run();
}

template void all_reduce<float>(Wire&, std::span<float>);
template void all_reduce<double>(Wire&, std::span<double>);
template void all_reduce<std::int64_t>(Wire&, std::span<std::int64_t>);

}  // namespace isthmus
