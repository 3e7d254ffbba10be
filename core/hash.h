// Checksums (XXH3): they find accidents, not forgeries.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

namespace isthmus {

std::uint64_t hash64(std::string_view bytes);

/// 32 hexadecimal digits, the same as `xxhsum -H128` prints.
std::string hash128_hex(std::string_view bytes);

/// The same of bytes that come in pieces.
class Hasher {
 public:
  Hasher();
  ~Hasher();
  Hasher(Hasher&&) noexcept;
  Hasher& operator=(Hasher&&) noexcept;

  void update(std::string_view bytes);
  std::string hex() const;
  std::uint64_t digest64() const;

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace isthmus
