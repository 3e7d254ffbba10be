// What goes into the ledger: one plain struct for each table. docs/ledger.md says what every column means.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "evaluation/bleu.h"

namespace isthmus {

/// Numbers of rows. Distinct types, so that a run cannot be passed for a corpus.
enum class RunId : std::int64_t {};
enum class CorpusId : std::int64_t {};
enum class CheckpointId : std::int64_t {};
enum class DecodeId : std::int64_t {};
enum class ScoringId : std::int64_t {};
enum class HypothesisId : std::int64_t {};
enum class AnalysisId : std::int64_t {};

/// One start of the program: what was asked for, by which build.
struct RunRecord {
  std::string command = {};        ///< the subcommand: "train", "analyze length", …
  std::string config_json = "{}";  ///< the effective options, to_json(options)
  std::string version = {};        ///< of Isthmus
  std::string build_json = "{}";   ///< compiler, flags, processor
  std::optional<std::int64_t> seed = {};
  std::optional<std::int64_t> threads = {};
  std::optional<std::int64_t> parameters = {};  ///< numbers that are learned; see also Ledger::set_parameters
  std::optional<RunId> parent = {};             ///< the run that this one resumes or starts from
  std::optional<std::int64_t> resumed_at = {};  ///< updates done when it was resumed; empty unless resumed
};

/// How a run ended. A run without an end was interrupted (killed, power cut), or still goes on.
struct RunEnd {
  std::string reason = "finished";  ///< "finished", "early stopping", "time limit", "error: …", …
  std::optional<std::int64_t> updates = {};
  std::optional<std::int64_t> target_tokens = {};  ///< trained on
  std::optional<std::int64_t> peak_memory_bytes = {};
};

/// A file that a run read or wrote.
struct ArtifactRow {
  RunId run{};
  std::string kind = {};  ///< "model", "snapshot", "averaged", "config", "state"
  std::string path = {};
  std::string hash = {};  ///< hash128_hex; may be empty
  std::optional<std::int64_t> bytes = {};
};

/// Parallel text. Two corpora with the same hashes are one row, whatever their names.
struct CorpusRow {
  std::string name = {};   ///< e.g. "test_2016_flickr"
  std::string split = {};  ///< "train", "valid", "test"
  std::string source_language = {};
  std::string target_language = {};
  std::string source_hash = {};  ///< hash128_hex of the file; of the lines where empty and lines are given
  std::string target_hash = {};
  std::int64_t lines = 0;
};

/// Weights that a run made, at one moment of its training; or those of a model file that it read.
struct CheckpointRow {
  RunId run{};
  std::int64_t updates = 0;
  std::optional<double> epoch = {};
  std::optional<std::int64_t> target_tokens = {};
  std::string path = {};
  std::string hash = {};  ///< hash128_hex of the model file
  bool is_best = false;
  /// Of weights that `run` did not make but read: what their file says of their training. Empty where `run` made them.
  std::string provenance_json = {};
};

/// Training since the row before. A second row for the same update replaces the first.
struct TrainLogRow {
  RunId run{};
  std::int64_t updates = 0;  ///< done so far, those of resumed runs included
  double epoch = 0;          ///< passes through the data, with fraction
  std::string objective = "mle";
  double loss = 0;       ///< per target token, in nats; NaN is kept as NULL
  double grad_norm = 0;  ///< mean before clipping
  double clipped = 0;    ///< share of updates whose gradient was clipped, 0 … 1
  double learning_rate = 0;
  double target_tokens_per_s = 0;
  std::int64_t target_tokens = 0;  ///< trained on so far
  double wall_s = 0;               ///< seconds of training so far, those of resumed runs included
  std::int64_t rss_bytes = 0;      ///< resident memory now
  std::int64_t ranks = 1;          ///< that train together
  std::int64_t sent_bytes = 0;     ///< by rank 0 in an update, mean
  // Of objectives on whole sequences alone; means since the row before.
  std::optional<double> sequence_loss = {};   ///< the sequence objective per sentence
  std::optional<double> reward = {};          ///< of the candidates
  std::optional<double> entropy = {};         ///< of Q over a sentence's candidates, nats
  std::optional<double> top1 = {};            ///< the largest Q of a sentence
  std::optional<double> unique_share = {};    ///< share of candidates that are no duplicates, 0 … 1
  std::optional<double> effective_size = {};  ///< 1/ΣQ²: as many candidates of equal Q
  std::optional<double> candidates_per_s = {};
};

/// One number measured on held-out text in the course of training.
struct ValidationRow {
  RunId run{};
  std::int64_t updates = 0;
  std::optional<CheckpointId> checkpoint = {};
  CorpusId corpus{};
  std::string metric = {};     ///< "loss" (nats per token), "bleu", "chrf", …
  std::string signature = {};  ///< sacreBLEU's, for scores of text
  double value = 0;
  std::optional<double> low = {};  ///< 95 % interval
  std::optional<double> high = {};
  double seconds = 0;
  std::optional<double> length_ratio = {};  ///< of the translations to the references, in the metric's tokens
};

/// One translation of a training sentence that sequence-level training weighed.
struct CandidateRow {
  std::string text = {};
  std::string kind = "sample";  ///< "sample", "beam", "reference"
  std::int64_t tokens = 0;      ///< pieces, with the end of sentence
  double log_prob = 0;          ///< nats, whole sentence
  std::optional<double> q = {};
  double reward = 0;
  std::optional<double> baseline = {};
  double weight = 0;       ///< of its −log P in the gradient
  bool duplicate = false;  ///< the same as a candidate before it
};

/// The candidates of one training sentence at one update. A second set of the same run, update and pair replaces the
/// first. Numbers that are not finite are kept as NULL.
struct CandidateSetRow {
  RunId run{};
  std::int64_t updates = 0;
  std::int64_t pair = 1;  ///< number in the training text as encoded, from 1
  std::string source = {};
  std::string reference = {};
  std::string objective = {};  ///< "mrt", …
  std::string reward = {};     ///< its name: "bleu", …
  double value = 0;            ///< what is minimised, e.g. the risk
  double entropy = 0;          ///< of Q, nats
  double top1 = 0;             ///< the largest Q
  double unique_share = 0;     ///< share of candidates that are no duplicates, 0 … 1
  double effective_size = 0;   ///< 1/ΣQ²: as many candidates of equal Q
  std::vector<CandidateRow> candidates = {};
};

/// One pass of a model over the sources of a corpus; or text that another system wrote.
struct DecodeRow {
  RunId run{};
  std::optional<CheckpointId> checkpoint = {};
  CorpusId corpus{};
  std::string method = "beam";  ///< "greedy", "beam", "sample", "file" (text from elsewhere)
  std::int64_t beam = 1;
  std::optional<double> length_penalty = {};
  std::string options_json = "{}";  ///< all options of the search
  double seconds = 0;
  std::int64_t truncated = 0;  ///< sources cut to the longest length
  std::int64_t empty = 0;      ///< empty hypotheses
};

/// The score of a decode under one metric.
struct ScoringRow {
  DecodeId decode{};
  std::string metric = {};     ///< "bleu", "chrf", "chrf++", "ter", …
  std::string signature = {};  ///< sacreBLEU's
  double value = 0;
  std::optional<double> low = {};  ///< 95 % interval
  std::optional<double> high = {};
  double seconds = 0;
};

/// How likely the difference of two scores is chance. Both are of one metric and signature, on one corpus.
struct ComparisonRow {
  ScoringId scoring{};
  ScoringId baseline{};   ///< that it is compared with
  std::string test = {};  ///< "bootstrap", "randomisation": both paired
  double p = 1;
  std::int64_t trials = 0;  ///< resamples of the bootstrap
  std::int64_t seed = 0;
};

/// A translation of one line.
struct HypothesisRow {
  std::int64_t line = 1;  ///< of the corpus, from 1
  std::int64_t rank = 1;  ///< place in the n-best list, from 1
  std::string text = {};
  std::optional<double> log_prob = {};  ///< nats, whole sentence
  std::optional<double> score = {};     ///< what the search ranked by
  std::optional<std::int64_t> tokens = {};
  std::string stop_reason = {};  ///< "end", "max-length", …; may be empty
};

/// One piece of a hypothesis.
struct TokenRow {
  std::string piece = {};
  double log_prob = 0;  ///< nats
};

/// A context vector: what the decoder got of one sentence.
struct ContextRow {
  RunId run{};
  CheckpointId checkpoint{};
  CorpusId corpus{};
  std::int64_t line = 1;
  std::int64_t layer = 0;
  std::string kind = "hidden";  ///< "hidden", "memory", "bridge", …
  std::span<const float> vector = {};
};

/// One study of a model on a corpus.
struct AnalysisRow {
  RunId run{};
  std::string kind = {};     ///< "length", …
  std::int64_t version = 1;  ///< raised when the study's definition changes
  std::string params_json = "{}";
  std::optional<CheckpointId> checkpoint = {};
  CorpusId corpus{};
  std::optional<DecodeId> decode = {};
  std::int64_t seed = 0;
  double seconds = 0;
  std::string verdict = {};  ///< the result in words
  std::string meaning = {};  ///< what follows from it for the user; may be empty
};

/// A measured value with its bootstrap interval; the ends are NaN where it has none.
struct Estimate {
  double value = 0;
  double low = 0;
  double high = 0;
};

/// Quality of the sentences whose length lies in [from, to].
struct LengthQualityRow {
  std::string metric = {};  ///< "bleu" or "chrf"
  bool cumulative = false;  ///< all sentences up to `to`; `from` is then the least length
  std::int64_t from = 0;    ///< words (or characters) of the source
  std::int64_t to = 0;
  std::int64_t sentences = 0;
  double mean_length = 0;
  Estimate quality = {};
  bool thin = false;  ///< fewer sentences than the study asks for
};

/// Nothing, a whole number, a number, a text or a vector.
using MeasuredValue = std::variant<std::monostate, std::int64_t, double, std::string, std::vector<float>>;

/// Rows of one of the ledger's tables of measurements, in the order in which they are to be read. Vectors become BLOBs
/// of float32; NaN becomes NULL.
struct MeasurementRows {
  std::string table = {};
  std::vector<std::string> columns = {};
  std::vector<std::vector<MeasuredValue>> rows = {};  ///< each as long as `columns`
};

MeasurementRows measurements_of(std::span<const LengthQualityRow> rows);

/// One figure that a study found.
struct FindingRow {
  std::string name = {};  ///< e.g. "slope_per_10_words"
  std::string unit = {};
  std::optional<double> value = {};  ///< none: the study could not tell, or it did not happen
  std::optional<double> low = {};
  std::optional<double> high = {};
};

}  // namespace isthmus
