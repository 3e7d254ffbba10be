// A linear classifier over frozen features, fitted in closed form: what can be read out of a vector without computing.
#pragma once

#include <span>
#include <vector>

#include "model/matrix.h"

namespace isthmus {

/// Numbers of the samples that a probe is fitted to, that choose its penalty, and that it is judged by.
struct ProbeSplit {
  std::vector<Index> train;
  std::vector<Index> dev;
  std::vector<Index> test;
};

/// What a probe is to tell of each sample.
struct ProbeLabels {
  enum class Kind {
    kClass,     ///< one column: the number of a class from 0, or −1 where the sample has none and is not judged
    kNumber,    ///< one column: a number, predicted as one; right is a prediction in the same bin
    kPresence,  ///< 0 or 1, each column a question of its own, judged by its balanced accuracy (present and absent
                ///< count half each, so that chance is 50 %)
  };
  Kind kind = Kind::kClass;
  Eigen::MatrixXi values = {};      ///< samples × columns
  int classes = 2;                  ///< of kClass
  std::vector<int> limits = {};     ///< of kNumber, rising: bin k ends with limits[k], the last bin has no end
  int bin_of(double number) const;  ///< numbers between two whole ones go to the nearer
};

/// How a probe did. Accuracies are 0 … 1, NaN where nothing is judged.
struct ProbeResult {
  double l2 = 0;  ///< the penalty that was best on dev; the larger of equals
  double train = 0;
  double dev = 0;
  double test = 0;
  /// Of each test sample: accuracy is Σ right / Σ weight.
  std::vector<double> right = {};
  std::vector<double> weight = {};
};

/// The products of all pairs of samples (columns of `features`), whose features were shifted and scaled to mean 0 and
/// deviation 1 over `train`; features that do not vary there are left out. Scaled so that the mean of train's diagonal
/// is 1: penalties mean the same for any number of features.
Eigen::MatrixXd standardised_kernel(const Matrix<float>& features, const std::vector<Index>& train);

/// Penalties that are tried, relative to the mean squared norm of a training vector.
inline constexpr double kProbePenalties[] = {100, 10, 1, 0.1, 0.01, 1e-3, 1e-4, 1e-5};

/// Ridge regression onto the labels (a class as one column for each, 0 or 1) in its dual form, so that the number of
/// features costs nothing: ŷ = ȳ + K_*(K + λI)⁻¹(y − ȳ). A sample is of the class with the largest ŷ; a word is present
/// where ŷ exceeds the middle between the means of present and absent on dev. One factorisation of K for each λ serves
/// all labels; each chooses its own λ.
std::vector<ProbeResult> fit_probes(const Eigen::MatrixXd& kernel, const ProbeSplit& split,
                                    std::span<const ProbeLabels> labels);

/// The most frequent answer of train, whatever the sample.
ProbeResult majority_probe(const ProbeSplit& split, const ProbeLabels& labels);

}  // namespace isthmus
