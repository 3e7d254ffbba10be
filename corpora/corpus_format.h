// How an encoded corpus lies in its file. Known to CorpusWriter and EncodedCorpus alone.
//
//   head      mark "ISTHMUS\n", kind "corpus\0\0", format version (u32), 0 (u32)
//   records   one for each pair: number of source and of target pieces (u32 each), the pieces (i32); where the recipe
//             keeps lines also the bytes of source and target line (u32 each) and the lines; zeros up to a multiple of
//             8
//   index     where each record begins, and where the last one ends, in bytes from the start of the file (u64)
//   trailer   recipe, counts, sizes, and the XXH3 of all bytes before it (u64)
//
// Numbers are little-endian, as the processor has them.
#pragma once

#include <array>
#include <cstdint>
#include <string_view>
#include <type_traits>

namespace isthmus::corpus_format {

inline constexpr std::string_view kMark{"ISTHMUS\ncorpus\0\0", 16};
inline constexpr std::uint32_t kVersion = 1;

struct Head {
  std::array<char, 16> mark;
  std::uint32_t version;
  std::uint32_t zero;
};

using Hash = std::array<char, 32>;  // hexadecimal digits

struct Trailer {
  Hash source_text, target_text, source_tokenizer, target_tokenizer;
  std::uint64_t source_vocabulary, target_vocabulary;
  std::uint64_t max_source_tokens, max_target_tokens, crops, keeps_lines;
  std::uint64_t lines, skipped_empty, skipped_long, cropped;
  std::uint64_t pairs, source_tokens, target_tokens;
  std::uint64_t index;     // where it begins
  std::uint64_t checksum;  // the last of all
};

static_assert(sizeof(Head) == 24 && sizeof(Trailer) == 128 + 15 * 8);
static_assert(std::has_unique_object_representations_v<Head> && std::has_unique_object_representations_v<Trailer>);

/// Of a record and of the index.
inline constexpr std::uint64_t kAlignment = 8;

}  // namespace isthmus::corpus_format
