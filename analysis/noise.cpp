#include "analysis/noise.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>

#include "analysis/context_edits.h"
#include "analysis/estimates.h"
#include "analysis/interventions.h"
#include "analysis/streams.h"
#include "analysis/study.h"
#include "core/number_list.h"

namespace isthmus {
namespace {

using Sample = std::span<const std::size_t>;

constexpr double kNever = std::numeric_limits<double>::infinity();
/// Where BLEU is half of the own contexts' for the first time; NaN where that is nothing.
double half_level(const Interventions& bench, std::span<const double> levels, std::span<const Outcome> outcomes,
                  Sample sample) {
  double level = 0, bleu = bench.bleu(bench.own(), sample);
  const double half = bleu / 2;
  if (bleu < kLeastBleu) return std::nan("");
  for (std::size_t i = 0; i < levels.size(); ++i) {
    const double next = bench.bleu(outcomes[i], sample);
    if (next <= half) return level + (levels[i] - level) * (bleu - half) / (bleu - next);
    level = levels[i];
    bleu = next;
  }
  return kNever;
}

std::string half_in_words(const Estimate& half, double own, double most) {
  if (std::isnan(half.value)) return fmt::format("BLEU is {:.1f} without noise: there is nothing to lose.", own);
  if (!std::isfinite(half.value)) {
    return fmt::format("BLEU ({:.1f}) stays above half of that up to noise of {} standard deviations.", own, most);
  }
  const std::string high = std::isfinite(half.high) ? fmt::format("{:.2f}", half.high) : fmt::format("over {}", most);
  return fmt::format("Half of the BLEU ({:.1f}) is gone at noise of {:.2f} [{:.2f}, {}] standard deviations.", own,
                     half.value, half.low, high);
}

}  // namespace

void describe(OptionVisitor& visit, NoiseOptions& options) {
  visit("noise-levels", options.levels,
        "noise on the context, in standard deviations of each unit, with commas between");
}

std::vector<double> noise_levels(const NoiseOptions& options) {
  std::vector<double> levels = parse_numbers("noise-levels", options.levels, "0.1,0.5,1", between(0, 1000));
  std::sort(levels.begin(), levels.end());
  levels.erase(std::unique(levels.begin(), levels.end()), levels.end());
  std::erase(levels, 0.0);
  if (levels.empty()) throw UsageError("--noise-levels: give one above 0, such as 0.1,0.5,1");
  return levels;
}

StudyResult noise_study(Laboratory& laboratory, const StudyOptions& options) {
  const std::vector<double> levels = noise_levels(options.noise);
  Interventions bench(laboratory, options, "noise", levels.size() + 1);
  const Matrix<float> all = vectors_of(laboratory.contexts());
  const Vector<float> deviation = unit_statistics(all).deviation;
  std::vector<Matrix<float>> edits;
  for (const double level : levels) {
    edits.push_back(with_noise(bench.vectors(), static_cast<float>(level) * deviation, bench.lines(),
                               stream(options.seed, Stream::kNoise)));
  }
  const std::vector<Index> others = derangement(laboratory.size(), stream(options.seed, Stream::kSwap));
  std::vector<Index> chosen;
  for (const std::size_t line : bench.lines()) chosen.push_back(others[line]);
  edits.push_back(columns_of(all, chosen));
  const std::vector<Outcome> outcomes = bench.outcomes(edits);

  MeasurementRows rows{.table = "noise_effect", .columns = {"arm", "level", "sentences"}};
  append_effect_columns(rows.columns);
  const auto sentences = static_cast<std::int64_t>(bench.lines().size());
  const auto add = [&](const char* arm, MeasuredValue level, const Effect& effect) {
    append_effect(rows.rows.emplace_back(std::vector<MeasuredValue>{arm, std::move(level), sentences}), effect);
  };
  const Effect own = bench.effect(bench.own());
  add("noise", 0.0, own);
  std::vector<Effect> effects;  // from the strongest
  for (std::size_t i = levels.size(); i-- > 0;) effects.push_back(bench.effect(outcomes[i]));
  for (std::size_t i = 0; i < levels.size(); ++i) add("noise", levels[i], effects[levels.size() - 1 - i]);
  const Effect other = bench.effect(outcomes.back());
  add("other", {}, other);

  const Estimate half = bootstrap(bench.lines().size(), options.resamples, options.seed,
                                  [&](Sample sample) { return half_level(bench, levels, outcomes, sample); });
  const std::optional<std::size_t> harmless = first_without_loss_of_bleu(effects);
  const double borne = harmless ? levels[levels.size() - 1 - *harmless] : 0.0;
  StudyResult result;
  result.findings = {finding("bleu", "BLEU", own.bleu), finding("half_noise", "standard deviations", half),
                     finding("borne_noise", "standard deviations", borne), finding("other_bleu", "BLEU", other.bleu),
                     finding("other_loss", "nats/piece", other.loss_change)};
  result.verdict = half_in_words(half, own.bleu.value, levels.empty() ? 0 : levels.back());
  if (harmless) {
    result.verdict += fmt::format(" Up to {} no loss of BLEU can be told ({} there).", borne,
                                  in_words(effects[*harmless].bleu_change));
  } else if (!effects.empty()) {
    result.verdict +=
        fmt::format(" Noise of {} already costs BLEU: {}.", levels.front(), in_words(effects.back().bleu_change));
  }
  result.verdict += fmt::format(" The context of another sentence leaves {}.", in_words(other.bleu));
  result.meaning = own.bleu.value < kLeastBleu ? std::string(kNothingToLose)
                   : harmless
                       ? fmt::format(
                             "Errors of {} standard deviations a unit, from rounding or from sending, cost no BLEU "
                             "that could be told here.",
                             borne)
                       : std::string("Keep and send contexts of this model as they are: small errors cost quality.");
  result.tables = {std::move(rows)};
  return result;
}

}  // namespace isthmus
