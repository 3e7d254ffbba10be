#include "distributed/communicator.h"

#include <fmt/format.h>

#include "core/error.h"
#include "core/hash.h"
#include "core/process_info.h"
#include "distributed/all_reduce.h"

namespace isthmus {
namespace {

std::span<std::byte> bytes_of(std::string& text) { return std::as_writable_bytes(std::span(text)); }
std::span<std::byte> bytes_of(std::uint64_t& number) { return std::as_writable_bytes(std::span(&number, 1)); }

}  // namespace

Communicator::Communicator() = default;
Communicator::Communicator(std::unique_ptr<Wire> wire) : wire_(std::move(wire)) {}
Communicator::~Communicator() = default;
Communicator::Communicator(Communicator&&) noexcept = default;
Communicator& Communicator::operator=(Communicator&&) noexcept = default;

void Communicator::sum(std::span<float> values) {
  if (wire_) all_reduce(*wire_, values);
}

void Communicator::sum(std::span<double> values) {
  if (wire_) all_reduce(*wire_, values);
}

void Communicator::sum(std::span<std::int64_t> values) {
  if (wire_) all_reduce(*wire_, values);
}

void Communicator::broadcast(std::span<std::byte> bytes) {
  if (alone() || bytes.empty()) return;
  // A binomial tree: a rank gets the bytes from the one without its last bit, and hands them to those with a lower one
  // more.
  std::size_t bit = 1;
  while (bit < size() && (rank() & bit) == 0) bit <<= 1;
  if (!leads()) wire_->receive(rank() - bit, bytes)();
  std::vector<Wire::Transfer> sends;
  for (bit >>= 1; bit > 0; bit >>= 1) {
    if (rank() + bit < size()) sends.push_back(wire_->send(rank() + bit, bytes));
  }
  for (const Wire::Transfer& send : sends) send();
}

void Communicator::broadcast(std::string& bytes) {
  std::uint64_t length = bytes.size();
  broadcast(bytes_of(length));
  bytes.resize(length);
  broadcast(bytes_of(bytes));
}

void Communicator::send(std::size_t to, std::string_view bytes) {
  std::uint64_t length = bytes.size();
  wire_->send(to, bytes_of(length))();
  if (length > 0) wire_->send(to, std::as_bytes(std::span(bytes)))();
}

std::string Communicator::receive(std::size_t from) {
  std::uint64_t length = 0;
  wire_->receive(from, bytes_of(length))();
  std::string bytes(length, '\0');
  if (length > 0) wire_->receive(from, bytes_of(bytes))();
  return bytes;
}

std::vector<std::string> Communicator::gather(std::string_view bytes) {
  if (!leads()) {
    send(0, bytes);
    return {};
  }
  std::vector<std::string> all = {std::string(bytes)};
  for (std::size_t from = 1; from < size(); ++from) all.push_back(receive(from));
  return all;
}

std::string Communicator::scatter(const std::vector<std::string>& bytes) {
  if (!leads()) return receive(0);
  for (std::size_t to = 1; to < size(); ++to) send(to, bytes[to]);
  return bytes[0];
}

bool Communicator::any(bool here) {
  std::int64_t count = here ? 1 : 0;
  sum(std::span(&count, 1));
  return count > 0;
}

void Communicator::barrier() { any(false); }

void Communicator::abandon() {
  if (wire_) (void)wire_.release();
}

void require_same(Communicator& world, std::string_view what, std::string_view value, std::string_view remedy) {
  if (world.alone()) return;
  const std::string hash = hash128_hex(value);
  const std::vector<std::string> all = world.gather(hash + host_name());
  std::string complaint;
  for (std::size_t rank = 1; rank < all.size() && complaint.empty(); ++rank) {
    if (all[rank].starts_with(hash)) continue;
    complaint = fmt::format("{} of rank {} on {} are not those of rank 0 on {}; {}", what, rank,
                            all[rank].substr(hash.size()), host_name(), remedy);
  }
  world.broadcast(complaint);
  if (!complaint.empty()) throw InputError(complaint);
}

}  // namespace isthmus
