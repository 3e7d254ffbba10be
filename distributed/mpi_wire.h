// Boost.MPI behind the interface of a wire. Two files define this: mpi_wire.cpp and, where MPI is missing,
// no_mpi_wire.cpp.
#pragma once

#include <memory>

#include "distributed/wire.h"

namespace isthmus {

/// Starts MPI; once in a process. Without MPI it is null.
std::unique_ptr<Wire> open_mpi_wire();

}  // namespace isthmus
