#include "evaluation/significance.h"

#include <algorithm>
#include <array>
#include <cassert>
#include <cmath>
#include <limits>
#include <numeric>

#include "core/random.h"
#include "core/threads.h"
#include "evaluation/whole_rows.h"

namespace isthmus {
namespace {

using Sums = std::vector<double>;

void add_to(Sums& sums, SentenceStatistics::Row row) {
  for (std::size_t i = 0; i < sums.size(); ++i) sums[i] += row[i];
}

/// Below this many sums of rows, threads are not worth their start.
constexpr std::size_t kSumsForThreads = 1 << 20;

/// Calls work(piece) for every piece, on several threads where there are enough rows to add.
void for_each_piece(std::size_t pieces, std::size_t rows, const std::function<void(std::size_t)>& work) {
  ThreadPool pool(pieces * rows < kSumsForThreads ? 1 : available_processors());
  pool.run(pieces, [&work](std::size_t piece, std::size_t) { work(piece); });
}

/// As many draws of random.below(chosen.size()) as there is room for, several at once.
void draw(Random random, std::span<std::uint32_t> chosen) {
  __extension__ using Wide = unsigned __int128;
  const std::uint64_t n = chosen.size();
  std::array<std::uint64_t, 256> words;
  Random ahead = random;
  for (std::size_t begin = 0; begin < chosen.size(); begin += words.size()) {
    const auto block = chosen.subspan(begin, std::min(words.size(), chosen.size() - begin));
    ahead.fill(std::span(words).first(block.size()));
    bool rejected = false;  // by below(), where the low half is under n: one draw in 2⁶⁴/n
    for (std::size_t i = 0; i < block.size(); ++i) {
      const Wide product = Wide{words[i]} * n;
      rejected = rejected || static_cast<std::uint64_t>(product) < n;
      block[i] = static_cast<std::uint32_t>(product >> 64);
    }
    if (!rejected) continue;
    for (std::uint32_t& one : chosen) one = static_cast<std::uint32_t>(random.below(n));
    return;
  }
}

/// Of the sentences' numbers, where they have a short form.
std::optional<WholeRows> difference(const SentenceStatistics& a, const SentenceStatistics& b) {
  const auto ours = WholeRows::make(a.values(), a.width());
  if (!ours) return std::nullopt;
  const auto theirs = WholeRows::make(b.values(), b.width());
  return theirs ? WholeRows::difference(*ours, *theirs) : std::nullopt;
}

/// A share of random events, with the one that was observed among them: never 0 (Phipson & Smyth 2010).
double p_value(std::int64_t as_extreme, std::int64_t all) {
  return static_cast<double>(as_extreme + 1) / static_cast<double>(all + 1);
}

}  // namespace

std::vector<double> SentenceStatistics::sums() const {
  Sums sums(width_, 0);
  for (std::size_t i = 0; i < sentences(); ++i) add_to(sums, row(i));
  return sums;
}

double SentenceStatistics::score() const { return score_(sums()); }

void describe(OptionVisitor& visit, ResamplingOptions& options) {
  visit.group("Chance");
  visit("confidence", options.confidence, "each score with its 95 % interval, from bootstrap resamples");
  visit("paired-bs", options.paired_bs,
        "compare every system with the first by paired bootstrap, as papers do; its p is bold: of equal systems more "
        "than "
        "1 in 20 fall below .05");
  visit("paired-ar", options.paired_ar,
        "the same by paired approximate randomisation, which is exact but for the number of trials");
  visit("resamples", options.resamples, "of the bootstrap", between(100, 1000000));
  visit("trials", options.trials, "of the randomisation", between(100, 10000000));
  visit("seed", options.seed, "of both: the same seed gives the same intervals and p", at_least(0));
}

std::vector<double> bootstrap_scores(const SentenceStatistics& system, std::int64_t resamples, std::uint64_t seed) {
  const std::size_t sentences = system.sentences();
  assert(sentences > 0 && sentences <= std::numeric_limits<std::uint32_t>::max());
  const Random root(seed);
  const std::optional<WholeRows> whole = WholeRows::make(system.values(), system.width());
  std::vector<double> scores(static_cast<std::size_t>(resamples));
  for_each_piece(scores.size(), sentences, [&](std::size_t r) {
    std::vector<std::uint32_t> chosen(sentences);
    draw(root.split(r), chosen);
    Sums sums(system.width(), 0);
    if (whole) {
      whole->sum(chosen, sums);
    } else {
      for (const std::uint32_t sentence : chosen) add_to(sums, system.row(sentence));
    }
    scores[r] = system.score(sums);
  });
  return scores;
}

Confidence confidence(const std::vector<double>& scores) {
  return {std::accumulate(scores.begin(), scores.end(), 0.0) / static_cast<double>(scores.size()), middle_95(scores)};
}

double paired_bootstrap(double baseline, double system, std::span<const double> baseline_resamples,
                        std::span<const double> system_resamples) {
  assert(baseline_resamples.size() == system_resamples.size());
  std::vector<double> differences;
  for (std::size_t r = 0; r < baseline_resamples.size(); ++r) {
    differences.push_back(std::abs(system_resamples[r] - baseline_resamples[r]));
  }
  const auto count = static_cast<std::int64_t>(differences.size());
  const double mean = std::accumulate(differences.begin(), differences.end(), 0.0) / static_cast<double>(count);
  const double observed = std::abs(system - baseline);
  const auto [least, most] = std::minmax_element(differences.begin(), differences.end());
  if (*least == *most) return 1;
  std::int64_t as_extreme = 0;
  for (const double difference : differences) as_extreme += difference - mean >= observed ? 1 : 0;
  return p_value(as_extreme, count);
}

double paired_randomisation(const SentenceStatistics& baseline, const SentenceStatistics& system, std::int64_t trials,
                            std::uint64_t seed) {
  assert(baseline.sentences() == system.sentences() && baseline.width() == system.width());
  const double observed = std::abs(system.score() - baseline.score());
  const Random root(seed);
  const std::size_t sentences = baseline.sentences();
  const auto whole = difference(system, baseline);
  const Sums baseline_sums = baseline.sums(), system_sums = system.sums();
  std::vector<char> extreme(static_cast<std::size_t>(trials));
  for_each_piece(extreme.size(), sentences, [&](std::size_t trial) {
    std::vector<std::uint64_t> coins((sentences + 63) / 64);  // those that are 1 change places
    Random random = root.split(trial);
    random.fill(coins);
    Sums one(baseline.width(), 0), other(baseline.width(), 0);
    if (whole) {
      whole->sum_where(coins, one);
      for (std::size_t i = 0; i < one.size(); ++i) {
        other[i] = system_sums[i] - one[i];
        one[i] += baseline_sums[i];
      }
    } else {
      for (std::size_t i = 0; i < sentences; ++i) {
        const bool change = (coins[i / 64] >> (i % 64) & 1) != 0;
        add_to(one, (change ? system : baseline).row(i));
        add_to(other, (change ? baseline : system).row(i));
      }
    }
    extreme[trial] = std::abs(system.score(one) - system.score(other)) >= observed;
  });
  const auto as_extreme = std::count(extreme.begin(), extreme.end(), char{1});
  return p_value(as_extreme, trials);
}

}  // namespace isthmus
