#include "analysis/information.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <numbers>
#include <numeric>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "analysis/context_edits.h"
#include "analysis/estimates.h"
#include "analysis/saturation.h"
#include "analysis/streams.h"
#include "analysis/study.h"
#include "core/error.h"
#include "core/utf8.h"
#include "evaluation/text.h"

namespace isthmus {
namespace {

using Sample = std::span<const std::size_t>;
using Losses = std::vector<TokenLosses>;

/// What one context tells more than another: differences of their losses, piece by piece.
struct Told {
  const char* neutral;
  const Losses& known;
  const Losses& unknown;

  double at(std::size_t sentence, std::size_t t) const {
    return static_cast<double>(unknown[sentence][t]) - static_cast<double>(known[sentence][t]);
  }
  double sum(std::size_t sentence) const {
    double nats = 0;
    for (std::size_t t = 0; t < known[sentence].size(); ++t) nats += at(sentence, t);
    return nats;
  }
};

/// Words of the sources; an empty line counts as one.
std::vector<double> lengths_of(const std::vector<std::string>& sources) {
  std::vector<double> lengths;
  for (const std::string& source : sources) {
    lengths.push_back(static_cast<double>(std::max<std::size_t>(1, split_words(well_formed(source)).size())));
  }
  return lengths;
}

void append_lengths(const Told& told, const LengthCurve& curve, MeasurementRows& rows) {
  for (const LengthCurve::Bin& bin : curve.bins()) {
    const Estimate mean = curve.mean(bin), gain = curve.gain(bin);
    rows.rows.push_back({told.neutral, bin.from, bin.to, static_cast<std::int64_t>(bin.sentences.size()),
                         bin.mean_length, mean.value, mean.low, mean.high, mean.value / std::numbers::ln2, gain.value,
                         gain.low, gain.high, std::int64_t{bin.thin}});
  }
}

void append_positions(const Told& told, const StudyOptions& options, MeasurementRows& rows) {
  for (std::int64_t position = 1; position <= options.information.positions; ++position) {
    const auto t = static_cast<std::size_t>(position - 1);
    std::vector<double> nats;
    for (std::size_t i = 0; i < told.known.size(); ++i) {
      if (told.known[i].size() > t) nats.push_back(told.at(i, t));
    }
    if (nats.empty()) break;
    const Estimate mean = mean_estimate(nats, options.resamples, options.seed);
    rows.rows.push_back(
        {told.neutral, position, static_cast<std::int64_t>(nats.size()), mean.value, mean.low, mean.high});
  }
}

std::vector<double> sums_of(const Told& told) {
  std::vector<double> sums;
  for (std::size_t i = 0; i < told.known.size(); ++i) sums.push_back(told.sum(i));
  return sums;
}

std::string growth_in_words(const LengthCurve& curve, const Saturation& saturation) {
  if (saturation.length) {
    const LengthCurve::Bin& bin = curve.bins()[saturation.bin];
    return fmt::format(
        "It grows with the source up to {} words ({:.1f} nats at {:.1f} words on average) and no further that could be "
        "told: {} nats for each further word.",
        *saturation.length, curve.mean(bin).value, bin.mean_length, in_words(curve.gain(bin), 2));
  }
  if (saturation.last_gain && saturation.last_gain->low > 0) {
    return fmt::format(
        "It has not filled up at {} words, the longest that can be compared: {} nats for each further word there.",
        saturation.longest, in_words(*saturation.last_gain, 2));
  }
  if (saturation.last_gain) {
    return fmt::format("Whether it fills up cannot be told: at {} words each further one brings {} nats.",
                       saturation.longest, in_words(*saturation.last_gain, 2));
  }
  return "Too few lengths have enough sentences to tell where it fills up.";
}

std::string capacity_in_words(const CapacityFit& fit) {
  if (std::isnan(fit.capacity.value)) return " No saturating exponential goes through the bins.";
  if (!std::isfinite(fit.capacity.value)) return " Through the bins a straight line fits as well as any saturation.";
  const std::string high =
      std::isfinite(fit.capacity.high) ? fmt::format("{:.1f}", fit.capacity.high) : "without an upper end";
  return fmt::format(" A saturating exponential through the bins ends at {:.1f} [{:.1f}, {}] nats.", fit.capacity.value,
                     fit.capacity.low, high);
}

}  // namespace

void describe(OptionVisitor& visit, InformationOptions& options) {
  visit.group("Study information");
  visit("information-bin-width", options.bin_width, "words of the source a bin", at_least(1));
  visit("information-min-sentences", options.min_sentences,
        "bins with fewer are shown and marked, but bear on no finding", at_least(2));
  visit("information-positions", options.positions, "first pieces of the reference that are told apart",
        between(1, 100000));
}

StudyResult information_study(Laboratory& laboratory, const StudyOptions& options) {
  if (laboratory.size() < 3) throw InputError("the study information compares sentences: give it at least 3 lines");
  laboratory.begin("information", 4);
  const Context<float>& contexts = laboratory.contexts();
  const Matrix<float> vectors = vectors_of(contexts);
  const std::vector<Index> others = derangement(laboratory.size(), stream(options.seed, Stream::kSwap));
  std::vector<Index> second;  // neither the own nor the other's
  for (const Index i : others) second.push_back(others[static_cast<std::size_t>(i)]);
  const Losses& own = laboratory.losses();
  laboratory.advance();
  const auto losses = [&](const Context<float>& edited) {
    Losses found = laboratory.losses(edited, laboratory.references());
    laboratory.advance();
    return found;
  };
  const Losses mean = losses(mean_context(contexts));
  const Losses shuffled = losses(with_vectors(contexts, columns_of(vectors, others)));
  const Losses again = losses(with_vectors(contexts, columns_of(vectors, second)));

  const std::vector<double> lengths = lengths_of(laboratory.source_lines());
  const Told of_mean{"mean", own, mean}, of_shuffled{"shuffled", own, shuffled}, floor{"floor", again, shuffled};
  MeasurementRows by_length{.table = "information_length",
                            .columns = {"neutral", "from_length", "to_length", "sentences", "mean_length", "nats",
                                        "low", "high", "bits", "gain", "gain_low", "gain_high", "thin"}};
  MeasurementRows by_step{.table = "information_position",
                          .columns = {"neutral", "position", "sentences", "nats", "low", "high"}};
  const LengthCurveOptions bins{options.information.bin_width, options.information.min_sentences, options.resamples,
                                options.seed};
  for (const Told* told : {&of_mean, &of_shuffled, &floor}) {
    append_lengths(*told, LengthCurve(lengths, sums_of(*told), bins), by_length);
    append_positions(*told, options, by_step);
  }

  const std::vector<double> sums = sums_of(of_mean);
  const LengthCurve curve(lengths, sums, bins);
  const Saturation saturation = curve.saturation();
  const CapacityFit fit = curve.capacity();
  std::vector<double> pieces;
  for (const TokenLosses& sentence : own) pieces.push_back(static_cast<double>(sentence.size()));
  const auto mean_of = [&](const std::vector<double>& of) {
    return mean_estimate(of, options.resamples, options.seed);
  };
  const Estimate whole = mean_of(sums), against_other = mean_of(sums_of(of_shuffled)), chance = mean_of(sums_of(floor));
  const Estimate per_piece = ratio_of_sums(sums, pieces, options.resamples, options.seed);

  StudyResult result;
  result.tables = {std::move(by_length), std::move(by_step)};
  result.findings = {
      finding("information", "nats/sentence", whole),
      finding("information_shuffled", "nats/sentence", against_other),
      finding("floor", "nats/sentence", chance),
      finding("information_per_piece", "nats/piece", per_piece),
      finding("saturation_length", "words", saturation.length ? static_cast<double>(*saturation.length) : std::nan("")),
      finding("capacity", "nats", fit.capacity),
      finding("capacity_length", "words", fit.length)};
  result.verdict = fmt::format(
      "The context tells the decoder {} nats of a sentence ({:.1f} bits, {} nats a piece) beyond the mean context, {} "
      "beyond another sentence's; chance is {}. ",
      in_words(whole), whole.value / std::numbers::ln2, in_words(per_piece, 2), in_words(against_other),
      in_words(chance));
  if (whole.low > 0) result.verdict += growth_in_words(curve, saturation) + capacity_in_words(fit);
  const bool attends = laboratory.network().options().attention != AttentionType::kNone;
  if (attends) {
    if (!result.verdict.ends_with(' ')) result.verdict += ' ';
    result.verdict +=
        "This decoder also looks back at the source, which it still does here: what the vector tells is not all "
        "that it knows.";
  }
  if (result.verdict.ends_with(' ')) result.verdict.pop_back();
  result.meaning = "Where the vector fills up is not seen on this text; longer sentences would tell.";
  if (saturation.length) {
    result.meaning =
        fmt::format("Beyond {} words a longer source brings nothing more through this vector: {}.", *saturation.length,
                    attends ? "there the decoder lives on what it looks back at"
                            : "split such sentences, or let the decoder attend");
  }
  if (whole.high <= 0) {
    result.meaning = "This decoder makes no use of the source: train it longer, or look for what is wrong.";
  } else if (!(whole.low > 0)) {
    result.meaning =
        "That this decoder makes any use of the source cannot be told: train it longer, or look for what is wrong.";
  }
  return result;
}

}  // namespace isthmus
