// Edits of context vectors. A column is a vector: the hidden states of all layers and, of an LSTM, its memory cells, as
// vectors_of (laboratory.h) puts them; a unit is a row, counted from 0. Pure.
#pragma once

#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

#include "core/random.h"
#include "model/matrix.h"
#include "model/model_options.h"

namespace isthmus {

/// Length of a context vector: layers · hidden, twice that of an LSTM.
Index context_size(const ModelOptions& options);

/// Where a unit lies.
struct UnitPlace {
  std::string_view kind;  ///< "hidden" or "memory"
  Index layer = 0;        ///< from 0
};
UnitPlace place_of_unit(const ModelOptions& options, Index unit);

/// What each unit does over some vectors. As long as a vector.
struct UnitStatistics {
  Vector<float> mean;
  Vector<float> deviation;  ///< root of the mean square of the differences from the mean
  Vector<float> low;
  Vector<float> high;
};
UnitStatistics unit_statistics(const Matrix<float>& vectors);

/// An order in which nothing is at its own place: a single cycle through all (Sattolo 1986), so applying it twice moves
/// everything too where count ≥ 3. count ≥ 2.
std::vector<Index> derangement(std::size_t count, Random random);

/// Columns of vectors in the order of their numbers.
Matrix<float> columns_of(const Matrix<float>& vectors, std::span<const Index> columns);

/// vectors + scale ∘ z with z standard normal. Column i draws from random.split(lines[i]), so that its noise depends on
/// neither its neighbours nor the scale.
Matrix<float> with_noise(const Matrix<float>& vectors, const Vector<float>& scale, std::span<const std::size_t> lines,
                         Random random);

/// Each unit's range cut into 2^bits equal cells, its value put into the middle of its cell. Values outside the range
/// go into the outermost cells. A unit without a range keeps its one value.
Matrix<float> quantised(const Matrix<float>& vectors, const UnitStatistics& range, std::int64_t bits);

/// The values of these units replaced.
Matrix<float> with_units(const Matrix<float>& vectors, std::span<const Index> units, const Vector<float>& values);

/// Units of `from` put into a copy of `into`, both single vectors.
Vector<float> with_units_of(const Vector<float>& into, const Vector<float>& from, std::span<const Index> units);

/// `steps` ≥ 2 vectors from one to the other, ends included, a column each: on the straight line.
Matrix<float> straight_way(const Vector<float>& from, const Vector<float>& to, std::int64_t steps);
/// The same along the arc: the direction turns evenly, the norm changes evenly (Shoemake 1985). Where the two have no
/// arc between them (one is 0, or they point the same or the opposite way) it is the straight line.
Matrix<float> round_way(const Vector<float>& from, const Vector<float>& to, std::int64_t steps);

/// Columns with their cosine to the query.
struct Neighbour {
  std::size_t column = 0;
  double cosine = 0;
};
/// The k with the greatest cosine, the greatest first, of equal ones the first. A vector of zeros has cosine 0.
std::vector<Neighbour> nearest(const Matrix<float>& vectors, const Vector<float>& query, std::size_t k);

}  // namespace isthmus
