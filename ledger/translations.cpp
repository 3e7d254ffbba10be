// Translations beside each other: what a reader of sentences asks of a ledger.
#include "evaluation/bleu.h"
#include "ledger/connection.h"
#include "ledger/ledger_reader.h"

namespace isthmus {

using internal::Row;

namespace {

/// BLEU of a sentence from four columns of matches, four of totals and the two lengths, the first of which is `column`.
/// Smoothed as mteval does, whatever the corpus was scored with, so that sentences compare.
std::optional<double> sentence_bleu_at(const Row& row, int column) {
  if (row.is_null(column)) return std::nullopt;
  BleuStatistics statistics;
  for (int order = 0; order < 4; ++order) {
    const auto n = static_cast<std::size_t>(order);
    statistics.matches[n] = row.integer(column + order);
    statistics.totals[n] = row.integer(column + 4 + order);
  }
  statistics.hypothesis_length = row.integer(column + 8);
  statistics.reference_length = row.integer(column + 9);
  return bleu_score(statistics, sentence_options({})).score;
}

}  // namespace

std::vector<std::string> LedgerReader::validation_signatures(RunId run, std::string_view metric) {
  std::vector<std::string> signatures;
  connection_->query(
      "SELECT DISTINCT valid.signature FROM lineage JOIN validation AS valid ON valid.run = lineage.ancestor AND "
      "(lineage.until IS NULL OR valid.updates <= lineage.until) WHERE lineage.run = ? AND valid.metric = ? "
      "ORDER BY valid.signature",
      {run, metric}, [&signatures](const Row& row) { signatures.push_back(row.text(0)); });
  return signatures;
}

std::vector<DecodeSummary> LedgerReader::decodes(std::optional<RunId> run) {
  std::vector<DecodeSummary> decodes;
  connection_->query(
      "SELECT decodes.decode, decodes.run, decode.corpus, model_run, model, updates, decodes.corpus, split, "
      "decodes.method, decodes.beam, sentences, decode.checkpoint IS NULL "
      "FROM decodes JOIN decode ON decode.id = decodes.decode "
      "WHERE ?1 IS NULL OR decodes.run = ?1 OR model_run = ?1 ORDER BY decodes.decode",
      {run}, [&decodes](const Row& row) {
        decodes.push_back({.decode = row.id<DecodeId>(0),
                           .run = row.id<RunId>(1),
                           .corpus_id = row.id<CorpusId>(2),
                           .model_run = row.maybe_integer(3),
                           .model = row.text(4),
                           .updates = row.maybe_integer(5),
                           .corpus = row.text(6),
                           .split = row.text(7),
                           .method = row.text(8),
                           .beam = row.integer(9),
                           .sentences = row.integer(10),
                           .is_file = row.integer(11) != 0});
      });
  return decodes;
}

std::vector<SentenceSummary> LedgerReader::sentences(CorpusId corpus, std::int64_t limit) {
  std::vector<SentenceSummary> sentences;
  connection_->query("SELECT line, words, source, reference FROM sentence WHERE corpus = ? ORDER BY line LIMIT ?",
                     {corpus, limit}, [&sentences](const Row& row) {
                       sentences.push_back({row.integer(0), row.integer(1), row.text(2), row.text(3)});
                     });
  return sentences;
}

std::vector<TranslationSummary> LedgerReader::translations(DecodeId decode, std::int64_t limit) {
  std::vector<TranslationSummary> translations;
  connection_->query(
      "SELECT sentence.line, hypothesis.text, match1, match2, match3, match4, total1, total2, total3, total4, "
      "hypothesis_length, reference_length FROM hypothesis JOIN sentence ON sentence.id = hypothesis.sentence "
      "LEFT JOIN bleu_statistics AS bleu ON bleu.hypothesis = hypothesis.id AND bleu.scoring = (SELECT min(id) FROM "
      "scoring WHERE scoring.decode = hypothesis.decode AND metric = 'bleu') "
      "WHERE hypothesis.decode = ? AND rank = 1 ORDER BY sentence.line LIMIT ?",
      {decode, limit}, [&translations](const Row& row) {
        translations.push_back({row.integer(0), row.text(1), sentence_bleu_at(row, 2)});
      });
  return translations;
}

}  // namespace isthmus
