#include "analysis/erasure.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <numeric>

#include "analysis/context_edits.h"
#include "analysis/estimates.h"
#include "analysis/streams.h"
#include "analysis/study.h"
#include "analysis/untrained.h"
#include "core/error.h"
#include "core/progress.h"

namespace isthmus {
namespace {

using Sample = std::span<const std::size_t>;

constexpr std::size_t kLeastLines = 4;
/// Columns that are scored in one go.
constexpr std::size_t kColumns = 1024;

/// `most` of 0 … count − 1, chosen at random, ascending; 0: all.
template <class T>
std::vector<T> sampled(std::size_t count, std::size_t most, Random random) {
  std::vector<T> numbers(count);
  std::iota(numbers.begin(), numbers.end(), T{0});
  if (most == 0 || count <= most) return numbers;
  random.shuffle(numbers);
  numbers.resize(most);
  std::sort(numbers.begin(), numbers.end());
  return numbers;
}

double sum_of(const TokenLosses& losses) { return -std::accumulate(losses.begin(), losses.end(), 0.0); }

/// What erasing units does: log p of each sentence with all units, and without each.
struct Arm {
  const char* name = "";
  std::vector<double> own = {};
  Matrix<double> without = {};

  std::vector<double> importance_of(Sample sample) const { return importance(without, own, sample); }
};

std::vector<std::size_t> all_of(std::size_t count) {
  std::vector<std::size_t> numbers(count);
  std::iota(numbers.begin(), numbers.end(), std::size_t{0});
  return numbers;
}

std::vector<double> positive(std::vector<double> values) {
  for (double& value : values) value = std::max(value, 0.0);
  return values;
}

/// The share of the sum that the tenth with the greatest values has, rounded up.
double top_share(std::vector<double> values) {
  std::sort(values.rbegin(), values.rend());
  const auto tenth = static_cast<std::ptrdiff_t>((values.size() + 9) / 10);
  const double sum = std::accumulate(values.begin(), values.end(), 0.0);
  return sum > 0 ? std::accumulate(values.begin(), values.begin() + tenth, 0.0) / sum : std::nan("");
}

template <class Statistic>
Estimate of_importance(const Arm& arm, const StudyOptions& options, const Statistic& statistic) {
  return bootstrap(arm.own.size(), options.resamples, options.seed,
                   [&](Sample sample) { return statistic(positive(arm.importance_of(sample))); });
}

/// The correlation of importance on two halves of the sentences, which are cut at random: lines may take turns in what
/// they are.
double agreement(const Arm& arm, Random random) {
  std::vector<std::size_t> order = all_of(arm.own.size());
  random.shuffle(order);
  const Sample sentences(order);
  const std::size_t half = order.size() / 2;
  return spearman(arm.importance_of(sentences.first(half)), arm.importance_of(sentences.subspan(half)));
}

void append_units(const Arm& arm, std::span<const Index> units, const ModelOptions& model, const StudyOptions& options,
                  MeasurementRows& rows) {
  const std::vector<double> values = arm.importance_of(all_of(arm.own.size()));
  std::vector<std::size_t> order = all_of(units.size());
  std::stable_sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) { return values[a] > values[b]; });
  for (std::size_t rank = 0; rank < order.size(); ++rank) {
    const std::size_t k = order[rank];
    const UnitPlace place = place_of_unit(model, units[k]);
    const Estimate of = bootstrap(arm.own.size(), options.resamples, options.seed, [&](Sample sample) {
      double own = 0, without = 0;
      for (const std::size_t i : sample) {
        own += arm.own[i];
        without += arm.without(static_cast<Index>(i), static_cast<Index>(k));
      }
      return own < 0 ? (own - without) / -own : std::nan("");
    });
    rows.rows.push_back({arm.name, static_cast<std::int64_t>(rank + 1), units[k], std::string(place.kind), place.layer,
                         of.value, of.low, of.high});
  }
}

std::string verdict_of(const Estimate& zero, const Estimate& mean, const Estimate& untrained, const Estimate& top,
                       double agrees) {
  if (std::isnan(zero.value)) return "No unit that was erased is missed: none bears on the references.";
  std::string verdict = fmt::format(
      "The Gini coefficient of the units' importance is {}; with the mean in the place of 0 it is {}, in the "
      "model before training {}. The most important tenth of the units has {:.0f} % [{:.0f}, {:.0f}] of all "
      "importance.",
      in_words(zero, 2), in_words(mean, 2), in_words(untrained, 2), 100 * top.value, 100 * top.low, 100 * top.high);
  if (!std::isnan(agrees)) {
    verdict += fmt::format(" The order of the units on two halves of the sentences correlates with {:.2f}.", agrees);
  }
  return verdict;
}

}  // namespace

void describe(OptionVisitor& visit, ErasureOptions& options) {
  visit.group("Study erasure");
  visit("erasure-sentences", options.sentences, "lines, chosen at random, whose references are scored", at_least(4));
  visit("erasure-units", options.units, "units, chosen at random, that are erased one by one; 0: all", at_least(0));
}

double gini(std::vector<double> values) {
  std::sort(values.begin(), values.end());
  double sum = 0, weighted = 0;
  for (std::size_t i = 0; i < values.size(); ++i) {
    sum += values[i];
    weighted += static_cast<double>(i + 1) * values[i];
  }
  const auto n = static_cast<double>(values.size());
  return sum > 0 ? 2 * weighted / (n * sum) - (n + 1) / n : std::nan("");
}

std::vector<double> importance(const Matrix<double>& without, std::span<const double> own, Sample rows) {
  double all = 0;
  Vector<double> sums = Vector<double>::Zero(without.cols());
  for (const std::size_t i : rows) {
    all += own[i];
    sums += without.row(static_cast<Index>(i)).transpose();
  }
  std::vector<double> values(static_cast<std::size_t>(without.cols()), 0.0);
  for (Index k = 0; all < 0 && k < without.cols(); ++k) values[static_cast<std::size_t>(k)] = (all - sums(k)) / -all;
  return values;
}

Matrix<double> log_probs_without(Laboratory& laboratory, const Context<float>& contexts,
                                 std::span<const Sentence> targets, std::span<const Index> units,
                                 const Vector<float>& values, const std::function<void(std::size_t)>& done) {
  const Matrix<float> vectors = vectors_of(contexts);
  const std::size_t n = targets.size(), group = std::max<std::size_t>(1, kColumns / n);
  Matrix<double> sums(static_cast<Index>(n), static_cast<Index>(units.size()));
  for (std::size_t begin = 0; begin < units.size(); begin += group) {
    const std::span<const Index> some = units.subspan(begin, std::min(group, units.size() - begin));
    std::vector<Index> columns;
    std::vector<Sentence> repeated;
    for (std::size_t u = 0; u < some.size(); ++u) {
      for (std::size_t i = 0; i < n; ++i) columns.push_back(static_cast<Index>(i));
      repeated.insert(repeated.end(), targets.begin(), targets.end());
    }
    Matrix<float> erased = columns_of(vectors, columns);
    for (std::size_t u = 0; u < some.size(); ++u) {
      erased.row(some[u]).segment(static_cast<Index>(u * n), static_cast<Index>(n)).setConstant(values(some[u]));
    }
    const std::vector<TokenLosses> losses =
        laboratory.losses(with_vectors(select(contexts, std::span<const Index>(columns)), erased), repeated);
    for (std::size_t at = 0; at < losses.size(); ++at) {
      sums(static_cast<Index>(at % n), static_cast<Index>(begin + at / n)) = sum_of(losses[at]);
    }
    if (done) done(some.size());
  }
  return sums;
}

StudyResult erasure_study(Laboratory& laboratory, const StudyOptions& options) {
  if (laboratory.size() < kLeastLines) throw InputError("the study erasure needs at least 4 lines of text");
  const ModelOptions& model = laboratory.network().options();
  const Index d = context_size(model);
  const auto units = sampled<Index>(static_cast<std::size_t>(d), static_cast<std::size_t>(options.erasure.units),
                                    stream(options.seed, Stream::kUnits));
  const auto lines = sampled<std::size_t>(laboratory.size(), static_cast<std::size_t>(options.erasure.sentences),
                                          stream(options.seed, Stream::kSample));
  laboratory.begin("erasure", 3 * static_cast<std::int64_t>(units.size()));
  std::vector<Sentence> sources, targets;
  LaboratoryText text;
  std::vector<Index> columns;
  for (const std::size_t line : lines) {
    columns.push_back(static_cast<Index>(line));
    sources.push_back(laboratory.sources()[line]);
    targets.push_back(laboratory.references()[line]);
    text.sources.push_back(laboratory.source_lines()[line]);
    text.references.push_back(laboratory.reference_lines()[line]);
  }
  const auto arm = [&](const char* name, Laboratory& with, const Context<float>& contexts,
                       const Vector<float>& values) {
    Arm made{.name = name};
    for (const TokenLosses& losses : with.losses(contexts, targets)) made.own.push_back(sum_of(losses));
    made.without = log_probs_without(with, contexts, targets, units, values,
                                     [&](std::size_t done) { laboratory.advance(static_cast<std::int64_t>(done)); });
    return made;
  };
  const Context<float> contexts = select(laboratory.contexts(), std::span<const Index>(columns));
  const Vector<float> zeros = Vector<float>::Zero(d);
  const Arm zero = arm("zero", laboratory, contexts, zeros);
  const Arm mean = arm("mean", laboratory, contexts, unit_statistics(vectors_of(laboratory.contexts())).mean);
  Laboratory before(untrained_model(laboratory.model(), stream(options.seed, Stream::kUntrained)), std::move(text),
                    {.threads = static_cast<std::int64_t>(laboratory.threads().size()),
                     .batch = static_cast<std::int64_t>(laboratory.batch())});
  const Arm untrained = arm("untrained", before, before.encode(sources), zeros);

  StudyResult result;
  MeasurementRows rows{.table = "erasure_unit",
                       .columns = {"arm", "rank", "unit", "kind", "layer", "importance", "low", "high"}};
  for (const Arm* one : {&zero, &mean, &untrained}) append_units(*one, units, model, options, rows);
  result.tables = {std::move(rows)};

  const Estimate of_zero = of_importance(zero, options, gini), of_mean = of_importance(mean, options, gini),
                 of_untrained = of_importance(untrained, options, gini), top = of_importance(zero, options, top_share);
  const std::vector<std::size_t> all = all_of(lines.size());
  const double agrees = agreement(zero, stream(options.seed, Stream::kSample).split(1));
  result.findings = {finding("gini", "0 to 1", of_zero),
                     finding("gini_mean", "0 to 1", of_mean),
                     finding("gini_untrained", "0 to 1", of_untrained),
                     finding("top_share", "share", top),
                     finding("agreement", "Spearman's ρ", agrees),
                     finding("zero_mean", "Spearman's ρ", spearman(zero.importance_of(all), mean.importance_of(all)))};
  result.verdict = verdict_of(of_zero, of_mean, of_untrained, top, agrees);
  if (units.size() < static_cast<std::size_t>(d)) {
    result.verdict += fmt::format(" {} of {} were erased, on {}.", with_commas(static_cast<std::int64_t>(units.size())),
                                  counted(d, "unit"), counted(static_cast<std::int64_t>(lines.size()), "sentence"));
  }
  if (std::isnan(of_zero.value)) {
    result.meaning = "This decoder makes no use of the units that were erased.";
  } else if (of_zero.low > of_untrained.high) {
    result.meaning =
        "Training has put more weight on some units than on others; isthmus context erase shows what a "
        "sentence loses without them.";
  } else {
    result.meaning =
        "That few units carry the context cannot be told: their importance is no more unequal than before training.";
  }
  return result;
}

}  // namespace isthmus
