// What comes out of the ledger: one plain struct for each view that the program itself reads. docs/ledger.md says what
// every column means; a field without a value was not recorded.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "ledger/rows.h"

namespace isthmus {

/// A row of the view `runs`.
struct RunSummary {
  RunId run{};
  std::string command = {};
  std::string status = {};  ///< how it ended; "running" or "interrupted" when no end was written
  std::string started = {};
  std::optional<double> minutes = {};
  std::optional<std::int64_t> seed = {};
  std::optional<std::int64_t> threads = {};
  std::optional<std::int64_t> parameters = {};
  std::optional<std::int64_t> updates = {};
  std::optional<std::int64_t> target_tokens = {};
  std::optional<double> target_tokens_per_s = {};
  std::optional<double> peak_memory_mb = {};
  std::optional<double> best_valid_bleu = {};
  std::string model = {};
  std::optional<std::int64_t> parent_run = {};
  std::string version = {};
};

/// A row of the view `learning_curve`: one validation.
struct CurvePoint {
  std::int64_t updates = 0;
  std::optional<double> epoch = {};
  std::optional<double> minutes = {};
  std::optional<double> train_loss = {};
  std::string corpus = {};
  std::optional<double> loss = {};
  std::optional<double> perplexity = {};
  std::optional<double> bleu = {};
  std::optional<double> chrf = {};
  bool is_best = false;
  std::optional<double> length_ratio = {};
};

/// A row of the view `training_log`.
struct LogPoint {
  std::int64_t updates = 0;
  double epoch = 0;
  double minutes = 0;
  std::optional<double> loss = {};
  std::optional<double> grad_norm = {};
  double learning_rate = 0;
  double target_tokens_per_s = 0;
  std::optional<double> sequence_loss = {};
  std::optional<double> reward = {};
  std::optional<double> entropy = {};
  std::optional<double> top1 = {};
  std::optional<double> unique_share = {};
  std::optional<double> effective_size = {};
  std::optional<double> candidates_per_s = {};
};

/// A training sentence that has candidates.
struct CandidatePair {
  RunId run{};
  std::int64_t pair = 1;
  std::int64_t updates = 0;  ///< at how many it has them
};

/// A row of the view `candidates`.
struct CandidateSummary {
  std::int64_t k = 1;
  std::string kind = {};
  std::string text = {};
  std::int64_t tokens = 0;
  std::optional<double> log_prob = {};
  std::optional<double> q = {};
  std::optional<double> reward = {};
  std::optional<double> baseline = {};
  std::optional<double> weight = {};
  bool duplicate = false;
};

/// A row of the view `candidate_sets`, with its candidates.
struct CandidateSetSummary {
  RunId run{};
  std::int64_t updates = 0;
  std::int64_t pair = 1;
  std::string source = {};
  std::string reference = {};
  std::string objective = {};
  std::string reward = {};  ///< its name
  std::optional<double> value = {};
  std::optional<double> entropy = {};
  std::optional<double> top1 = {};
  std::optional<double> unique_share = {};
  std::optional<double> effective_size = {};
  std::vector<CandidateSummary> candidates = {};
};

/// A row of the view `scores`.
struct ScoreSummary {
  RunId run{};
  std::optional<std::int64_t> model_run = {};  ///< that made the weights; none: they come from elsewhere
  std::string model = {};
  std::optional<std::int64_t> updates = {};  ///< of the model
  std::string corpus = {};
  std::string split = {};
  std::string method = {};
  std::int64_t beam = 1;
  std::string metric = {};
  std::optional<double> value = {};
  std::optional<double> low = {};
  std::optional<double> high = {};
  std::int64_t sentences = 0;
  double seconds = 0;
  std::string signature = {};
  DecodeId decode{};
};

/// A row of the view `comparisons`.
struct ComparisonSummary {
  RunId run{};
  std::string corpus = {};
  std::string metric = {};
  std::string model = {};
  std::optional<double> value = {};
  std::string baseline_model = {};
  std::optional<double> baseline_value = {};
  std::string test = {};
  double p = 1;
  std::int64_t trials = 0;
  std::string signature = {};
};

/// A row of the view `bleu_by_length`.
struct LengthSlice {
  DecodeId decode{};
  std::string corpus = {};
  std::string method = {};
  std::int64_t beam = 1;
  std::int64_t from_words = 0;
  std::int64_t to_words = 0;
  std::int64_t sentences = 0;
  std::optional<double> bleu = {};
  double brevity_penalty = 0;
  std::optional<double> length_ratio = {};
  std::string signature = {};
};

/// A row of the view `cells`.
struct CellSummary {
  RunId run{};
  std::string cell = {};
  std::optional<std::int64_t> layers = {};
  std::optional<std::int64_t> hidden = {};
  std::optional<std::int64_t> bidirectional = {};
  std::string context = {};
  std::optional<std::int64_t> parameters = {};
  std::optional<double> target_tokens_per_s = {};
  std::optional<double> peak_memory_mb = {};
  std::optional<double> minutes = {};
  std::optional<double> best_valid_bleu = {};
  std::string corpus = {};
  std::string method = {};
  std::optional<std::int64_t> beam = {};
  std::optional<double> bleu = {};
  std::optional<double> low = {};
  std::optional<double> high = {};
  std::string signature = {};
};

/// A row of the view `studies`.
struct StudySummary {
  AnalysisId analysis{};
  RunId run{};
  std::string kind = {};
  std::optional<std::int64_t> model_run = {};  ///< that made the weights; none: they come from elsewhere
  std::string model = {};
  std::optional<std::int64_t> updates = {};  ///< of the model
  std::string corpus = {};
  std::string verdict = {};
  std::string meaning = {};  ///< for the user; may be empty
  CorpusId corpus_id{};      ///< names of corpora need not differ
  bool latest = true;        ///< of its kind, model and corpus
};

/// A row of the view `decodes`, with the corpus that it is of.
struct DecodeSummary {
  DecodeId decode{};
  RunId run{};
  CorpusId corpus_id{};  ///< names of corpora need not differ
  std::optional<std::int64_t> model_run = {};
  std::string model = {};  ///< path
  std::optional<std::int64_t> updates = {};
  std::string corpus = {};
  std::string split = {};
  std::string method = {};
  std::int64_t beam = 1;
  std::int64_t sentences = 0;
  bool is_file = false;  ///< text from elsewhere: `model` is its file
};

/// A line of a corpus that was translated.
struct SentenceSummary {
  std::int64_t line = 1;
  std::int64_t words = 0;  ///< of the source
  std::string source = {};
  std::string reference = {};  ///< empty where there is none
};

/// The best hypothesis of a line.
struct TranslationSummary {
  std::int64_t line = 1;
  std::string hypothesis = {};
  std::optional<double> bleu = {};  ///< of the sentence, with sentence_options; none where BLEU was not measured
};

}  // namespace isthmus
