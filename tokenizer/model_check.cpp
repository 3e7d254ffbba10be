// A SentencePiece model is a protocol buffer. Its fields 3 and 5 are the rules of normalisation before encoding and
// after decoding; field 2 of those is the table: a length, a double-array trie of so many bytes (Darts-clone), and the
// replacement strings that its leaves point at, each ended by NUL.
#include "tokenizer/model_check.h"

#include <cstdint>
#include <cstring>
#include <optional>
#include <vector>

namespace isthmus {
namespace {

constexpr std::uint32_t kNormalizer = 3;
constexpr std::uint32_t kDenormalizer = 5;
constexpr std::uint32_t kTable = 2;

std::optional<std::uint64_t> take_varint(std::string_view& bytes) {
  std::uint64_t value = 0;
  for (unsigned shift = 0; shift < 64 && !bytes.empty(); shift += 7) {
    const auto byte = static_cast<unsigned char>(bytes[0]);
    bytes.remove_prefix(1);
    value |= std::uint64_t{byte & 0x7Fu} << shift;
    if (byte < 0x80) return value;
  }
  return std::nullopt;
}

/// All values of a length-delimited field of a message; nothing if the message is malformed.
std::optional<std::vector<std::string_view>> field_values(std::string_view message, std::uint32_t wanted) {
  std::vector<std::string_view> values;
  while (!message.empty()) {
    const auto key = take_varint(message);
    if (!key) return std::nullopt;
    std::optional<std::uint64_t> size;
    switch (*key & 7) {
      case 0:
        if (!take_varint(message)) return std::nullopt;
        continue;
      case 1:
        size = 8;
        break;
      case 2:
        size = take_varint(message);
        break;
      case 5:
        size = 4;
        break;
      default:
        return std::nullopt;
    }
    if (!size || *size > message.size()) return std::nullopt;
    if ((*key & 7) == 2 && *key >> 3 == wanted) values.push_back(message.substr(0, *size));
    message.remove_prefix(*size);
  }
  return values;
}

/// A unit of the double array.
struct Unit {
  std::uint32_t bits;

  bool is_value() const { return bits >> 31 != 0; }  // no character leads here
  bool has_leaf() const { return (bits >> 8 & 1) != 0; }
  std::uint32_t value() const { return bits & 0x7FFFFFFF; }
  std::uint32_t offset() const { return (bits >> 10) << ((bits & (1u << 9)) >> 6); }
};

bool table_is_safe(std::string_view table) {
  if (table.empty()) return true;  // identity
  std::uint32_t trie_bytes = 0;
  if (table.size() <= sizeof trie_bytes) return false;
  std::memcpy(&trie_bytes, table.data(), sizeof trie_bytes);
  table.remove_prefix(sizeof trie_bytes);
  if (trie_bytes == 0 || trie_bytes % sizeof(Unit) != 0 || trie_bytes >= table.size()) return false;
  std::vector<Unit> units(trie_bytes / sizeof(Unit));
  std::memcpy(units.data(), table.data(), trie_bytes);
  const std::string_view replacements = table.substr(trie_bytes);
  if (replacements.back() != '\0') return false;
  for (std::size_t i = 0; i < units.size(); ++i) {
    if (units[i].is_value()) continue;
    const std::size_t children = i ^ units[i].offset();
    if ((children | 0xFF) >= units.size()) return false;
    if (units[i].has_leaf() && units[children].value() >= replacements.size()) return false;
  }
  return true;
}

}  // namespace

bool normalization_is_safe(std::string_view model_bytes) {
  for (const std::uint32_t field : {kNormalizer, kDenormalizer}) {
    const auto rules = field_values(model_bytes, field);
    if (!rules) return false;
    for (const std::string_view rule : *rules) {
      const auto tables = field_values(rule, kTable);
      if (!tables) return false;
      for (const std::string_view table : *tables) {
        if (!table_is_safe(table)) return false;
      }
    }
  }
  return true;
}

}  // namespace isthmus
