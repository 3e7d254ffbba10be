#include "corpora/zstd_frames.h"

#include <algorithm>
#include <array>

namespace isthmus {
namespace {

std::uint32_t little_endian(std::string_view bytes) {
  std::uint32_t value = 0;
  for (std::size_t i = bytes.size(); i-- > 0;) value = value << 8 | static_cast<unsigned char>(bytes[i]);
  return value;
}

}  // namespace

void ZstdFrames::feed(std::string_view bytes) {
  while (!bytes.empty() && state_ != State::kNotZstd) {
    const std::size_t skipped = std::min<std::uint64_t>(skip_, bytes.size());
    skip_ -= skipped;
    bytes.remove_prefix(skipped);
    if (skip_ > 0) return;
    const std::size_t taken = std::min(field_size() - field_.size(), bytes.size());
    field_ += bytes.substr(0, taken);
    bytes.remove_prefix(taken);
    if (field_.size() == field_size()) {
      read_field();
      field_.clear();
    }
  }
}

std::size_t ZstdFrames::field_size() const {
  switch (state_) {
    case State::kDescriptor:
      return 1;
    case State::kBlock:
      return 3;
    default:
      return 4;
  }
}

void ZstdFrames::read_field() {
  const std::uint32_t value = little_endian(field_);
  switch (state_) {
    case State::kMagic:
      if (value == 0xfd2fb528) {
        state_ = State::kDescriptor;
      } else if ((value & 0xfffffff0) == 0x184d2a50) {
        state_ = State::kSkippableSize;
      } else {
        state_ = State::kNotZstd;  // the decompressor says what is wrong
      }
      break;
    case State::kSkippableSize:
      skip_ = value;
      state_ = State::kMagic;
      break;
    case State::kDescriptor: {
      const bool single_segment = value >> 5 & 1;
      const std::array<unsigned, 4> content_size = {single_segment ? 1u : 0u, 2, 4, 8};
      const std::array<unsigned, 4> dictionary_id = {0, 1, 2, 4};
      skip_ = content_size[value >> 6] + dictionary_id[value & 3] + (single_segment ? 0 : 1);
      has_checksum_ = value >> 2 & 1;
      state_ = State::kBlock;
      break;
    }
    case State::kBlock: {
      const bool last = value & 1;
      const bool repeated_byte = (value >> 1 & 3) == 1;
      skip_ = repeated_byte ? 1 : value >> 3;
      if (last) {
        if (has_checksum_) skip_ += 4;
        state_ = State::kMagic;
      }
      break;
    }
    case State::kNotZstd:
      break;
  }
}

}  // namespace isthmus
