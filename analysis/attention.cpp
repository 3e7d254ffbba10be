#include "analysis/attention.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <string>
#include <vector>

#include "analysis/context_step_model.h"
#include "analysis/estimates.h"
#include "analysis/study.h"
#include "core/error.h"
#include "core/interrupt.h"

namespace isthmus {
namespace {

/// A mean over target pieces, and uniform attention's.
struct Measure {
  const char* name;
  const char* unit;
  double AttentionSums::*sum;
  double AttentionSums::*over;
  double AttentionSums::*uniform_sum;
  double AttentionSums::*uniform_over;
};

constexpr Measure kMeasures[] = {
    {"entropy", "nats", &AttentionSums::entropy, &AttentionSums::targets, &AttentionSums::uniform_entropy,
     &AttentionSums::targets},
    {"distance", "lengths of the sentence", &AttentionSums::distance, &AttentionSums::source,
     &AttentionSums::uniform_distance, &AttentionSums::uniform_source},
    {"end_share", "share", &AttentionSums::end, &AttentionSums::targets, &AttentionSums::uniform_end,
     &AttentionSums::targets},
    {"monotone_share", "share", &AttentionSums::onward, &AttentionSums::steps, &AttentionSums::uniform_onward,
     &AttentionSums::steps},
    {"standing_share", "share", &AttentionSums::standing, &AttentionSums::steps, &AttentionSums::uniform_standing,
     &AttentionSums::steps},
};

/// The share of pieces that look where the one before did above which attention does not move.
constexpr double kStuck = 0.9;

/// A sentence that is looked at: its number, and the target of its weights.
struct Looked {
  std::size_t number = 0;
  Sentence target;
  Alignment alignment;
};

std::vector<Sentence> targets_of(Laboratory& laboratory, AttentionTarget target) {
  if (target == AttentionTarget::kReference) return laboratory.references();
  std::vector<Sentence> targets;
  for (Hypothesis& hypothesis : laboratory.translate(laboratory.contexts(), laboratory.source_lengths(), {})) {
    targets.push_back(std::move(hypothesis.tokens));
  }
  return targets;
}

/// In the order of the lines, batch by batch on all threads.
std::vector<Looked> look(Laboratory& laboratory, AttentionTarget target) {
  std::vector<Looked> all;
  std::vector<Sentence> targets = targets_of(laboratory, target);
  for (std::size_t i = 0; i < laboratory.size(); ++i) {
    if (!laboratory.sources()[i].empty() && !targets[i].empty()) all.push_back({i, std::move(targets[i]), {}});
  }
  if (all.empty()) throw InputError("the attention study needs a line that is empty on neither side");
  const Context<float>& contexts = laboratory.contexts();
  const std::size_t batches = (all.size() + laboratory.batch() - 1) / laboratory.batch();
  laboratory.threads().run(batches, [&](std::size_t batch, std::size_t) {
    if (interrupted()) throw Interrupted();
    const std::size_t begin = batch * laboratory.batch(), end = std::min(all.size(), begin + laboratory.batch());
    std::vector<Sentence> sources, part;
    for (std::size_t i = begin; i < end; ++i) {
      sources.push_back({static_cast<TokenId>(all[i].number)});
      part.push_back(all[i].target);
    }
    ContextStepModel model(laboratory.network(), laboratory.model().weights, contexts);
    std::vector<Alignment> alignments = align(model, sources, part);
    for (std::size_t i = begin; i < end; ++i) all[i].alignment = std::move(alignments[i - begin]);
  });
  return all;
}

MeasurementRows weight_rows(const Laboratory& laboratory, const std::vector<Looked>& all, std::int64_t most) {
  const Tokenizer& source_pieces = laboratory.model().source;
  const Tokenizer& target_pieces = laboratory.model().target;
  MeasurementRows rows{.table = "attention_weight",
                       .columns = {"line", "t", "s", "target_piece", "source_piece", "weight"}};
  std::int64_t kept = 0;
  for (const Looked& one : all) {
    const Sentence& source = laboratory.sources()[one.number];
    if (source.size() > kMostPieces || one.target.size() > kMostPieces) continue;
    if (++kept > most) break;
    const auto piece = [](const Tokenizer& tokenizer, const Sentence& sentence, Index i) {
      const auto at = static_cast<std::size_t>(i);
      return tokenizer.piece(at < sentence.size() ? sentence[at] : kEnd);
    };
    for (Index t = 0; t < one.alignment.cols(); ++t) {
      for (Index s = 0; s < one.alignment.rows(); ++s) {
        rows.rows.push_back({static_cast<std::int64_t>(one.number) + 1, std::int64_t{t}, std::int64_t{s},
                             piece(target_pieces, one.target, t), piece(source_pieces, source, s),
                             static_cast<double>(one.alignment(s, t))});
      }
    }
  }
  return rows;
}

std::string verdict_of(const std::vector<Estimate>& own, const std::vector<Estimate>& uniform) {
  const auto pair = [&](std::size_t i, int decimals) {
    return fmt::format("{}, uniform attention has {:.{}f}", in_words(own[i], decimals), uniform[i].value, decimals);
  };
  const std::string sharp =
      own[0].high < uniform[0].low
          ? fmt::format("The weights of a target piece spread over as many as {:.1f} places (entropy {} nats).",
                        std::exp(own[0].value), pair(0, 2))
          : fmt::format("That the weights are narrower than uniform ones cannot be told: entropy {} nats.", pair(0, 2));
  const std::string straight =
      own[1].high < uniform[1].low
          ? fmt::format("They lie nearer to the diagonal than uniform ones: {} lengths of the sentence.", pair(1, 3))
          : fmt::format(
                "That they lie nearer to the diagonal than by chance cannot be told: {} lengths of the sentence.",
                pair(1, 3));
  return fmt::format(
      "{} {} {:.0f} % of the weight goes to the source's end; {:.0f} % of the pieces look no further back "
      "than the piece before them did, {:.0f} % at the very same place.",
      sharp, straight, 100 * own[2].value, 100 * own[3].value, 100 * own[4].value);
}

std::string meaning_of(const std::vector<Estimate>& own, const std::vector<Estimate>& uniform) {
  if (!(own[0].high < uniform[0].low)) {
    return "Nothing tells that this attention picks anything out: it may be that the model still lives on its context "
           "vector, and what the other "
           "studies say of that holds. Longer training, or more text, may change it.";
  }
  if (own[4].low > kStuck) {
    return "This attention is stuck: nearly all pieces look at the place that the piece before them looked at, as at "
           "one "
           "more fixed vector. Longer training, or more text, may free it.";
  }
  if (own[1].high < uniform[1].low / 2) {
    return "The decoder reads the source along the sentence and does not live on one vector: compare its length study "
           "with "
           "that of a model without attention. The pictures show for which words it looks elsewhere.";
  }
  return "The decoder picks places out, but not along the sentence: in languages of other word order that is "
         "as "
         "it should be; elsewhere look at the pictures before you trust long translations.";
}

}  // namespace

void describe(OptionVisitor& visit, AttentionStudyOptions& options) {
  visit.group("Attention study");
  visit("attention-sentences", options.sentences,
        "keep the weights of so many sentences, the first with at most 80 pieces a side", at_least(0));
  visit("attention-target", options.target, "what the model is looked at while it writes");
}

AttentionSums attention_sums(const Alignment& alignment) {
  const Index sources = alignment.rows() - 1, targets = alignment.cols() - 1;
  const double S = static_cast<double>(sources), T = static_cast<double>(targets);
  AttentionSums sums{.targets = T, .steps = T - 1, .uniform_entropy = T * std::log(S + 1)};
  Index before = 0;
  for (Index t = 0; t < targets; ++t) {
    for (Index s = 0; s <= sources; ++s) {
      const auto weight = static_cast<double>(alignment(s, t));
      if (weight > 0) sums.entropy -= weight * std::log(weight);
      if (s == sources) {
        sums.end += weight;
        sums.uniform_end += 1 / (S + 1);
        continue;
      }
      const double distance = std::abs((static_cast<double>(s) + 0.5) / S - (static_cast<double>(t) + 0.5) / T);
      sums.source += weight;
      sums.uniform_source += 1 / (S + 1);
      sums.distance += weight * distance;
      sums.uniform_distance += distance / (S + 1);
    }
    Index place = 0;
    alignment.col(t).head(sources).maxCoeff(&place);
    if (t > 0) {
      sums.onward += place >= before;
      sums.standing += place == before;
      sums.uniform_onward += (S + 1) / (2 * S);
      sums.uniform_standing += 1 / S;
    }
    before = place;
  }
  return sums;
}

StudyResult attention_study(Laboratory& laboratory, const StudyOptions& options) {
  if (laboratory.network().options().attention == AttentionType::kNone) {
    throw NotApplicable("this model has no attention: all that its decoder has of a source is the context vector");
  }
  const std::vector<Looked> all = look(laboratory, options.attention.target);
  std::vector<AttentionSums> sums;
  for (const Looked& one : all) sums.push_back(attention_sums(one.alignment));

  StudyResult result;
  MeasurementRows measures{.table = "attention_measure",
                           .columns = {"measure", "unit", "value", "low", "high", "uniform"}};
  std::vector<Estimate> own, uniform;
  const auto mean = [&](double AttentionSums::*sum, double AttentionSums::*over) {
    std::vector<double> numerators, denominators;
    for (const AttentionSums& one : sums) {
      numerators.push_back(one.*sum);
      denominators.push_back(one.*over);
    }
    return ratio_of_sums(numerators, denominators, options.resamples, options.seed);
  };
  for (const Measure& measure : kMeasures) {
    own.push_back(mean(measure.sum, measure.over));
    uniform.push_back(mean(measure.uniform_sum, measure.uniform_over));
    const Estimate& value = own.back();
    result.findings.push_back(finding(measure.name, measure.unit, value));
    result.findings.push_back(finding(fmt::format("uniform_{}", measure.name), measure.unit, uniform.back()));
    measures.rows.push_back({std::string(measure.name), std::string(measure.unit), value.value, value.low, value.high,
                             uniform.back().value});
  }
  result.tables = {std::move(measures), weight_rows(laboratory, all, options.attention.sentences)};
  result.verdict = verdict_of(own, uniform);
  result.meaning = meaning_of(own, uniform);
  return result;
}

}  // namespace isthmus
