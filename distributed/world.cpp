#include "distributed/world.h"

#include <cstdlib>

#include "core/error.h"
#include "distributed/mpi_wire.h"

namespace isthmus {
namespace {

std::size_t number(const char* variable, std::size_t otherwise) {
  const char* text = std::getenv(variable);
  return text == nullptr ? otherwise : static_cast<std::size_t>(std::strtoull(text, nullptr, 10));
}

}  // namespace

World world_of_process() {
  const World world{number("OMPI_COMM_WORLD_RANK", 0), number("OMPI_COMM_WORLD_SIZE", 1)};
  return world.rank < world.size ? world : World{};
}

Communicator join_world() {
  if (world_of_process().size == 1) return Communicator();
  if (mpi_library().empty()) {
    throw InputError(
        "started by mpirun, but built without MPI; install libboost-mpi-dev, build again, or leave mpirun out");
  }
  return Communicator(open_mpi_wire());
}

}  // namespace isthmus
