#include "distributed/mpi_wire.h"

#include <sys/prctl.h>

#include <algorithm>
#include <boost/mpi/communicator.hpp>
#include <boost/mpi/environment.hpp>
#include <boost/mpi/exception.hpp>
#include <chrono>
#include <exception>
#include <stdexcept>
#include <string>
#include <thread>
#include <vector>

#include "core/interrupt.h"
#include "core/log.h"
#include "distributed/world.h"

namespace isthmus {
namespace {

using Clock = std::chrono::steady_clock;
using namespace std::chrono_literals;

// MPI counts in int.
constexpr std::size_t kMostBytes = std::size_t{1} << 30;
constexpr int kTag = 0;
// A rank that waits leaves the processor to whoever does the work, be it the kernel's network or another rank; after a
// while, say of a validation, it looks less often.
constexpr auto kBusy = 20us;
constexpr auto kShortNap = 10us;
constexpr auto kShort = 50ms;
constexpr auto kLongNap = 100us;
// mpirun sends SIGTERM to the ranks that are left when one has died, and SIGKILL a second later.
constexpr auto kGrace = 500ms;

/// Looks after a request until it is done.
void wait(boost::mpi::request& request, int other) {
  const Clock::time_point start = Clock::now();
  Clock::time_point signalled{};
  bool told = false;
  while (!request.test()) {
    const Clock::time_point now = Clock::now();
    if (interrupted() && signalled == Clock::time_point{}) signalled = now;
    if (signalled != Clock::time_point{} && !told && now - signalled > kGrace) {
      log_warning("rank {} does not answer; if it has died, nothing since the last checkpoint is kept", other);
      told = true;
    }
    if (now - start >= kBusy) std::this_thread::sleep_for(now - start < kShort ? kShortNap : kLongNap);
  }
}

/// Boost's errors name MPI's function; users need to know what it means.
template <class Call>
auto translated(int other, const Call& call) {
  try {
    return call();
  } catch (const boost::mpi::exception& error) {
    throw std::runtime_error("rank " + std::to_string(other) + " cannot be reached (" + error.what() + ")");
  }
}

class MpiWire final : public Wire {
 public:
  MpiWire() : exceptions_(std::uncaught_exceptions()), environment_(new boost::mpi::environment(false)) {
    // Or the kernel would lengthen naps by 50 µs, so as to wake up less often.
    ::prctl(PR_SET_TIMERSLACK, 1UL);
  }

  ~MpiWire() override {
    if (std::uncaught_exceptions() > exceptions_) {
      // The others wait for something else: to take leave of them would never end.
      (void)environment_.release();
    }
  }

  std::size_t rank() const override { return static_cast<std::size_t>(world_.rank()); }
  std::size_t size() const override { return static_cast<std::size_t>(world_.size()); }

  Transfer receive(std::size_t from, std::span<std::byte> bytes) override {
    return in_parts(from, bytes.size(), [&](int rank, std::size_t begin, int count) {
      return world_.irecv(rank, kTag, reinterpret_cast<char*>(bytes.data()) + begin, count);
    });
  }

 protected:
  Transfer begin_send(std::size_t to, std::span<const std::byte> bytes) override {
    return in_parts(to, bytes.size(), [&](int rank, std::size_t begin, int count) {
      return world_.isend(rank, kTag, reinterpret_cast<const char*>(bytes.data()) + begin, count);
    });
  }

 private:
  template <class Begin>
  Transfer in_parts(std::size_t other, std::size_t size, const Begin& begin) {
    const int rank = static_cast<int>(other);
    std::vector<boost::mpi::request> requests;
    translated(rank, [&] {
      for (std::size_t done = 0; done < size; done += kMostBytes) {
        requests.push_back(begin(rank, done, static_cast<int>(std::min(kMostBytes, size - done))));
      }
    });
    return [rank, requests = std::move(requests)]() mutable {
      translated(rank, [&] {
        for (boost::mpi::request& request : requests) wait(request, rank);
      });
    };
  }

  int exceptions_;
  std::unique_ptr<boost::mpi::environment> environment_;
  boost::mpi::communicator world_;
};

}  // namespace

std::unique_ptr<Wire> open_mpi_wire() { return std::make_unique<MpiWire>(); }

std::string mpi_library() {
  char text[MPI_MAX_LIBRARY_VERSION_STRING];
  int length = 0;
  MPI_Get_library_version(text, &length);
  const std::string_view all(text, static_cast<std::size_t>(length));
  return std::string(all.substr(0, all.find_first_of(",\n")));
}

}  // namespace isthmus
