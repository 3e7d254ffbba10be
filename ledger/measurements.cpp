// What models make of a corpus: decodes, scores, context vectors and studies.
#include <fmt/format.h>

#include <cmath>
#include <stdexcept>
#include <unordered_map>

#include "core/error.h"
#include "core/progress.h"
#include "ledger/connection.h"
#include "ledger/ledger.h"

namespace isthmus {
namespace {

using internal::Connection;
using internal::Row;
using internal::text_or_null;
using internal::Value;

/// Numbers of the sentences of a corpus by line.
std::unordered_map<std::int64_t, std::int64_t> sentence_ids(Connection& connection, CorpusId corpus) {
  std::unordered_map<std::int64_t, std::int64_t> ids;
  connection.query("SELECT line, id FROM sentence WHERE corpus = ?", {corpus},
                   [&](const Row& row) { ids.emplace(row.integer(0), row.integer(1)); });
  return ids;
}

std::int64_t sentence_id(const std::unordered_map<std::int64_t, std::int64_t>& ids, std::int64_t line,
                         const std::string& ledger) {
  const auto found = ids.find(line);
  if (found == ids.end()) throw InputError::in_file(ledger, fmt::format("the corpus has no line {}", line));
  return found->second;
}

Value bindable(const MeasuredValue& value) {
  return std::visit(
      [](const auto& of) -> Value {
        using T = std::decay_t<decltype(of)>;
        if constexpr (std::is_same_v<T, std::monostate>) {
          return {};
        } else if constexpr (std::is_same_v<T, std::vector<float>>) {
          return std::as_bytes(std::span(of));
        } else {
          return of;
        }
      },
      value);
}

}  // namespace

DecodeId Ledger::add(const DecodeRow& decode, std::span<const HypothesisRow> hypotheses) {
  DecodeId id{};
  transaction([&] {
    id = DecodeId(connection_->insert("decode", {{"run", decode.run},
                                                 {"checkpoint", decode.checkpoint},
                                                 {"corpus", decode.corpus},
                                                 {"method", decode.method},
                                                 {"beam", decode.beam},
                                                 {"length_penalty", decode.length_penalty},
                                                 {"options_json", decode.options_json},
                                                 {"seconds", decode.seconds},
                                                 {"truncated", decode.truncated},
                                                 {"empty", decode.empty}}));
    const auto sentences = sentence_ids(*connection_, decode.corpus);
    for (const HypothesisRow& hypothesis : hypotheses) {
      connection_->insert("hypothesis", {{"decode", id},
                                         {"sentence", sentence_id(sentences, hypothesis.line, path())},
                                         {"rank", hypothesis.rank},
                                         {"text", hypothesis.text},
                                         {"log_prob", hypothesis.log_prob},
                                         {"score", hypothesis.score},
                                         {"tokens", hypothesis.tokens},
                                         {"stop_reason", text_or_null(hypothesis.stop_reason)}});
    }
  });
  return id;
}

ScoringId Ledger::add(const ScoringRow& scoring) {
  return ScoringId(connection_->insert("scoring", {{"decode", scoring.decode},
                                                   {"metric", scoring.metric},
                                                   {"signature", scoring.signature},
                                                   {"value", scoring.value},
                                                   {"low", scoring.low},
                                                   {"high", scoring.high},
                                                   {"seconds", scoring.seconds}}));
}

ScoringId Ledger::add(const ScoringRow& scoring, std::span<const BleuStatistics> statistics) {
  ScoringId id{};
  transaction([&] {
    id = add(scoring);
    std::size_t written = 0;
    std::unordered_map<std::int64_t, std::int64_t> hypotheses;
    connection_->query(
        "SELECT sentence.line, hypothesis.id FROM hypothesis JOIN sentence ON sentence.id = hypothesis.sentence "
        "WHERE hypothesis.decode = ? AND hypothesis.rank = 1",
        {scoring.decode}, [&](const Row& row) { hypotheses.emplace(row.integer(0), row.integer(1)); });
    for (const auto& [line, hypothesis] : hypotheses) {
      const std::size_t index = static_cast<std::size_t>(line - 1);
      if (index >= statistics.size()) break;
      const BleuStatistics& bleu = statistics[index];
      connection_->insert("bleu_statistics", {{"scoring", id},
                                              {"hypothesis", hypothesis},
                                              {"match1", bleu.matches[0]},
                                              {"match2", bleu.matches[1]},
                                              {"match3", bleu.matches[2]},
                                              {"match4", bleu.matches[3]},
                                              {"total1", bleu.totals[0]},
                                              {"total2", bleu.totals[1]},
                                              {"total3", bleu.totals[2]},
                                              {"total4", bleu.totals[3]},
                                              {"hypothesis_length", bleu.hypothesis_length},
                                              {"reference_length", bleu.reference_length}});
      ++written;
    }
    if (written != hypotheses.size() || written != statistics.size()) {
      throw InputError::in_file(
          path(), fmt::format("{} and statistics of {}",
                              counted(static_cast<std::int64_t>(hypotheses.size()), "hypothesis", "hypotheses"),
                              counted(static_cast<std::int64_t>(statistics.size()), "line")));
    }
  });
  return id;
}

void Ledger::add(const ComparisonRow& comparison) {
  connection_->insert("comparison", {{"scoring", comparison.scoring},
                                     {"baseline", comparison.baseline},
                                     {"test", comparison.test},
                                     {"p", comparison.p},
                                     {"trials", comparison.trials},
                                     {"seed", comparison.seed}});
}

void Ledger::add_tokens(DecodeId decode, std::int64_t line, std::int64_t rank, std::span<const TokenRow> tokens) {
  transaction([&] {
    std::optional<HypothesisId> hypothesis;
    connection_->query(
        "SELECT hypothesis.id FROM hypothesis JOIN sentence ON sentence.id = hypothesis.sentence "
        "WHERE hypothesis.decode = ? AND sentence.line = ? AND hypothesis.rank = ?",
        {decode, line, rank}, [&](const Row& row) { hypothesis = row.id<HypothesisId>(0); });
    if (!hypothesis) throw InputError::in_file(path(), fmt::format("no hypothesis {} of line {}", rank, line));
    for (std::size_t t = 0; t < tokens.size(); ++t) {
      connection_->insert(
          "token",
          {{"hypothesis", *hypothesis}, {"t", t}, {"piece", tokens[t].piece}, {"log_prob", tokens[t].log_prob}});
    }
  });
}

void Ledger::add(std::span<const ContextRow> contexts) {
  transaction([&] {
    std::unordered_map<CorpusId, std::unordered_map<std::int64_t, std::int64_t>> sentences;
    for (const ContextRow& context : contexts) {
      auto [ids, is_new] = sentences.try_emplace(context.corpus);
      if (is_new) ids->second = sentence_ids(*connection_, context.corpus);
      double square = 0;
      for (const float x : context.vector) square += static_cast<double>(x) * static_cast<double>(x);
      connection_->insert("context",
                          {{"run", context.run},
                           {"checkpoint", context.checkpoint},
                           {"sentence", sentence_id(ids->second, context.line, path())},
                           {"layer", context.layer},
                           {"kind", context.kind},
                           {"dim", context.vector.size()},
                           {"vector", std::as_bytes(context.vector)},
                           {"norm", std::sqrt(square)}},
                          "INSERT OR REPLACE");
    }
  });
}

AnalysisId Ledger::add(const AnalysisRow& analysis, std::span<const MeasurementRows> measurements,
                       std::span<const FindingRow> findings) {
  AnalysisId id{};
  transaction([&] {
    id = AnalysisId(connection_->insert("analysis", {{"run", analysis.run},
                                                     {"kind", analysis.kind},
                                                     {"version", analysis.version},
                                                     {"params_json", analysis.params_json},
                                                     {"checkpoint", analysis.checkpoint},
                                                     {"corpus", analysis.corpus},
                                                     {"decode", analysis.decode},
                                                     {"seed", analysis.seed},
                                                     {"seconds", analysis.seconds},
                                                     {"verdict", analysis.verdict},
                                                     {"meaning", analysis.meaning}}));
    for (const MeasurementRows& of : measurements) {
      for (const std::vector<MeasuredValue>& row : of.rows) {
        if (row.size() != of.columns.size()) throw std::logic_error("a row of " + of.table + " has other columns");
        std::vector<std::pair<std::string_view, Value>> columns{{"analysis", id}};
        for (std::size_t i = 0; i < row.size(); ++i) columns.emplace_back(of.columns[i], bindable(row[i]));
        connection_->insert(of.table, columns);
      }
    }
    for (const FindingRow& finding : findings) {
      connection_->insert("finding", {{"analysis", id},
                                      {"name", finding.name},
                                      {"unit", finding.unit},
                                      {"value", finding.value},
                                      {"low", finding.low},
                                      {"high", finding.high}});
    }
  });
  return id;
}

MeasurementRows measurements_of(std::span<const LengthQualityRow> rows) {
  MeasurementRows measurements{.table = "length_quality",
                               .columns = {"metric", "cumulative", "from_length", "to_length", "sentences",
                                           "mean_length", "value", "low", "high", "thin"}};
  for (const LengthQualityRow& row : rows) {
    measurements.rows.push_back({row.metric, std::int64_t{row.cumulative}, row.from, row.to, row.sentences,
                                 row.mean_length, row.quality.value, row.quality.low, row.quality.high,
                                 std::int64_t{row.thin}});
  }
  return measurements;
}

}  // namespace isthmus
