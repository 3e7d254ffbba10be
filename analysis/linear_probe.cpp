#include "analysis/linear_probe.h"

#include <Eigen/Cholesky>
#include <algorithm>
#include <cmath>
#include <utility>

namespace isthmus {
namespace {

using Kind = ProbeLabels::Kind;

Eigen::MatrixXd block(const Eigen::MatrixXd& kernel, const std::vector<Index>& rows,
                      const std::vector<Index>& columns) {
  Eigen::MatrixXd part(rows.size(), columns.size());
  for (std::size_t j = 0; j < columns.size(); ++j) {
    for (std::size_t i = 0; i < rows.size(); ++i) {
      part(static_cast<Index>(i), static_cast<Index>(j)) = kernel(rows[i], columns[j]);
    }
  }
  return part;
}

/// The labels of some samples as numbers to be predicted: samples × outputs. A class is one output, 0 or 1.
Eigen::MatrixXd targets_of(const ProbeLabels& labels, const std::vector<Index>& rows) {
  const bool classes = labels.kind == Kind::kClass;
  Eigen::MatrixXd targets =
      Eigen::MatrixXd::Zero(static_cast<Index>(rows.size()), classes ? labels.classes : labels.values.cols());
  for (std::size_t i = 0; i < rows.size(); ++i) {
    const auto row = static_cast<Index>(i);
    if (!classes) {
      targets.row(row) = labels.values.row(rows[i]).cast<double>();
    } else if (const int value = labels.values(rows[i], 0); value >= 0) {
      targets(row, value) = 1;
    }
  }
  return targets;
}

/// Of each question of presence: the middle between the mean predictions of present and absent; +∞ where one is
/// missing.
Eigen::RowVectorXd thresholds(const Eigen::MatrixXd& predictions, const ProbeLabels& labels,
                              const std::vector<Index>& rows) {
  Eigen::RowVectorXd middles = Eigen::RowVectorXd::Constant(predictions.cols(), HUGE_VAL);
  if (labels.kind != Kind::kPresence) return middles;
  for (Index j = 0; j < predictions.cols(); ++j) {
    double sums[2] = {0, 0}, counts[2] = {0, 0};
    for (std::size_t i = 0; i < rows.size(); ++i) {
      const int present = labels.values(rows[i], j);
      sums[present] += predictions(static_cast<Index>(i), j);
      counts[present] += 1;
    }
    if (counts[0] > 0 && counts[1] > 0) middles[j] = (sums[0] / counts[0] + sums[1] / counts[1]) / 2;
  }
  return middles;
}

struct Judgement {
  std::vector<double> right, weight;

  double accuracy() const {
    double rights = 0, weights = 0;
    for (std::size_t i = 0; i < right.size(); ++i) rights += right[i], weights += weight[i];
    return weights > 0 ? rights / weights : std::nan("");
  }
};

Judgement judge_presence(const Eigen::MatrixXd& predictions, const Eigen::RowVectorXd& middles,
                         const ProbeLabels& labels, const std::vector<Index>& rows) {
  Judgement judgement{std::vector<double>(rows.size()), std::vector<double>(rows.size())};
  for (Index j = 0; j < predictions.cols(); ++j) {
    double counts[2] = {0, 0};
    for (const Index row : rows) counts[labels.values(row, j)] += 1;
    if (counts[0] == 0 || counts[1] == 0) continue;
    for (std::size_t i = 0; i < rows.size(); ++i) {
      const int present = labels.values(rows[i], j);
      const double weight = 0.5 / counts[present];
      judgement.weight[i] += weight;
      if ((predictions(static_cast<Index>(i), j) > middles[j]) == (present == 1)) judgement.right[i] += weight;
    }
  }
  return judgement;
}

Judgement judge(const Eigen::MatrixXd& predictions, const Eigen::RowVectorXd& middles, const ProbeLabels& labels,
                const std::vector<Index>& rows) {
  if (labels.kind == Kind::kPresence) return judge_presence(predictions, middles, labels, rows);
  Judgement judgement{std::vector<double>(rows.size()), std::vector<double>(rows.size())};
  for (std::size_t i = 0; i < rows.size(); ++i) {
    const int value = labels.values(rows[i], 0);
    const auto row = static_cast<Index>(i);
    bool right = false;
    if (labels.kind == Kind::kNumber) {
      right = labels.bin_of(predictions(row, 0)) == labels.bin_of(value);
    } else {
      if (value < 0) continue;
      Index best = 0;
      predictions.row(row).maxCoeff(&best);
      right = best == value;
    }
    judgement.weight[i] = 1;
    judgement.right[i] = right ? 1 : 0;
  }
  return judgement;
}

/// The targets of all labels side by side, less their means.
struct Targets {
  Eigen::MatrixXd centred = {};  // train samples × outputs
  Eigen::RowVectorXd means = {};
  std::vector<Index> begin = {};  // of each labels' outputs, and the end

  Targets(std::span<const ProbeLabels> labels, const std::vector<Index>& train) {
    std::vector<Eigen::MatrixXd> parts;
    begin.push_back(0);
    for (const ProbeLabels& one : labels) {
      parts.push_back(targets_of(one, train));
      begin.push_back(begin.back() + parts.back().cols());
    }
    centred.resize(static_cast<Index>(train.size()), begin.back());
    for (std::size_t k = 0; k < parts.size(); ++k) centred.middleCols(begin[k], parts[k].cols()) = parts[k];
    means = centred.colwise().mean();
    centred.rowwise() -= means;
  }
  Index width(std::size_t k) const { return begin[k + 1] - begin[k]; }
};

Eigen::LLT<Eigen::MatrixXd> factor(Eigen::MatrixXd kernel, double l2) {
  kernel.diagonal().array() += l2;
  return Eigen::LLT<Eigen::MatrixXd>(std::move(kernel));
}

}  // namespace

int ProbeLabels::bin_of(double number) const {
  return static_cast<int>(
      std::count_if(limits.begin(), limits.end(), [number](int limit) { return number > limit + 0.5; }));
}

Eigen::MatrixXd standardised_kernel(const Matrix<float>& features, const std::vector<Index>& train) {
  Eigen::MatrixXd scaled = features.cast<double>();
  const auto count = static_cast<double>(train.size());
  for (Index row = 0; row < scaled.rows(); ++row) {
    double sum = 0, squares = 0;
    for (const Index i : train) sum += scaled(row, i);
    const double mean = sum / count;
    for (const Index i : train) squares += (scaled(row, i) - mean) * (scaled(row, i) - mean);
    const double deviation = std::sqrt(squares / count);
    // What varies by the rounding of float alone is constant.
    const bool varies = deviation > 1e-5 * std::abs(mean) && deviation > 0;
    scaled.row(row).array() = (scaled.row(row).array() - mean) * (varies ? 1 / deviation : 0);
  }
  Eigen::MatrixXd kernel = Eigen::MatrixXd::Zero(scaled.cols(), scaled.cols());
  kernel.selfadjointView<Eigen::Lower>().rankUpdate(scaled.transpose());
  kernel.triangularView<Eigen::StrictlyUpper>() = kernel.transpose();
  double diagonal = 0;
  for (const Index i : train) diagonal += kernel(i, i) / count;
  if (diagonal > 0) kernel /= diagonal;
  return kernel;
}

std::vector<ProbeResult> fit_probes(const Eigen::MatrixXd& kernel, const ProbeSplit& split,
                                    std::span<const ProbeLabels> labels) {
  std::vector<ProbeResult> results(labels.size());
  for (ProbeResult& result : results) result.dev = -1;
  std::vector<Eigen::RowVectorXd> middles(labels.size());
  const Targets targets(labels, split.train);
  const Eigen::MatrixXd own = block(kernel, split.train, split.train);
  const Eigen::MatrixXd to_dev = block(kernel, split.train, split.dev);
  for (const double l2 : kProbePenalties) {
    const auto factored = factor(own, l2);
    Eigen::MatrixXd all(to_dev.cols(), targets.centred.cols());
    if (all.cols() < all.rows()) {
      all.noalias() = to_dev.transpose() * factored.solve(targets.centred);
    } else {
      all.noalias() = factored.solve(to_dev).transpose() * targets.centred;
    }
    all.rowwise() += targets.means;
    for (std::size_t k = 0; k < labels.size(); ++k) {
      const auto predictions = all.middleCols(targets.begin[k], targets.width(k));
      const Eigen::RowVectorXd middle = thresholds(predictions, labels[k], split.dev);
      const double accuracy = judge(predictions, middle, labels[k], split.dev).accuracy();
      if (!(results[k].dev >= 0) || accuracy > results[k].dev) {
        results[k].dev = accuracy;
        results[k].l2 = l2;
        middles[k] = middle;
      }
    }
  }
  const Eigen::MatrixXd to_test = block(kernel, split.train, split.test);
  for (const double l2 : kProbePenalties) {
    if (std::none_of(results.begin(), results.end(), [l2](const ProbeResult& one) { return one.l2 == l2; })) continue;
    const auto factored = factor(own, l2);
    for (std::size_t k = 0; k < labels.size(); ++k) {
      if (results[k].l2 != l2) continue;
      const Eigen::MatrixXd duals = factored.solve(targets.centred.middleCols(targets.begin[k], targets.width(k)));
      const auto judged = [&](const Eigen::MatrixXd& to_rows, const std::vector<Index>& rows) {
        Eigen::MatrixXd predictions = to_rows.transpose() * duals;
        predictions.rowwise() += targets.means.segment(targets.begin[k], targets.width(k));
        return judge(predictions, middles[k], labels[k], rows);
      };
      results[k].train = judged(own, split.train).accuracy();
      Judgement test = judged(to_test, split.test);
      results[k].test = test.accuracy();
      results[k].right = std::move(test.right);
      results[k].weight = std::move(test.weight);
    }
  }
  return results;
}

ProbeResult majority_probe(const ProbeSplit& split, const ProbeLabels& labels) {
  // Any sample is predicted as the mean of train: the same for all. A number is its most frequent bin.
  ProbeLabels classes = labels;
  if (labels.kind == Kind::kNumber) {
    classes.kind = Kind::kClass;
    classes.classes = static_cast<int>(labels.limits.size()) + 1;
    for (Index i = 0; i < labels.values.rows(); ++i) classes.values(i, 0) = labels.bin_of(labels.values(i, 0));
  }
  const auto judged = [&](const std::vector<Index>& rows) {
    const Eigen::RowVectorXd means = targets_of(classes, split.train).colwise().mean();
    const Eigen::MatrixXd predictions = means.replicate(static_cast<Index>(rows.size()), 1);
    return judge(predictions, Eigen::RowVectorXd::Constant(predictions.cols(), 0.5), classes, rows);
  };
  Judgement test = judged(split.test);
  return {.l2 = std::nan(""),
          .train = judged(split.train).accuracy(),
          .dev = judged(split.dev).accuracy(),
          .test = test.accuracy(),
          .right = std::move(test.right),
          .weight = std::move(test.weight)};
}

}  // namespace isthmus
