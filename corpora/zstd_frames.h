// Follows the frames of a zstd stream without decompressing it. Boost's decompressor takes a stream that was cut short
// for a whole one; this tells them apart. RFC 8878, section 3.1.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace isthmus {

class ZstdFrames {
 public:
  /// The next bytes of the stream, in pieces of any size.
  void feed(std::string_view bytes);

  /// Whether the stream could end here: no frame is open.
  bool whole() const { return state_ == State::kMagic && field_.empty() && skip_ == 0; }

 private:
  enum class State { kMagic, kSkippableSize, kDescriptor, kBlock, kNotZstd };

  std::size_t field_size() const;
  void read_field();

  State state_ = State::kMagic;
  std::string field_;       // the bytes seen of the field that `state_` names
  std::uint64_t skip_ = 0;  // bytes before that field
  bool has_checksum_ = false;
};

}  // namespace isthmus
