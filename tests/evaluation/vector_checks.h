// Compares this program's scores with a case's expected.json.
#pragma once

#include "evaluation/metrics.h"
#include "evaluation/significance.h"
#include "tests/catch.h"
#include "tests/evaluation/vectors.h"

namespace isthmus::vectors {

/// Scores are doubles made in the same order of operations; this leaves room for other libraries' exp and log.
inline Approx near(double value) { return Approx(value).epsilon(0).margin(1e-9); }

inline std::string with_their_version(std::string signature) {
  const std::string ours = "version:isthmus-";
  signature.resize(signature.find(ours));
  if (const std::size_t order = signature.find("|order:"); order != std::string::npos) signature.resize(order + 1);
  return signature + "version:2.6.0";
}

inline void check_bleu(const Json& row, const std::vector<std::string>& system,
                       const std::vector<References>& references) {
  const BleuOptions options = bleu_options(row.at("args"));
  const BleuScore score = corpus_bleu(system, references, options);
  INFO(row.at("args").dump());
  CHECK(score.score == near(row.at("score")));
  CHECK(score.brevity_penalty == near(row.at("bp")));
  CHECK(score.hypothesis_length == row.at("sys_len").get<std::int64_t>());
  CHECK(score.reference_length == row.at("ref_len").get<std::int64_t>());
  CHECK(score.matches == row.at("counts").get<std::vector<double>>());
  CHECK(score.totals == row.at("totals").get<std::vector<double>>());
  const auto precisions = row.at("precisions").get<std::vector<double>>();
  REQUIRE(score.precisions.size() == precisions.size());
  for (std::size_t n = 0; n < precisions.size(); ++n) CHECK(score.precisions[n] == near(precisions[n]));
  CHECK(score.text() == row.at("text_w2").get<std::string>());
  CHECK(with_their_version(bleu_signature(options, reference_count(references))) ==
        row.at("signature").get<std::string>());
}

inline void check_chrf(const Json& row, const std::vector<std::string>& system,
                       const std::vector<References>& references) {
  const ChrfOptions options = chrf_options(row.at("args"));
  INFO(row.at("args").dump());
  CHECK(corpus_chrf(system, references, options) == near(row.at("score")));
  CHECK(chrf_name(options) == row.at("name").get<std::string>());
  CHECK(with_their_version(chrf_signature(options, reference_count(references))) ==
        row.at("signature").get<std::string>());
}

inline void check_ter(const Json& row, const std::vector<std::string>& system,
                      const std::vector<References>& references) {
  const TerOptions options = ter_options(row.at("args"));
  INFO(row.at("args").dump());
  TerStatistics sum;
  for (const TerStatistics& sentence : ter_statistics(system, references, options)) sum += sentence;
  CHECK(sum.edits == row.at("num_edits").get<std::int64_t>());
  CHECK(sum.reference_length == near(row.at("ref_length")));
  CHECK(corpus_ter(system, references, options) == near(row.at("score")));
  CHECK(with_their_version(ter_signature(options, reference_count(references))) ==
        row.at("signature").get<std::string>());
}

inline void check_sentences(const Case& c) {
  for (const auto& [key, scores] : c.expected.at("sentence").items()) {
    INFO(key);
    REQUIRE(scores.size() == c.systems[0].size());
    for (std::size_t i = 0; i < scores.size(); ++i) {
      INFO("line " << i + 1);
      const double ours =
          key.starts_with("TER")    ? corpus_ter({&c.systems[0][i], 1}, {&c.references[i], 1},
                                                 {.normalized = key.find("normalized") != std::string::npos})
          : key.starts_with("bleu") ? sentence_bleu(c.systems[0][i], c.references[i], bleu_options_of_key(key)).score
                                    : sentence_chrf(c.systems[0][i], c.references[i], chrf_options_of_key(key));
      CHECK(ours == near(scores[i]));
    }
  }
}

inline void check_tokens(const Case& c) {
  for (const auto& [name, files] : c.expected.at("tokenized").items()) {
    if (!files.is_object()) continue;  // a note
    const BleuOptions options{.tokenize = value_named<MetricTokenizer>(name)};
    for (const auto& [file, lines] : files.items()) {
      const auto& texts = file == "hyp" ? c.systems[0] : c.files[0];
      REQUIRE(!lines.empty());
      REQUIRE(lines.size() <= texts.size());  // of a long file the first lines
      for (std::size_t i = 0; i < lines.size(); ++i) {
        INFO(name << ", " << file << " line " << i + 1);
        // sacreBLEU's char and none may leave white space between tokens, which it then splits on.
        CHECK(bleu_tokens(texts[i], options) == tokenize_none(lines[i].get<std::string>()));
      }
    }
  }
}

/// The BLEU of each resample is a function of sums of the sentences' statistics.
inline void check_bootstrap(const Case& c) {
  const Json& expected = c.expected.at("bootstrap_exact");
  const std::vector<BleuStatistics> statistics = bleu_statistics(c.systems[0], c.references, {});
  for (std::size_t i = 0; i < statistics.size(); ++i) {
    const BleuStatistics& s = statistics[i];
    const std::vector<std::int64_t> ours = {s.hypothesis_length, s.reference_length, s.matches[0], s.matches[1],
                                            s.matches[2],        s.matches[3],       s.totals[0],  s.totals[1],
                                            s.totals[2],         s.totals[3]};
    INFO("line " << i + 1);
    CHECK(ours == expected.at("segment_stats").at(i).get<std::vector<std::int64_t>>());
  }
  const Json& indices = expected.at("indices");
  const Json& scores = expected.at("scores");
  REQUIRE(indices.size() == scores.size());
  for (std::size_t r = 0; r < indices.size(); ++r) {
    BleuStatistics sum;
    for (const std::size_t i : indices[r]) sum += statistics.at(i);
    INFO("resample " << r);
    CHECK(bleu_score(sum, {}).score == near(scores[r]));
  }
  const Confidence ours = confidence(scores.get<std::vector<double>>());
  CHECK(ours.mean == near(expected.at("mean")));
  CHECK(ours.half_width() == near(expected.at("ci")));
}

/// Metrics by the names that expected.json has for them.
inline const std::vector<std::pair<std::string, std::string>>& resampled_metrics() {
  static const std::vector<std::pair<std::string, std::string>> names = {
      {"BLEU", "bleu"}, {"chrF2", "chrf"}, {"TER", "ter"}};
  return names;
}

/// Another generator draws other resamples: means and widths come near, no more.
inline void check_confidence(const Case& c) {
  const Json& expected = c.expected.at("confidence_api_n1000_seed12345");
  for (const auto& [key, name] :
       {std::pair{"bleu", "bleu"}, {"chrF2", "chrf"}, {"chrF2++", "chrf++"}, {"ter", "ter"}}) {
    INFO(key);
    MetricOptions options;
    const std::string signature = expected.at("bleu").at("signature");
    const std::size_t tok = signature.find("|tok:") + 5;
    options.bleu.tokenize = value_named<MetricTokenizer>(signature.substr(tok, signature.find('|', tok) - tok));
    const SentenceStatistics statistics = metric_named(name).statistics(c.systems[0], c.references, options);
    CHECK(statistics.score() == near(expected.at(key).at("score")));
    const Confidence ours = confidence(bootstrap_scores(statistics, 1000, 12345));
    const double half_width = expected.at(key).at("ci");
    CHECK(ours.mean == Approx(expected.at(key).at("mean").get<double>()).epsilon(0).margin(0.02 + 0.1 * half_width));
    CHECK(ours.half_width() == Approx(half_width).epsilon(0.1).margin(1e-9));
  }
}

inline void check_paired(const Case& c) {
  const Json& bootstrap = c.expected.at("paired_bs_api");
  const Json& randomisation = c.expected.at("paired_ar_api");
  for (const auto& [key, name] : resampled_metrics()) {
    std::vector<SentenceStatistics> statistics;
    std::vector<std::vector<double>> resamples;
    for (const auto& system : c.systems) {
      statistics.push_back(metric_named(name).statistics(system, c.references, {}));
      resamples.push_back(bootstrap_scores(statistics.back(), 1000, 12345));
    }
    for (std::size_t s = 1; s < c.systems.size(); ++s) {
      INFO(key << " of " << c.system_names[s]);
      const double bs = paired_bootstrap(statistics[0].score(), statistics[s].score(), resamples[0], resamples[s]);
      const double ar = paired_randomisation(statistics[0], statistics[s], 10000, 12345);
      if (c.systems[s] == c.systems[0]) {  // sacreBLEU calls these significant
        CHECK(bs == 1);
        CHECK(ar == 1);
        continue;
      }
      CHECK(bs == Approx(bootstrap.at(key).at(s).at("p_value").get<double>()).epsilon(0).margin(0.06));
      // Ties, of which TER has many, count as extreme here and not there.
      CHECK(ar == Approx(randomisation.at(key).at(s).at("p_value").get<double>()).epsilon(0).margin(0.06));
    }
  }
}

/// All that a case has of BLEU, chrF and TER.
inline void check_case(const Case& c) {
  INFO(c.name);
  for (std::size_t s = 0; s < c.systems.size(); ++s) {
    INFO(c.system_names[s]);
    if (c.system_names[s] == "hyp") {
      for (const Json& row : c.expected.at("bleu")) check_bleu(row, c.systems[s], c.references);
      for (const Json& row : c.expected.at("chrf")) check_chrf(row, c.systems[s], c.references);
      for (const Json& row : c.expected.value("ter", Json::array())) check_ter(row, c.systems[s], c.references);
    } else {
      check_bleu(c.expected.at("bleu").at(c.system_names[s]), c.systems[s], c.references);
      check_chrf(c.expected.at("chrf").at(c.system_names[s]), c.systems[s], c.references);
      check_ter(c.expected.at("ter").at(c.system_names[s]), c.systems[s], c.references);
    }
  }
  if (c.expected.contains("bleu_empty_string_refs")) {
    const std::vector<References> with_empty = transpose_references(c.files);
    for (const Json& row : c.expected.at("bleu_empty_string_refs")) check_bleu(row, c.systems[0], with_empty);
  }
  if (c.expected.contains("sentence")) check_sentences(c);
  if (c.expected.contains("tokenized")) check_tokens(c);
  if (c.expected.contains("bootstrap_exact")) check_bootstrap(c);
  if (c.expected.contains("confidence_api_n1000_seed12345")) check_confidence(c);
  if (c.expected.contains("paired_bs_api")) check_paired(c);
}

}  // namespace isthmus::vectors
