// A score taken apart, as tables or JSON.
#pragma once

#include <nlohmann/json.hpp>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "evaluation/frequency_buckets.h"
#include "evaluation/length_buckets.h"
#include "evaluation/ngram_differences.h"
#include "evaluation/score_table.h"
#include "evaluation/sentence_extremes.h"

namespace isthmus {

enum class Breakdown { kLength, kFrequency, kNgrams, kSentences };

template <>
struct EnumNames<Breakdown> {
  static constexpr std::string_view names[] = {"length", "frequency", "ngrams", "sentences"};
};

/// The texts that the figures are about: all have as many lines.
struct EvaluatedTexts {
  std::vector<NamedLines> systems;
  std::vector<References> references;
  std::vector<std::string> sources;  ///< empty: not known
};

/// What was asked for; the rest is empty. Of one system, n-grams and sentences are its own; of several, those in which
/// the first and each other one differ, in the order of the others.
struct Breakdowns {
  std::optional<std::vector<LengthBucket>> length;
  std::optional<std::vector<FrequencyBucket>> frequency;
  std::string frequency_text;  ///< where frequencies were counted; empty: in the references
  std::vector<NgramDifferences> ngrams;
  std::vector<SentenceExtremes> sentences;
};

/// `frequencies` are of use to kFrequency alone; at most `examples` n-grams and sentences of each kind.
Breakdowns break_down(const EvaluatedTexts& texts, const NumberedCorpus& corpus, std::span<const Breakdown> wanted,
                      const WordFrequencies& frequencies, const BleuOptions& options, std::size_t examples);

/// Tables with an empty line between them, in any format but kJson. `width` as format_table has it.
std::string format_breakdowns(const Breakdowns& breakdowns, const EvaluatedTexts& texts, ScoreFormat format,
                              int decimals, std::size_t width);

/// An object with the names of Breakdown.
nlohmann::ordered_json breakdowns_json(const Breakdowns& breakdowns, const EvaluatedTexts& texts);

}  // namespace isthmus
