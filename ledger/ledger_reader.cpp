#include "ledger/ledger_reader.h"

#include <fmt/ranges.h>

#include "ledger/connection.h"
#include "ledger/process.h"
#include "ledger/schema.h"

namespace isthmus {

using internal::Connection;
using internal::Row;

LedgerReader::LedgerReader(std::unique_ptr<Connection> connection) : connection_(std::move(connection)) {}
LedgerReader::~LedgerReader() = default;
LedgerReader::LedgerReader(LedgerReader&&) noexcept = default;
LedgerReader& LedgerReader::operator=(LedgerReader&&) noexcept = default;

LedgerReader LedgerReader::open(const std::string& path) {
  return LedgerReader(std::make_unique<Connection>(path, Connection::Access::kRead, internal::migrations()));
}

std::vector<RunSummary> LedgerReader::runs() {
  std::vector<RunSummary> runs;
  connection_->query(
      "SELECT run, command, status, started, minutes, seed, threads, parameters, updates, target_tokens, "
      "target_tokens_per_s, peak_memory_mb, best_valid_bleu, model, parent_run, version, process FROM runs ORDER BY "
      "run",
      {}, [&runs](const Row& row) {
        RunSummary run{.run = row.id<RunId>(0),
                       .command = row.text(1),
                       .status = row.text(2),
                       .started = row.text(3),
                       .minutes = row.maybe_number(4),
                       .seed = row.maybe_integer(5),
                       .threads = row.maybe_integer(6),
                       .parameters = row.maybe_integer(7),
                       .updates = row.maybe_integer(8),
                       .target_tokens = row.maybe_integer(9),
                       .target_tokens_per_s = row.maybe_number(10),
                       .peak_memory_mb = row.maybe_number(11),
                       .best_valid_bleu = row.maybe_number(12),
                       .model = row.text(13),
                       .parent_run = row.maybe_integer(14),
                       .version = row.text(15)};
        if (!run.minutes && internal::is_running(row.text(16))) run.status = "running";
        runs.push_back(std::move(run));
      });
  return runs;
}

std::optional<std::string> LedgerReader::config_json(RunId run) {
  std::optional<std::string> json;
  connection_->query("SELECT config_json FROM run WHERE id = ?", {run},
                     [&json](const Row& row) { json = row.text(0); });
  return json;
}

std::vector<CurvePoint> LedgerReader::learning_curve(RunId run) {
  std::vector<CurvePoint> points;
  connection_->query(
      "SELECT updates, epoch, minutes, train_loss, corpus, loss, perplexity, bleu, chrf, is_best, length_ratio "
      "FROM learning_curve WHERE run = ? ORDER BY updates, corpus",
      {run}, [&points](const Row& row) {
        points.push_back({.updates = row.integer(0),
                          .epoch = row.maybe_number(1),
                          .minutes = row.maybe_number(2),
                          .train_loss = row.maybe_number(3),
                          .corpus = row.text(4),
                          .loss = row.maybe_number(5),
                          .perplexity = row.maybe_number(6),
                          .bleu = row.maybe_number(7),
                          .chrf = row.maybe_number(8),
                          .is_best = row.integer(9) != 0,
                          .length_ratio = row.maybe_number(10)});
      });
  return points;
}

std::vector<LogPoint> LedgerReader::training_log(RunId run) {
  std::vector<LogPoint> points;
  connection_->query(
      "SELECT updates, epoch, minutes, loss, grad_norm, learning_rate, target_tokens_per_s, sequence_loss, reward, "
      "entropy, top1, unique_share, effective_size, candidates_per_s FROM training_log WHERE run = ? ORDER BY updates",
      {run}, [&points](const Row& row) {
        points.push_back({.updates = row.integer(0),
                          .epoch = row.number(1),
                          .minutes = row.number(2),
                          .loss = row.maybe_number(3),
                          .grad_norm = row.maybe_number(4),
                          .learning_rate = row.number(5),
                          .target_tokens_per_s = row.number(6),
                          .sequence_loss = row.maybe_number(7),
                          .reward = row.maybe_number(8),
                          .entropy = row.maybe_number(9),
                          .top1 = row.maybe_number(10),
                          .unique_share = row.maybe_number(11),
                          .effective_size = row.maybe_number(12),
                          .candidates_per_s = row.maybe_number(13)});
      });
  return points;
}

std::vector<ScoreSummary> LedgerReader::scores(std::optional<RunId> run) {
  std::vector<ScoreSummary> scores;
  connection_->query(
      "SELECT run, model_run, model, updates, corpus, split, method, beam, metric, value, low, high, sentences, "
      "seconds, signature, decode FROM scores WHERE ?1 IS NULL OR run = ?1 OR model_run = ?1 ORDER BY decode, metric",
      {run}, [&scores](const Row& row) {
        scores.push_back({.run = row.id<RunId>(0),
                          .model_run = row.maybe_integer(1),
                          .model = row.text(2),
                          .updates = row.maybe_integer(3),
                          .corpus = row.text(4),
                          .split = row.text(5),
                          .method = row.text(6),
                          .beam = row.integer(7),
                          .metric = row.text(8),
                          .value = row.maybe_number(9),
                          .low = row.maybe_number(10),
                          .high = row.maybe_number(11),
                          .sentences = row.integer(12),
                          .seconds = row.number(13),
                          .signature = row.text(14),
                          .decode = row.id<DecodeId>(15)});
      });
  return scores;
}

std::vector<ComparisonSummary> LedgerReader::comparisons(std::optional<RunId> run) {
  std::vector<ComparisonSummary> comparisons;
  connection_->query(
      "SELECT run, corpus, metric, model, value, baseline_model, baseline_value, test, p, trials, signature "
      "FROM comparisons WHERE ?1 IS NULL OR run = ?1 ORDER BY baseline_decode, decode, metric, test",
      {run}, [&comparisons](const Row& row) {
        comparisons.push_back({.run = row.id<RunId>(0),
                               .corpus = row.text(1),
                               .metric = row.text(2),
                               .model = row.text(3),
                               .value = row.maybe_number(4),
                               .baseline_model = row.text(5),
                               .baseline_value = row.maybe_number(6),
                               .test = row.text(7),
                               .p = row.number(8),
                               .trials = row.integer(9),
                               .signature = row.text(10)});
      });
  return comparisons;
}

std::vector<LengthSlice> LedgerReader::bleu_by_length(std::optional<RunId> run) {
  std::vector<LengthSlice> slices;
  connection_->query(
      "SELECT decode, corpus, method, beam, from_words, to_words, sentences, bleu, brevity_penalty, length_ratio, "
      "signature FROM bleu_by_length WHERE ?1 IS NULL OR run = ?1 OR model_run = ?1 ORDER BY decode, signature, "
      "from_words",
      {run}, [&slices](const Row& row) {
        slices.push_back({.decode = row.id<DecodeId>(0),
                          .corpus = row.text(1),
                          .method = row.text(2),
                          .beam = row.integer(3),
                          .from_words = row.integer(4),
                          .to_words = row.integer(5),
                          .sentences = row.integer(6),
                          .bleu = row.maybe_number(7),
                          .brevity_penalty = row.number(8),
                          .length_ratio = row.maybe_number(9),
                          .signature = row.text(10)});
      });
  return slices;
}

std::vector<SentenceBleu> LedgerReader::sentence_bleu(DecodeId decode) {
  std::vector<SentenceBleu> sentences;
  connection_->query(
      "SELECT sentence.line, sentence.words, sentence.characters, hypothesis_length, reference_length, match1, match2, "
      "match3, match4, total1, total2, total3, total4 FROM bleu_statistics "
      "JOIN hypothesis ON hypothesis.id = bleu_statistics.hypothesis AND hypothesis.rank = 1 "
      "JOIN sentence ON sentence.id = hypothesis.sentence "
      "WHERE scoring = (SELECT max(id) FROM scoring WHERE decode = ? AND metric = 'bleu') ORDER BY sentence.line",
      {decode}, [&sentences](const Row& row) {
        SentenceBleu sentence{.line = row.integer(0), .words = row.integer(1), .characters = row.integer(2)};
        sentence.statistics.hypothesis_length = row.integer(3);
        sentence.statistics.reference_length = row.integer(4);
        for (int n = 0; n < 4; ++n) {
          sentence.statistics.matches[static_cast<std::size_t>(n)] = row.integer(5 + n);
          sentence.statistics.totals[static_cast<std::size_t>(n)] = row.integer(9 + n);
        }
        sentences.push_back(sentence);
      });
  return sentences;
}

std::vector<CellSummary> LedgerReader::cells() {
  std::vector<CellSummary> cells;
  connection_->query(
      "SELECT run, cell, layers, hidden, bidirectional, context, parameters, target_tokens_per_s, peak_memory_mb, "
      "minutes, best_valid_bleu, corpus, method, beam, bleu, low, high, signature FROM cells ORDER BY run, corpus, "
      "beam",
      {}, [&cells](const Row& row) {
        cells.push_back({.run = row.id<RunId>(0),
                         .cell = row.text(1),
                         .layers = row.maybe_integer(2),
                         .hidden = row.maybe_integer(3),
                         .bidirectional = row.maybe_integer(4),
                         .context = row.text(5),
                         .parameters = row.maybe_integer(6),
                         .target_tokens_per_s = row.maybe_number(7),
                         .peak_memory_mb = row.maybe_number(8),
                         .minutes = row.maybe_number(9),
                         .best_valid_bleu = row.maybe_number(10),
                         .corpus = row.text(11),
                         .method = row.text(12),
                         .beam = row.maybe_integer(13),
                         .bleu = row.maybe_number(14),
                         .low = row.maybe_number(15),
                         .high = row.maybe_number(16),
                         .signature = row.text(17)});
      });
  return cells;
}

std::vector<StudySummary> LedgerReader::studies(std::optional<RunId> run) {
  std::vector<StudySummary> studies;
  connection_->query(
      "SELECT studies.analysis, studies.run, studies.kind, model_run, model, updates, studies.corpus, studies.verdict, "
      "studies.meaning, analysis.corpus, studies.analysis IN (SELECT max(id) FROM analysis JOIN studies ON "
      "studies.analysis = id WHERE ?1 IS NULL OR studies.run = ?1 OR model_run = ?1 GROUP BY analysis.kind, "
      "checkpoint, "
      "analysis.corpus) "
      "FROM studies JOIN analysis ON analysis.id = studies.analysis "
      "WHERE ?1 IS NULL OR studies.run = ?1 OR model_run = ?1 ORDER BY studies.analysis",
      {run}, [&studies](const Row& row) {
        studies.push_back({.analysis = row.id<AnalysisId>(0),
                           .run = row.id<RunId>(1),
                           .kind = row.text(2),
                           .model_run = row.maybe_integer(3),
                           .model = row.text(4),
                           .updates = row.maybe_integer(5),
                           .corpus = row.text(6),
                           .verdict = row.text(7),
                           .meaning = row.text(8),
                           .corpus_id = row.id<CorpusId>(9),
                           .latest = row.integer(10) != 0});
      });
  return studies;
}

std::vector<FindingRow> LedgerReader::findings(AnalysisId analysis) {
  std::vector<FindingRow> findings;
  connection_->query("SELECT name, unit, value, low, high FROM finding WHERE analysis = ? ORDER BY name", {analysis},
                     [&findings](const Row& row) {
                       findings.push_back({.name = row.text(0),
                                           .unit = row.text(1),
                                           .value = row.maybe_number(2),
                                           .low = row.maybe_number(3),
                                           .high = row.maybe_number(4)});
                     });
  return findings;
}

std::string LedgerReader::study_params(AnalysisId analysis) {
  std::string params = "{}";
  connection_->query("SELECT params_json FROM analysis WHERE id = ?", {analysis},
                     [&params](const Row& row) { params = row.text(0); });
  return params;
}

MeasurementRows LedgerReader::measurements(AnalysisId analysis, const std::string& table,
                                           const std::vector<std::string>& columns) {
  MeasurementRows found{.table = table, .columns = columns};
  connection_->query(fmt::format("SELECT {} FROM {} WHERE analysis = ? ORDER BY id", fmt::join(columns, ", "), table),
                     {analysis}, [&](const Row& row) {
                       std::vector<MeasuredValue>& values = found.rows.emplace_back();
                       for (std::size_t i = 0; i < columns.size(); ++i)
                         values.push_back(row.value(static_cast<int>(i)));
                     });
  return found;
}

std::vector<LengthQualityRow> LedgerReader::length_quality(AnalysisId analysis) {
  std::vector<LengthQualityRow> rows;
  connection_->query(
      "SELECT metric, cumulative, from_length, to_length, sentences, mean_length, value, low, high, thin FROM "
      "length_quality "
      "WHERE analysis = ? ORDER BY metric, cumulative, from_length, to_length",
      {analysis}, [&rows](const Row& row) {
        rows.push_back({.metric = row.text(0),
                        .cumulative = row.integer(1) != 0,
                        .from = row.integer(2),
                        .to = row.integer(3),
                        .sentences = row.integer(4),
                        .mean_length = row.number(5),
                        .quality = {row.number(6), row.number(7), row.number(8)},
                        .thin = row.integer(9) != 0});
      });
  return rows;
}

}  // namespace isthmus
