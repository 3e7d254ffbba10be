#include "analysis/length.h"

#include <algorithm>

#include "core/error.h"
#include "core/random.h"
#include "evaluation/chrf.h"
#include "evaluation/interval.h"
#include "ledger/ledger_reader.h"
#include "tests/catch.h"
#include "tests/ledger/fixture.h"

using namespace isthmus;

namespace {

struct Text {
  std::vector<std::string> sources, hypotheses, references;
};

/// Sentences of 1 to 40 words; a word of the reference survives in the hypothesis with the probability that `keep`
/// gives its sentence's length.
template <class Keep>
Text planted(int lines, std::uint64_t seed, const Keep& keep) {
  Random random(seed);
  Text text;
  for (int i = 0; i < lines; ++i) {
    const int words = 1 + i % 40;
    std::string source, hypothesis, reference;
    for (int w = 0; w < words; ++w) {
      const std::string word = " w" + std::to_string(random.below(500));
      source += " s";
      reference += word;
      hypothesis += random.uniform() < keep(words) ? word : " q" + std::to_string(random.below(500));
    }
    text.sources.push_back(source);
    text.references.push_back(reference);
    text.hypotheses.push_back(hypothesis);
  }
  return text;
}

LengthStudy study(const Text& text, const LengthOptions& options = {}) {
  return study_length(text.sources, text.hypotheses, text.references, options);
}

const FindingRow& finding(const LengthStudy& study, const std::string& name) {
  const auto found = std::find_if(study.findings.begin(), study.findings.end(),
                                  [&name](const FindingRow& row) { return row.name == name; });
  REQUIRE(found != study.findings.end());
  return *found;
}

const LengthQualityRow& row(const LengthStudy& study, const std::string& metric, bool cumulative, std::int64_t to) {
  const auto found = std::find_if(study.rows.begin(), study.rows.end(), [&](const LengthQualityRow& candidate) {
    return candidate.metric == metric && candidate.cumulative == cumulative && candidate.to == to;
  });
  REQUIRE(found != study.rows.end());
  return *found;
}

LengthOptions quick() {
  LengthOptions options;
  options.resamples = 100;
  return options;
}

}  // namespace

TEST_CASE("A model that is perfect up to 20 words and lost beyond is found out") {
  const Text text = planted(1200, 1, [](int words) { return words <= 20 ? 1.0 : 0.1; });
  const LengthStudy found = study(text, quick());
  for (const std::int64_t to : {5, 10, 15, 20}) {
    CHECK(row(found, "bleu", false, to).quality.value == Approx(100).margin(1e-6));
    CHECK(row(found, "chrf", false, to).quality.low == Approx(100).margin(1e-6));
  }
  for (const std::int64_t to : {25, 30, 35, 40}) {
    CHECK(row(found, "bleu", false, to).quality.high < 20);
    CHECK(row(found, "bleu", false, to).sentences == 150);
  }
  CHECK(finding(found, "half_length").value == 21);
  CHECK(finding(found, "half_length").low == 21);
  CHECK(finding(found, "half_length").high == 21);
  CHECK(finding(found, "bleu_slope").high.value() < -20);
  CHECK_THAT(found.verdict, Catch::Contains("BLEU falls by") && Catch::Contains("under half of that from 21 words on"));
}

TEST_CASE("A model that does not care about length is not accused") {
  const Text text = planted(1200, 2, [](int) { return 0.8; });
  const LengthStudy found = study(text, quick());
  CHECK_FALSE(finding(found, "half_length").value.has_value());
  CHECK(finding(found, "bleu_slope").low.value() < 0.5);
  CHECK(finding(found, "bleu_slope").high.value() > -0.5);
  CHECK_THAT(found.verdict, Catch::Contains("stays above half of that up to 40 words"));
}

TEST_CASE("The slope is the planted one") {
  const Text text = planted(8000, 3, [](int words) { return 1.0 - 0.01 * words; });
  const LengthStudy found = study(text, quick());
  // The line through the bins, by the other textbook formula.
  double weight = 0, x = 0, y = 0, xx = 0, xy = 0;
  for (const LengthQualityRow& bin : found.rows) {
    if (bin.metric != "bleu" || bin.cumulative) continue;
    const double w = static_cast<double>(bin.sentences);
    weight += w, x += w * bin.mean_length, y += w * bin.quality.value;
    xx += w * bin.mean_length * bin.mean_length, xy += w * bin.mean_length * bin.quality.value;
  }
  const double expected = 10 * (xy - x * y / weight) / (xx - x * x / weight);
  CHECK(expected < -5);
  CHECK(finding(found, "bleu_slope").value.value() == Approx(expected));
  CHECK(finding(found, "bleu_slope").low.value() < expected);
  CHECK(finding(found, "bleu_slope").high.value() > expected);
}

TEST_CASE("Rows are the corpus scores of the sentences they speak of") {
  const Text text = planted(400, 4, [](int words) { return 1.0 - 0.01 * words; });
  const LengthStudy found = study(text, quick());
  const auto scores = [&text](int from, int to) {
    std::vector<std::string> hypotheses, references;
    for (std::size_t i = 0; i < text.sources.size(); ++i) {
      const int words = 1 + static_cast<int>(i % 40);
      if (words < from || words > to) continue;
      hypotheses.push_back(text.hypotheses[i]);
      references.push_back(text.references[i]);
    }
    return std::pair(corpus_bleu(hypotheses, single_references(references)).score,
                     corpus_chrf(hypotheses, single_references(references)));
  };
  CHECK(row(found, "bleu", false, 15).quality.value == Approx(scores(11, 15).first));
  CHECK(row(found, "chrf", false, 15).quality.value == Approx(scores(11, 15).second));
  CHECK(row(found, "bleu", true, 15).quality.value == Approx(scores(1, 15).first));
  CHECK(row(found, "chrf", true, 40).quality.value == Approx(scores(1, 40).second));
  CHECK(finding(found, "bleu").value.value() == Approx(scores(1, 40).first));
  CHECK(row(found, "bleu", false, 15).mean_length == Approx(13));
}

TEST_CASE("Intervals contain the value, narrow with more sentences, and follow the seed") {
  const auto keep = [](int) { return 0.7; };
  const LengthStudy small = study(planted(200, 5, keep), quick());
  const LengthStudy large = study(planted(5000, 5, keep), quick());
  const auto width = [](const LengthStudy& of) {
    const Estimate& quality = row(of, "bleu", true, 40).quality;
    CHECK(quality.low < quality.value);
    CHECK(quality.value < quality.high);
    return quality.high - quality.low;
  };
  CHECK(width(large) < width(small) / 3);

  LengthOptions other = quick();
  other.seed = 2;
  const Text text = planted(200, 5, keep);
  CHECK(finding(study(text, quick()), "bleu").low == finding(small, "bleu").low);
  CHECK(finding(study(text, other), "bleu").low != finding(small, "bleu").low);
}

TEST_CASE("An interval of 95 % holds the truth about 95 times in 100", "[slow]") {
  const auto keep = [](int) { return 0.6; };
  const double truth = finding(study(planted(100'000, 77, keep), quick()), "chrf").value.value();
  int hits = 0;
  for (std::uint64_t trial = 0; trial < 200; ++trial) {
    const LengthStudy found = study(planted(160, 1000 + trial, keep), quick());
    hits += finding(found, "chrf").low.value() <= truth && truth <= finding(found, "chrf").high.value();
  }
  CHECK(hits >= 174);
  CHECK(hits <= 200);
}

TEST_CASE("Bins with few sentences are shown but decide nothing") {
  Text text = planted(400, 6, [](int words) { return words <= 20 ? 1.0 : 0.9; });
  std::string outlier = "s";
  for (int i = 0; i < 90; ++i) outlier += " s";
  text.sources.push_back(outlier);
  text.references.push_back("right");
  text.hypotheses.push_back("wrong");
  const LengthStudy found = study(text, quick());
  CHECK(row(found, "bleu", false, 95).sentences == 1);
  CHECK(row(found, "bleu", false, 95).thin);
  CHECK_FALSE(row(found, "bleu", false, 20).thin);
  CHECK_FALSE(row(found, "bleu", true, 95).thin);
  CHECK_FALSE(finding(found, "half_length").value.has_value());

  LengthOptions all = quick();
  all.min_sentences = 1;
  CHECK(finding(study(text, all), "half_length").value == 91);
}

// A bin of one sentence had an interval of no width, as if its score were known exactly.
TEST_CASE("One sentence has no interval, alone or in a bin of its own; two have one") {
  Text text;
  text.sources = {"s", "s s s s s s", "s s s s s s s"};
  text.references = {"one two three four five", "a b c d e f", "g h i j k l m"};
  text.hypotheses = {"one two three four six", "a b c d x f", "g h i j k l m"};
  const LengthStudy found = study(text, quick());
  const Estimate lone = row(found, "bleu", false, 5).quality;
  CHECK(lone.value > 0);
  CHECK(std::isnan(lone.low));
  CHECK(std::isnan(lone.high));
  CHECK(std::isnan(row(found, "chrf", true, 5).quality.high));
  const Estimate pair = row(found, "bleu", false, 10).quality;
  CHECK(pair.low < pair.value);
  CHECK(pair.value < pair.high);
  CHECK(finding(found, "bleu").low.has_value());

  const std::vector<std::string> one{"a b c d"};
  CHECK(finding(study_length(one, one, one, quick()), "bleu").value == Approx(100));
  CHECK_FALSE(finding(study_length(one, one, one, quick()), "bleu").low.has_value());
}

TEST_CASE("Too little text is said, not guessed") {
  const std::vector<std::string> one{"a b c"};
  const LengthStudy found = study_length(one, one, one, quick());
  CHECK_THAT(found.verdict, Catch::Contains("Too few sentences"));
  CHECK_FALSE(finding(found, "bleu_slope").value.has_value());
  CHECK_THROWS_AS(study_length({}, {}, {}, {}), InputError);
  CHECK_THROWS_WITH(study_length(one, {}, one, {}), Catch::Contains("1 source, 0 hypotheses, 1 reference"));
}

// "It is best at 6 to 10 words (0.0) and stays above half of that" used to be the verdict.
TEST_CASE("Where BLEU is 0 at every length, none is best") {
  Text text = planted(400, 3, [](int) { return 1.0; });
  for (std::string& hypothesis : text.hypotheses) hypothesis = "nothing";
  const LengthStudy found = study(text, quick());
  REQUIRE(finding(found, "bleu").value == 0);
  CHECK(found.verdict == "BLEU is 0.0 at every length with 20 or more sentences: there is nothing to compare.");
  CHECK_FALSE(finding(found, "best_length").value.has_value());
  CHECK_FALSE(finding(found, "half_length").value.has_value());
}

TEST_CASE("Length may be counted in characters, and empty or ill-formed sources have a place") {
  LengthOptions options = quick();
  options.unit = LengthUnit::kCharacters;
  const std::vector<std::string> sources{"안녕하세요", "", "\xff\xff", "こんにちは、世界"};
  const LengthStudy found = study_length(sources, sources, sources, options);
  CHECK(row(found, "bleu", false, 5).sentences == 3);
  CHECK(row(found, "bleu", false, 10).sentences == 1);
}

TEST_CASE("A study comes back from the ledger as it was written") {
  const isthmus::test::TemporaryFolder folder;
  Ledger ledger = Ledger::open(folder.file("l"));
  const auto made = isthmus::test::small_ledger(ledger);
  const Text text = planted(400, 8, [](int words) { return words <= 20 ? 1.0 : 0.1; });
  const LengthStudy found = study(text, quick());
  const AnalysisId id = ledger.add(AnalysisRow{.run = made.evaluate,
                                               .kind = "length",
                                               .checkpoint = made.checkpoint,
                                               .corpus = made.test,
                                               .verdict = found.verdict},
                                   std::vector{measurements_of(found.rows)}, found.findings);

  LedgerReader reader = LedgerReader::open(folder.file("l"));
  CHECK(reader.studies().at(0).verdict == found.verdict);
  CHECK(reader.studies(made.train).size() == 1);
  const std::vector<LengthQualityRow> rows = reader.length_quality(id);
  REQUIRE(rows.size() == found.rows.size());
  CHECK(rows[3].thin == row(found, "bleu", false, 20).thin);
  CHECK(rows[3].quality.low == row(found, "bleu", false, 20).quality.low);
  CHECK(reader.findings(id).size() == found.findings.size());
}

TEST_CASE("The middle 95 % of 0 … 1000") {
  std::vector<double> values;
  for (int i = 1000; i >= 0; --i) values.push_back(i);
  const Interval interval = middle_95(values);
  CHECK(interval.low == Approx(25));
  CHECK(interval.high == Approx(975));
  CHECK(middle_95({3}).low == 3);
  const double never = std::numeric_limits<double>::infinity();
  CHECK(middle_95({1, never, never}).high == never);
}
