#include "analysis/memory.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <optional>
#include <string>

#include "analysis/changed_sources.h"
#include "analysis/estimates.h"
#include "analysis/memory_curves.h"
#include "analysis/study.h"
#include "core/error.h"

namespace isthmus {
namespace {

constexpr std::size_t kChunk = 64;  // sentences whose changed sources are in memory together
/// Streams of random numbers.
enum Stream : std::uint64_t { kChoice, kReplacements, kUntrained };
enum End { kLast, kFirst };
enum Change { kReplace, kDrop };
constexpr const char* kEndNames[] = {"end", "begin"};
constexpr const char* kChangeNames[] = {"replace", "drop"};

/// What a change at each distance did.
struct Curves {
  DistanceTable context, loss, untrained, self_context, self_loss;
};

struct Measured {
  Curves of[2][2];  // by End and Change
};

/// A changed source: of which of the chosen sentences, and how far from both ends its changed piece is read.
struct Place {
  std::size_t row;
  std::int64_t distance[2];
};

/// The sources of a chunk, each piece changed in turn.
struct Changed {
  std::vector<Place> places;
  std::vector<std::size_t> sentences;  // of the text
  std::vector<Sentence> sources[2];    // by Change
};

struct Bench {
  Laboratory& laboratory;
  std::vector<std::size_t> sentences;
  std::vector<TokenId> pieces;  // all of the text, to draw from
  Arena<float> untrained;
  Matrix<float> vectors, untrained_vectors;  // of all sentences
  std::int64_t longest;
  Random random;
};

/// None where a hundred draws give the same piece.
std::optional<TokenId> another_piece(const std::vector<TokenId>& pieces, TokenId piece, Random random) {
  for (int i = 0; i < 100; ++i) {
    const TokenId drawn = pieces[random.below(pieces.size())];
    if (drawn != piece) return drawn;
  }
  return std::nullopt;
}

Changed change(const Bench& bench, std::size_t first, std::size_t last) {
  const bool reversed = bench.laboratory.network().options().reverse_source;
  Changed changed;
  for (std::size_t row = first; row < last; ++row) {
    const std::size_t number = bench.sentences[row];
    const Sentence& source = bench.laboratory.sources()[number];
    for (std::size_t p = 0; p < source.size(); ++p) {
      const auto before = static_cast<std::int64_t>(p), after = static_cast<std::int64_t>(source.size() - 1 - p);
      const Place place{row, {reversed ? before : after, reversed ? after : before}};
      if (std::min(before, after) > bench.longest) continue;
      const std::optional<TokenId> other = another_piece(bench.pieces, source[p], bench.random.split(number).split(p));
      if (!other) continue;
      changed.places.push_back(place);
      changed.sentences.push_back(number);
      Sentence& replaced = changed.sources[kReplace].emplace_back(source);
      replaced[p] = *other;
      Sentence& dropped = changed.sources[kDrop].emplace_back(source);
      dropped.erase(dropped.begin() + static_cast<std::ptrdiff_t>(p));
    }
  }
  return changed;
}

void measure_chunk(const Bench& bench, std::size_t first, std::size_t last, Measured& measured) {
  Laboratory& laboratory = bench.laboratory;
  const std::vector<std::size_t> numbers(bench.sentences.begin() + static_cast<std::ptrdiff_t>(first),
                                         bench.sentences.begin() + static_cast<std::ptrdiff_t>(last));
  std::vector<Sentence> same;
  for (const std::size_t i : numbers) same.push_back(laboratory.sources()[i]);
  const Context<float> same_contexts = laboratory.encode(same);
  const auto self = context_changes(bench.vectors, numbers, vectors_of(same_contexts));
  const std::vector<double> self_loss = loss_changes(laboratory, numbers, same_contexts);

  const Changed changed = change(bench, first, last);
  for (const Change kind : {kReplace, kDrop}) {
    const Context<float> contexts = laboratory.encode(changed.sources[kind]);
    const auto context = context_changes(bench.vectors, changed.sentences, vectors_of(contexts));
    const std::vector<double> loss = loss_changes(laboratory, changed.sentences, contexts);
    const auto untrained = context_changes(bench.untrained_vectors, changed.sentences,
                                           vectors_of(laboratory.encode(changed.sources[kind], bench.untrained)));
    for (std::size_t i = 0; i < changed.places.size(); ++i) {
      const Place& place = changed.places[i];
      for (const End end : {kLast, kFirst}) {
        if (place.distance[end] > bench.longest) continue;
        Curves& curves = measured.of[end][kind];
        const auto row = static_cast<Index>(place.row), at = static_cast<Index>(place.distance[end]);
        curves.context(row, at) = context[i].distance;
        curves.loss(row, at) = loss[i];
        curves.untrained(row, at) = untrained[i].distance;
        curves.self_context(row, at) = self[place.row - first].distance;
        curves.self_loss(row, at) = self_loss[place.row - first];
      }
    }
  }
}

Measured measure(const Bench& bench) {
  Measured measured;
  for (auto& end : measured.of) {
    for (Curves& curves : end) {
      for (DistanceTable* table :
           {&curves.context, &curves.loss, &curves.untrained, &curves.self_context, &curves.self_loss}) {
        table->setConstant(static_cast<Index>(bench.sentences.size()), bench.longest + 1, std::nan(""));
      }
    }
  }
  bench.laboratory.begin("memory", static_cast<std::int64_t>(bench.sentences.size()));
  for (std::size_t first = 0; first < bench.sentences.size(); first += kChunk) {
    const std::size_t last = std::min(first + kChunk, bench.sentences.size());
    measure_chunk(bench, first, last, measured);
    bench.laboratory.advance(static_cast<std::int64_t>(last - first));
  }
  return measured;
}

MeasurementRows rows_of(const Measured& measured, std::int64_t enough, const Resampling& resampling) {
  MeasurementRows rows{.table = "memory_distance",
                       .columns = {"counted_from", "change", "distance", "sentences", "context_change",
                                   "context_change_low", "context_change_high", "loss_rise", "loss_rise_low",
                                   "loss_rise_high", "untrained_context_change", "untrained_context_change_low",
                                   "untrained_context_change_high", "self_context_change", "self_loss_rise", "thin"}};
  for (const End end : {kLast, kFirst}) {
    for (const Change change : {kReplace, kDrop}) {
      const Curves& curves = measured.of[end][change];
      const std::vector<std::int64_t> counts = sentences_at(curves.context);
      for (std::size_t distance = 0; distance < counts.size(); ++distance) {
        if (counts[distance] == 0) continue;
        std::vector<MeasuredValue> row{kEndNames[end], kChangeNames[change], static_cast<std::int64_t>(distance),
                                       counts[distance]};
        const auto at = static_cast<Index>(distance);
        for (const DistanceTable* table : {&curves.context, &curves.loss, &curves.untrained}) {
          const Estimate mean = mean_at(*table, at, resampling);
          row.insert(row.end(), {mean.value, mean.low, mean.high});
        }
        const Resampling none{.resamples = 1};
        row.insert(row.end(), {mean_at(curves.self_context, at, none).value, mean_at(curves.self_loss, at, none).value,
                               std::int64_t{counts[distance] < enough}});
        rows.rows.push_back(std::move(row));
      }
    }
  }
  return rows;
}

/// What is found of one change, counted from one end.
struct Found {
  Estimate context = {}, loss = {}, untrained = {};  // half-lives
  Estimate half_distance = {}, span = {};
  Estimate context_last = {}, loss_last = {};
  double context_r2 = 0;      // of the half-life's fit
  std::int64_t longest = -1;  // distance with enough sentences; −1: fewer than two have

  /// It falls, and not as an exponential does. (A curve that stays has no R² to speak of.)
  bool fits_badly() const { return context_r2 < kPoorFit && std::isfinite(half_distance.value); }
};

Found find(const Curves& curves, std::int64_t enough, const Resampling& resampling) {
  std::vector<Index> distances;
  const std::vector<std::int64_t> counts = sentences_at(curves.context);
  for (std::size_t i = 0; i < counts.size() && counts[i] >= enough; ++i) distances.push_back(static_cast<Index>(i));
  if (distances.size() < 2) return {};
  return {.context = half_life(curves.context, distances, resampling),
          .loss = half_life(curves.loss, distances, resampling),
          .untrained = half_life(curves.untrained, distances, resampling),
          .half_distance = half_distance(curves.context, distances, resampling),
          .span = span(curves.context, distances, resampling),
          .context_last = mean_at(curves.context, 0, resampling),
          .loss_last = mean_at(curves.loss, 0, resampling),
          .context_r2 = fit_r2(curves.context, distances),
          .longest = distances.back()};
}

void add_findings(const Found& found, const std::string& suffix, std::vector<FindingRow>& findings) {
  findings.push_back(finding("context_half_life" + suffix, "pieces", found.context));
  findings.push_back(finding("context_fit_r2" + suffix, "R² of the fit", found.context_r2));
  findings.push_back(finding("loss_half_life" + suffix, "pieces", found.loss));
  findings.push_back(finding("untrained_half_life" + suffix, "pieces", found.untrained));
  findings.push_back(finding("context_half_distance" + suffix, "pieces", found.half_distance));
  findings.push_back(finding("span" + suffix, "pieces", found.span));
  findings.push_back(finding("context_change_nearest" + suffix, "of its norm", found.context_last));
  findings.push_back(finding("loss_rise_nearest" + suffix, "nats per sentence", found.loss_last));
}

/// "halves every 2.3 [2.1, 2.6] pieces".
std::string half_life_in_words(const Estimate& half_life) {
  if (std::isnan(half_life.value)) return "cannot be fitted";
  if (!std::isfinite(half_life.value)) return "does not fall";
  if (std::isnan(half_life.low)) return fmt::format("halves every {:.1f} pieces", half_life.value);
  if (!std::isfinite(half_life.high)) {
    return fmt::format("halves every {:.1f} pieces or does not fall at all", half_life.value);
  }
  return fmt::format("halves every {} pieces", in_words(half_life));
}

std::string curve_in_words(const Found& found) {
  const std::string reach =
      found.span.value < static_cast<double>(found.longest)
          ? fmt::format("beyond {:.0f} pieces it is under a hundredth of the most", found.span.value)
          : fmt::format("it is felt as far as was measured, {} pieces", found.longest);
  const std::string poor =
      found.fits_badly() ? fmt::format(", though no exponential describes it well: R² {:.2f}", found.context_r2) : "";
  return fmt::format(
      "another piece at that end changes the context by {} of its norm, which {} as the distance grows{} ({}; in an "
      "untrained encoder it {}), and raises the loss of the reference by {} nats a sentence, which {}",
      in_words(found.context_last, 2), half_life_in_words(found.context), poor, reach,
      half_life_in_words(found.untrained), in_words(found.loss_last, 2), half_life_in_words(found.loss));
}

std::string verdict_of(const Found found[2], const ModelOptions& model, std::int64_t enough) {
  if (found[kLast].longest < 0) {
    return fmt::format("Too few sentences to tell: fewer than two distances have {} or more.", enough);
  }
  return fmt::format("Counted from the last piece read{}, {}. Counted from the first one{}, {}.",
                     model.reverse_source ? " (the source is read in reverse: the first of the sentence)" : "",
                     curve_in_words(found[kLast]),
                     model.bidirectional ? " (which the encoder's other direction reads last: both are ends)" : "",
                     curve_in_words(found[kFirst]));
}

std::string meaning_of(const Found found[2], const ModelOptions& model) {
  const Estimate &end = found[kLast].context, &begin = found[kFirst].context;
  if (found[kLast].longest < 0) return "";
  if (model.bidirectional) {
    return "Each end is the last that one of the two directions reads, so no single half-life says how far back this "
           "context reaches: compare the two curves. What lies far from both ends is held weakest where both have "
           "fallen.";
  }
  if (found[kLast].fits_badly()) {
    return fmt::format(
        "No half-life describes this memory: go by its curve. The first distance at which another piece moves the "
        "context half as much as at the end is {:.0f} pieces.",
        found[kLast].half_distance.value);
  }
  if (!std::isfinite(end.high)) {
    const std::string none = "Distance from the last piece alone does not make this encoder forget.";
    if (!std::isfinite(begin.high)) return none;
    return fmt::format(
        "{} The first pieces that it reads weigh most and later ones less and less: what comes {} in a long source is "
        "held weakly.",
        none, model.reverse_source ? "early" : "late");
  }
  std::string meaning = fmt::format(
      "A piece {:.0f} pieces from the end that is read last moves the context a quarter as much as the last one: what "
      "stands further away is held weakly.",
      2 * end.value);
  if (model.attention == AttentionType::kNone) meaning += " Two directions, or attention, bring the other end nearer.";
  return meaning;
}

}  // namespace

void describe(OptionVisitor& visit, MemoryOptions& options) {
  visit.group("Memory study");
  visit("memory-sentences", options.sentences, "sentences whose pieces are changed, drawn at random; 0 takes all",
        at_least(0));
  visit("memory-distance", options.distance, "pieces so far from an end are changed, and none further",
        between(1, 1000));
}

StudyResult study_memory(Laboratory& laboratory, const StudyOptions& options) {
  const Random random(static_cast<std::uint64_t>(options.seed));
  Bench bench{.laboratory = laboratory,
              .sentences = choose_sentences(laboratory, 2, options.memory.sentences, random.split(kChoice)),
              .pieces = {},
              .untrained = Arena<float>(laboratory.network().layout()),
              .vectors = vectors_of(laboratory.contexts()),
              .untrained_vectors = {},
              .longest = options.memory.distance,
              .random = random.split(kReplacements)};
  if (bench.sentences.size() < 2) {
    throw InputError("the memory study needs two sources with two or more pieces: give it more text");
  }
  for (const Sentence& source : laboratory.sources()) {
    bench.pieces.insert(bench.pieces.end(), source.begin(), source.end());
  }
  initialise(random.split(kUntrained), bench.untrained);
  bench.untrained_vectors = vectors_of(laboratory.encode(laboratory.sources(), bench.untrained));

  const Measured measured = measure(bench);
  const Resampling resampling{options.resamples, options.seed};
  const std::int64_t enough = options.length.min_sentences;
  const ModelOptions& model = laboratory.network().options();
  const Found found[2] = {find(measured.of[kLast][kReplace], enough, resampling),
                          find(measured.of[kFirst][kReplace], enough, resampling)};
  StudyResult result;
  result.tables = {rows_of(measured, enough, resampling)};
  if (found[kLast].longest >= 0) {
    add_findings(found[kLast], "", result.findings);
    add_findings(find(measured.of[kLast][kDrop], enough, resampling), "_drop", result.findings);
    add_findings(found[kFirst], "_begin", result.findings);
  }
  result.verdict = verdict_of(found, model, enough);
  result.meaning = meaning_of(found, model);
  return result;
}

}  // namespace isthmus
