// Intervals and p against what follows from their definitions, and against sacreBLEU 2.6.0's, which draws other random
// numbers, on our own sentences.
#include "evaluation/significance.h"

#include <cmath>
#include <vector>

#include "core/random.h"
#include "tests/catch.h"

using namespace isthmus;

namespace {

/// A metric whose score is 100 times the share of sentences that are right.
SentenceStatistics accuracy(const std::vector<int>& right) {
  SentenceStatistics statistics(2, [](SentenceStatistics::Row sums) { return 100 * sums[0] / sums[1]; });
  for (const int value : right) statistics.add(std::vector<double>{static_cast<double>(value), 1});
  return statistics;
}

std::vector<int> coins(std::size_t count, double share, std::uint64_t seed) {
  Random random(seed);
  std::vector<int> values;
  for (std::size_t i = 0; i < count; ++i) values.push_back(random.uniform() < share ? 1 : 0);
  return values;
}

double bootstrap_p(const SentenceStatistics& a, const SentenceStatistics& b, std::uint64_t seed = 12345) {
  return paired_bootstrap(a.score(), b.score(), bootstrap_scores(a, 1000, seed), bootstrap_scores(b, 1000, seed));
}

}  // namespace

TEST_CASE("The interval of a share is that of the binomial distribution") {
  const SentenceStatistics system = accuracy(coins(400, 0.5, 7));
  const Confidence found = confidence(bootstrap_scores(system, 4000, 1));
  const double share = system.score() / 100;
  const double half = 196 * std::sqrt(share * (1 - share) / 400);
  CHECK(found.mean == Approx(system.score()).margin(0.15));
  CHECK(found.half_width() == Approx(half).epsilon(0.05));
  CHECK(found.interval.low < system.score());
  CHECK(found.interval.high > system.score());
}

TEST_CASE("Equal systems are never significant") {
  const SentenceStatistics system = accuracy(coins(200, 0.4, 3));
  CHECK(bootstrap_p(system, system) == 1);
  CHECK(paired_randomisation(system, system, 1000, 12345) == 1);
  const SentenceStatistics always = accuracy(std::vector<int>(50, 1));
  CHECK(bootstrap_p(always, always) == 1);
  // Resamples that do not vary tell nothing.
  CHECK(bootstrap_p(always, accuracy(std::vector<int>(50, 0))) == 1);
}

TEST_CASE("Randomisation of few sentences comes near the share of all swaps") {
  // Four sentences differ, all in one direction: of the 16 ways to swap them two are as extreme.
  const SentenceStatistics better = accuracy({1, 1, 1, 1, 0, 1}), worse = accuracy({0, 0, 0, 0, 0, 1});
  CHECK(paired_randomisation(worse, better, 20000, 5) == Approx(2.0 / 16).margin(0.01));
  CHECK(paired_randomisation(better, worse, 20000, 5) == paired_randomisation(worse, better, 20000, 5));
}

TEST_CASE("Both tests tell a real difference, and of equals call one in twenty significant") {
  CHECK(bootstrap_p(accuracy(coins(500, 0.4, 1)), accuracy(coins(500, 0.6, 2))) == Approx(1.0 / 1001));
  CHECK(paired_randomisation(accuracy(coins(500, 0.4, 1)), accuracy(coins(500, 0.6, 2)), 1000, 1) ==
        Approx(1.0 / 1001));
  int bootstrap = 0, randomisation = 0;
  constexpr int kTrials = 200;
  for (std::uint64_t trial = 0; trial < kTrials; ++trial) {
    const SentenceStatistics a = accuracy(coins(150, 0.5, 1000 + trial)), b = accuracy(coins(150, 0.5, 5000 + trial));
    randomisation += paired_randomisation(a, b, 200, trial) < 0.05 ? 1 : 0;
    const double p =
        paired_bootstrap(a.score(), b.score(), bootstrap_scores(a, 200, trial), bootstrap_scores(b, 200, trial));
    bootstrap += p < 0.05 ? 1 : 0;
  }
  // Three deviations about 10 of 200. Koehn's test is known to be bolder than randomisation is.
  CHECK(randomisation <= 19);
  CHECK(randomisation >= 1);
  CHECK(bootstrap <= 40);
}

TEST_CASE("The same seed gives the same numbers, another one others") {
  const SentenceStatistics a = accuracy(coins(100, 0.5, 1)), b = accuracy(coins(100, 0.6, 2));
  CHECK(bootstrap_scores(a, 50, 9) == bootstrap_scores(a, 50, 9));
  CHECK(bootstrap_scores(a, 50, 9) != bootstrap_scores(a, 50, 10));
  CHECK(paired_randomisation(a, b, 500, 9) == paired_randomisation(a, b, 500, 9));
}

// What is drawn and summed several at once must be what the definitions say, one at a time.
TEST_CASE(
    "Resamples and trials are those of a plain loop, for counts and for other numbers, on one thread and on many") {
  for (const double unit : {1.0, 0.5, 1e6}) {
    for (const std::size_t sentences : {2, 65, 700}) {
      const auto score = [](SentenceStatistics::Row sums) { return sums[0] / (1 + sums[1] + sums[2]); };
      SentenceStatistics a(3, score), b(3, score);
      Random random(sentences);
      for (std::size_t i = 0; i < sentences; ++i) {
        for (SentenceStatistics* each : {&a, &b}) {
          each->add(std::vector<double>{unit * static_cast<double>(random.below(40)),
                                        unit * static_cast<double>(random.below(50)), 1});
        }
      }
      const std::int64_t count = sentences == 700 ? 1600 : 100;  // the last is enough for threads
      std::vector<double> expected;
      std::int64_t extreme = 0;
      const double observed = std::abs(b.score() - a.score());
      for (std::int64_t r = 0; r < count; ++r) {
        Random draws = Random(9).split(static_cast<std::uint64_t>(r));
        std::vector<double> sums(3, 0);
        for (std::size_t i = 0; i < sentences; ++i) {
          const auto row = a.row(draws.below(sentences));
          for (std::size_t k = 0; k < 3; ++k) sums[k] += row[k];
        }
        expected.push_back(score(sums));
        Random tosses = Random(9).split(static_cast<std::uint64_t>(r));
        std::uint64_t coins = 0;
        std::vector<double> one(3, 0), other(3, 0);
        for (std::size_t i = 0; i < sentences; ++i, coins >>= 1) {
          if (i % 64 == 0) coins = tosses.bits();
          for (std::size_t k = 0; k < 3; ++k) {
            one[k] += ((coins & 1) != 0 ? b : a).row(i)[k];
            other[k] += ((coins & 1) != 0 ? a : b).row(i)[k];
          }
        }
        extreme += std::abs(score(one) - score(other)) >= observed;
      }
      CHECK(bootstrap_scores(a, count, 9) == expected);
      CHECK(paired_randomisation(a, b, count, 9) == static_cast<double>(extreme + 1) / static_cast<double>(count + 1));
    }
  }
}
