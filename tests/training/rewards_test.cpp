#include "training/rewards.h"

#include "evaluation/gleu.h"
#include "tests/catch.h"

namespace isthmus {
namespace {

const std::vector<std::string> kReferences = {
    "The ferry leaves at 9:45, so don't be late!",
    "Sie hat drei Bücher gekauft – für je 12,50 €.",
    "Ja.",
    "駅前の小さな店で、温かいスープを飲みました。",
    "",
};
const std::vector<std::string> kHypotheses = {
    "The ferry leaves at 9:45, do not be late.",
    "Sie kaufte drei Bücher für 12,50 €.",
    "Ja.",
    "Nein.",
    "駅前の店で温かいスープを飲んだ。",
    "",
};

TEST_CASE("rewards are the scores of the metrics between 0 and 1") {
  for (const MetricTokenizer tokenize : {MetricTokenizer::k13a, MetricTokenizer::kZh}) {
    const BleuOptions options = sentence_options({.tokenize = tokenize});
    RewardScorer bleu(RewardType::kBleu, tokenize);
    RewardScorer chrf(RewardType::kChrf, tokenize);
    RewardScorer gleu(RewardType::kGleu, tokenize);
    BleuCounter counter(options);
    for (const std::string& reference : kReferences) {
      const std::vector<std::string> references = {reference};
      for (RewardScorer* scorer : {&bleu, &chrf, &gleu}) scorer->set_reference(reference);
      counter.set_references(references);
      for (const std::string& hypothesis : kHypotheses) {
        CHECK(100 * bleu.score(hypothesis) == Approx(sentence_bleu(hypothesis, references, options).score));
        CHECK(100 * chrf.score(hypothesis) == Approx(sentence_chrf(hypothesis, references)));
        CHECK(gleu.score(hypothesis) == gleu_score(counter.count(hypothesis)));
        for (RewardScorer* scorer : {&bleu, &chrf, &gleu}) {
          CHECK(scorer->score(hypothesis) >= 0.0);
          CHECK(scorer->score(hypothesis) <= 1.0);
        }
      }
    }
  }
}

TEST_CASE("the reference itself earns 1, nothing earns 0, and the constant is constant") {
  for (const RewardType type : {RewardType::kBleu, RewardType::kChrf, RewardType::kGleu, RewardType::kConstant}) {
    RewardScorer scorer(type);
    for (const std::string& reference : kReferences) {
      scorer.set_reference(reference);
      const bool constant = type == RewardType::kConstant;
      CHECK(scorer.score("") == (constant ? 0.5 : 0.0));
      CHECK(scorer.score(" ") == (constant ? 0.5 : 0.0));
      if (!reference.empty()) CHECK(scorer.score(reference) == Approx(constant ? 0.5 : 1.0));
    }
  }
}

TEST_CASE("a partial match of a short sentence is worth something by every metric") {
  for (const RewardType type : {RewardType::kBleu, RewardType::kChrf, RewardType::kGleu}) {
    RewardScorer scorer(type);
    scorer.set_reference("Guten Morgen");
    CHECK(scorer.score("Guten Abend") > 0.0);
    CHECK(scorer.score("Guten Abend") < 1.0);
  }
}

/// A background of sentences that are all like this one.
BleuBackground background_of(const std::string& hypothesis, const std::string& reference, int sentences) {
  BleuCounter counter({});
  counter.set_references(std::vector{reference});
  BleuBackground background;
  for (int i = 0; i < sentences; ++i) background.add(counter.count(hypothesis));
  return background;
}

TEST_CASE("corpus BLEU as a reward is what a translation adds to the translations before it") {
  const std::string reference = "one two three four five six seven eight";
  const std::string middling = "one two three four five six nine ten";
  RewardScorer scorer(RewardType::kCorpusBleu), sentence(RewardType::kBleu);
  scorer.set_reference(reference);
  sentence.set_reference(reference);
  CHECK(scorer.score(middling) == sentence.score(middling));  // nothing before it

  const BleuBackground background = background_of(middling, reference, 50);
  scorer.set_background(background);
  const double bleu = bleu_score(background.statistics(), {}).score / 100;
  CHECK(scorer.score(middling) == Approx(bleu));  // more of the same
  CHECK(scorer.score(reference) > bleu);
  CHECK(scorer.score("nine") < bleu / 4);
  BleuStatistics all = background.statistics();
  all += scorer.statistics();
  CHECK(scorer.score("nine") == Approx((51 * bleu_score(all, {}).score - 50 * 100 * bleu) / 100));
}

TEST_CASE("corpus BLEU as a reward asks for length where the translations before were short") {
  const std::string reference = "one two three four five six seven eight";
  const auto worth_of_two_words = [&](const std::string& before) {
    RewardScorer scorer(RewardType::kCorpusBleu);
    scorer.set_background(background_of(before, reference, 50));
    scorer.set_reference(reference);
    return scorer.score("one two three four five six seven ten") - scorer.score("one two three four five six");
  };
  CHECK(worth_of_two_words("one two three four five six") > 0);
  CHECK(worth_of_two_words("one two three four five six seven eight nine ten") < 0);
}

TEST_CASE("the background fades, and is the same after its numbers were kept") {
  BleuBackground background = background_of("one two three four", "one two three four five", 100);
  background.fade();
  CHECK(background.sentences() == Approx(90));
  CHECK(background.statistics().hypothesis_length == 360);
  BleuBackground other;
  other.set_numbers(background.numbers());
  CHECK(other.statistics() == background.statistics());
}

}  // namespace
}  // namespace isthmus
