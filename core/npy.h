// Arrays in NumPy's file format.
#pragma once

#include <cstddef>
#include <string>

namespace isthmus {

enum class NpyOrder { kRows, kColumns };

/// The header (version 1.0, a multiple of 64 bytes) of an array of little-endian float32, whose numbers follow row by
/// row or column by column. Without columns it has one dimension.
std::string npy_header(std::size_t rows, NpyOrder order);
std::string npy_header(std::size_t rows, std::size_t columns, NpyOrder order);

}  // namespace isthmus
