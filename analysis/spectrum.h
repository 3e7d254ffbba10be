// How vectors lie in their space: the variance along principal axes, the number of axes in use, and how far the vectors
// point the same way. Vectors are columns. Sums are in double.
#pragma once

#include <cstdint>
#include <vector>

#include "model/matrix.h"

namespace isthmus {

/// The eigenvalues λ of the covariance of N vectors of d numbers, and what is counted of them. A λ below 10⁻¹² of the
/// largest is rounding of the float vectors and counts as 0. Of vectors that are all the same every number is 0.
struct Spectrum {
  std::vector<double> variances;   ///< λ, the largest first; as many as the smaller of d and N
  double total = 0;                ///< Σλ: the mean squared distance from the mean vector
  double effective_rank = 0;       ///< exp(−Σ p·ln p), p = √λ/Σ√λ (Roy & Vetterli 2007)
  double participation_ratio = 0;  ///< (Σλ)²/Σλ²

  /// The number of axes that hold that share of the variance.
  std::int64_t axes_for(double share) const;
};

/// Takes the time of an eigenvalue problem of the smaller of d and N.
Spectrum spectrum_of(const Matrix<float>& vectors);

/// The vectors minus their mean.
Matrix<double> centred(const Matrix<float>& vectors);

/// The mean cosine over all pairs of different vectors, in O(d·N): (|Σu|² − N)/(N(N − 1)) of the unit vectors u.
/// Vectors of zero have no direction and are left out; NaN with fewer than two others.
double mean_cosine(const Matrix<double>& vectors);

/// Coordinates along the first axes of a principal component analysis (Pearson 1901).
struct PrincipalCoordinates {
  Matrix<double> coordinates;  ///< axes × N
  std::vector<double> shares;  ///< of the variance, by axis
};
/// The largest coordinate of each axis by absolute value is positive, so that a picture is not mirrored by chance. Axes
/// that the vectors do not have are 0.
PrincipalCoordinates principal_coordinates(const Matrix<float>& vectors, Index axes);

}  // namespace isthmus
