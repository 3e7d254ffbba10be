// The processes that mpirun started together.
#pragma once

#include <cstddef>
#include <string>

#include "distributed/communicator.h"

namespace isthmus {

/// A process's place among those that were started together.
struct World {
  std::size_t rank = 0;
  std::size_t size = 1;
};

/// What the environment says: Open MPI's mpirun tells its processes. Does not start MPI.
World world_of_process();

/// Joins the other processes, if there are any; MPI is not touched otherwise. The object must go on the same thread; it
/// waits for the others then, unless an exception is on its way: the process must end then with a failure, upon which
/// mpirun ends the others. Throws InputError when the program was built without MPI.
Communicator join_world();

/// Name and version of the MPI library; empty when the program was built without one.
std::string mpi_library();

}  // namespace isthmus
