#include "evaluation/ter.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <optional>
#include <string_view>
#include <tuple>

#include "evaluation/text.h"

namespace isthmus {
namespace {

using Words = std::vector<int>;

// Tercom's limits, as sacreBLEU has them.
constexpr std::int64_t kLongestShift = 10;
constexpr std::int64_t kFarthestShift = 50;
constexpr std::int64_t kBeam = 25;
constexpr int kMostCandidates = 1000;

constexpr int kUnreached = std::numeric_limits<int>::max() / 2;

enum class Edit : char { kNone, kSubstitute, kInsert, kDelete };

/// Edit distances from one hypothesis after another of one length to a reference, in a band about the diagonal; the
/// last row alone is whole. Rows of the beginning that a hypothesis shares with the one before are not computed again.
class EditDistance {
 public:
  EditDistance(const Words& reference, std::int64_t hypothesis_length)
      : reference_(reference),
        size_(hypothesis_length),
        columns_(std::ssize(reference) + 1),
        ratio_(size_ == 0 ? 1.0 : static_cast<double>(reference.size()) / static_cast<double>(size_)),
        beam_(static_cast<double>(kBeam) < ratio_ / 2
                  ? static_cast<std::int64_t>(std::ceil(ratio_ / 2 + static_cast<double>(kBeam)))
                  : kBeam),
        rows_(static_cast<std::size_t>(size_ + 1)) {
    rows_[0].cells.resize(static_cast<std::size_t>(columns_));
    for (std::int64_t j = 0; j < columns_; ++j)
      rows_[0].cells[static_cast<std::size_t>(j)] = {static_cast<int>(j), Edit::kInsert};
  }

  int operator()(const Words& hypothesis) {
    std::int64_t same = 0;
    while (same < std::ssize(last_) && last_[index(same)] == hypothesis[index(same)]) ++same;
    for (std::int64_t i = same + 1; i <= size_; ++i) compute_row(hypothesis, i);
    last_ = hypothesis;
    return at(size_, columns_ - 1).cost;
  }

  /// The edits of the last hypothesis, from its beginning.
  std::vector<Edit> trace() const {
    std::vector<Edit> edits;
    for (std::int64_t i = size_, j = columns_ - 1; i > 0 || j > 0;) {
      const Edit edit = at(i, j).edit;
      edits.push_back(edit);
      if (edit != Edit::kInsert) --i;
      if (edit != Edit::kDelete) --j;
    }
    std::reverse(edits.begin(), edits.end());
    return edits;
  }

 private:
  struct Cell {
    int cost = kUnreached;
    Edit edit = Edit::kNone;
  };
  struct Row {
    std::int64_t begin = 0;  // of the band
    std::vector<Cell> cells;
  };

  static std::size_t index(std::int64_t i) { return static_cast<std::size_t>(i); }

  /// Not reached where the band has no such cell.
  Cell at(std::int64_t i, std::int64_t j) const {
    const Row& row = rows_[index(i)];
    const std::int64_t place = j - row.begin;
    return place >= 0 && place < std::ssize(row.cells) ? row.cells[index(place)] : Cell{};
  }

  void compute_row(const Words& hypothesis, std::int64_t i) {
    const auto diagonal = static_cast<std::int64_t>(std::floor(static_cast<double>(i) * ratio_));
    const std::int64_t begin = std::max<std::int64_t>(0, diagonal - beam_);
    const std::int64_t end = i == size_ ? columns_ : std::min(columns_, diagonal + beam_);
    Row& row = rows_[index(i)];
    row.begin = begin;
    row.cells.assign(index(std::max<std::int64_t>(0, end - begin)), Cell{});
    for (std::int64_t j = begin; j < end; ++j) {
      Cell& cell = row.cells[index(j - begin)];
      if (j == 0) {
        cell = {at(i - 1, 0).cost + 1, Edit::kDelete};
        continue;
      }
      const bool equal = hypothesis[index(i - 1)] == reference_[index(j - 1)];
      // The order decides ties.
      consider(cell, at(i - 1, j - 1).cost + (equal ? 0 : 1), equal ? Edit::kNone : Edit::kSubstitute);
      consider(cell, at(i - 1, j).cost + 1, Edit::kDelete);
      consider(cell, at(i, j - 1).cost + 1, Edit::kInsert);
    }
  }

  static void consider(Cell& cell, int cost, Edit edit) {
    if (cost < cell.cost) cell = {cost, edit};
  }

  const Words& reference_;
  std::int64_t size_;     // of the hypotheses
  std::int64_t columns_;  // one more than the reference has words
  double ratio_;
  std::int64_t beam_;
  std::vector<Row> rows_;
  Words last_;
};

/// What a trace says of the places of both texts.
struct Alignment {
  std::vector<std::int64_t> of_reference;  ///< the hypothesis' place that a place of the reference stands at, from -1
  std::vector<char> reference_errors, hypothesis_errors;
};

Alignment alignment_of(const std::vector<Edit>& trace) {
  Alignment alignment;
  std::int64_t place = -1;
  for (const Edit edit : trace) {
    const char error = edit == Edit::kNone ? 0 : 1;
    if (edit != Edit::kInsert) {
      ++place;
      alignment.hypothesis_errors.push_back(error);
    }
    if (edit != Edit::kDelete) {
      alignment.of_reference.push_back(place);
      alignment.reference_errors.push_back(error);
    }
  }
  return alignment;
}

bool any(const std::vector<char>& errors, std::int64_t begin, std::int64_t length) {
  return std::any_of(errors.begin() + begin, errors.begin() + begin + length, [](char error) { return error != 0; });
}

/// The words with a block of them before the place `target`, places counted as if the block were still there; a target
/// inside the block counts from its beginning, as Tercom has it.
Words shifted(const Words& words, std::int64_t start, std::int64_t length, std::int64_t target) {
  Words result;
  result.reserve(words.size());
  const auto append = [&](std::int64_t begin, std::int64_t end) {
    end = std::min(end, std::ssize(words));
    if (begin < end) result.insert(result.end(), words.begin() + begin, words.begin() + end);
  };
  if (target < start) {
    append(0, target);
    append(start, start + length);
    append(target, start);
    append(start + length, std::ssize(words));
  } else if (target > start + length) {
    append(0, start);
    append(start + length, target);
    append(start, start + length);
    append(target, std::ssize(words));
  } else {
    append(0, start);
    append(start + length, length + target);
    append(start, start + length);
    append(length + target, std::ssize(words));
  }
  return result;
}

/// A shift and what it gains; of several the greatest is made.
struct Shift {
  std::tuple<int, std::int64_t, std::int64_t, std::int64_t> rank;  ///< gain, length, -start, -target
  Words words;

  bool operator>(const Shift& other) const { return rank != other.rank ? rank > other.rank : words > other.words; }
};

/// The best shift of a block to where the reference has it; nothing if no block may be shifted.
std::optional<Shift> best_shift(const Words& hypothesis, const Words& reference, EditDistance& distance,
                                int& candidates) {
  const int before = distance(hypothesis);
  const Alignment alignment = alignment_of(distance.trace());
  const std::int64_t hypothesis_size = std::ssize(hypothesis), reference_size = std::ssize(reference);
  std::optional<Shift> best;
  const auto consider_block = [&](std::int64_t start, std::int64_t there, std::int64_t length) {
    if (!any(alignment.hypothesis_errors, start, length) || !any(alignment.reference_errors, there, length)) return;
    const auto place = [&](std::int64_t at) { return alignment.of_reference[static_cast<std::size_t>(at)]; };
    if (start <= place(there) && place(there) < start + length) return;
    std::int64_t last_target = -1;
    for (std::int64_t offset = -1; offset < length && there + offset < reference_size; ++offset) {
      const std::int64_t target = there + offset == -1 ? 0 : place(there + offset) + 1;
      if (target == last_target) continue;
      last_target = target;
      Shift shift{{}, shifted(hypothesis, start, length, target)};
      shift.rank = {before - distance(shift.words), length, -start, -target};
      ++candidates;
      if (!best || shift > *best) best = std::move(shift);
    }
  };
  for (std::int64_t start = 0; start < hypothesis_size; ++start) {
    const std::int64_t first = std::max<std::int64_t>(0, start - kFarthestShift);
    for (std::int64_t there = first; there < std::min(reference_size, start + kFarthestShift + 1); ++there) {
      for (std::int64_t length = 1;
           length <= kLongestShift && start + length <= hypothesis_size && there + length <= reference_size &&
           hypothesis[static_cast<std::size_t>(start + length - 1)] ==
               reference[static_cast<std::size_t>(there + length - 1)];
           ++length) {
        consider_block(start, there, length);
        if (candidates >= kMostCandidates) return best;
      }
    }
  }
  return best;
}

std::int64_t edits_of(Words hypothesis, const Words& reference) {
  if (reference.empty()) return std::ssize(hypothesis);
  EditDistance distance(reference, std::ssize(hypothesis));
  int candidates = 0;
  std::int64_t shifts = 0;
  while (true) {
    std::optional<Shift> shift = best_shift(hypothesis, reference, distance, candidates);
    if (candidates >= kMostCandidates || !shift || std::get<0>(shift->rank) <= 0) break;
    ++shifts;
    hypothesis = std::move(shift->words);
  }
  return shifts + distance(hypothesis);
}

}  // namespace

void describe(OptionVisitor& visit, TerOptions& options) {
  visit.group("TER");
  visit("ter-normalized", options.normalized, "cut off punctuation");
  visit("ter-no-punct", options.no_punctuation, "leave punctuation out");
  visit("ter-asian-support", options.asian_support, "the two above also for Asian punctuation, and cut at ideographs");
  visit("ter-case-sensitive", options.case_sensitive, "heed case");
}

TerStatistics& TerStatistics::operator+=(const TerStatistics& other) {
  edits += other.edits;
  reference_length += other.reference_length;
  return *this;
}

std::int64_t translation_edits(std::span<const std::string_view> hypothesis,
                               std::span<const std::string_view> reference) {
  // Numbers in the order of the words: of shifts that rank the same, sacreBLEU takes the one with the greatest words.
  std::vector<std::string_view> all(hypothesis.begin(), hypothesis.end());
  all.insert(all.end(), reference.begin(), reference.end());
  std::sort(all.begin(), all.end());
  all.erase(std::unique(all.begin(), all.end()), all.end());
  const auto numbers = [&all](std::span<const std::string_view> words) {
    Words result;
    for (const std::string_view word : words) {
      result.push_back(static_cast<int>(std::lower_bound(all.begin(), all.end(), word) - all.begin()));
    }
    return result;
  };
  return edits_of(numbers(hypothesis), numbers(reference));
}

double ter_score(const TerStatistics& statistics) {
  if (statistics.reference_length > 0) {
    return 100 * (static_cast<double>(statistics.edits) / statistics.reference_length);
  }
  return statistics.edits > 0 ? 100 : 0;
}

std::vector<TerStatistics> ter_statistics(std::span<const std::string> hypotheses,
                                          std::span<const References> references, const TerOptions& options) {
  check_references(hypotheses.size(), references);
  std::vector<TerStatistics> statistics;
  for (std::size_t i = 0; i < hypotheses.size(); ++i) {
    const std::string hypothesis = tokenize_tercom(hypotheses[i], options);
    const std::vector<std::string_view> words = split_words(hypothesis);
    TerStatistics& sentence = statistics.emplace_back();
    sentence.edits = std::numeric_limits<std::int64_t>::max();
    for (const std::string& text : references[i]) {
      // Twice, as sacreBLEU does: what the first pass cuts off may let the second cut more.
      const std::string reference = tokenize_tercom(tokenize_tercom(text, options), options);
      const std::vector<std::string_view> there = split_words(reference);
      sentence.edits = std::min(sentence.edits, translation_edits(words, there));
      sentence.reference_length += static_cast<double>(there.size());
    }
    sentence.reference_length /= static_cast<double>(references[i].size());
  }
  return statistics;
}

double corpus_ter(std::span<const std::string> hypotheses, std::span<const References> references,
                  const TerOptions& options) {
  TerStatistics sum;
  for (const TerStatistics& sentence : ter_statistics(hypotheses, references, options)) sum += sentence;
  return ter_score(sum);
}

std::string ter_signature(const TerOptions& options, std::string_view reference_count) {
  const auto yes = [](bool value) { return value ? "yes" : "no"; };
  return fmt::format("nrefs:{}|case:{}|tok:tercom|norm:{}|punct:{}|asian:{}|version:isthmus-{}", reference_count,
                     options.case_sensitive ? "mixed" : "lc", yes(options.normalized), yes(!options.no_punctuation),
                     yes(options.asian_support), ISTHMUS_VERSION);
}

}  // namespace isthmus
