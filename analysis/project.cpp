#include "analysis/project.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <numeric>

#include "analysis/context_edits.h"
#include "analysis/estimates.h"
#include "analysis/interventions.h"
#include "analysis/principal_axes.h"
#include "analysis/streams.h"
#include "analysis/study.h"
#include "core/error.h"
#include "core/number_list.h"
#include "core/progress.h"

namespace isthmus {
namespace {

constexpr std::size_t kMostLinesOfAHalf = 2000;  // the axes take its third power

/// The text in two halves at random: lines may take turns in what they are. And the axes of each.
struct Halves {
  std::vector<std::size_t> of_line;  // 0 or 1
  std::array<PrincipalAxes, 2> axes;
};

Halves halves_of(Laboratory& laboratory, Random random) {
  std::vector<Index> order(laboratory.size());
  std::iota(order.begin(), order.end(), Index{0});
  random.shuffle(order);
  const std::size_t middle = order.size() / 2;
  Halves halves{.of_line = std::vector<std::size_t>(order.size(), 1), .axes = {}};
  for (std::size_t i = 0; i < middle; ++i) halves.of_line[static_cast<std::size_t>(order[i])] = 0;
  const Matrix<float> all = vectors_of(laboratory.contexts());
  laboratory.threads().run(2, [&](std::size_t half, std::size_t) {
    const std::span<const Index> lines = half == 0 ? std::span(order).first(middle) : std::span(order).subspan(middle);
    halves.axes[half] = principal_axes(columns_of(all, lines.first(std::min(lines.size(), kMostLinesOfAHalf))));
  });
  return halves;
}

/// The vectors of the sample, each projected on the first k axes of the half that it is not in, or of `instead`.
Matrix<float> projections(const Interventions& bench, const Halves& halves, std::int64_t k,
                          const Matrix<float>* instead) {
  Matrix<float> edited = bench.vectors();
  for (std::size_t half = 0; half < halves.axes.size(); ++half) {
    std::vector<Index> columns;
    for (std::size_t i = 0; i < bench.lines().size(); ++i) {
      if (halves.of_line[bench.lines()[i]] != half) columns.push_back(static_cast<Index>(i));
    }
    const Matrix<float>& axes = instead ? *instead : halves.axes[half].axes;
    const Matrix<float> made =
        projected(columns_of(bench.vectors(), columns), halves.axes[half].mean, axes.leftCols(static_cast<Index>(k)));
    for (std::size_t i = 0; i < columns.size(); ++i) edited.col(columns[i]) = made.col(static_cast<Index>(i));
  }
  return edited;
}

/// The share of the variance that edited vectors keep: 1 − Σ|edited − own|² / Σ|own − mean|².
double kept_variance(const Matrix<float>& edited, const Matrix<float>& own) {
  const Vector<float> mean = own.rowwise().mean();
  const double all = (own.colwise() - mean).cast<double>().squaredNorm();
  return all > 0 ? 1 - (edited - own).cast<double>().squaredNorm() / all : 1;
}

}  // namespace

void describe(OptionVisitor& visit, ProjectOptions& options) {
  visit("project-axes", options.axes,
        "numbers of axes that the context is projected on, with commas between; none: 1, 2, 4, … and all");
}

std::vector<std::int64_t> project_axes(const ProjectOptions& options, std::int64_t d, std::int64_t lines) {
  // So many lines have a mean and no more axes than these; all d are the vector itself.
  const std::int64_t told = std::max<std::int64_t>(1, std::min(lines - 1, d));
  std::vector<std::int64_t> axes;
  for (const double number : parse_numbers("project-axes", options.axes, "1,10,100", between(1, 1 << 20))) {
    if (number != std::floor(number)) throw UsageError(fmt::format("--project-axes: {} is no whole number", number));
    const auto wanted = static_cast<std::int64_t>(number);
    if (wanted > d) throw UsageError(fmt::format("--project-axes: {} axes, but the context has {}", wanted, d));
    if (wanted > told && wanted < d) {
      throw UsageError(fmt::format("--project-axes: {} lines, half of the text, tell {} and no more; give it more text",
                                   lines, counted(told, "axis", "axes")));
    }
    axes.push_back(wanted);
  }
  if (axes.empty()) {
    for (std::int64_t k = 1; k <= told && k < d; k *= 2) axes.push_back(k);
    axes.push_back(d);
  }
  std::sort(axes.begin(), axes.end());
  axes.erase(std::unique(axes.begin(), axes.end()), axes.end());
  return axes;
}

StudyResult project_study(Laboratory& laboratory, const StudyOptions& options) {
  const Index d = context_size(laboratory.network().options());
  const std::vector<std::int64_t> counts =
      project_axes(options.project, d, static_cast<std::int64_t>(std::min(laboratory.size() / 2, kMostLinesOfAHalf)));
  Interventions bench(laboratory, options, "project", 2 * counts.size());
  const Random chance = stream(options.seed, Stream::kAxes);
  const Halves halves = halves_of(laboratory, chance.split(0));
  const Matrix<float> random = random_axes(d, chance.split(1));
  std::vector<Matrix<float>> edits;
  for (const std::int64_t k : counts) {
    edits.push_back(projections(bench, halves, k, nullptr));
    edits.push_back(projections(bench, halves, k, &random));
  }
  const std::vector<Outcome> outcomes = bench.outcomes(edits);

  MeasurementRows rows{.table = "project_effect", .columns = {"arm", "axes", "variance", "sentences"}};
  append_effect_columns(rows.columns);
  std::vector<Effect> principal, arbitrary;
  std::vector<double> variances;
  for (std::size_t i = 0; i < edits.size(); ++i) {
    const bool control = i % 2 == 1;
    const Effect& effect = (control ? arbitrary : principal).emplace_back(bench.effect(outcomes[i]));
    const double variance = kept_variance(edits[i], bench.vectors());
    if (!control) variances.push_back(variance);
    append_effect(
        rows.rows.emplace_back(std::vector<MeasuredValue>{control ? "random" : "principal", counts[i / 2], variance,
                                                          static_cast<std::int64_t>(bench.lines().size())}),
        effect);
  }

  const std::optional<std::size_t> of_bleu = first_without_loss_of_bleu(principal);
  const std::optional<std::size_t> of_loss = first_without_loss_of_likelihood(principal);
  const std::optional<std::size_t> of_random = first_without_loss_of_bleu(arbitrary);
  const auto number = [&](std::optional<std::size_t> at) {
    return at ? static_cast<double>(counts[*at]) : std::nan("");
  };
  const Effect own = bench.effect(bench.own());
  StudyResult result;
  result.findings = {finding("bleu", "BLEU", own.bleu), finding("axes_bleu", "axes", number(of_bleu)),
                     finding("axes_loss", "axes", number(of_loss)),
                     finding("random_axes_bleu", "axes", number(of_random))};
  if (of_bleu) {
    result.verdict = fmt::format(
        "From {} of {} axes on, which have {:.0f} % of the variance, no loss of BLEU ({:.1f}) can be told: {} there.",
        with_commas(counts[*of_bleu]), with_commas(d), 100 * variances[*of_bleu], own.bleu.value,
        in_words(principal[*of_bleu].bleu_change));
    result.verdict += fmt::format(" {} leave {} BLEU.", counted(counts[*of_bleu], "random axis", "random axes"),
                                  in_words(arbitrary[*of_bleu].bleu));
  } else {
    result.verdict = fmt::format("Even {} axes cost BLEU: {} of {:.1f}.", with_commas(counts.back()),
                                 in_words(principal.back().bleu_change), own.bleu.value);
  }
  result.verdict += of_loss ? fmt::format(" No loss of the references' likelihood can be told from {} on.",
                                          counted(counts[*of_loss], "axis", "axes"))
                            : fmt::format(" The likelihood of the references still suffers at {}.",
                                          counted(counts.back(), "axis", "axes"));
  if (own.bleu.value < kLeastBleu) {
    result.meaning = kNothingToLose;
  } else if (!of_bleu || counts[*of_bleu] * 2 > d) {
    result.meaning = "That the decoder gets by on half of the directions of its context vector was not seen.";
  } else if (!(arbitrary[*of_bleu].bleu.high < principal[*of_bleu].bleu.low)) {
    result.meaning = fmt::format(
        "{} do as well as far as can be told: nothing follows for the room in the vector that the decoder uses.",
        counted(counts[*of_bleu], "random axis", "random axes"));
  } else {
    result.meaning = fmt::format(
        "For translations like these the decoder gets by on {} of {}: that is the room in the vector that it uses.",
        counted(counts[*of_bleu], "direction"), with_commas(d));
  }
  result.tables = {std::move(rows)};
  return result;
}

}  // namespace isthmus
