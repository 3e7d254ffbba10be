// Reads what ledger.h writes.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "ledger/summaries.h"

namespace isthmus {

namespace internal {
class Connection;
}

/// A ledger opened to be read; runs may go on writing it. Rows come in the order in which they were written, unless it
/// says otherwise. One thread at a time. All errors are InputError.
class LedgerReader {
 public:
  /// Throws InputError when there is no such file, or it is not a ledger or one of a newer version. A ledger of an
  /// older version is brought up to date, which needs permission to write it.
  static LedgerReader open(const std::string& path);
  ~LedgerReader();
  LedgerReader(LedgerReader&&) noexcept;
  LedgerReader& operator=(LedgerReader&&) noexcept;

  std::vector<RunSummary> runs();
  /// The options of a run as JSON; nothing when there is no such run.
  std::optional<std::string> config_json(RunId run);
  /// By update.
  std::vector<CurvePoint> learning_curve(RunId run);
  std::vector<LogPoint> training_log(RunId run);
  /// The training sentences with candidates, of a run (else of the newest run that has some) and of the runs it
  /// resumes. Those with the most updates first, then by number.
  std::vector<CandidatePair> candidate_pairs(std::optional<RunId> run = std::nullopt);
  /// The candidates of one sentence, by update; those of an update by weight, the largest first. Without `pair`, of
  /// the first that candidate_pairs() gives. Empty where there are none.
  std::vector<CandidateSetSummary> candidate_history(std::optional<RunId> run = std::nullopt,
                                                     std::optional<std::int64_t> pair = std::nullopt);
  /// All scores; or those that the run measured, or that were measured of the run's checkpoints.
  std::vector<ScoreSummary> scores(std::optional<RunId> run = std::nullopt);
  /// Of scores that the run measured, or of all.
  std::vector<ComparisonSummary> comparisons(std::optional<RunId> run = std::nullopt);
  /// By decode and length. Filtered as scores() is.
  std::vector<LengthSlice> bleu_by_length(std::optional<RunId> run = std::nullopt);
  /// By line, of the decode's last scoring with BLEU; empty where it has none.
  std::vector<SentenceBleu> sentence_bleu(DecodeId decode);
  std::vector<CellSummary> cells();
  /// The signatures of a metric's validations, of a run and of those that it resumes: as a rule one.
  std::vector<std::string> validation_signatures(RunId run, std::string_view metric);

  /// Filtered as scores() is.
  std::vector<DecodeSummary> decodes(std::optional<RunId> run = std::nullopt);
  /// By line, the first `limit`.
  std::vector<SentenceSummary> sentences(CorpusId corpus, std::int64_t limit);
  /// The same of a decode; lines that it left out are absent.
  std::vector<TranslationSummary> translations(DecodeId decode, std::int64_t limit);

  /// Filtered as scores() is; `latest` is among those that are left.
  std::vector<StudySummary> studies(std::optional<RunId> run = std::nullopt);
  std::vector<FindingRow> findings(AnalysisId analysis);
  /// The options of a study as JSON; "{}" where there is no such study.
  std::string study_params(AnalysisId analysis);
  /// The rows of a table of measurements, or of a view that has its `id`, as they were written. Empty where the study
  /// has none in it.
  MeasurementRows measurements(AnalysisId analysis, const std::string& table, const std::vector<std::string>& columns);
  /// The length study: by metric, bins before cumulative ones, by length.
  std::vector<LengthQualityRow> length_quality(AnalysisId analysis);

 private:
  explicit LedgerReader(std::unique_ptr<internal::Connection> connection);

  std::unique_ptr<internal::Connection> connection_;
};

}  // namespace isthmus
