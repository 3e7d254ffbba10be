// What a study is.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "analysis/laboratory.h"
#include "analysis/study_options.h"
#include "core/error.h"
#include "ledger/rows.h"

namespace isthmus {

/// Of models with less BLEU than this no study of translations gives advice: they do not translate yet.
inline constexpr double kLeastBleu = 1;

/// A study that has nothing to measure in this model: no mistake, and no news.
class NotApplicable : public InputError {
 public:
  using InputError::InputError;
};

/// What a study found.
struct StudyResult {
  std::vector<MeasurementRows> tables;  ///< for the ledger's tables of the study: ledger/study_tables.cpp
  std::vector<FindingRow> findings;     ///< its figures, with intervals where they can be told
  std::string verdict;                  ///< the findings in words, with their numbers
  std::string meaning;                  ///< what follows for someone who wants good translations
  Matrix<float> contexts = {};          ///< for the ledger: vectors_of() the text's sentences; may be empty
};

/// A study of one model on one text: `isthmus analyze NAME MODEL …`.
struct Study {
  std::string_view name;
  /// Raised when the same model and text would give other numbers.
  std::int64_t version;
  /// Whether it reads Laboratory::hypotheses().
  bool translations;
  /// Depends on the laboratory, the options and the seed alone, for any number of threads (cost measures time, and does
  /// not). Throws InputError where the
  /// text has too little to tell, NotApplicable where the model has not what it studies, and Interrupted.
  StudyResult (*run)(Laboratory& laboratory, const StudyOptions& options);
};

/// All of them, in the order in which `analyze all` does them.
std::span<const Study> studies();

/// The study of that name; null where there is none.
const Study* find_study(std::string_view name);

}  // namespace isthmus
