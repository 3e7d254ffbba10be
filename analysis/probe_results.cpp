#include "analysis/probe_results.h"

#include <algorithm>
#include <cmath>
#include <utility>

#include "analysis/estimates.h"
#include "core/random.h"
#include "evaluation/interval.h"

namespace isthmus {
namespace {

/// Σ right and Σ weight of each sentence and seed.
struct Tally {
  Eigen::MatrixXd right = {}, weight = {};  // sentences × seeds; empty: nothing yet
  std::int64_t judged = 0;

  void add(const ProbeRun& run, std::size_t sentences, std::size_t seeds) {
    if (right.size() == 0) {
      right.setZero(static_cast<Index>(sentences), static_cast<Index>(seeds));
      weight = right;
    }
    for (std::size_t i = 0; i < run.sentence.size(); ++i) {
      right(static_cast<Index>(run.sentence[i]), run.seed) += run.result.right[i];
      weight(static_cast<Index>(run.sentence[i]), run.seed) += run.result.weight[i];
      judged += run.result.weight[i] > 0 ? 1 : 0;
    }
  }
};

/// An accuracy in percent and its values in the resamples.
struct Sampled {
  double value = 0;
  std::vector<double> resampled = {};

  Sampled minus(const Sampled& other) const {
    Sampled difference{value - other.value, resampled};
    for (std::size_t r = 0; r < resampled.size(); ++r) difference.resampled[r] -= other.resampled[r];
    return difference;
  }
  Estimate estimate() const {
    std::vector<double> values = resampled;
    std::erase_if(values, [](double x) { return std::isnan(x); });
    if (values.empty()) return {value, std::nan(""), std::nan("")};
    const Interval interval = middle_95(std::move(values));
    return {value, interval.low, interval.high};
  }
};

/// How often each sentence and each seed is drawn in each resample.
class Resamples {
 public:
  Resamples(std::size_t sentences, std::size_t seeds, std::int64_t resamples, std::int64_t seed)
      : sentences_(draw(sentences, resamples, Random(static_cast<std::uint64_t>(seed)).split(1))),
        seeds_(draw(seeds, resamples, Random(static_cast<std::uint64_t>(seed)).split(2))) {}

  Sampled accuracy(const Tally& tally) const {
    if (tally.judged == 0) {
      return {std::nan(""), std::vector<double>(static_cast<std::size_t>(seeds_.rows()), std::nan(""))};
    }
    const Eigen::VectorXd right = (sentences_ * tally.right).cwiseProduct(seeds_).rowwise().sum();
    const Eigen::VectorXd weight = (sentences_ * tally.weight).cwiseProduct(seeds_).rowwise().sum();
    Sampled sampled{100 * tally.right.sum() / tally.weight.sum()};
    for (Index r = 0; r < right.size(); ++r) sampled.resampled.push_back(100 * right[r] / weight[r]);
    return sampled;
  }

 private:
  static Eigen::MatrixXd draw(std::size_t count, std::int64_t resamples, const Random& root) {
    Eigen::MatrixXd counts = Eigen::MatrixXd::Zero(resamples, static_cast<Index>(count));
    for (std::int64_t r = 0; r < resamples; ++r) {
      Random random = root.split(static_cast<std::uint64_t>(r));
      for (std::size_t draws = 0; draws < count; ++draws) counts(r, static_cast<Index>(random.below(count))) += 1;
    }
    return counts;
  }

  Eigen::MatrixXd sentences_, seeds_;  // resamples × sentences, resamples × seeds
};

/// The tallies of a task at a position.
struct TaskTallies {
  std::string task = {};
  int position = 0;
  Tally features[4] = {};
  Tally random_labels = {};
};

TaskTallies& tallies_of(std::vector<TaskTallies>& all, const std::string& task, int position) {
  const auto found = std::find_if(all.begin(), all.end(),
                                  [&](const TaskTallies& one) { return one.task == task && one.position == position; });
  return found != all.end() ? *found : all.emplace_back(TaskTallies{.task = task, .position = position});
}

ProbeComparison comparison_of(const TaskTallies& tallies, const Resamples& resamples) {
  const auto accuracy = [&](ProbeFeatures features) {
    return resamples.accuracy(tallies.features[static_cast<std::size_t>(features)]);
  };
  const Sampled context = accuracy(ProbeFeatures::kContext);
  const Sampled untrained = accuracy(ProbeFeatures::kUntrained);
  const Sampled embeddings = accuracy(ProbeFeatures::kEmbeddings);
  const Sampled majority = accuracy(ProbeFeatures::kMajority);
  const Sampled random = resamples.accuracy(tallies.random_labels);
  return {.task = tallies.task,
          .position = tallies.position,
          .context = context.estimate(),
          .untrained = untrained.estimate(),
          .embeddings = embeddings.estimate(),
          .majority = majority.estimate(),
          .random_labels = random.estimate(),
          .over_untrained = context.minus(untrained).estimate(),
          .over_embeddings = context.minus(embeddings).estimate(),
          .over_majority = context.minus(majority).estimate(),
          .selectivity = context.minus(random).estimate(),
          .judged = tallies.features[0].judged};
}

MeasuredValue position_of(int position) {
  return position == 0 ? MeasuredValue() : MeasuredValue(std::int64_t{position});
}

}  // namespace

std::vector<ProbeComparison> compare_probes(std::span<const ProbeRun> runs, std::size_t sentences, std::size_t seeds,
                                            std::int64_t resamples, std::int64_t seed) {
  std::vector<TaskTallies> all;
  for (const ProbeRun& run : runs) {
    std::vector<int> places{0};
    if (run.position != 0) places.push_back(run.position);
    for (const int position : places) {
      TaskTallies& tallies = tallies_of(all, run.task, position);
      if (!run.random_labels) tallies.features[static_cast<std::size_t>(run.features)].add(run, sentences, seeds);
      if (run.random_labels && run.features == ProbeFeatures::kContext)
        tallies.random_labels.add(run, sentences, seeds);
    }
  }
  const Resamples drawn(sentences, seeds, resamples, seed);
  std::vector<ProbeComparison> comparisons;
  for (const TaskTallies& tallies : all) comparisons.push_back(comparison_of(tallies, drawn));
  return comparisons;
}

MeasurementRows rows_of(std::span<const ProbeRun> runs) {
  MeasurementRows rows{.table = "probe",
                       .columns = {"task", "position", "features", "labels", "seed", "l2", "train_accuracy",
                                   "dev_accuracy", "test_accuracy", "n"}};
  for (const ProbeRun& run : runs) {
    const std::vector<double>& weight = run.result.weight;
    rows.rows.push_back({run.task, position_of(run.position), std::string(name_of(run.features)),
                         std::string(run.random_labels ? "random" : "true"), run.seed + 1, run.result.l2,
                         100 * run.result.train, 100 * run.result.dev, 100 * run.result.test,
                         std::count_if(weight.begin(), weight.end(), [](double w) { return w > 0; })});
  }
  return rows;
}

MeasurementRows rows_of(std::span<const ProbeComparison> comparisons) {
  MeasurementRows rows{.table = "probe_comparison", .columns = {"task", "position", "n"}};
  const std::pair<const char*, Estimate ProbeComparison::*> estimates[] = {
      {"context", &ProbeComparison::context},
      {"untrained", &ProbeComparison::untrained},
      {"embeddings", &ProbeComparison::embeddings},
      {"majority", &ProbeComparison::majority},
      {"random_labels", &ProbeComparison::random_labels},
      {"over_untrained", &ProbeComparison::over_untrained},
      {"over_embeddings", &ProbeComparison::over_embeddings},
      {"over_majority", &ProbeComparison::over_majority},
      {"selectivity", &ProbeComparison::selectivity}};
  for (const auto& [name, estimate] : estimates) {
    for (const char* end : {"", "_low", "_high"}) rows.columns.push_back(std::string(name) + end);
  }
  for (const ProbeComparison& comparison : comparisons) {
    std::vector<MeasuredValue> row{comparison.task, position_of(comparison.position), comparison.judged};
    for (const auto& [name, member] : estimates) {
      const Estimate& estimate = comparison.*member;
      row.insert(row.end(), {estimate.value, estimate.low, estimate.high});
    }
    rows.rows.push_back(std::move(row));
  }
  return rows;
}

std::vector<FindingRow> findings_of(std::span<const ProbeComparison> comparisons) {
  std::vector<FindingRow> findings;
  for (const ProbeComparison& one : comparisons) {
    if (one.position != 0) continue;
    findings.push_back(finding(one.task, "%", one.context));
    findings.push_back(finding(one.task + "_over_embeddings", "points", one.over_embeddings));
    findings.push_back(finding(one.task + "_over_untrained", "points", one.over_untrained));
    findings.push_back(finding(one.task + "_selectivity", "points", one.selectivity));
  }
  return findings;
}

}  // namespace isthmus
