// What the processes of one run do together.
#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "distributed/wire.h"

namespace isthmus {

/// One rank's view of the world. All ranks must call the same functions in the same order; each returns when this
/// rank's part is done. Alone, they do nothing. Throws std::runtime_error when another rank is gone. One thread at a
/// time.
class Communicator {
 public:
  /// A world of this process alone.
  Communicator();
  explicit Communicator(std::unique_ptr<Wire> wire);
  ~Communicator();
  Communicator(Communicator&&) noexcept;
  Communicator& operator=(Communicator&&) noexcept;

  std::size_t rank() const { return wire_ ? wire_->rank() : 0; }
  std::size_t size() const { return wire_ ? wire_->size() : 1; }
  bool alone() const { return size() == 1; }
  /// Rank 0 reads, decides and writes.
  bool leads() const { return rank() == 0; }

  /// Each number becomes its sum over the ranks, added in the order that distributed/all_reduce.h gives.
  void sum(std::span<float> values);
  void sum(std::span<double> values);
  void sum(std::span<std::int64_t> values);

  /// Every rank gets the bytes of rank 0; buffers have the same size everywhere.
  void broadcast(std::span<std::byte> bytes);
  void broadcast(std::string& bytes);
  /// What the ranks gave, by rank, on rank 0; nothing on the others.
  std::vector<std::string> gather(std::string_view bytes);
  /// Every rank gets its own of what rank 0 gives, by rank; the others give nothing.
  std::string scatter(const std::vector<std::string>& bytes);
  /// Whether it is so on any rank.
  bool any(bool here);
  /// Returns when all ranks have called it.
  void barrier();

  /// This process has failed and will end without the others' knowing: it does not wait for them.
  void abandon();

  /// By this rank so far, without what the network adds.
  std::uint64_t bytes_sent() const { return wire_ ? wire_->bytes_sent() : 0; }

 private:
  void send(std::size_t to, std::string_view bytes);
  std::string receive(std::size_t from);

  std::unique_ptr<Wire> wire_;
};

/// Throws InputError on every rank when `value` is not the same on all, with the host of one that differs from rank 0.
/// `what` is a plural such as "the texts".
void require_same(Communicator& world, std::string_view what, std::string_view value, std::string_view remedy);

}  // namespace isthmus
