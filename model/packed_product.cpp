#include "model/steady_product.h"

#include <algorithm>
#include <array>
#include <cassert>
#include <vector>

namespace isthmus::internal {
namespace {

using Packet = Eigen::internal::packet_traits<float>::type;
constexpr Index kPacket = Eigen::internal::packet_traits<float>::size;

// A tile of sums stays in the registers: two packets of rows, six columns.
constexpr Index kTileRows = 2 * kPacket;
constexpr int kTileColumns = 6;
/// Rows that are copied together: some cache lines of a column of a.
constexpr Index kPanelRows = 4 * kTileRows;

/// Rows of a, at most kPanelRows, and depths [begin, end): tile by tile, depth by depth; rows that are none are zero.
void pack(ConstMatrixRef<float> a, Index row, Index rows, Index begin, Index end, float* packed) {
  using namespace Eigen::internal;
  const Index depths = end - begin;
  for (Index k = 0; k < depths; ++k) {
    const float* column = a.data() + (begin + k) * a.outerStride() + row;
    for (Index tile = 0; tile * kTileRows < rows; ++tile) {
      float* to = packed + tile * kTileRows * depths + k * kTileRows;
      const float* from = column + tile * kTileRows;
      const Index some = std::min(kTileRows, rows - tile * kTileRows);
      if (some == kTileRows) {
        pstoreu(to, ploadu<Packet>(from));
        pstoreu(to + kPacket, ploadu<Packet>(from + kPacket));
        continue;
      }
      std::copy_n(from, some, to);
      std::fill(to + some, to + kTileRows, 0.0f);
    }
  }
}

/// A tile of c over one block of the depth. `first`: what stood there counts for nothing.
template <int Columns>
void multiply_tile(const float* packed, Index depths, const float* b, Index b_stride, bool first, Index rows, float* c,
                   Index c_stride) {
  using namespace Eigen::internal;
  Packet sums[Columns][2];
  for (auto& column : sums) column[0] = column[1] = pset1<Packet>(0.0f);
  for (Index k = 0; k < depths; ++k) {
    const Packet upper = ploadu<Packet>(packed + k * kTileRows);
    const Packet lower = ploadu<Packet>(packed + k * kTileRows + kPacket);
    for (int j = 0; j < Columns; ++j) {
      const Packet factor = pset1<Packet>(b[j * b_stride + k]);
      sums[j][0] = pmadd(upper, factor, sums[j][0]);
      sums[j][1] = pmadd(lower, factor, sums[j][1]);
    }
  }
  for (int j = 0; j < Columns; ++j) {
    float* to = c + j * c_stride;
    if (rows == kTileRows) {
      pstoreu(to, first ? sums[j][0] : padd(ploadu<Packet>(to), sums[j][0]));
      pstoreu(to + kPacket, first ? sums[j][1] : padd(ploadu<Packet>(to + kPacket), sums[j][1]));
      continue;
    }
    std::array<float, static_cast<std::size_t>(kTileRows)> column;
    pstoreu(column.data(), sums[j][0]);
    pstoreu(column.data() + kPacket, sums[j][1]);
    for (Index i = 0; i < rows; ++i)
      to[i] = first ? column[static_cast<std::size_t>(i)] : to[i] + column[static_cast<std::size_t>(i)];
  }
}

using MultiplyTile = void (*)(const float*, Index, const float*, Index, bool, Index, float*, Index);
constexpr MultiplyTile kMultiplyTile[] = {multiply_tile<1>, multiply_tile<2>, multiply_tile<3>,
                                          multiply_tile<4>, multiply_tile<5>, multiply_tile<6>};

}  // namespace

void packed_product(ConstMatrixRef<float> a, ConstMatrixRef<float> b, float beta, MatrixRef<float> c) {
  assert((beta == 0.0f || beta == 1.0f) && a.cols() == b.rows());
  if (a.cols() == 0 && beta == 0.0f) c.setZero();
  thread_local std::vector<float> packed;
  packed.resize(static_cast<std::size_t>(kPanelRows * std::min(kDepthBlock, a.cols())));
  for (Index row = 0; row < c.rows(); row += kPanelRows) {
    const Index rows = std::min(kPanelRows, c.rows() - row);
    for (Index begin = 0; begin < a.cols(); begin += kDepthBlock) {
      const Index depths = std::min(kDepthBlock, a.cols() - begin);
      const bool first = begin == 0 && beta == 0.0f;
      pack(a, row, rows, begin, begin + depths, packed.data());
      for (Index column = 0; column < c.cols(); column += kTileColumns) {
        const Index columns = std::min<Index>(kTileColumns, c.cols() - column);
        for (Index tile = 0; tile < rows; tile += kTileRows) {
          kMultiplyTile[columns - 1](packed.data() + tile * depths, depths, b.data() + column * b.outerStride() + begin,
                                     b.outerStride(), first, std::min(kTileRows, rows - tile),
                                     c.data() + column * c.outerStride() + row + tile, c.outerStride());
        }
      }
    }
  }
}

}  // namespace isthmus::internal
