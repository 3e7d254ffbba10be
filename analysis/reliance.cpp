#include "analysis/reliance.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <numeric>
#include <span>
#include <string>
#include <vector>

#include "analysis/context_edits.h"
#include "analysis/estimates.h"
#include "analysis/streams.h"
#include "analysis/study.h"
#include "core/error.h"

namespace isthmus {
namespace {

using Sample = std::span<const std::size_t>;

/// ΔNLL of each piece of each sentence under one context.
struct Change {
  std::string context = {};
  std::vector<std::vector<double>> nats = {};
};

/// Each sentence's neighbour when all are sorted by length, in a random order within a length; the longest has the one
/// before it.
std::vector<Index> others_of_similar_length(const std::vector<std::size_t>& lengths, Random random) {
  std::vector<Index> order(lengths.size());
  std::iota(order.begin(), order.end(), Index{0});
  random.shuffle(order);
  std::stable_sort(order.begin(), order.end(), [&](Index a, Index b) {
    return lengths[static_cast<std::size_t>(a)] < lengths[static_cast<std::size_t>(b)];
  });
  std::vector<Index> others(lengths.size());
  for (std::size_t i = 0; i < order.size(); ++i) {
    others[static_cast<std::size_t>(order[i])] = order[i + 1 < order.size() ? i + 1 : i - 1];
  }
  return others;
}

/// The sentences with at least as many pieces as the median sentence, and that number.
struct LongHalf {
  std::vector<std::size_t> sentences = {};
  std::size_t positions = 0;
};

LongHalf long_half(const std::vector<std::vector<double>>& nats) {
  std::vector<std::size_t> lengths;
  for (const auto& sentence : nats) lengths.push_back(sentence.size());
  std::nth_element(lengths.begin(), lengths.begin() + static_cast<std::ptrdiff_t>(lengths.size() / 2), lengths.end());
  LongHalf half{.positions = lengths[lengths.size() / 2]};
  for (std::size_t i = 0; i < nats.size(); ++i) {
    if (nats[i].size() >= half.positions) half.sentences.push_back(i);
  }
  return half;
}

std::vector<double> means_by_position(const Change& change, const LongHalf& half, Sample sample) {
  std::vector<double> means(half.positions, 0.0);
  for (const std::size_t i : sample) {
    const std::vector<double>& nats = change.nats[half.sentences[i]];
    for (std::size_t t = 0; t < half.positions; ++t) means[t] += nats[t] / static_cast<double>(sample.size());
  }
  return means;
}

double half_life(const std::vector<double>& means) {
  std::vector<double> positions(means.size());
  std::iota(positions.begin(), positions.end(), 1.0);
  return fit_exponential(positions, means, std::vector<double>(means.size(), 1.0)).half_life;
}

double kept(const std::vector<double>& means) {
  const auto third = static_cast<std::ptrdiff_t>(means.size() / 3);
  if (third == 0) return std::nan("");
  const double first = std::accumulate(means.begin(), means.begin() + third, 0.0);
  return first > 0 ? std::accumulate(means.end() - third, means.end(), 0.0) / first : std::nan("");
}

struct Summary {
  Estimate reliance, kept, half_life;
};

Summary summary_of(const Change& change, const StudyOptions& options) {
  std::vector<double> sums, pieces;
  for (const auto& nats : change.nats) {
    sums.push_back(std::accumulate(nats.begin(), nats.end(), 0.0));
    pieces.push_back(static_cast<double>(nats.size()));
  }
  const LongHalf half = long_half(change.nats);
  const auto of_half = [&](const auto& statistic) {
    return bootstrap(half.sentences.size(), options.resamples, options.seed,
                     [&](Sample sample) { return statistic(means_by_position(change, half, sample)); });
  };
  return {ratio_of_sums(sums, pieces, options.resamples, options.seed), of_half(kept), of_half(half_life)};
}

void append_positions(const Change& change, const std::vector<TokenLosses>& own, const StudyOptions& options,
                      MeasurementRows& rows) {
  for (std::int64_t position = 1; position <= options.reliance.positions; ++position) {
    const auto t = static_cast<std::size_t>(position - 1);
    std::vector<double> nats;
    double loss = 0;
    for (std::size_t i = 0; i < own.size(); ++i) {
      if (own[i].size() <= t) continue;
      nats.push_back(change.nats[i][t]);
      loss += static_cast<double>(own[i][t]);
    }
    if (nats.empty()) break;
    const Estimate mean = mean_estimate(nats, options.resamples, options.seed);
    rows.rows.push_back({change.context, position, static_cast<std::int64_t>(nats.size()),
                         loss / static_cast<double>(nats.size()), mean.value, mean.low, mean.high});
  }
}

std::string verdict_of(const Summary& swapped, const Summary& similar, std::size_t positions) {
  std::string verdict = fmt::format("Another sentence's context costs {} nats a piece, one of a sentence as long {}.",
                                    in_words(swapped.reliance, 2), in_words(similar.reliance, 2));
  if (swapped.reliance.low <= 0) return verdict + " That the decoder reads its context cannot be told.";
  if (std::isnan(swapped.kept.value)) return verdict;
  const std::string share = fmt::format("{:.0f} % [{:.0f}, {:.0f}]", 100 * swapped.kept.value, 100 * swapped.kept.low,
                                        100 * swapped.kept.high);
  if (swapped.kept.high < 1) {
    verdict += fmt::format(
        " It needs the context less and less: of the first {} pieces of a sentence, the last third "
        "lose {} of what the first third do",
        positions, share);
    return verdict + (std::isfinite(swapped.half_life.value) && std::isfinite(swapped.half_life.high)
                          ? fmt::format(", half as much every {} pieces.", in_words(swapped.half_life))
                          : std::string("."));
  }
  const char* change =
      swapped.kept.low > 1 ? "It needs the context more and more" : "It needs the context no less later on";
  return fmt::format("{} {}: of the first {} pieces of a sentence, the last third lose {} of what the first third do.",
                     verdict, change, positions, share);
}

}  // namespace

void describe(OptionVisitor& visit, RelianceOptions& options) {
  visit.group("Study reliance");
  visit("reliance-positions", options.positions, "first pieces of the reference that are shown", between(1, 100000));
}

StudyResult reliance_study(Laboratory& laboratory, const StudyOptions& options) {
  if (laboratory.size() < 3) throw InputError("the study reliance compares sentences: give it at least 3 lines");
  laboratory.begin("reliance", 5);
  const Context<float>& contexts = laboratory.contexts();
  const Matrix<float> vectors = vectors_of(contexts);
  const std::vector<TokenLosses>& own = laboratory.losses();
  laboratory.advance();
  const auto change = [&](const char* name, const Matrix<float>& instead) {
    const std::vector<TokenLosses> losses = laboratory.losses(with_vectors(contexts, instead), laboratory.references());
    Change made{.context = name};
    for (std::size_t i = 0; i < own.size(); ++i) {
      std::vector<double>& nats = made.nats.emplace_back();
      for (std::size_t t = 0; t < own[i].size(); ++t) {
        nats.push_back(static_cast<double>(losses[i][t]) - static_cast<double>(own[i][t]));
      }
    }
    laboratory.advance();
    return made;
  };
  const Random swaps = stream(options.seed, Stream::kSwap);
  const std::vector<Index> others = derangement(laboratory.size(), swaps);
  const std::vector<Index> similar = others_of_similar_length(laboratory.source_lengths(), swaps.split(1));
  const std::vector<Change> changes = {change("swapped", columns_of(vectors, others)),
                                       change("similar", columns_of(vectors, similar)),
                                       change("mean", vectors_of(mean_context(contexts))),
                                       change("zero", Matrix<float>::Zero(vectors.rows(), vectors.cols()))};

  StudyResult result;
  MeasurementRows rows{.table = "reliance_position",
                       .columns = {"context", "position", "sentences", "loss", "change", "low", "high"}};
  std::vector<Summary> summaries;
  for (const Change& one : changes) {
    append_positions(one, own, options, rows);
    const Summary& summary = summaries.emplace_back(summary_of(one, options));
    result.findings.push_back(finding("reliance_" + one.context, "nats/piece", summary.reliance));
    result.findings.push_back(finding("kept_" + one.context, "share", summary.kept));
    result.findings.push_back(finding("half_life_" + one.context, "pieces", summary.half_life));
  }
  result.tables = {std::move(rows)};
  const ModelOptions& model = laboratory.network().options();
  result.verdict = verdict_of(summaries[0], summaries[1], long_half(changes[0].nats).positions);
  const bool fed = model.context == ContextUse::kEveryStep;
  if (model.attention != AttentionType::kNone) {
    result.verdict += " The decoder looks back at its own source all the while; only the vector was changed.";
  } else {
    result.verdict += fed ? " This decoder gets the context at every step."
                          : " This decoder gets the context once, as its first state.";
  }
  const bool forgets = summaries[0].reliance.low > 0 && summaries[0].kept.high < 1;
  if (summaries[0].reliance.low <= 0) {
    result.meaning =
        "Nothing tells that this decoder makes use of its source: train it longer, or look for what is wrong.";
  } else if (forgets && !fed) {
    result.meaning =
        "The end of a translation leans on the words before it; --context every-step gives the decoder the "
        "context again at each of them.";
  } else if (forgets) {
    result.meaning =
        "The end of a translation leans on the words before it, though the context is there at every step.";
  } else {
    result.meaning = "The context reaches the end of a translation as well as its beginning.";
  }
  return result;
}

}  // namespace isthmus
