#include "evaluation/breakdown_report.h"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <utility>

#include "evaluation/length_bins.h"

namespace isthmus {
namespace {

using Json = nlohmann::ordered_json;

/// The files' names without their folders, unless two are then the same.
std::vector<std::string> short_names(const std::vector<NamedLines>& systems) {
  std::vector<std::string> full, brief;
  for (const NamedLines& system : systems) {
    full.push_back(system.name);
    brief.push_back(std::filesystem::path(system.name).filename().string());
  }
  std::vector<std::string> sorted = brief;
  std::sort(sorted.begin(), sorted.end());
  const bool distinct = std::adjacent_find(sorted.begin(), sorted.end()) == sorted.end();
  return distinct && !sorted.front().empty() ? brief : full;
}

/// Makes the tables.
class Tables {
 public:
  Tables(const EvaluatedTexts& texts, int decimals)
      : texts_(texts), names_(short_names(texts.systems)), decimals_(decimals) {}

  void add_length(const std::vector<LengthBucket>& buckets) {
    ScoreTable& table = add(with_systems({"words"}, {"sentences", "BLEU", "length"}));
    table.title = "BLEU and length ratio by BLEU's tokens of the reference";
    for (const LengthBucket& bucket : buckets) {
      for (std::size_t s = 0; s < names_.size(); ++s) {
        const BleuScore& bleu = bucket.systems[s];
        add_row(table, s, bucket.label,
                {s == 0 ? fmt::format("{}", bucket.sentences) : "", number(bleu.score),
                 fmt::format("{:.3f}", bleu.length_ratio())});
      }
    }
  }

  void add_frequency(const std::vector<FrequencyBucket>& buckets, const std::string& counted_in) {
    ScoreTable& table = add(with_systems({"frequency"}, {"words", "precision", "recall", "F1"}));
    table.title = fmt::format("Words right, in percent, by their frequency in {}",
                              counted_in.empty() ? "the reference" : counted_in);
    for (const FrequencyBucket& bucket : buckets) {
      for (std::size_t s = 0; s < names_.size(); ++s) {
        const WordMatches& words = bucket.systems[s];
        add_row(
            table, s, bucket.label,
            {s == 0 ? fmt::format("{}", words.reference) : "", words.hypothesis == 0 ? "-" : number(words.precision()),
             words.reference == 0 ? "-" : number(words.recall()),
             words.hypothesis + words.reference == 0 ? "-" : number(words.f1())});
      }
    }
  }

  void add_ngrams(const NgramDifferences& ngrams, std::size_t other) {
    const std::string& first = names_[0];
    if (other == 0) {
      add_ngrams(ngrams.more_first, {"too often", "missing"}, "N-grams that the references do not have so often");
      add_ngrams(ngrams.more_second, {"missing", "too often"}, "N-grams that the references have more often");
      return;
    }
    const std::string& second = names_[other];
    add_ngrams(ngrams.more_first, {first, second}, fmt::format("N-grams that {} has right more often", first));
    add_ngrams(ngrams.more_second, {second, first}, fmt::format("N-grams that {} has right more often", second));
  }

  void add_sentences(const SentenceExtremes& sentences, std::size_t other) {
    if (other == 0) {
      add_sentences(sentences.worst, {0}, "Sentences with the lowest BLEU");
      add_sentences(sentences.best, {0}, "Sentences with the highest BLEU");
      return;
    }
    for (const bool first : {true, false}) {
      add_sentences(
          first ? sentences.best : sentences.worst, {0, other},
          fmt::format("Sentences where {} is better than {}", names_[first ? 0 : other], names_[first ? other : 0]));
    }
  }

  std::string text(ScoreFormat format, std::size_t width) const {
    std::string text;
    for (const ScoreTable& table : tables_) text += (text.empty() ? "" : "\n") + format_table(table, format, width);
    return text;
  }

 private:
  std::string number(double value) const { return fmt::format("{:.{}f}", value, decimals_); }

  ScoreTable& add(ScoreTable table) { return tables_.emplace_back(std::move(table)); }

  /// An empty table with these columns; that of systems is there if there are several.
  ScoreTable with_systems(std::vector<std::string> words, const std::vector<std::string>& numbers) const {
    if (names_.size() > 1) words.emplace_back("system");
    ScoreTable table{.columns = std::string(words.size(), 'l') + std::string(numbers.size(), 'r'), .rows = {words}};
    table.rows[0].insert(table.rows[0].end(), numbers.begin(), numbers.end());
    return table;
  }

  void add_row(ScoreTable& table, std::size_t system, const std::string& label,
               const std::vector<std::string>& cells) const {
    std::vector<std::string>& row = table.rows.emplace_back();
    row.push_back(system == 0 ? label : "");
    if (names_.size() > 1) row.push_back(names_[system]);
    row.insert(row.end(), cells.begin(), cells.end());
  }

  void add_ngrams(const std::vector<NgramDifference>& ngrams, const std::vector<std::string>& counts,
                  const std::string& title) {
    if (ngrams.empty()) return;
    ScoreTable& table = add({.title = title, .columns = "lrrr", .rows = {{"n-gram", counts[0], counts[1], "share"}}});
    for (const NgramDifference& one : ngrams) {
      table.rows.push_back(
          {one.ngram, fmt::format("{}", one.first), fmt::format("{}", one.second), fmt::format("{:.3f}", one.share())});
    }
  }

  void add_sentences(const std::vector<ScoredSentence>& sentences, const std::vector<std::size_t>& systems,
                     const std::string& title) {
    if (sentences.empty()) return;
    ScoreTable& table = add({.title = title, .columns = "rlrp", .rows = {{"line", "", "BLEU", "text"}}});
    for (const ScoredSentence& one : sentences) {
      std::string line = fmt::format("{}", one.line + 1);
      const auto add_text = [&](const std::string& who, const std::string& score, const std::string& text) {
        table.rows.push_back({std::exchange(line, ""), who, score, text});
      };
      if (!texts_.sources.empty()) add_text("source", "", texts_.sources[one.line]);
      for (const std::string& reference : texts_.references[one.line]) add_text("reference", "", reference);
      for (std::size_t s = 0; s < systems.size(); ++s) {
        add_text(names_[systems[s]], number(one.bleu[s]), texts_.systems[systems[s]].lines[one.line]);
      }
    }
  }

  const EvaluatedTexts& texts_;
  std::vector<std::string> names_;
  int decimals_;
  std::vector<ScoreTable> tables_;
};

Json range_json(std::int64_t low, std::int64_t high) {
  return {{"from", low}, {"to", high == kNoUpperEnd ? Json() : Json(high)}};
}

Json length_json(const std::vector<LengthBucket>& buckets, const EvaluatedTexts& texts) {
  Json rows = Json::array();
  for (const LengthBucket& bucket : buckets) {
    Json row = range_json(bucket.low, bucket.high);
    row["sentences"] = bucket.sentences;
    for (std::size_t s = 0; s < bucket.systems.size(); ++s) {
      const BleuScore& bleu = bucket.systems[s];
      row["systems"].push_back({{"system", texts.systems[s].name},
                                {"bleu", bleu.score},
                                {"bp", bleu.brevity_penalty},
                                {"ratio", bleu.length_ratio()},
                                {"sys_len", bleu.hypothesis_length},
                                {"ref_len", bleu.reference_length}});
    }
    rows.push_back(std::move(row));
  }
  return rows;
}

Json frequency_json(const std::vector<FrequencyBucket>& buckets, const EvaluatedTexts& texts) {
  Json rows = Json::array();
  for (const FrequencyBucket& bucket : buckets) {
    Json row = range_json(bucket.low, bucket.high);
    for (std::size_t s = 0; s < bucket.systems.size(); ++s) {
      const WordMatches& words = bucket.systems[s];
      row["systems"].push_back({{"system", texts.systems[s].name},
                                {"matches", words.matches},
                                {"sys_words", words.hypothesis},
                                {"ref_words", words.reference},
                                {"precision", words.hypothesis == 0 ? Json() : Json(words.precision())},
                                {"recall", words.reference == 0 ? Json() : Json(words.recall())},
                                {"f1", words.f1()}});
    }
    rows.push_back(std::move(row));
  }
  return rows;
}

Json ngrams_json(const std::vector<NgramDifference>& ngrams, const char* first, const char* second) {
  Json rows = Json::array();
  for (const NgramDifference& one : ngrams) {
    rows.push_back({{"ngram", one.ngram}, {first, one.first}, {second, one.second}, {"share", one.share()}});
  }
  return rows;
}

Json sentences_json(const std::vector<ScoredSentence>& sentences, const std::vector<std::size_t>& systems,
                    const EvaluatedTexts& texts) {
  Json rows = Json::array();
  for (const ScoredSentence& one : sentences) {
    Json row = {{"line", one.line + 1}};
    if (!texts.sources.empty()) row["source"] = texts.sources[one.line];
    row["references"] = texts.references[one.line];
    for (std::size_t s = 0; s < systems.size(); ++s) {
      const NamedLines& system = texts.systems[systems[s]];
      row["systems"].push_back({{"system", system.name}, {"bleu", one.bleu[s]}, {"text", system.lines[one.line]}});
    }
    rows.push_back(std::move(row));
  }
  return rows;
}

}  // namespace

Breakdowns break_down(const EvaluatedTexts& texts, const NumberedCorpus& corpus, std::span<const Breakdown> wanted,
                      const WordFrequencies& frequencies, const BleuOptions& options, std::size_t examples) {
  const auto wants = [&](Breakdown one) { return std::find(wanted.begin(), wanted.end(), one) != wanted.end(); };
  const std::size_t systems = texts.systems.size();
  std::vector<std::vector<BleuStatistics>> statistics;
  for (const NamedLines& system : texts.systems) {
    statistics.push_back(bleu_statistics(system.lines, texts.references, options));
  }
  Breakdowns result;
  if (wants(Breakdown::kLength)) result.length = length_buckets(corpus, statistics, options);
  if (wants(Breakdown::kFrequency)) result.frequency = frequency_buckets(corpus, frequencies);
  if (wants(Breakdown::kNgrams)) {
    if (systems == 1) result.ngrams.push_back(ngrams_out_of_balance(corpus, 0, examples));
    for (std::size_t s = 1; s < systems; ++s) result.ngrams.push_back(ngrams_right(corpus, 0, s, examples));
  }
  if (wants(Breakdown::kSentences)) {
    if (systems == 1) result.sentences.push_back(sentence_extremes(statistics[0], options, examples));
    for (std::size_t s = 1; s < systems; ++s) {
      result.sentences.push_back(sentence_extremes(statistics[0], statistics[s], options, examples));
    }
  }
  return result;
}

std::string format_breakdowns(const Breakdowns& breakdowns, const EvaluatedTexts& texts, ScoreFormat format,
                              int decimals, std::size_t width) {
  Tables tables(texts, decimals);
  const std::size_t first_other = texts.systems.size() == 1 ? 0 : 1;
  if (breakdowns.length) tables.add_length(*breakdowns.length);
  if (breakdowns.frequency) tables.add_frequency(*breakdowns.frequency, breakdowns.frequency_text);
  for (std::size_t i = 0; i < breakdowns.ngrams.size(); ++i) tables.add_ngrams(breakdowns.ngrams[i], i + first_other);
  for (std::size_t i = 0; i < breakdowns.sentences.size(); ++i) {
    tables.add_sentences(breakdowns.sentences[i], i + first_other);
  }
  return tables.text(format, width);
}

nlohmann::ordered_json breakdowns_json(const Breakdowns& breakdowns, const EvaluatedTexts& texts) {
  Json json = Json::object();
  if (breakdowns.length) json["length"] = length_json(*breakdowns.length, texts);
  if (breakdowns.frequency) {
    json["frequency"] = {{"counted_in", breakdowns.frequency_text.empty() ? Json() : Json(breakdowns.frequency_text)},
                         {"buckets", frequency_json(*breakdowns.frequency, texts)}};
  }
  const bool alone = texts.systems.size() == 1;
  for (std::size_t i = 0; i < breakdowns.ngrams.size(); ++i) {
    const NgramDifferences& ngrams = breakdowns.ngrams[i];
    if (alone) {
      json["ngrams"] = {{"too_often", ngrams_json(ngrams.more_first, "too_often", "missing")},
                        {"too_seldom", ngrams_json(ngrams.more_second, "missing", "too_often")}};
    } else {
      json["ngrams"].push_back({{"system", texts.systems[0].name},
                                {"other", texts.systems[i + 1].name},
                                {"system_right", ngrams_json(ngrams.more_first, "matches", "other_matches")},
                                {"other_right", ngrams_json(ngrams.more_second, "other_matches", "matches")}});
    }
  }
  for (std::size_t i = 0; i < breakdowns.sentences.size(); ++i) {
    const SentenceExtremes& sentences = breakdowns.sentences[i];
    if (alone) {
      json["sentences"] = {{"worst", sentences_json(sentences.worst, {0}, texts)},
                           {"best", sentences_json(sentences.best, {0}, texts)}};
    } else {
      json["sentences"].push_back({{"system", texts.systems[0].name},
                                   {"other", texts.systems[i + 1].name},
                                   {"system_better", sentences_json(sentences.best, {0, i + 1}, texts)},
                                   {"other_better", sentences_json(sentences.worst, {0, i + 1}, texts)}});
    }
  }
  return json;
}

}  // namespace isthmus
