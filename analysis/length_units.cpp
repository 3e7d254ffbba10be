#include "analysis/length_units.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <string>
#include <vector>

#include "analysis/estimates.h"
#include "analysis/forward_selection.h"
#include "analysis/sentence_batches.h"
#include "analysis/study.h"
#include "core/error.h"
#include "core/interrupt.h"

namespace isthmus {
namespace {

/// Numbers of states that are kept at once: 400 MB. A text with more is read up to there.
constexpr std::size_t kMostNumbers = 100'000'000;
/// Sentences whose best unit is written down step by step.
constexpr std::size_t kShown = 6;

enum Side { kEncoder, kDecoder };
constexpr const char* kSides[] = {"encoder", "decoder"};

/// States of one side on half of the sentences: a column for each piece.
struct States {
  Matrix<float> x;
  std::vector<double> number;            // that units shall tell
  std::vector<std::size_t> sentence;     // numbers of the sentences
  std::vector<std::size_t> begin = {0};  // by sentence: its first column; one more at the end
};

/// By side and half: what selects, and what is held out.
struct AllStates {
  std::array<std::array<States, 2>, 2> of;
  std::vector<std::size_t> half;   // by sentence
  std::vector<std::size_t> place;  // by sentence: among those of its half
};

/// Where a row of the states stands in the network.
struct Unit {
  std::int64_t layer = 0;
  const char* kind = "";
  const char* direction = "";
  std::int64_t unit = 0;
};

/// Copies what the layer gave at a column under the rows that are there already.
void append(const RecurrentCache<float>& cache, Index column, Index& row, Matrix<float>& x, Index to) {
  for (const Buffer<float>* states : {&cache.hidden, &cache.memory}) {
    if (states->rows() == 0) continue;
    x.col(to).segment(row, states->rows()) = states->col(column);
    row += states->rows();
  }
}

/// The rows of the states, in the order of append().
std::vector<Unit> units_of(const ModelOptions& shape, Side side) {
  const bool both = shape.bidirectional && side == kEncoder;
  std::vector<Unit> units;
  for (std::int64_t layer = 0; layer < shape.layers; ++layer) {
    for (const char* direction : {"forward", "backward"}) {
      if (!both && direction == std::string_view("backward")) continue;
      for (const char* kind : {"hidden", "memory"}) {
        if (shape.cell != CellType::kLstm && kind == std::string_view("memory")) continue;
        for (std::int64_t unit = 0; unit < shape.hidden / (both ? 2 : 1); ++unit) {
          units.push_back({layer, kind, direction, unit});
        }
      }
    }
  }
  return units;
}

/// Halves are random: lines of a text may take turns (a question, an answer).
AllStates make_room(const Laboratory& laboratory, const LengthUnitsOptions& options, Random random) {
  const ModelOptions& shape = laboratory.network().options();
  const std::size_t rows = units_of(shape, kEncoder).size();
  std::size_t sentences = laboratory.size();
  if (options.sentences > 0) sentences = std::min(sentences, static_cast<std::size_t>(options.sentences));
  AllStates all;
  std::vector<std::size_t> order(sentences);
  for (std::size_t i = 0; i < sentences; ++i) order[i] = i;
  random.shuffle(order);
  std::vector<std::size_t> half(sentences, 0);
  for (std::size_t k = 0; k < sentences / 2; ++k) half[order[k]] = 1;
  std::size_t numbers = 0;
  for (std::size_t i = 0; i < sentences; ++i) {
    const std::size_t lengths[] = {laboratory.sources()[i].size() + 1, laboratory.references()[i].size() + 1};
    numbers += rows * (lengths[0] + lengths[1]);
    if (numbers > kMostNumbers) break;
    all.half.push_back(half[i]);
    all.place.push_back(all.of[0][half[i]].sentence.size());
    for (const Side side : {kEncoder, kDecoder}) {
      States& states = all.of[side][half[i]];
      states.sentence.push_back(i);
      states.begin.push_back(states.begin.back() + lengths[side]);
      for (std::size_t t = 0; t < lengths[side]; ++t) {
        states.number.push_back(static_cast<double>(side == kEncoder ? t + 1 : lengths[side] - t));
      }
    }
  }
  for (auto& side : all.of) {
    for (States& states : side) {
      if (states.sentence.size() < 2) throw InputError("the length-units study needs four sentences and more");
      states.x.resize(static_cast<Index>(rows), static_cast<Index>(states.number.size()));
    }
  }
  return all;
}

/// Reads the sentences and is given their references.
void fill(Laboratory& laboratory, const Arena<float>& values, AllStates& all) {
  const Seq2Seq<float>& network = laboratory.network();
  std::vector<Scratch<float>> scratch(laboratory.threads().size());
  const auto batches = sentence_batches(std::span(laboratory.sources()).first(all.half.size()), laboratory.batch());
  laboratory.threads().run(batches.size(), [&](std::size_t piece, std::size_t worker) {
    if (interrupted()) throw Interrupted();
    Scratch<float>& own = scratch[worker];
    const std::vector<std::size_t>& numbers = batches[piece];
    const auto each_column = [&](const TokenGrid& grid, Side side, const auto& copy) {
      for (Index b = 0; b < grid.packing.sentences(); ++b) {
        const std::size_t i = numbers[static_cast<std::size_t>(grid.sentence[static_cast<std::size_t>(b)])];
        States& states = all.of[side][all.half[i]];
        for (Index t = 0; t < grid.packing.length(b); ++t) {
          copy(grid.packing.offset[static_cast<std::size_t>(t)] + b, states.x,
               static_cast<Index>(states.begin[all.place[i]]) + t);
        }
      }
    };
    const TokenGrid source = network.pack_source(sentences_at(laboratory.sources(), numbers));
    const Context<float> contexts = network.encode(values, source, own);
    each_column(source, kEncoder, [&](Index column, Matrix<float>& x, Index to) {
      Index row = 0;
      for (const EncoderLayerCache<float>& layer : own.encoder.layers) {
        append(layer.forward, column, row, x, to);
        if (network.options().bidirectional) append(layer.backward, column, row, x, to);
      }
    });
    const TokenGrid target = network.pack_target(sentences_at(laboratory.references(), numbers));
    network.score(values, contexts, target, own);
    each_column(target, kDecoder, [&](Index column, Matrix<float>& x, Index to) {
      Index row = 0;
      for (const DecoderLayerCache<float>& layer : own.decoder.layers) append(layer.recurrent, column, row, x, to);
    });
  });
  laboratory.advance();
}

/// R² of the formula on sentences it was not fitted to.
Estimate held_out(const SelectedFeatures& formula, const Matrix<float>& x, const std::vector<double>& number,
                  const std::vector<std::size_t>& begin, const StudyOptions& options) {
  struct Sums {
    double n = 0, y = 0, yy = 0, missed = 0;
  };
  std::vector<Sums> by_sentence(begin.size() - 1);
  for (std::size_t s = 0; s < by_sentence.size(); ++s) {
    Sums& sums = by_sentence[s];
    for (std::size_t c = begin[s]; c < begin[s + 1]; ++c) {
      const double miss = number[c] - predict(formula, x, static_cast<Index>(c));
      sums.n += 1;
      sums.y += number[c];
      sums.yy += number[c] * number[c];
      sums.missed += miss * miss;
    }
  }
  return bootstrap(by_sentence.size(), options.resamples, options.seed, [&](std::span<const std::size_t> sample) {
    Sums all;
    for (const std::size_t s : sample) {
      all.n += by_sentence[s].n;
      all.y += by_sentence[s].y;
      all.yy += by_sentence[s].yy;
      all.missed += by_sentence[s].missed;
    }
    const double variation = all.yy - all.y * all.y / all.n;
    return variation > 0 ? 1 - all.missed / variation : std::nan("");
  });
}

/// What was selected, unit by unit.
struct Selection {
  Side side = kEncoder;
  std::string variant;
  std::vector<SelectedFeatures> formulas = {};
  std::vector<Estimate> held_out = {};

  /// Of so many units, or all there are.
  const Estimate* of(std::size_t units) const {
    return held_out.empty() ? nullptr : &held_out[std::min(units, held_out.size()) - 1];
  }
};

Selection select_units(Side side, const std::string& variant, const std::array<States, 2>& halves,
                       const StudyOptions& options) {
  Selection selection{.side = side, .variant = variant};
  selection.formulas = forward_selection(halves[0].x, halves[0].number, options.length_units.most);
  for (const SelectedFeatures& formula : selection.formulas) {
    selection.held_out.push_back(held_out(formula, halves[1].x, halves[1].number, halves[1].begin, options));
  }
  return selection;
}

/// The numbers of other places.
Selection select_shuffled(Side side, std::array<States, 2>& halves, const StudyOptions& options) {
  std::array<std::vector<double>, 2> kept;
  Random random = Random(static_cast<std::uint64_t>(options.seed)).split(1 + side);
  for (std::size_t half = 0; half < 2; ++half) {
    kept[half] = halves[half].number;
    random.shuffle(halves[half].number);
  }
  Selection selection = select_units(side, "shuffled", halves, options);
  for (std::size_t half = 0; half < 2; ++half) halves[half].number = std::move(kept[half]);
  return selection;
}

/// What a count of the pieces written tells of those left.
Selection select_written(const std::array<States, 2>& halves, const StudyOptions& options) {
  std::array<States, 2> counts;
  for (std::size_t half = 0; half < 2; ++half) {
    const States& of = halves[half];
    counts[half] = {Matrix<float>(1, of.x.cols()), of.number, of.sentence, of.begin};
    for (std::size_t s = 0; s + 1 < of.begin.size(); ++s) {
      for (std::size_t c = of.begin[s]; c < of.begin[s + 1]; ++c) {
        counts[half].x(0, static_cast<Index>(c)) = static_cast<float>(c - of.begin[s]);
      }
    }
  }
  return select_units(kDecoder, "written", counts, options);
}

MeasurementRows rows_of(std::span<const Selection> selections, const ModelOptions& shape) {
  MeasurementRows rows{.table = "length_unit",
                       .columns = {"side", "variant", "units", "layer", "kind", "direction", "unit", "r2_selected",
                                   "r2", "low", "high"}};
  for (const Selection& selection : selections) {
    const std::vector<Unit> units = units_of(shape, selection.side);
    for (std::size_t k = 0; k < selection.formulas.size(); ++k) {
      const SelectedFeatures& formula = selection.formulas[k];
      const Estimate& r2 = selection.held_out[k];
      std::vector<MeasuredValue> row{kSides[selection.side], selection.variant, static_cast<std::int64_t>(k + 1)};
      if (selection.variant == "written") {
        row.insert(row.end(), {MeasuredValue(), MeasuredValue(), MeasuredValue(), MeasuredValue()});
      } else {
        const Unit& unit = units[static_cast<std::size_t>(formula.features.back())];
        row.insert(row.end(), {unit.layer, unit.kind, unit.direction, unit.unit});
      }
      row.insert(row.end(), {formula.r2, r2.value, r2.low, r2.high});
      rows.rows.push_back(std::move(row));
    }
  }
  return rows;
}

/// The best unit, step by step, of held-out sentences from the shortest to the longest.
void add_values(const Selection& selection, const States& states, MeasurementRows& rows) {
  if (selection.formulas.empty()) return;
  std::vector<std::size_t> order(states.sentence.size());
  for (std::size_t s = 0; s < order.size(); ++s) order[s] = s;
  const auto length = [&](std::size_t s) { return states.begin[s + 1] - states.begin[s]; };
  std::stable_sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) { return length(a) < length(b); });
  const std::size_t shown = std::min(kShown, order.size());
  for (std::size_t i = 0; i < shown; ++i) {
    const std::size_t s = order[shown == 1 ? 0 : i * (order.size() - 1) / (shown - 1)];
    for (std::size_t c = states.begin[s]; c < states.begin[s + 1]; ++c) {
      const auto column = static_cast<Index>(c);
      rows.rows.push_back(
          {kSides[selection.side], static_cast<std::int64_t>(states.sentence[s] + 1),
           static_cast<std::int64_t>(c - states.begin[s] + 1), static_cast<std::int64_t>(states.number[c]),
           static_cast<double>(states.x(selection.formulas[0].features[0], column)),
           predict(selection.formulas[0], states.x, column),
           predict(selection.formulas[std::min<std::size_t>(1, selection.formulas.size() - 1)], states.x, column)});
    }
  }
}

const Selection& selection_of(std::span<const Selection> selections, Side side, std::string_view variant) {
  return *std::find_if(selections.begin(), selections.end(), [&](const Selection& selection) {
    return selection.side == side && selection.variant == variant;
  });
}

std::string r2_in_words(const Selection& selection, std::size_t units) {
  const Estimate* r2 = selection.of(units);
  return r2 == nullptr ? "none" : in_words(*r2, 2);
}

/// "memory 3 of layer 0, unit 11 of the context".
std::string in_words(const Unit& unit, Side side, const ModelOptions& shape) {
  const std::string place = fmt::format("{} {} of layer {}", unit.kind, unit.unit, unit.layer);
  if (side != kEncoder || shape.bidirectional) return place;
  const std::int64_t layers = unit.layer + (unit.kind == std::string_view("memory") ? shape.layers : 0);
  return fmt::format("{}, unit {} of the context", place, layers * shape.hidden + unit.unit);
}

std::string verdict_of(std::span<const Selection> selections, const ModelOptions& shape) {
  std::string verdict;
  for (const Side side : {kEncoder, kDecoder}) {
    const Selection& trained = selection_of(selections, side, "trained");
    if (trained.formulas.empty()) {
      verdict += fmt::format("{}No unit of the {} can tell a number: all stay the same.", verdict.empty() ? "" : " ",
                             kSides[side]);
      continue;
    }
    const std::vector<Unit> units = units_of(shape, side);
    const Unit& unit = units[static_cast<std::size_t>(trained.formulas[0].features[0])];
    verdict += fmt::format(
        "{}The {}'s best unit of {} ({}) tells the number of pieces {} with R² {}, two with {}; {}of an "
        "untrained model {} and {}.",
        verdict.empty() ? "" : " ", kSides[side], units.size(), in_words(unit, side, shape),
        side == kEncoder ? "read" : "left", r2_in_words(trained, 1), r2_in_words(trained, 2),
        side == kEncoder ? ""
                         : fmt::format("a count of those written {}; ",
                                       r2_in_words(selection_of(selections, kDecoder, "written"), 1)),
        r2_in_words(selection_of(selections, side, "untrained"), 1),
        r2_in_words(selection_of(selections, side, "untrained"), 2));
  }
  return verdict;
}

std::string meaning_of(std::span<const Selection> selections) {
  const Estimate* left = selection_of(selections, kDecoder, "trained").of(2);
  const Estimate* written = selection_of(selections, kDecoder, "written").of(1);
  if (left == nullptr || written == nullptr || std::isnan(left->low) || std::isnan(written->high)) return "";
  if (left->low > written->high) {
    return "Two units of the decoder know more of what is left than a count of what is written: the length of a "
           "translation is planned from the context.";
  }
  if (left->high < written->low) {
    return "No two units of the decoder know as much of what is left as a count of what is written: the end of a "
           "translation is planned in many units, or not at all.";
  }
  return "Two units of the decoder are not known to tell more of what is left than a count of what is written.";
}

}  // namespace

void describe(OptionVisitor& visit, LengthUnitsOptions& options) {
  visit.group("Length-units study");
  visit("length-units-sentences", options.sentences, "sentences of the text, its first; 0: all", at_least(0));
  visit("length-units-most", options.most, "units that are selected, one after the other", between(2, 100));
}

StudyResult length_units_study(Laboratory& laboratory, const StudyOptions& options) {
  const ModelOptions& shape = laboratory.network().options();
  AllStates all =
      make_room(laboratory, options.length_units, Random(static_cast<std::uint64_t>(options.seed)).split(3));
  laboratory.begin("length-units", 7);
  MeasurementRows values{.table = "length_unit_value",
                         .columns = {"side", "line", "step", "number", "value", "of_one", "of_two"}};
  std::vector<Selection> selections;
  fill(laboratory, laboratory.values(), all);
  for (const Side side : {kEncoder, kDecoder}) {
    selections.push_back(select_units(side, "trained", all.of[side], options));
    add_values(selections.back(), all.of[side][1], values);
    laboratory.advance();
    selections.push_back(select_shuffled(side, all.of[side], options));
    laboratory.advance();
  }
  selections.push_back(select_written(all.of[kDecoder], options));
  Arena<float> untrained(laboratory.network().layout());
  initialise(Random(static_cast<std::uint64_t>(options.seed)).split(0), untrained);
  fill(laboratory, untrained, all);
  for (const Side side : {kEncoder, kDecoder}) {
    selections.push_back(select_units(side, "untrained", all.of[side], options));
  }
  laboratory.advance();
  StudyResult result{.tables = {rows_of(selections, shape), std::move(values)},
                     .findings = {},
                     .verdict = verdict_of(selections, shape),
                     .meaning = meaning_of(selections)};
  for (const Selection& selection : selections) {
    std::vector<std::size_t> counts{1, 2};
    if (selection.held_out.size() > 2) counts.push_back(selection.held_out.size());
    for (const std::size_t units : counts) {
      if (units > selection.held_out.size()) continue;
      result.findings.push_back(finding(fmt::format("{}_{}_{}", kSides[selection.side], selection.variant, units), "R²",
                                        *selection.of(units)));
    }
  }
  return result;
}

}  // namespace isthmus
