#include "analysis/context_edits.h"

#include <algorithm>
#include <cmath>
#include <numeric>

namespace isthmus {

Index context_size(const ModelOptions& options) {
  return options.layers * options.hidden * (options.cell == CellType::kLstm ? 2 : 1);
}

UnitPlace place_of_unit(const ModelOptions& options, Index unit) {
  const Index hidden = options.layers * options.hidden;
  return {unit < hidden ? "hidden" : "memory", unit % hidden / options.hidden};
}

UnitStatistics unit_statistics(const Matrix<float>& vectors) {
  UnitStatistics statistics;
  const Matrix<double> values = vectors.cast<double>();
  const Vector<double> mean = values.rowwise().mean();
  statistics.mean = mean.cast<float>();
  statistics.deviation = (values.colwise() - mean).array().square().rowwise().mean().sqrt().cast<float>();
  statistics.low = vectors.rowwise().minCoeff();
  statistics.high = vectors.rowwise().maxCoeff();
  return statistics;
}

std::vector<Index> derangement(std::size_t count, Random random) {
  std::vector<Index> order(count);
  std::iota(order.begin(), order.end(), Index{0});
  for (std::size_t i = count; i-- > 1;) std::swap(order[i], order[random.below(i)]);
  return order;
}

Matrix<float> columns_of(const Matrix<float>& vectors, std::span<const Index> columns) {
  Matrix<float> chosen(vectors.rows(), static_cast<Index>(columns.size()));
  for (std::size_t i = 0; i < columns.size(); ++i) chosen.col(static_cast<Index>(i)) = vectors.col(columns[i]);
  return chosen;
}

Matrix<float> with_noise(const Matrix<float>& vectors, const Vector<float>& scale, std::span<const std::size_t> lines,
                         Random random) {
  Matrix<float> noisy = vectors;
  for (Index i = 0; i < vectors.cols(); ++i) {
    Random draws = random.split(lines[static_cast<std::size_t>(i)]);
    for (Index k = 0; k < vectors.rows(); ++k) noisy(k, i) += scale(k) * static_cast<float>(draws.normal());
  }
  return noisy;
}

Matrix<float> quantised(const Matrix<float>& vectors, const UnitStatistics& range, std::int64_t bits) {
  const double cells = std::exp2(static_cast<double>(bits));
  Matrix<float> rounded = vectors;
  for (Index k = 0; k < vectors.rows(); ++k) {
    const double low = static_cast<double>(range.low(k));
    const double width = (static_cast<double>(range.high(k)) - low) / cells;
    for (Index i = 0; width > 0 && i < vectors.cols(); ++i) {
      const double cell = std::clamp(std::floor((static_cast<double>(vectors(k, i)) - low) / width), 0.0, cells - 1);
      rounded(k, i) = static_cast<float>(low + (cell + 0.5) * width);
    }
  }
  return rounded;
}

Matrix<float> with_units(const Matrix<float>& vectors, std::span<const Index> units, const Vector<float>& values) {
  Matrix<float> changed = vectors;
  for (const Index unit : units) changed.row(unit).setConstant(values(unit));
  return changed;
}

Vector<float> with_units_of(const Vector<float>& into, const Vector<float>& from, std::span<const Index> units) {
  Vector<float> changed = into;
  for (const Index unit : units) changed(unit) = from(unit);
  return changed;
}

Matrix<float> straight_way(const Vector<float>& from, const Vector<float>& to, std::int64_t steps) {
  Matrix<float> way(from.size(), steps);
  for (std::int64_t i = 0; i < steps; ++i) {
    const float share = static_cast<float>(i) / static_cast<float>(steps - 1);
    way.col(i) = (1 - share) * from + share * to;
  }
  return way;
}

Matrix<float> round_way(const Vector<float>& from, const Vector<float>& to, std::int64_t steps) {
  const double from_norm = from.cast<double>().norm(), to_norm = to.cast<double>().norm();
  if (from_norm == 0 || to_norm == 0) return straight_way(from, to, steps);
  const double cosine = from.cast<double>().dot(to.cast<double>()) / (from_norm * to_norm);
  const double angle = std::acos(std::clamp(cosine, -1.0, 1.0));
  constexpr double kNoArc = 1e-4;  // beyond it the sine is too small to divide by
  if (std::sin(angle) < kNoArc) return straight_way(from, to, steps);
  Matrix<float> way(from.size(), steps);
  for (std::int64_t i = 0; i < steps; ++i) {
    const double share = static_cast<double>(i) / static_cast<double>(steps - 1);
    const double norm = (1 - share) * from_norm + share * to_norm;
    const double of_from = norm * std::sin((1 - share) * angle) / (std::sin(angle) * from_norm);
    const double of_to = norm * std::sin(share * angle) / (std::sin(angle) * to_norm);
    way.col(i) = (of_from * from.cast<double>() + of_to * to.cast<double>()).cast<float>();
  }
  way.col(0) = from;  // to the bit
  way.col(steps - 1) = to;
  return way;
}

std::vector<Neighbour> nearest(const Matrix<float>& vectors, const Vector<float>& query, std::size_t k) {
  const double query_norm = query.cast<double>().norm();
  std::vector<Neighbour> all;
  for (Index i = 0; i < vectors.cols(); ++i) {
    const double norms = vectors.col(i).cast<double>().norm() * query_norm;
    const double product = vectors.col(i).cast<double>().dot(query.cast<double>());
    all.push_back({static_cast<std::size_t>(i), norms > 0 ? product / norms : 0.0});
  }
  std::stable_sort(all.begin(), all.end(), [](const Neighbour& a, const Neighbour& b) { return a.cosine > b.cosine; });
  if (all.size() > k) all.resize(k);
  return all;
}

}  // namespace isthmus
