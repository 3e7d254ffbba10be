#include "analysis/word_order.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <functional>
#include <optional>
#include <string>

#include "analysis/changed_sources.h"
#include "analysis/estimates.h"
#include "analysis/study.h"
#include "core/error.h"

namespace isthmus {
namespace {

constexpr std::size_t kLeastPieces = 4;
constexpr std::int64_t kNoEnd = -1;
/// Streams of random numbers.
enum Stream : std::uint64_t { kChoice, kOthers, kChanges };

/// Distances of a swapped pair from the last piece that is read.
struct Bin {
  std::int64_t from;
  std::int64_t to;  // kNoEnd: any
};
constexpr Bin kSwapBins[] = {{0, 0}, {1, 2}, {3, 5}, {6, 10}, {11, 20}, {21, kNoEnd}};

/// Changes a sentence; false where it cannot.
using Change = std::function<bool(Sentence&, Random&)>;

struct NamedChange {
  std::string name;
  std::optional<Bin> bin;
  Change change;
};

/// Swaps one of the pairs of neighbours that differ and whose later one, as they are read, is so far from the end.
bool swap_pair(Sentence& sentence, const Bin& bin, bool reversed, Random& random) {
  std::vector<std::size_t> first;  // of each such pair
  for (std::size_t i = 0; i + 1 < sentence.size(); ++i) {
    const auto distance = static_cast<std::int64_t>(reversed ? i : sentence.size() - 2 - i);
    const bool within = distance >= bin.from && (bin.to == kNoEnd || distance <= bin.to);
    if (within && sentence[i] != sentence[i + 1]) first.push_back(i);
  }
  if (first.empty()) return false;
  const std::size_t i = first[random.below(first.size())];
  std::swap(sentence[i], sentence[i + 1]);
  return true;
}

bool shuffle_windows(Sentence& sentence, std::size_t window, Random& random) {
  for (std::size_t begin = 0; begin < sentence.size(); begin += window) {
    const auto first = sentence.begin() + static_cast<std::ptrdiff_t>(begin);
    std::vector<TokenId> part(first, first + static_cast<std::ptrdiff_t>(std::min(window, sentence.size() - begin)));
    random.shuffle(part);
    std::copy(part.begin(), part.end(), first);
  }
  return true;
}

std::vector<NamedChange> changes_of(bool reversed) {
  std::vector<NamedChange> changes{{"identity", {}, [](Sentence&, Random&) { return true; }}};
  for (const Bin& bin : kSwapBins) {
    changes.push_back(
        {"swap", bin, [bin, reversed](Sentence& of, Random& random) { return swap_pair(of, bin, reversed, random); }});
  }
  for (const std::size_t window : {2, 3, 5}) {
    changes.push_back({fmt::format("window-{}", window), {}, [window](Sentence& of, Random& random) {
                         return shuffle_windows(of, window, random);
                       }});
  }
  changes.push_back({"reverse", {}, [](Sentence& of, Random&) {
                       std::reverse(of.begin(), of.end());
                       return true;
                     }});
  changes.push_back(
      {"shuffle", {}, [](Sentence& of, Random& random) { return shuffle_windows(of, of.size(), random); }});
  return changes;
}

/// What one change did to the sentences that it could change.
struct Measured {
  std::string name = {};
  std::optional<Bin> bin = {};
  std::vector<std::size_t> sentences = {};
  std::vector<double> moved = {};  // share of the pieces that are not where they were; empty of another sentence
  std::vector<ContextChange> contexts = {};
  std::vector<double> losses = {};        // rise, nats of a sentence
  std::vector<double> other_losses = {};  // under another sentence's context
  std::vector<double> tokens = {};        // of the reference
};

/// What all changes are compared with.
struct Bench {
  Laboratory& laboratory;
  Matrix<float> vectors;               // of all sentences
  std::vector<std::size_t> sentences;  // that are changed
  std::vector<double> other_losses;    // of them
  std::int64_t resamples;
  std::int64_t seed;
};

/// `places`: of the sentences among bench.sentences.
void measure(Bench& bench, const Context<float>& contexts, const std::vector<std::size_t>& places, Measured& measured) {
  for (const std::size_t place : places) {
    const std::size_t i = bench.sentences[place];
    measured.sentences.push_back(i);
    measured.tokens.push_back(static_cast<double>(bench.laboratory.losses()[i].size()));
    if (!bench.other_losses.empty()) measured.other_losses.push_back(bench.other_losses[place]);
  }
  measured.contexts = context_changes(bench.vectors, measured.sentences, vectors_of(contexts));
  measured.losses = loss_changes(bench.laboratory, measured.sentences, contexts);
}

Measured measure_other(Bench& bench, Random random) {
  std::vector<std::size_t> ring = bench.sentences;  // each gets the context of the next
  random.shuffle(ring);
  std::vector<std::size_t> next(bench.laboratory.size());
  for (std::size_t k = 0; k < ring.size(); ++k) next[ring[k]] = ring[(k + 1) % ring.size()];
  std::vector<Index> numbers;
  std::vector<std::size_t> places;
  for (std::size_t place = 0; place < bench.sentences.size(); ++place) {
    numbers.push_back(static_cast<Index>(next[bench.sentences[place]]));
    places.push_back(place);
  }
  Measured measured{.name = "other"};
  measure(bench, select(bench.laboratory.contexts(), std::span<const Index>(numbers)), places, measured);
  bench.other_losses = measured.other_losses = measured.losses;
  return measured;
}

Measured measure_change(Bench& bench, const NamedChange& change, const Random& random) {
  Measured measured{.name = change.name, .bin = change.bin};
  std::vector<Sentence> changed;
  std::vector<std::size_t> places;
  for (std::size_t place = 0; place < bench.sentences.size(); ++place) {
    const std::size_t i = bench.sentences[place];
    const Sentence& before = bench.laboratory.sources()[i];
    Sentence after = before;
    Random own = random.split(i);
    if (!change.change(after, own)) continue;
    std::size_t moved = 0;
    for (std::size_t p = 0; p < after.size(); ++p) moved += after[p] != before[p];
    measured.moved.push_back(static_cast<double>(moved) / static_cast<double>(after.size()));
    places.push_back(place);
    changed.push_back(std::move(after));
  }
  if (!changed.empty()) measure(bench, bench.laboratory.encode(changed), places, measured);
  return measured;
}

struct Estimates {
  Estimate cosine, centred_cosine, loss, share;
};

/// The mean over the sentences that have one.
Estimate mean_of(const Measured& measured, double ContextChange::*value, const Bench& bench) {
  std::vector<double> values, counts;
  for (const ContextChange& change : measured.contexts) {
    const bool is = !std::isnan(change.*value);
    values.push_back(is ? change.*value : 0);
    counts.push_back(is ? 1 : 0);
  }
  return ratio_of_sums(values, counts, bench.resamples, bench.seed);
}

Estimates estimates_of(const Measured& measured, const Bench& bench) {
  return {.cosine = mean_of(measured, &ContextChange::cosine, bench),
          .centred_cosine = mean_of(measured, &ContextChange::centred_cosine, bench),
          .loss = ratio_of_sums(measured.losses, measured.tokens, bench.resamples, bench.seed),
          .share = ratio_of_sums(measured.losses, measured.other_losses, bench.resamples, bench.seed)};
}

MeasuredValue bin_value(const std::optional<Bin>& bin, std::int64_t Bin::*end) {
  return bin && (*bin).*end != kNoEnd ? MeasuredValue((*bin).*end) : MeasuredValue();
}

std::vector<MeasuredValue> row_of(const Measured& measured, const Estimates& of) {
  double moved = 0;
  for (const double share : measured.moved) moved += share / static_cast<double>(measured.moved.size());
  std::vector<MeasuredValue> row{measured.name, bin_value(measured.bin, &Bin::from), bin_value(measured.bin, &Bin::to),
                                 static_cast<std::int64_t>(measured.sentences.size()),
                                 measured.moved.empty() ? MeasuredValue() : MeasuredValue(moved)};
  for (const Estimate& one : {of.cosine, of.centred_cosine, of.loss, of.share}) {
    row.insert(row.end(), {one.value, one.low, one.high});
  }
  return row;
}

/// "swap-6-10", "swap-21": as findings call a change.
std::string finding_name(const Measured& measured) {
  if (!measured.bin) return measured.name;
  const auto [from, to] = *measured.bin;
  return to == kNoEnd || to == from ? fmt::format("{}-{}", measured.name, from)
                                    : fmt::format("{}-{}-{}", measured.name, from, to);
}

Estimate percent(const Estimate& share) { return {100 * share.value, 100 * share.low, 100 * share.high}; }

std::string share_in_words(const Estimate& share) { return in_words(percent(share)) + " %"; }

/// The three that the verdict speaks of.
struct Found {
  std::optional<Estimates> swap;  // none: no two neighbours differ
  Estimates reverse, shuffle, other;
};

std::string verdict_of(const Found& found) {
  if (!(found.other.loss.low > 0)) {
    return fmt::format(
        "That another sentence's context costs anything cannot be told ({} nats a target token): it was not seen that "
        "this decoder reads its context, and what the order of the words does cannot be told.",
        in_words(found.other.loss, 3));
  }
  const std::string swap =
      found.swap ? fmt::format(", a swap of the last two that are read {}", share_in_words(found.swap->share)) : "";
  return fmt::format(
      "Shuffling all pieces of the source costs {} nats a target token, {} of what another sentence's context costs "
      "({}); reversing them {}{}. The context of the shuffled source has a "
      "cosine of {} with the true one ({} once the mean is taken off; another sentence's {}).",
      in_words(found.shuffle.loss, 3), share_in_words(found.shuffle.share), in_words(found.other.loss, 3),
      share_in_words(found.reverse.share), swap, in_words(found.shuffle.cosine, 2),
      in_words(found.shuffle.centred_cosine, 2), in_words(found.other.centred_cosine, 2));
}

std::string meaning_of(const Found& found) {
  const Estimate& share = found.shuffle.share;
  if (!(found.other.loss.low > 0)) return "First find out why the decoder does not use its source.";
  if (share.high < 0.1) {
    return "The decoder goes by which words there are, hardly by their order: sentences that differ in order alone, as "
           "who did what to whom, cannot be told apart.";
  }
  if (share.low > 0.5) {
    return "Most of what the context says hangs on the order of the source: text in another order than that of the "
           "training text (verse, headlines, questions) will be translated worse.";
  }
  return "The context holds words and, in part, their order: of sentences that differ in order alone expect some to be "
         "mixed up.";
}

}  // namespace

void describe(OptionVisitor& visit, WordOrderOptions& options) {
  visit.group("Word-order study");
  visit("word-order-sentences", options.sentences, "sentences that are permuted, drawn at random; 0 takes all",
        at_least(0));
}

StudyResult study_word_order(Laboratory& laboratory, const StudyOptions& options) {
  const Random random(static_cast<std::uint64_t>(options.seed));
  Bench bench{
      .laboratory = laboratory,
      .vectors = vectors_of(laboratory.contexts()),
      .sentences = choose_sentences(laboratory, kLeastPieces, options.word_order.sentences, random.split(kChoice)),
      .other_losses = {},
      .resamples = options.resamples,
      .seed = options.seed};
  if (bench.sentences.size() < 2) {
    throw InputError(fmt::format("the word-order study needs two sentences with {} or more pieces: give it more text",
                                 kLeastPieces));
  }
  const std::vector<NamedChange> changes = changes_of(laboratory.network().options().reverse_source);
  laboratory.begin("word-order", static_cast<std::int64_t>(changes.size()) + 1);
  std::vector<Measured> all{measure_other(bench, random.split(kOthers))};
  laboratory.advance();
  for (std::size_t k = 0; k < changes.size(); ++k) {
    all.push_back(measure_change(bench, changes[k], random.split(kChanges).split(k)));
    laboratory.advance();
  }
  std::rotate(all.begin(), all.begin() + 1, all.end());  // the upper end is read last

  StudyResult result;
  MeasurementRows rows{
      .table = "word_order_change",
      .columns = {"change", "from_distance", "to_distance", "sentences", "moved", "cosine", "cosine_low", "cosine_high",
                  "centred_cosine", "centred_cosine_low", "centred_cosine_high", "loss_rise", "loss_rise_low",
                  "loss_rise_high", "share", "share_low", "share_high"}};
  Found found;
  for (const Measured& measured : all) {
    if (measured.sentences.empty()) continue;
    const Estimates of = estimates_of(measured, bench);
    rows.rows.push_back(row_of(measured, of));
    const std::string name = finding_name(measured);
    if (name == "swap-0") found.swap = of;
    if (name == "reverse") found.reverse = of;
    if (name == "shuffle") found.shuffle = of;
    if (name == "other") found.other = of;
    if (name == "identity") continue;
    result.findings.push_back(finding(name, "nats per target token", of.loss));
    if (name != "other") result.findings.push_back(finding("share_" + name, "% of other", percent(of.share)));
  }
  result.tables = {std::move(rows)};
  result.verdict = verdict_of(found);
  result.meaning = meaning_of(found);
  return result;
}

}  // namespace isthmus
