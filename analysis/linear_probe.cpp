#include "analysis/linear_probe.h"

#include <Eigen/Cholesky>
#include <algorithm>
#include <cmath>
#include <iterator>

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

/// Predictions for some samples from the train samples' labels: rows × outputs. `smoother`: rows × train samples, what
/// each train sample's label weighs in each prediction.
Eigen::MatrixXd predict(const Eigen::MatrixXd& smoother, const std::vector<Index>& train, const ProbeLabels& labels) {
  const bool classes = labels.kind == Kind::kClass;
  const Index outputs = classes ? labels.classes : labels.values.cols();
  Eigen::MatrixXd sums = Eigen::MatrixXd::Zero(smoother.rows(), outputs);
  Eigen::RowVectorXd means = Eigen::RowVectorXd::Zero(outputs);
  for (std::size_t i = 0; i < train.size(); ++i) {
    const auto add = [&](Index output, double value) {
      sums.col(output) += value * smoother.col(static_cast<Index>(i));
      means[output] += value;
    };
    for (Index j = 0; j < labels.values.cols(); ++j) {
      const int value = labels.values(train[i], j);
      if (classes && value >= 0) add(value, 1);
      if (!classes && value != 0) add(j, value);
    }
  }
  means /= static_cast<double>(train.size());
  const Eigen::VectorXd left = Eigen::VectorXd::Ones(smoother.rows()) - smoother.rowwise().sum();
  sums.noalias() += left * means;
  return sums;
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

/// K_*(K + λI)⁻¹ for the rows of some samples.
class Smoothers {
 public:
  Smoothers(const Eigen::MatrixXd& kernel, const std::vector<Index>& train, double l2)
      : kernel_(kernel), train_(train) {
    Eigen::MatrixXd own = block(kernel, train, train);
    own.diagonal().array() += l2;
    factor_.compute(own);
  }
  Eigen::MatrixXd of(const std::vector<Index>& rows) const {
    return factor_.solve(block(kernel_, train_, rows)).transpose();
  }

 private:
  const Eigen::MatrixXd& kernel_;
  const std::vector<Index>& train_;
  Eigen::LLT<Eigen::MatrixXd> factor_;
};

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
  for (const double l2 : kProbePenalties) {
    const Eigen::MatrixXd smoother = Smoothers(kernel, split.train, l2).of(split.dev);
    for (std::size_t k = 0; k < labels.size(); ++k) {
      const Eigen::MatrixXd predictions = predict(smoother, split.train, labels[k]);
      const Eigen::RowVectorXd own = thresholds(predictions, labels[k], split.dev);
      const double accuracy = judge(predictions, own, labels[k], split.dev).accuracy();
      if (!(results[k].dev >= 0) || accuracy > results[k].dev) {
        results[k].dev = accuracy;
        results[k].l2 = l2;
        middles[k] = own;
      }
    }
  }
  for (const double l2 : kProbePenalties) {
    if (std::none_of(results.begin(), results.end(), [l2](const ProbeResult& one) { return one.l2 == l2; })) continue;
    const Smoothers smoothers(kernel, split.train, l2);
    const Eigen::MatrixXd on_train = smoothers.of(split.train), on_test = smoothers.of(split.test);
    for (std::size_t k = 0; k < labels.size(); ++k) {
      if (results[k].l2 != l2) continue;
      const auto judged = [&](const Eigen::MatrixXd& smoother, const std::vector<Index>& rows) {
        return judge(predict(smoother, split.train, labels[k]), middles[k], labels[k], rows);
      };
      results[k].train = judged(on_train, split.train).accuracy();
      Judgement test = judged(on_test, split.test);
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
    const Eigen::MatrixXd nothing =
        Eigen::MatrixXd::Zero(static_cast<Index>(rows.size()), static_cast<Index>(split.train.size()));
    const Eigen::MatrixXd predictions = predict(nothing, split.train, classes);
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
