#include "evaluation/score_report.h"

#include "core/error.h"
#include "tests/catch.h"

using namespace isthmus;
using Json = nlohmann::json;

namespace {

const std::vector<std::string> kReference = {"The cat sat on the mat.", "Es war einmal ein König."};
const std::vector<std::string> kGood = {"The cat sat on a mat.", "Es war einmal ein König."};
const std::vector<std::string> kBad = {"A cat sits here.", "Es war ein König."};

SystemScores scores_of(const std::string& name, const std::vector<std::string>& lines,
                       const std::vector<std::string>& chosen, const MetricOptions& options = {}) {
  SystemScores scores{name, {}};
  for (const std::string& metric : chosen) {
    scores.scores.push_back(metric_named(metric).score(lines, single_references(kReference), options));
  }
  return scores;
}

std::string format(const std::vector<SystemScores>& systems, ScoreFormat format) {
  return format_scores(systems, format);
}

const std::string kBleuSignature = bleu_signature({}, "1");
const std::string kChrfSignature = chrf_signature({}, "1");

}  // namespace

TEST_CASE("every metric in the table scores, and says what it is") {
  for (const Metric& metric : metrics()) {
    const MetricScore score = metric.score(kReference, single_references(kReference), {});
    INFO(metric.name);
    CHECK(score.score == Approx(metric.name == "ter" ? 0 : 100).margin(1e-9));
    CHECK(metric.statistics(kReference, single_references(kReference), {}).score() == score.score);
    CHECK(!score.name.empty());
    CHECK_THAT(score.signature, Catch::StartsWith("nrefs:1|") && Catch::Contains("|version:isthmus-"));
  }
  CHECK(metric_named("chrf++").score(kGood, single_references(kReference), {}).name == "chrF2++");
  CHECK(&metric_named("BLEU") == &metric_named("bleu"));
  CHECK(&metric_named("chrF++") == &metric_named("chrf++"));
  CHECK_THROWS_WITH(metric_named("blue"), "unknown metric 'blue'; there are bleu, chrf, chrf++, ter");
}

TEST_CASE("lower case is for every metric") {
  MetricOptions options;
  options.bleu.lowercase = true;
  const SystemScores scores = scores_of("a", kGood, {"bleu", "chrf"}, options);
  for (const MetricScore& score : scores.scores) CHECK_THAT(score.signature, Catch::Contains("|case:lc|"));
}

TEST_CASE("text of one system is a line for each metric, as sacreBLEU prints it") {
  CHECK(format({scores_of("a", kGood, {"bleu", "chrf"})}, ScoreFormat::kText) ==
        "BLEU|" + kBleuSignature +
            " = 73.24 92.3/81.8/66.7/57.1 (BP = 1.000 ratio = 1.000 hyp_len = 13 ref_len = 13)\n"
            "chrF2|" +
            kChrfSignature + " = 84.23\n");
}

TEST_CASE("JSON of one metric is an object, of several an array, of several systems an array of systems") {
  const Json one = Json::parse(format({scores_of("a", kGood, {"bleu"})}, ScoreFormat::kJson));
  CHECK(one.at("name") == "BLEU");
  CHECK(one.at("signature") == kBleuSignature);
  CHECK(one.at("score").get<double>() == corpus_bleu(kGood, single_references(kReference)).score);
  CHECK(one.at("bp") == 1.0);
  CHECK(one.at("sys_len") == 13);
  CHECK(one.at("precisions").size() == 4);

  const Json two = Json::parse(format({scores_of("a", kGood, {"bleu", "chrf"})}, ScoreFormat::kJson));
  REQUIRE(two.is_array());
  CHECK(two.at(1).at("name") == "chrF2");
  CHECK(two.at(1).at("score").get<double>() == corpus_chrf(kGood, single_references(kReference)));

  const Json systems =
      Json::parse(format({scores_of("a\xff", kGood, {"bleu"}), scores_of("b", kBad, {"bleu"})}, ScoreFormat::kJson));
  CHECK(systems.at(0).at("system") == "a\uFFFD");
  CHECK(systems.at(1).at("BLEU").at("score").get<double>() < systems.at(0).at("BLEU").at("score").get<double>());
  CHECK(systems.at(1).at("BLEU").contains("warnings"));
}

TEST_CASE("several systems make a table with its signatures") {
  const std::vector<SystemScores> systems = {scores_of("good", kGood, {"bleu", "chrf"}),
                                             scores_of("b|d_&", kBad, {"bleu", "chrf"})};
  CHECK(format(systems, ScoreFormat::kText) ==
        "system   BLEU  length  chrF2\n"
        "good    73.24   1.000  84.23\n"
        "b|d_&   20.15   0.769  43.07\n"
        "BLEU|" +
            kBleuSignature + "\nchrF2|" + kChrfSignature + "\n");
  CHECK(format(systems, ScoreFormat::kMarkdown) ==
        "| system | BLEU | length | chrF2 |\n"
        "| --- | ---: | ---: | ---: |\n"
        "| good | 73.24 | 1.000 | 84.23 |\n"
        "| b\\|d\\_& | 20.15 | 0.769 | 43.07 |\n"
        "\n"
        "- BLEU: `" +
            kBleuSignature + "`\n- chrF2: `" + kChrfSignature + "`\n");
  CHECK(format(systems, ScoreFormat::kLatex) ==
        "\\begin{tabular}{lrrr}\n"
        "\\toprule\n"
        "system & BLEU & length & chrF2 \\\\\n"
        "\\midrule\n"
        "good & 73.24 & 1.000 & 84.23 \\\\\n"
        "b\\textbar{}d\\_\\& & 20.15 & 0.769 & 43.07 \\\\\n"
        "\\bottomrule\n"
        "\\end{tabular}\n"
        "% BLEU: " +
            kBleuSignature + "\n% chrF2: " + kChrfSignature + "\n");
}

TEST_CASE("scores of different signatures are never in one table") {
  MetricOptions lowercase;
  lowercase.bleu.lowercase = true;
  const std::string text = format(
      {scores_of("a", kGood, {"bleu"}), scores_of("b", kBad, {"bleu"}, lowercase), scores_of("c", kBad, {"bleu"})},
      ScoreFormat::kMarkdown);
  const std::size_t second = text.rfind("| system | BLEU | length |");
  REQUIRE(second > 0);
  CHECK(text.substr(0, second).find("| a |") != std::string::npos);
  CHECK(text.substr(0, second).find("| c |") != std::string::npos);
  CHECK(text.substr(0, second).find("| b |") == std::string::npos);
  CHECK(text.substr(second).find("| b |") != std::string::npos);
  CHECK(text.substr(second).find("case:lc") != std::string::npos);
}
