// `isthmus analyze advise`: up to which length can a size be trusted, and what would help beyond? Answered from what
// the studies capacity, cures and cells have left in a ledger; nothing is trained or translated.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "analysis/length.h"
#include "core/options.h"
#include "ledger/ledger_reader.h"

namespace isthmus {

struct AdviceOptions {
  double bleu = 0;        ///< what a translation must be worth; 0: half of a model's best
  std::int64_t size = 0;  ///< hidden size that is asked about; 0: all, and the suggestions are for the largest
  std::int64_t resamples = 1000;
  std::int64_t seed = 1;
};

void describe(OptionVisitor& visit, AdviceOptions& options);

/// A sentence of a model's translation.
struct MeasuredSentence {
  std::int64_t length = 1;  ///< of the source, in the unit of LengthOptions
  BleuStatistics bleu = {};
};

/// Where BLEU by length falls under a threshold.
struct LengthLimit {
  double best = 0;       ///< BLEU of the best bin
  double threshold = 0;  ///< the BLEU that was asked for
  /// Where the first bin at or after the best one begins that has less, or where the best one has less, the first bin;
  /// infinite: none of the text. 95 % bootstrap interval over sentences, in which half of the best is that of each
  /// resample. NaN where no bin has BLEU.
  Estimate length = {};
  std::int64_t longest = 0;  ///< the end of the longest bin with enough sentences

  bool reached() const { return best >= threshold; }
};

/// Over bins of length.bin_width with at least length.min_sentences. `bleu` 0: half of the best bin. Pure.
LengthLimit length_limit(std::span<const MeasuredSentence> sentences, double bleu, const LengthOptions& length,
                         std::int64_t resamples, std::int64_t seed);

/// A model of the sweep.
struct SweptModel {
  std::string cell = {};
  std::int64_t hidden = 0;
  std::int64_t decode = 0;
  std::vector<MeasuredSentence> sentences = {};
};

/// A gain that a study measured of something other than size.
struct MeasuredRemedy {
  std::string name = {};                         ///< "luong attention", "gru"
  std::int64_t long_words = 20;                  ///< a longer source is a long one
  std::string instead_of = {};                   ///< the cell that it was compared with; empty: it goes with any
  std::optional<double> gain = {}, gain_p = {};  ///< BLEU of all sentences
  std::optional<double> long_gain = {}, long_gain_p = {};
  std::optional<double> chance = {}, long_chance = {};  ///< what another seed alone did, without sign
  std::string rests_on = {};                            ///< "study 12 (cures), decode 40"
};

/// What the ledger has.
struct Evidence {
  std::int64_t sweep = 0;  ///< number of the study `capacity`
  std::string corpus = {};
  LengthOptions length = {};
  std::vector<SweptModel> models = {};  ///< by cell and size
  bool has_cures = false;               ///< there is a study of that name on that text; so the next
  bool has_cells = false;
  std::vector<MeasuredRemedy> remedies = {};
};

/// The latest sweep, and the latest studies cures and cells on the same text. Throws InputError where there is no
/// sweep.
Evidence read_evidence(LedgerReader& ledger, const std::string& path);

struct ModelAdvice {
  std::string cell = {};
  std::int64_t hidden = 0;
  LengthLimit limit = {};
  std::int64_t decode = 0;
  std::string text = {};
};

struct Suggestion {
  std::string what = {};  ///< "larger size", "luong attention", "splitting", …
  std::string text = {};
  std::string rests_on = {};
};

struct Advice {
  std::vector<ModelAdvice> models = {};
  std::vector<Suggestion> suggestions = {};
};

/// Pure. Throws UsageError for a size that the sweep does not have.
Advice advise(const Evidence& evidence, const AdviceOptions& options);

}  // namespace isthmus
