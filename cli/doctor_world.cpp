#include "cli/doctor_world.h"

#include <fmt/format.h>
#include <unistd.h>

#include <chrono>

#include "core/process_info.h"
#include "core/threads.h"
#include "distributed/world.h"

namespace isthmus::cli {
namespace {

// About the gradient of a model of 12 million parameters.
constexpr std::size_t kNumbers = std::size_t{12} << 20;

std::string processors_of_this_rank() {
  const auto usable = static_cast<long>(available_processors());
  const long all = ::sysconf(_SC_NPROCESSORS_ONLN);
  return fmt::format("{}, {} of {} processors{}", host_name(), usable, all,
                     usable < all ? "; mpirun keeps it from the others, unless it is given --bind-to none" : "");
}

/// Seconds of one sum, the best of several.
double seconds_of_sum(Communicator& world, std::size_t numbers, int times) {
  std::vector<float> values(numbers);
  double best = 1e9;
  for (int i = 0; i < times; ++i) {
    world.barrier();
    const auto start = std::chrono::steady_clock::now();
    world.sum(std::span(values));
    best = std::min(best, std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count());
  }
  return best;
}

}  // namespace

std::vector<std::pair<std::string, std::string>> examine_world(Communicator& world) {
  const std::string mpi = mpi_library();
  if (mpi.empty()) {
    return {{"several machines", "not built in; install libboost-mpi-dev and openmpi-bin, and build again"}};
  }
  if (world.alone()) return {{"several machines", fmt::format("{}: mpirun isthmus train|translate|doctor", mpi)}};
  const std::vector<std::string> ranks = world.gather(processors_of_this_rank());
  const double one = seconds_of_sum(world, 1, 50);
  const std::uint64_t before = world.bytes_sent();
  const double many = seconds_of_sum(world, kNumbers, 5);
  const double sent = static_cast<double>(world.bytes_sent() - before) / 5;
  std::vector<std::pair<std::string, std::string>> rows = {{"several machines", mpi}};
  for (std::size_t rank = 0; rank < ranks.size(); ++rank) rows.emplace_back(fmt::format("rank {}", rank), ranks[rank]);
  rows.emplace_back(
      "sum over the ranks",
      fmt::format("{:.3f} ms for one number, {:.1f} ms for {:.1f} MB, of which each rank sends {:.1f} MB: "
                  "{:.2f} Gbit/s",
                  1e3 * one, 1e3 * many, 4e-6 * kNumbers, 1e-6 * sent, 8e-9 * sent / many));
  return rows;
}

}  // namespace isthmus::cli
