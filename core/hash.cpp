#include "core/hash.h"

#include <fmt/format.h>
#include <xxhash.h>

namespace isthmus {
namespace {

std::string hex_of(XXH128_hash_t hash) { return fmt::format("{:016x}{:016x}", hash.high64, hash.low64); }

}  // namespace

std::uint64_t hash64(std::string_view bytes) { return XXH3_64bits(bytes.data(), bytes.size()); }

std::string hash128_hex(std::string_view bytes) { return hex_of(XXH3_128bits(bytes.data(), bytes.size())); }

struct Hasher::State {
  State() {
    XXH3_64bits_reset(half.get());
    XXH3_128bits_reset(whole.get());
  }

  struct Free {
    void operator()(XXH3_state_t* state) const { XXH3_freeState(state); }
  };
  std::unique_ptr<XXH3_state_t, Free> half{XXH3_createState()};
  std::unique_ptr<XXH3_state_t, Free> whole{XXH3_createState()};
};

Hasher::Hasher() : state_(std::make_unique<State>()) {}
Hasher::~Hasher() = default;
Hasher::Hasher(Hasher&&) noexcept = default;
Hasher& Hasher::operator=(Hasher&&) noexcept = default;

void Hasher::update(std::string_view bytes) {
  XXH3_64bits_update(state_->half.get(), bytes.data(), bytes.size());
  XXH3_128bits_update(state_->whole.get(), bytes.data(), bytes.size());
}

std::string Hasher::hex() const { return hex_of(XXH3_128bits_digest(state_->whole.get())); }

std::uint64_t Hasher::digest64() const { return XXH3_64bits_digest(state_->half.get()); }

}  // namespace isthmus
