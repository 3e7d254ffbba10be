// Messages between the processes of one run. Their numbers are called ranks, their count is the size of the world.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <span>

namespace isthmus {

/// What carries bytes from rank to rank. Messages of one rank to another arrive in the order in which they were sent,
/// and are received in the order in which their receipt began. One thread at a time.
class Wire {
 public:
  /// Waits for the end of a transfer; the buffer belongs to the wire until then.
  using Transfer = std::function<void()>;

  virtual ~Wire() = default;

  virtual std::size_t rank() const = 0;
  virtual std::size_t size() const = 0;

  /// Begins to send. Throws std::runtime_error, as does the transfer, when the other side is gone.
  Transfer send(std::size_t to, std::span<const std::byte> bytes) {
    sent_ += bytes.size();
    return begin_send(to, bytes);
  }
  /// Begins to receive as many bytes as the other side sends.
  virtual Transfer receive(std::size_t from, std::span<std::byte> bytes) = 0;

  /// By this rank so far.
  std::uint64_t bytes_sent() const { return sent_; }

 protected:
  virtual Transfer begin_send(std::size_t to, std::span<const std::byte> bytes) = 0;

 private:
  std::uint64_t sent_ = 0;
};

}  // namespace isthmus
