// BLEU by SQL equals BLEU by the scorer, for the whole and for any slice.
#include <chrono>

#include "core/random.h"
#include "ledger/ledger_reader.h"
#include "tests/catch.h"
#include "tests/ledger/fixture.h"

using namespace isthmus;
using isthmus::test::Sql;
using isthmus::test::TemporaryFolder;

namespace {

struct Corpus {
  std::vector<std::string> sources, references, hypotheses;
};

/// References of random words; hypotheses that repeat a part of them.
Corpus random_corpus(int lines, std::uint64_t seed) {
  Random random(seed);
  Corpus corpus;
  for (int i = 0; i < lines; ++i) {
    std::string reference, hypothesis, source;
    const std::uint64_t words = 1 + random.below(24);
    for (std::uint64_t w = 0; w < words; ++w) {
      const std::string word = "w" + std::to_string(random.below(50));
      reference += word + " ";
      if (random.uniform() < 0.9) hypothesis += (random.uniform() < 0.8 ? word : "other") + " ";
      source += "s ";
    }
    corpus.sources.push_back(source);
    corpus.references.push_back(reference);
    corpus.hypotheses.push_back(hypothesis);
  }
  return corpus;
}

DecodeId write(Ledger& ledger, const Corpus& corpus, const BleuOptions& options) {
  const RunId run = ledger.begin_run({.command = "evaluate"});
  const CorpusId id = ledger.add_corpus(run, {.name = "c"}, "test", corpus.sources, corpus.references);
  const DecodeId decode = ledger.add(DecodeRow{.run = run, .corpus = id}, isthmus::test::rows_of(corpus.hypotheses));
  ledger.add(ScoringRow{.decode = decode, .metric = "bleu", .signature = bleu_signature(options, "1"), .value = -1},
             bleu_statistics(corpus.hypotheses, single_references(corpus.references), options));
  return decode;
}

double score(const Corpus& corpus, const BleuOptions& options) {
  return corpus_bleu(corpus.hypotheses, single_references(corpus.references), options).score;
}

}  // namespace

TEST_CASE("The view bleu gives corpus BLEU, its precisions and brevity penalty") {
  const TemporaryFolder folder;
  const std::string path = folder.file("l");
  Ledger ledger = Ledger::open(path);
  const Corpus corpus = random_corpus(200, 3);
  write(ledger, corpus, {});
  const BleuScore expected = corpus_bleu(corpus.hypotheses, single_references(corpus.references));
  Sql sql(path);
  CHECK(expected.score > 10);
  CHECK(sql.number("SELECT bleu FROM bleu") == Approx(expected.score).epsilon(1e-12));
  CHECK(sql.number("SELECT precision3 FROM bleu") == Approx(expected.precisions[2]).epsilon(1e-12));
  CHECK(sql.number("SELECT brevity_penalty FROM bleu") == Approx(expected.brevity_penalty).epsilon(1e-12));
  CHECK(sql.number("SELECT length_ratio FROM bleu") == Approx(expected.length_ratio()).epsilon(1e-12));
  CHECK(sql.integer("SELECT sentences FROM bleu") == 200);
}

TEST_CASE("BLEU of the lines of each length is that of a corpus of these lines") {
  const TemporaryFolder folder;
  const std::string path = folder.file("l");
  Ledger ledger = Ledger::open(path);
  const Corpus corpus = random_corpus(300, 4);
  write(ledger, corpus, {});
  const std::vector<LengthSlice> slices = LedgerReader::open(path).bleu_by_length();
  REQUIRE(slices.size() == 5);
  for (const LengthSlice& slice : slices) {
    Corpus part;
    for (std::size_t i = 0; i < corpus.sources.size(); ++i) {
      const std::int64_t words = static_cast<std::int64_t>(corpus.sources[i].size()) / 2;
      if (words < slice.from_words || words > slice.to_words) continue;
      part.hypotheses.push_back(corpus.hypotheses[i]);
      part.references.push_back(corpus.references[i]);
    }
    INFO(slice.from_words);
    CHECK(slice.sentences == static_cast<std::int64_t>(part.hypotheses.size()));
    CHECK(slice.bleu.value() == Approx(score(part, {})).epsilon(1e-12));
  }
}

TEST_CASE("Orders without a match, empty hypotheses and other smoothings agree with the scorer") {
  const Corpus corpora[] = {{{"a"}, {"one two three four five"}, {"one two three x five"}},   // no 4-gram
                            {{"a"}, {"one two three four five"}, {"five one x four three"}},  // 1-grams only
                            {{"a"}, {"one two three four five"}, {"x y z u v"}},              // nothing
                            {{"a"}, {"one two three four five"}, {""}},                       // empty
                            {{"a"}, {"one two"}, {"one two"}},                                // too short for 4-grams
                            {{"a"}, {""}, {"one two three four"}},                            // empty reference
                            {{"a"}, {"one two three four five"}, {"one two three four five"}}};  // perfect
  for (const Smoothing smoothing : {Smoothing::kExp, Smoothing::kNone, Smoothing::kFloor, Smoothing::kAddK}) {
    BleuOptions options;
    options.smooth_method = smoothing;
    for (const Corpus& corpus : corpora) {
      const TemporaryFolder folder;
      Ledger ledger = Ledger::open(folder.file("l"));
      write(ledger, corpus, options);
      Sql sql(folder.file("l"));
      INFO(corpus.hypotheses[0] << " | " << name_of(smoothing));
      if (smoothing == Smoothing::kExp || smoothing == Smoothing::kNone) {
        CHECK(sql.number("SELECT bleu FROM bleu") == Approx(score(corpus, options)).margin(1e-9));
      } else {
        // Not a function of sums alone: the stored value stands.
        CHECK(sql.number("SELECT bleu FROM bleu") == -1);
        CHECK(sql.is_null("SELECT bleu FROM bleu_by_length"));
      }
    }
  }
}

TEST_CASE("Only the best hypothesis counts") {
  const TemporaryFolder folder;
  Ledger ledger = Ledger::open(folder.file("l"));
  const RunId run = ledger.begin_run({.command = "evaluate"});
  const std::vector<std::string> lines{"one two three four"};
  const CorpusId corpus = ledger.add_corpus(run, {.name = "c"}, "test", lines, lines);
  const std::vector<HypothesisRow> nbest{{.line = 1, .rank = 2, .text = "bad"},
                                         {.line = 1, .rank = 1, .text = "one two three four"}};
  const DecodeId decode = ledger.add(DecodeRow{.run = run, .corpus = corpus}, nbest);
  ledger.add(ScoringRow{.decode = decode, .metric = "bleu", .signature = bleu_signature({}, "1")},
             bleu_statistics(lines, single_references(lines), {}));
  Sql sql(folder.file("l"));
  CHECK(sql.number("SELECT bleu FROM bleu") == Approx(100));
  CHECK(sql.text("SELECT hypothesis FROM translations") == lines[0]);
  CHECK(sql.integer("SELECT sentences FROM decodes") == 1);
}

TEST_CASE("A hundred thousand hypotheses with statistics are written in seconds", "[slow]") {
  const TemporaryFolder folder;
  Ledger ledger = Ledger::open(folder.file("l"));
  const Corpus corpus = random_corpus(100'000, 5);
  const auto begin = std::chrono::steady_clock::now();
  write(ledger, corpus, {});
  const double seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count();
  WARN("100,000 lines: " << seconds << " s");
  CHECK(Sql(folder.file("l")).number("SELECT bleu FROM bleu") == Approx(score(corpus, {})).epsilon(1e-12));
  CHECK(seconds < 60);
}
