// isthmus context erase: translations without some units of the context.
#include <fmt/format.h>

#include <algorithm>
#include <numeric>

#include "analysis/context_edits.h"
#include "analysis/erasure.h"
#include "cli/context_actions.h"
#include "cli/context_bench.h"
#include "cli/unit_list.h"
#include "core/error.h"
#include "core/log.h"
#include "core/progress.h"
#include "corpora/line_reader.h"
#include "corpora/line_writer.h"

namespace isthmus::cli {
namespace {

enum class Filling { kZero, kMean };

}  // namespace
}  // namespace isthmus::cli

namespace isthmus {
template <>
struct EnumNames<cli::Filling> {
  static constexpr std::string_view names[] = {"zero", "mean"};
};
}  // namespace isthmus

namespace isthmus::cli {
namespace {

struct EraseOptions {
  std::string input = "-";
  std::string units;
  std::int64_t top = 0;
  std::int64_t importance_lines = 8;
  Filling filling = Filling::kZero;
};

void describe(OptionVisitor& visit, EraseOptions& options) {
  visit("input", options.input, "text, a sentence a line; - is standard input");
  visit("units", options.units, "units to erase, from 0, such as 3,17-20");
  visit("top", options.top, "erases the so many most important units instead", at_least(0));
  visit("importance-lines", options.importance_lines,
        "with --top: the first lines are enough to tell importance; the time grows with their number times the units",
        at_least(1));
  visit("filling", options.filling, "what an erased unit is: 0, or its mean over the lines");
}

/// The units without which the model's own translations of the first lines lose most log-probability, the most
/// important first.
std::vector<Index> most_important(ContextBench& bench, const EraseOptions& options, const Vector<float>& filling) {
  std::vector<Index> of;
  for (std::size_t i = 0; i < bench.laboratory().size(); ++i) {
    const bool wanted = static_cast<std::int64_t>(of.size()) < options.importance_lines;
    if (wanted && !bench.laboratory().sources()[i].empty()) of.push_back(static_cast<Index>(i));
  }
  if (of.empty()) throw InputError::in_file(options.input, "nothing but blank lines", "--top needs text to tell by");
  const Context<float> contexts = select(bench.contexts(), std::span<const Index>(of));
  std::vector<Sentence> targets;
  for (const Hypothesis& found : bench.search(vectors_of(contexts), of)) targets.push_back(found.tokens);
  std::vector<double> own;
  for (const TokenLosses& losses : bench.laboratory().losses(contexts, targets)) {
    own.push_back(-std::accumulate(losses.begin(), losses.end(), 0.0));
  }
  std::vector<Index> units(static_cast<std::size_t>(context_size(bench.shape())));
  std::iota(units.begin(), units.end(), Index{0});
  bench.laboratory().begin("importance", static_cast<std::int64_t>(units.size()));
  const Matrix<double> without =
      log_probs_without(bench.laboratory(), contexts, targets, units, filling,
                        [&bench](std::size_t done) { bench.laboratory().advance(static_cast<std::int64_t>(done)); });
  bench.laboratory().end();
  std::vector<std::size_t> rows(of.size());
  std::iota(rows.begin(), rows.end(), std::size_t{0});
  const std::vector<double> values = importance(without, own, rows);
  std::stable_sort(units.begin(), units.end(), [&values](Index a, Index b) {
    return values[static_cast<std::size_t>(a)] > values[static_cast<std::size_t>(b)];
  });
  units.resize(static_cast<std::size_t>(options.top));
  for (const Index unit : units) {
    const UnitPlace place = place_of_unit(bench.shape(), unit);
    log_info("unit {}: {}, layer {}, importance {:.5f}", unit, place.kind, place.layer,
             values[static_cast<std::size_t>(unit)]);
  }
  return units;
}

void check_usage(const EraseOptions& options, const CommandLine& line, const ModelOptions& model) {
  if (options.units.empty() == (options.top == 0)) {
    throw UsageError("what is to be erased? Give --units, such as 3,17-20, or --top, a number of units: one of them");
  }
  if (line.given("importance-lines") && options.top == 0) throw UsageError("--importance-lines goes with --top");
  const Index d = context_size(model);
  if (options.top > d) {
    throw UsageError(fmt::format("--top {}: the context of this model has {} units", options.top, with_commas(d)));
  }
}

}  // namespace

int run_context_erase(Arguments arguments) {
  EraseOptions options;
  ContextOptions shared;
  std::string path;
  CommandLine line(
      "context erase", "MODEL --units LIST | --top N",
      "Translates lines from contexts in which some units are erased: as many lines come out as go in. The "
      "importance of a unit is the share of log-probability that the model's own translations lose "
      "without it; stderr has it.",
      {"isthmus context erase en-de.isthmus --units 3,17-20 --input test.en",
       "head -n 20 test.en | isthmus context erase en-de.isthmus --top 10"});
  line.add(options);
  if (!parse_action(line, arguments, shared, path)) return 0;
  const auto model = load_translation_model(path);
  const ModelOptions& shape = model->file.model->options();
  check_usage(options, line, shape);
  std::vector<Index> units;
  if (options.top == 0) units = parse_units(options.units, shape);
  std::vector<std::string> lines = read_lines(options.input);
  if (lines.empty()) return 0;
  ContextBench bench(model, std::move(lines), options.input, shared);
  const Matrix<float> vectors = bench.vectors();
  const Vector<float> filling = options.filling == Filling::kMean ? unit_statistics(vectors).mean
                                                                  : Vector<float>(Vector<float>::Zero(vectors.rows()));
  if (options.top > 0) units = most_important(bench, options, filling);
  write_lines("-", bench.translate(with_units(vectors, units, filling)));
  return 0;
}

}  // namespace isthmus::cli
