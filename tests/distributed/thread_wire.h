// A world whose ranks are threads of the test.
#pragma once

#include <algorithm>
#include <condition_variable>
#include <deque>
#include <exception>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <stdexcept>
#include <thread>
#include <utility>
#include <vector>

#include "distributed/communicator.h"

namespace isthmus {

/// Messages on their way, by sender and receiver.
class Mailboxes {
 public:
  void put(std::size_t from, std::size_t to, std::span<const std::byte> bytes) {
    const std::lock_guard lock(mutex_);
    Box& box = boxes_[{from, to}];
    box.messages[box.sent++].assign(bytes.begin(), bytes.end());
    arrived_.notify_all();
  }

  /// The number of the next message that `to` will receive.
  std::size_t reserve(std::size_t from, std::size_t to) {
    const std::lock_guard lock(mutex_);
    return boxes_[{from, to}].reserved++;
  }

  std::vector<std::byte> take(std::size_t from, std::size_t to, std::size_t number) {
    std::unique_lock lock(mutex_);
    Box& box = boxes_[{from, to}];
    arrived_.wait(lock, [&] { return box.messages.count(number) > 0; });
    return std::move(box.messages.extract(number).mapped());
  }

 private:
  struct Box {
    std::size_t sent = 0;
    std::size_t reserved = 0;
    std::map<std::size_t, std::vector<std::byte>> messages;
  };

  std::mutex mutex_;
  std::condition_variable arrived_;
  std::map<std::pair<std::size_t, std::size_t>, Box> boxes_;
};

class ThreadWire final : public Wire {
 public:
  ThreadWire(Mailboxes& boxes, std::size_t rank, std::size_t size) : boxes_(boxes), rank_(rank), size_(size) {}

  std::size_t rank() const override { return rank_; }
  std::size_t size() const override { return size_; }

  Transfer receive(std::size_t from, std::span<std::byte> bytes) override {
    // Whoever reads before the message is there reads nonsense.
    std::ranges::fill(bytes, std::byte{0x7e});
    return [this, from, bytes, number = boxes_.reserve(from, rank_)] {
      const std::vector<std::byte> message = boxes_.take(from, rank_, number);
      if (message.size() != bytes.size()) throw std::logic_error("a message of another size than was expected");
      std::ranges::copy(message, bytes.begin());
    };
  }

 protected:
  Transfer begin_send(std::size_t to, std::span<const std::byte> bytes) override {
    boxes_.put(rank_, to, bytes);
    return [bytes, before = std::vector<std::byte>(bytes.begin(), bytes.end())] {
      if (!std::equal(bytes.begin(), bytes.end(), before.begin())) {
        throw std::logic_error("bytes have changed while they were sent");
      }
    };
  }

 private:
  Mailboxes& boxes_;
  std::size_t rank_;
  std::size_t size_;
};

/// Runs `work` as each rank of a world. The first exception is thrown again, once all have ended.
inline void run_world(std::size_t size, const std::function<void(Communicator&)>& work) {
  Mailboxes boxes;
  std::vector<std::exception_ptr> errors(size);
  std::vector<std::thread> ranks;
  for (std::size_t rank = 0; rank < size; ++rank) {
    ranks.emplace_back([&, rank] {
      try {
        Communicator world(std::make_unique<ThreadWire>(boxes, rank, size));
        work(world);
      } catch (...) {
        errors[rank] = std::current_exception();
      }
    });
  }
  for (std::thread& rank : ranks) rank.join();
  for (const std::exception_ptr& error : errors) {
    if (error) std::rethrow_exception(error);
  }
}

}  // namespace isthmus
