#include "analysis/probes.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <iterator>
#include <numeric>
#include <set>

#include "analysis/laboratory.h"
#include "analysis/linear_probe.h"
#include "analysis/probe_results.h"
#include "analysis/probe_tasks.h"
#include "analysis/study.h"
#include "core/error.h"
#include "core/interrupt.h"

namespace isthmus {
namespace {

constexpr int kLengthBins = 6;
constexpr double kContentShare = 1.0 / 3;
constexpr std::size_t kContentLeast = 20;
constexpr std::size_t kRecallClasses = 100;
constexpr int kPairs = 2;
constexpr std::size_t kLeastSentences = 50;
/// Features that a probe is fitted to; the majority needs none.
constexpr std::size_t kFitted = 3;

/// What the streams of a seed are for; those of the tasks' random labels follow.
enum Stream : std::uint64_t { kSplit, kUntrained, kShift, kPairsDrawn, kRandomLabels };

struct Task {
  std::string name;
  int position = 0;
  ProbeLabels labels;
};

/// Samples that are split and read alike, and all that is asked of them.
struct SampleSet {
  std::vector<std::size_t> sentence;  // by sample
  ProbeSplit split;
  std::vector<Task> tasks;
};

using FeatureMatrices = std::array<Matrix<float>, kFitted>;  // by ProbeFeatures: features × samples

/// All that the probes of one seed read.
struct SeedBench {
  ProbeSplit split;  // of sentences
  SampleSet sentences, shifted, ordered;
  FeatureMatrices of_sentences, of_shifted;
  OrderPairs pairs;
};

Arena<float>::ConstMap source_embeddings(const Laboratory& laboratory) {
  const auto& tensors = laboratory.network().layout().tensors();
  const auto found = std::find_if(tensors.begin(), tensors.end(),
                                  [](const TensorInfo& tensor) { return tensor.name == "encoder.embedding"; });
  return laboratory.values()[TensorId{static_cast<int>(found - tensors.begin())}];
}

/// Column i: the mean embedding of sentence i's pieces.
Matrix<float> bags_of_words(const Laboratory& laboratory, std::span<const Sentence> sentences) {
  const auto table = source_embeddings(laboratory);
  Matrix<float> bags = Matrix<float>::Zero(table.rows(), static_cast<Index>(sentences.size()));
  for (std::size_t i = 0; i < sentences.size(); ++i) {
    // In the order of their numbers: the same bag gives the same bits.
    Sentence pieces = sentences[i];
    std::sort(pieces.begin(), pieces.end());
    for (const TokenId piece : pieces) bags.col(static_cast<Index>(i)) += table.col(piece);
    bags.col(static_cast<Index>(i)) /= static_cast<float>(pieces.size());
  }
  return bags;
}

FeatureMatrices features_of(Laboratory& laboratory, std::span<const Sentence> sentences, const Arena<float>& fresh) {
  return {vectors_of(laboratory.encode(sentences)), vectors_of(laboratory.encode(sentences, fresh)),
          bags_of_words(laboratory, sentences)};
}

/// Sentences with pieces, each once, so that none is learnt from and tested on; at most so many are drawn.
std::vector<Sentence> choose_sentences(const Laboratory& laboratory, std::int64_t most, Random random) {
  std::vector<std::size_t> numbers;
  std::set<Sentence> seen;
  for (std::size_t i = 0; i < laboratory.size(); ++i) {
    const Sentence& sentence = laboratory.sources()[i];
    if (!sentence.empty() && seen.insert(sentence).second) numbers.push_back(i);
  }
  if (numbers.size() < kLeastSentences) {
    throw InputError(fmt::format("the probes need {} different source sentences or more to learn from; the text has {}",
                                 kLeastSentences, numbers.size()));
  }
  if (numbers.size() > static_cast<std::size_t>(most)) {
    random.shuffle(numbers);
    numbers.resize(static_cast<std::size_t>(most));
    std::sort(numbers.begin(), numbers.end());
  }
  std::vector<Sentence> chosen;
  for (const std::size_t i : numbers) chosen.push_back(laboratory.sources()[i]);
  return chosen;
}

/// The tasks that ask of whole sentences; the same for every seed.
std::vector<Task> sentence_tasks(std::span<const Sentence> sentences, const ProbeOptions& options) {
  std::vector<Task> tasks{{"length", 0, length_labels(sentences, kLengthBins)}};
  const std::vector<TokenId> words =
      content_pieces(sentences, static_cast<std::size_t>(options.words), kContentShare, kContentLeast);
  if (!words.empty()) tasks.push_back({"content", 0, content_labels(sentences, words)});
  const std::vector<TokenId> pieces = frequent_pieces(sentences, kRecallClasses);
  for (const int side : {1, -1}) {
    for (int place = 1; place <= options.positions; ++place) {
      const ProbeLabels labels = recall_labels(sentences, side * place, pieces);
      const auto judged = (labels.values.array() >= 0).count();
      if (judged >= static_cast<Index>(kLeastSentences)) tasks.push_back({"recall", side * place, labels});
    }
  }
  return tasks;
}

SeedBench prepare(Laboratory& laboratory, std::span<const Sentence> sentences, std::vector<Task> tasks,
                  const Random& random) {
  SeedBench bench;
  bench.split = random_split(sentences.size(), random.split(kSplit));
  std::vector<std::size_t> each(sentences.size());
  std::iota(each.begin(), each.end(), std::size_t{0});
  bench.sentences = {each, bench.split, std::move(tasks)};
  Arena<float> fresh(laboratory.network().layout());
  initialise(random.split(kUntrained), fresh);
  bench.of_sentences = features_of(laboratory, sentences, fresh);
  ShiftedSentences shifted = shift_neighbours(sentences, random.split(kShift));
  if (shifted.sentence.size() >= kLeastSentences) {
    bench.of_shifted = features_of(laboratory, shifted.pieces, fresh);
    bench.shifted = {
        shifted.sentence, split_of_samples(bench.split, shifted.sentence), {{"shift", 0, std::move(shifted.labels)}}};
  }
  bench.pairs = order_pairs(sentences, kPairs, random.split(kPairsDrawn));
  if (bench.pairs.sentence.size() >= kLeastSentences) {
    bench.ordered = {
        bench.pairs.sentence, split_of_samples(bench.split, bench.pairs.sentence), {{"order", 0, bench.pairs.labels}}};
  }
  return bench;
}

/// Of (1, c)⊗(e_first − e_second), the products of which are those of the factors multiplied: a probe that is bilinear
/// in the vector and the words. The 1 stands for what the words alone tell, as that one of them tends to come first.
Eigen::MatrixXd order_kernel(const Eigen::MatrixXd& of_sentences, const OrderPairs& pairs,
                             const Arena<float>::ConstMap& embeddings) {
  const auto count = static_cast<Index>(pairs.sentence.size());
  Eigen::MatrixXd differences(embeddings.rows(), count);
  for (Index i = 0; i < count; ++i) {
    const auto at = static_cast<std::size_t>(i);
    differences.col(i) = (embeddings.col(pairs.first[at]) - embeddings.col(pairs.second[at])).cast<double>();
  }
  Eigen::MatrixXd kernel = differences.transpose() * differences;
  for (Index j = 0; j < count; ++j) {
    for (Index i = 0; i < count; ++i) {
      kernel(i, j) *= 1 + of_sentences(static_cast<Index>(pairs.sentence[static_cast<std::size_t>(i)]),
                                       static_cast<Index>(pairs.sentence[static_cast<std::size_t>(j)]));
    }
  }
  return kernel / std::max(kernel.diagonal().mean(), 1e-30);
}

std::vector<ProbeLabels> true_and_random(const SampleSet& set, const Random& random) {
  std::vector<ProbeLabels> labels;
  for (const Task& task : set.tasks) labels.push_back(task.labels);
  for (std::size_t k = 0; k < set.tasks.size(); ++k) {
    labels.push_back(random_labels(labels[k], random.split(kRandomLabels + k)));
  }
  return labels;
}

std::vector<ProbeRun> runs_of(const SampleSet& set, std::vector<ProbeResult> results, ProbeFeatures features,
                              std::int64_t seed) {
  std::vector<ProbeRun> runs;
  std::vector<std::size_t> tested;
  for (const Index sample : set.split.test) tested.push_back(set.sentence[static_cast<std::size_t>(sample)]);
  for (std::size_t k = 0; k < results.size(); ++k) {
    const Task& task = set.tasks[k % set.tasks.size()];
    runs.push_back({task.name, task.position, features, k >= set.tasks.size(), seed, tested, std::move(results[k])});
  }
  return runs;
}

/// All probes of a seed.
std::vector<ProbeRun> run_seed(Laboratory& laboratory, const SeedBench& bench, std::int64_t seed,
                               const Random& random) {
  const auto embeddings = source_embeddings(laboratory);
  const SampleSet* sets[] = {&bench.ordered, &bench.sentences, &bench.shifted};  // the longest work first
  std::vector<std::vector<ProbeRun>> parts(std::size(sets) * kFitted);
  laboratory.threads().run(parts.size(), [&](std::size_t piece, std::size_t) {
    if (interrupted()) throw Interrupted();
    const SampleSet& set = *sets[piece / kFitted];
    const std::size_t features = piece % kFitted;
    if (set.tasks.empty()) return;
    Eigen::MatrixXd kernel = &set == &bench.shifted
                                 ? standardised_kernel(bench.of_shifted[features], set.split.train)
                                 : standardised_kernel(bench.of_sentences[features], bench.split.train);
    if (&set == &bench.ordered) kernel = order_kernel(kernel, bench.pairs, embeddings);
    parts[piece] = runs_of(set, fit_probes(kernel, set.split, true_and_random(set, random)),
                           static_cast<ProbeFeatures>(features), seed);
  });
  std::vector<ProbeRun> runs;
  for (const SampleSet* set : {&bench.sentences, &bench.shifted, &bench.ordered}) {
    std::vector<ProbeResult> majority;
    for (const Task& task : set->tasks) majority.push_back(majority_probe(set->split, task.labels));
    for (ProbeRun& run : runs_of(*set, std::move(majority), ProbeFeatures::kMajority, seed)) runs.push_back(run);
  }
  for (std::vector<ProbeRun>& part : parts) runs.insert(runs.end(), part.begin(), part.end());
  return runs;
}

}  // namespace

void describe(OptionVisitor& visit, ProbeOptions& options) {
  visit.group("Probes");
  visit("probe-sentences", options.sentences,
        "that many are drawn from a longer text; time grows with their cube, memory with their square",
        between(50, 5000));
  visit("probe-seeds", options.seeds, "splits into train, dev and test, with swaps and untrained encoders of their own",
        between(1, 1000));
  visit("probe-words", options.words, "pieces whose presence is asked for", between(1, 1000));
  visit("probe-positions", options.positions, "places from either end whose piece is asked for", between(1, 100));
}

StudyResult study_probes(Laboratory& laboratory, const StudyOptions& options) {
  const ProbeOptions& own = options.probes;
  const Random root(static_cast<std::uint64_t>(options.seed));
  const std::vector<Sentence> sentences = choose_sentences(laboratory, own.sentences, root.split(0));
  const std::vector<Task> tasks = sentence_tasks(sentences, own);
  laboratory.begin("probes", 2 * own.seeds);
  std::vector<ProbeRun> runs;
  for (std::int64_t seed = 0; seed < own.seeds; ++seed) {
    const Random random = root.split(static_cast<std::uint64_t>(seed) + 1);
    const SeedBench bench = prepare(laboratory, sentences, tasks, random);
    laboratory.advance();
    std::vector<ProbeRun> of_seed = run_seed(laboratory, bench, seed, random);
    std::move(of_seed.begin(), of_seed.end(), std::back_inserter(runs));
    laboratory.advance();
  }
  const std::vector<ProbeComparison> comparisons =
      compare_probes(runs, sentences.size(), static_cast<std::size_t>(own.seeds), options.resamples, options.seed);
  return {.tables = {rows_of(std::span<const ProbeComparison>(comparisons)), rows_of(std::span<const ProbeRun>(runs))},
          .findings = findings_of(comparisons),
          .verdict = probe_verdict(comparisons),
          .meaning = probe_meaning(comparisons)};
}

}  // namespace isthmus
