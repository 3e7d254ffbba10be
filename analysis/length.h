// The length study: how does quality change with the length of the source? A fixed context vector has to hold any
// sentence, so the longer ones should suffer (Cho et al. 2014, https://aclanthology.org/W14-4012; Koehn and Knowles
// 2017, https://aclanthology.org/W17-3204); Sutskever et al. (2014, https://arxiv.org/abs/1409.3215) saw little of it.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "core/options.h"
#include "evaluation/bleu.h"
#include "ledger/rows.h"

namespace isthmus {

class Laboratory;
struct StudyOptions;
struct StudyResult;

enum class LengthUnit { kWords, kCharacters };

template <>
struct EnumNames<LengthUnit> {
  static constexpr std::string_view names[] = {"words", "characters"};
};

struct LengthOptions {
  LengthUnit unit = LengthUnit::kWords;  ///< what counts as length; characters for scripts without spaces
  std::int64_t bin_width = 5;            ///< units a bin
  std::int64_t min_sentences = 20;       ///< a bin with fewer is shown and marked, but bears on no finding
  std::int64_t resamples = 1000;         ///< of the bootstrap
  std::int64_t seed = 1;                 ///< of the bootstrap
  BleuOptions bleu;
};

void describe(OptionVisitor& visit, LengthOptions& options);

/// What the study found.
///
/// Rows: BLEU and chrF in bins (1–5, 6–10, …; an empty source counts as one word) and of all sentences up to the end
/// of each bin. Findings, of the bins with enough sentences:
///
///   * bleu, chrf: of the whole corpus
///   * bleu_slope, chrf_slope: points for every 10 further words; least squares over the bins, weighted by sentences
///   * best_length: where the bin with the highest BLEU begins
///   * half_length (L50): where the first bin after it begins that has less than half of its BLEU
///
/// A finding that did not happen has no value. Intervals are 95 % percentile bootstrap over sentences; of one sentence
/// there is none. An end of half_length that lies beyond the corpus is absent.
struct LengthStudy {
  std::vector<LengthQualityRow> rows;
  std::vector<FindingRow> findings;
  std::string verdict;  ///< the findings in words
  std::string meaning;  ///< for the user
};

/// At least 1.
std::int64_t source_length(const std::string& source, LengthUnit unit);

/// Raised when the same text would give other numbers.
inline constexpr std::int64_t kLengthStudyVersion = 2;

/// The three are of the same length, raw text. Throws InputError when they are not, or are empty.
LengthStudy study_length(std::span<const std::string> sources, std::span<const std::string> hypotheses,
                         std::span<const std::string> references, const LengthOptions& options = {});

/// The study for the laboratory (study.h). Seed and resamples are those that all studies share.
StudyResult study_length(Laboratory& laboratory, const StudyOptions& options);

}  // namespace isthmus
