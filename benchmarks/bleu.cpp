// Scores of 1,000 made-up lines of 13 words, of which 70 in 100 are right.
#include "evaluation/bleu.h"

#include <cmath>

#include "benchmarks/sample.h"
#include "evaluation/chrf.h"

namespace isthmus::bench {
namespace {

constexpr std::size_t kLines = 1000;

/// Frequent words are short and come often, as in text.
std::string random_word(Random& random) {
  const double rank = std::pow(20000.0, random.uniform());
  Random letters(static_cast<std::uint64_t>(rank));
  std::string word;
  for (auto left = static_cast<int>(2 + 0.7 * std::log(rank)); left > 0; --left) {
    word += static_cast<char>('a' + letters.below(26));
  }
  return word;
}

struct Lines {
  std::vector<std::string> hypotheses;
  std::vector<References> references;
};

Lines random_lines() {
  Lines lines;
  Random random(1);
  for (const Index length : sentence_lengths(kLines, Random(2))) {
    std::string hypothesis;
    std::string reference;
    for (Index i = 0; i < length; ++i) {
      const std::string word = random_word(random);
      reference += word + ' ';
      hypothesis += (random.uniform() < 0.7 ? word : random_word(random)) + ' ';
    }
    reference.back() = hypothesis.back() = '.';
    lines.hypotheses.push_back(std::move(hypothesis));
    lines.references.push_back({std::move(reference)});
  }
  return lines;
}

template <class Score>
void score_lines(benchmark::State& state, const Score& score) {
  const Lines lines = random_lines();
  for (auto _ : state) benchmark::DoNotOptimize(score(lines));
  state.counters["lines/s"] = per_second(static_cast<double>(state.iterations()) * kLines);
}

void bleu(benchmark::State& state, MetricTokenizer tokenize) {
  score_lines(state, [&](const Lines& lines) {
    return corpus_bleu(lines.hypotheses, lines.references, {.tokenize = tokenize}).score;
  });
}

void chrf(benchmark::State& state, const ChrfOptions& options) {
  score_lines(state, [&](const Lines& lines) { return corpus_chrf(lines.hypotheses, lines.references, options); });
}

BENCHMARK_CAPTURE(bleu, 13a, MetricTokenizer::k13a)->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(bleu, intl, MetricTokenizer::kIntl)->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(bleu, char, MetricTokenizer::kChar)->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(chrf, chrf, ChrfOptions{})->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(chrf, chrf++, ChrfOptions{.word_order = 2})->Unit(benchmark::kMillisecond);

}  // namespace
}  // namespace isthmus::bench
