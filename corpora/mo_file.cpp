#include "corpora/mo_file.h"

#include <algorithm>
#include <cctype>
#include <cstdint>
#include <optional>

namespace isthmus {
namespace {

constexpr std::uint32_t kMagic = 0x950412de;

/// 32-bit numbers and strings of the file, within its bounds.
class MoBytes {
 public:
  explicit MoBytes(std::string_view bytes) : bytes_(bytes) {
    if (bytes.size() < 28) return;
    swapped_ = number(0) == __builtin_bswap32(kMagic);
    is_mo_ = number(0) == kMagic;  // in the order found
  }

  bool is_mo() const { return is_mo_; }

  /// The number at a position that is known to be within the file.
  std::uint32_t number(std::uint64_t at) const {
    std::uint32_t value = 0;
    for (int i = 3; i >= 0; --i) value = value << 8 | static_cast<unsigned char>(bytes_[at + static_cast<unsigned>(i)]);
    return swapped_ ? __builtin_bswap32(value) : value;
  }

  bool has_table(std::uint64_t at, std::uint64_t entries) const { return at + 8 * entries <= bytes_.size(); }

  /// The string whose length and offset stand at `at`; nothing when it is not within the file or does not end in NUL.
  std::optional<std::string_view> string(std::uint64_t at) const {
    const std::uint64_t length = number(at), offset = number(at + 4);
    if (offset + length >= bytes_.size() || bytes_[offset + length] != '\0') return std::nullopt;
    return bytes_.substr(offset, length);
  }

 private:
  std::string_view bytes_;
  bool swapped_ = false;
  bool is_mo_ = false;
};

std::string charset_of(std::string_view header) {
  constexpr std::string_view kField = "charset=";
  const std::size_t field = header.find(kField);
  if (field == std::string_view::npos) return "US-ASCII";
  const std::string_view rest = header.substr(field + kField.size());
  const auto end = std::find_if(rest.begin(), rest.end(),
                                [](char c) { return std::isspace(static_cast<unsigned char>(c)) != 0 || c == ';'; });
  const std::string charset(rest.begin(), end);
  return charset.empty() || charset == "CHARSET" ? "US-ASCII" : charset;
}

MoMessage to_message(std::string_view id, std::string_view translation) {
  MoMessage message;
  if (const std::size_t context = id.find('\4'); context != std::string_view::npos) {
    message.context = id.substr(0, context);
    id.remove_prefix(context + 1);
  }
  const std::size_t plural = id.find('\0');
  message.singular = id.substr(0, plural);
  if (plural == std::string_view::npos) {
    message.translations.push_back(translation);
    return message;
  }
  message.plural = id.substr(plural + 1);
  for (;;) {
    const std::size_t end = translation.find('\0');
    message.translations.push_back(translation.substr(0, end));
    if (end == std::string_view::npos) return message;
    translation.remove_prefix(end + 1);
  }
}

MoCatalogue damaged(std::string problem) { return {.problem = std::move(problem), .charset = {}, .messages = {}}; }

}  // namespace

MoCatalogue parse_mo(std::string_view bytes) {
  const MoBytes file(bytes);
  if (!file.is_mo()) return damaged("not a message catalogue");
  const std::uint32_t revision = file.number(4);
  if (revision >> 16 > 1) return damaged("of an unknown format revision");
  const std::uint64_t count = file.number(8), ids = file.number(12), translations = file.number(16);
  if (!file.has_table(ids, count) || !file.has_table(translations, count)) return damaged("cut short");
  MoCatalogue catalogue;
  catalogue.charset = "US-ASCII";
  std::uint64_t total = 0;
  for (std::uint64_t i = 0; i < count; ++i) {
    const auto id = file.string(ids + 8 * i), translation = file.string(translations + 8 * i);
    if (!id || !translation) return damaged("damaged: a string lies outside the file");
    total += id->size() + translation->size() + 2;
    if (total > bytes.size()) return damaged("damaged: its strings overlap");
    if (id->empty()) {
      catalogue.charset = charset_of(*translation);
    } else {
      catalogue.messages.push_back(to_message(*id, *translation));
    }
  }
  return catalogue;
}

}  // namespace isthmus
