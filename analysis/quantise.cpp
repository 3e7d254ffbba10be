#include "analysis/quantise.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "analysis/context_edits.h"
#include "analysis/estimates.h"
#include "analysis/interventions.h"
#include "analysis/streams.h"
#include "analysis/study.h"
#include "core/error.h"
#include "core/number_list.h"
#include "core/progress.h"

namespace isthmus {
namespace {

/// Noise that is even over [−w/2, w/2], w the width of a unit's cells.
Matrix<float> with_even_noise(const Interventions& bench, const UnitStatistics& range, std::int64_t bits,
                              Random random) {
  const Vector<float> width = (range.high - range.low) * static_cast<float>(std::exp2(-static_cast<double>(bits)));
  Matrix<float> noisy = bench.vectors();
  for (Index i = 0; i < noisy.cols(); ++i) {
    Random draws = random.split(bench.lines()[static_cast<std::size_t>(i)]);
    for (Index k = 0; k < noisy.rows(); ++k) noisy(k, i) += width(k) * static_cast<float>(draws.uniform() - 0.5);
  }
  return noisy;
}

/// Root of the mean square error, in standard deviations of the units.
double relative_error(const Matrix<float>& edited, const Matrix<float>& own, const Vector<float>& deviation) {
  double error = 0, varying = 0;
  for (Index k = 0; k < own.rows(); ++k) {
    if (!(deviation(k) > 0)) continue;
    error += ((edited.row(k) - own.row(k)) / deviation(k)).cast<double>().squaredNorm();
    varying += static_cast<double>(own.cols());
  }
  return varying > 0 ? std::sqrt(error / varying) : 0;
}

}  // namespace

void describe(OptionVisitor& visit, QuantiseOptions& options) {
  visit("quantise-bits", options.bits, "bits that are left of each unit of the context, with commas between");
}

std::vector<std::int64_t> quantise_bits(const QuantiseOptions& options) {
  std::vector<std::int64_t> bits;
  for (const double number : parse_numbers("quantise-bits", options.bits, "1,2,4,8", between(1, 24))) {
    if (number != std::floor(number)) throw UsageError(fmt::format("--quantise-bits: {} is no whole number", number));
    bits.push_back(static_cast<std::int64_t>(number));
  }
  if (bits.empty()) throw UsageError("--quantise-bits is empty; give numbers of bits such as 1,2,4,8");
  std::sort(bits.begin(), bits.end());
  bits.erase(std::unique(bits.begin(), bits.end()), bits.end());
  return bits;
}

StudyResult quantise_study(Laboratory& laboratory, const StudyOptions& options) {
  const std::vector<std::int64_t> bits = quantise_bits(options.quantise);
  Interventions bench(laboratory, options, "quantise", 2 * bits.size());
  const UnitStatistics range = unit_statistics(vectors_of(laboratory.contexts()));
  std::vector<Matrix<float>> edits;
  for (const std::int64_t b : bits) {
    edits.push_back(quantised(bench.vectors(), range, b));
    edits.push_back(with_even_noise(bench, range, b, stream(options.seed, Stream::kRounding)));
  }
  const std::vector<Outcome> outcomes = bench.outcomes(edits);

  MeasurementRows rows{.table = "quantise_effect", .columns = {"arm", "bits", "error", "sentences"}};
  append_effect_columns(rows.columns);
  std::vector<Effect> rounded, noisy;
  for (std::size_t i = 0; i < edits.size(); ++i) {
    const bool control = i % 2 == 1;
    const Effect& effect = (control ? noisy : rounded).emplace_back(bench.effect(outcomes[i]));
    append_effect(
        rows.rows.emplace_back(std::vector<MeasuredValue>{control ? "noise" : "rounded", bits[i / 2],
                                                          relative_error(edits[i], bench.vectors(), range.deviation),
                                                          static_cast<std::int64_t>(bench.lines().size())}),
        effect);
  }

  const std::optional<std::size_t> of_bleu = first_without_loss_of_bleu(rounded);
  const std::optional<std::size_t> of_loss = first_without_loss_of_likelihood(rounded);
  const auto number = [&](std::optional<std::size_t> at) { return at ? static_cast<double>(bits[*at]) : std::nan(""); };
  const Effect own = bench.effect(bench.own());
  const Index d = bench.vectors().rows();
  StudyResult result;
  result.findings = {finding("bleu", "BLEU", own.bleu), finding("bits_bleu", "bits/unit", number(of_bleu)),
                     finding("bits_loss", "bits/unit", number(of_loss)),
                     finding("fewest_bits_bleu_change", "BLEU", rounded.front().bleu_change),
                     finding("fewest_bits_noise_bleu_change", "BLEU", noisy.front().bleu_change)};
  result.verdict =
      of_bleu
          ? fmt::format("From {} a unit on no loss of BLEU ({:.1f}) can be told: {} there, in a vector of {} units.",
                        counted(bits[*of_bleu], "bit"), own.bleu.value, in_words(rounded[*of_bleu].bleu_change), d)
          : fmt::format("Even {} a unit cost BLEU: {} of {:.1f}.", counted(bits.back(), "bit"),
                        in_words(rounded.back().bleu_change), own.bleu.value);
  result.verdict +=
      of_loss ? fmt::format(" No loss of the references' likelihood can be told from {} on.",
                            counted(bits[*of_loss], "bit"))
              : fmt::format(" The likelihood of the references still suffers at {}.", counted(bits.back(), "bit"));
  result.verdict +=
      fmt::format(" With {} it costs {} nats a piece; noise of the same size costs {}.", counted(bits.front(), "bit"),
                  in_words(rounded.front().loss_change, 2), in_words(noisy.front().loss_change, 2));
  result.meaning = own.bleu.value < kLeastBleu ? std::string(kNothingToLose)
                   : of_bleu
                       ? fmt::format(
                             "Contexts of this model can be kept in {} bytes each instead of {}, without a loss of "
                             "BLEU that could be told here.",
                             (d * bits[*of_bleu] + 7) / 8, d * 4)
                       : std::string("Keep contexts of this model in full.");
  result.tables = {std::move(rows)};
  return result;
}

}  // namespace isthmus
