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

}  // namespace
}  // namespace isthmus
