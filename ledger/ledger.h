// The ledger: one SQLite file with everything a project's runs did and measured. This is the writer; ledger_reader.h
// has the other half, docs/ledger.md the tables and views.
#pragma once

#include <functional>
#include <memory>
#include <span>
#include <string>

#include "ledger/rows.h"

namespace isthmus {

namespace internal {
class Connection;
}

/// Writes rows.
///
///   Ledger ledger = Ledger::open("ledger.sqlite");
///   const RunId run = ledger.begin_run({.command = "train", .config_json = to_json(options), .version = "0.1.0"});
///   ledger.add(TrainLogRow{.run = run, .updates = 100, …});
///   ledger.end_run(run, {.reason = "finished"});
///
/// A call is in the file, whole, when it returns; transaction() makes several calls one. A process killed at any moment
/// leaves whole rows only, and a run without an end. One thread at a time per Ledger; several Ledgers on the same file,
/// in one process or many, may write at once and wait for each other. All errors (disk full, locked for a minute, a
/// number of a row that is not there) are InputError.
class Ledger {
 public:
  /// Opens the file, or makes it where it is absent. A ledger of an older version is brought up to date. Throws
  /// InputError when the file is something else, is damaged, comes from a newer version or cannot be written.
  static Ledger open(const std::string& path);
  ~Ledger();
  Ledger(Ledger&&) noexcept;
  Ledger& operator=(Ledger&&) noexcept;

  const std::string& path() const;

  /// Makes the calls inside `work` one transaction; when it throws, none of them is in the file. May be nested.
  void transaction(const std::function<void()>& work);

  RunId begin_run(const RunRecord& run);
  void set_parameters(RunId run, std::int64_t parameters);
  void end_run(RunId run, const RunEnd& end);
  /// The run that made the weights of a model file with this hash, for RunRecord::parent. Runs with the same options
  /// and seed make the same file: of several the one that wrote it to `path`, else the last.
  std::optional<RunId> run_of_model(const std::string& hash, const std::string& path);

  /// A file that the run writes anew replaces what it was before: the row says what it holds now.
  void add(const ArtifactRow& artifact);
  /// The run that left the training state with this hash. Of one that was killed between that file and its row nothing
  /// is known but its configuration: then the last run that has one at the path `config`.
  std::optional<RunId> run_of_state(const std::string& hash, const std::string& config);
  /// The last training run with its configuration at that path: what is known of the files beside it.
  std::optional<RunId> run_of_config(const std::string& config);

  /// The corpus with these hashes, made if it is not there, and the fact that `run` read it as `role` ("train",
  /// "valid", "test"). No text is kept: use it for training data.
  CorpusId add_corpus(RunId run, const CorpusRow& corpus, const std::string& role);
  /// The same with its sentences, which are needed to add hypotheses and contexts. `references` is empty or as long as
  /// `sources`; where it is not known what was translated, sources are empty lines. Hashes that are empty are made
  /// from the lines.
  CorpusId add_corpus(RunId run, CorpusRow corpus, const std::string& role, std::span<const std::string> sources,
                      std::span<const std::string> references);

  /// A best checkpoint takes that title from the run's earlier ones.
  CheckpointId add(const CheckpointRow& checkpoint);
  /// The checkpoint with this hash, whichever run wrote it, at best the one that made the weights, then the one with
  /// this path; else a new row. For models read from files.
  CheckpointId find_or_add(const CheckpointRow& checkpoint);
  void mark_best(CheckpointId checkpoint);

  void add(const TrainLogRow& row);
  void add(const ValidationRow& row);
  /// The set and its candidates; a set of the same run, update and pair is replaced.
  void add(const CandidateSetRow& set);

  /// A decode and its hypotheses (of any ranks, in any order), in one transaction. `corpus` must have sentences.
  DecodeId add(const DecodeRow& decode, std::span<const HypothesisRow> hypotheses);
  ScoringId add(const ScoringRow& scoring);
  /// A score of BLEU with the statistics of each line's best hypothesis: statistics[i] belongs to line i + 1.
  ScoringId add(const ScoringRow& scoring, std::span<const BleuStatistics> statistics);
  void add(const ComparisonRow& comparison);
  /// The pieces of a hypothesis, in order.
  void add_tokens(DecodeId decode, std::int64_t line, std::int64_t rank, std::span<const TokenRow> tokens);

  /// Context vectors; those of the same run, checkpoint, line, layer and kind are replaced.
  void add(std::span<const ContextRow> contexts);

  /// A study with its measurements and findings, in one transaction. A study run again is added: the view
  /// `latest_studies` has the last one of each kind, model and corpus.
  AnalysisId add(const AnalysisRow& analysis, std::span<const MeasurementRows> measurements,
                 std::span<const FindingRow> findings);

 private:
  explicit Ledger(std::unique_ptr<internal::Connection> connection);

  std::unique_ptr<internal::Connection> connection_;
};

}  // namespace isthmus
