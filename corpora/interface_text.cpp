#include "corpora/interface_text.h"

#include <algorithm>
#include <cctype>
#include <utility>

#include "corpora/line_traits.h"

namespace isthmus {
namespace {

bool is_word_byte(char c) {
  const auto byte = static_cast<unsigned char>(c);
  return byte >= 0x80 || (byte >= '0' && byte <= '9') || (byte >= 'a' && byte <= 'z') || (byte >= 'A' && byte <= 'Z');
}
bool is_ascii_word(char c) { return is_word_byte(c) && static_cast<signed char>(c) >= 0; }

/// "(&F)" or "(_F)" at `at`: how translations into languages with other letters keep the accelerator.
bool is_foreign_accelerator(std::string_view text, std::size_t at) {
  return at + 4 <= text.size() && text[at] == '(' && (text[at + 1] == '&' || text[at + 1] == '_') &&
         is_ascii_word(text[at + 2]) && text[at + 3] == ')';
}

/// '&' before a letter, but not that of "&amp;" or "AT&T".
bool is_ampersand_mark(std::string_view text, std::size_t at) {
  if (text[at] != '&' || at + 1 == text.size() || !is_word_byte(text[at + 1])) return false;
  std::size_t end = at + 1;
  while (end < text.size() && is_ascii_word(text[end])) ++end;
  if (end < text.size() && text[end] == ';') return false;
  const bool within = at > 0 && is_word_byte(text[at - 1]);  // "E&xit", but not "AT&T"
  return !within || std::isupper(static_cast<unsigned char>(text[at + 1])) == 0;
}

/// The one '_' of a text, if it marks a letter: "_File", "Sa_ve", but not "file_name" or "ERR_OPEN". Several are parts
/// of names.
std::size_t underscore_mark(std::string_view text) {
  const std::size_t at = text.find('_');
  const bool single = at != std::string_view::npos && text.find('_', at + 1) == std::string_view::npos;
  if (!single || at + 1 == text.size() || !is_word_byte(text[at + 1])) return std::string_view::npos;
  std::size_t word = at;
  while (word > 0 && is_word_byte(text[word - 1])) --word;
  const auto is_upper = [&](std::size_t i) { return std::isupper(static_cast<unsigned char>(text[i])) != 0; };
  const bool within_name = word < at && is_ascii_word(text[word]) && (!is_upper(word) || is_upper(at + 1));
  return within_name ? std::string_view::npos : at;
}

/// Reads one placeholder at the front of a text. By hand, since std::regex recurses and catalogues may be hostile.
class PlaceholderScanner {
 public:
  explicit PlaceholderScanner(std::string_view text) : text_(text) {}

  /// Bytes to go on behind.
  std::size_t used() const { return std::max<std::size_t>(1, at_); }

  /// "{name}"; empty when it is none.
  std::string braces() {
    at_ = 1;
    skip_while([](char c) { return is_ascii_word(c) || c == '_'; });
    return take("}") ? std::string(text_.substr(0, at_)) : give_up();
  }

  /// "%(name)s", or "%d" for "%1$-5d"; empty for "%%" and when it is none.
  std::string percent() {
    at_ = 1;
    if (take("%")) return {};
    if (take("(")) {
      skip_while([](char c) { return is_ascii_word(c) || c == '_'; });
      if (take(")") && take("abcdefghijklmnopqrstuvwxyz")) return std::string(text_.substr(0, at_));
      return give_up();
    }
    const std::size_t position = at_;
    skip_digits();
    if (at_ > position && !take("$")) at_ = position;
    // A space is a flag too, but "100 % sure" is more common.
    skip_while([](char c) { return std::string_view("-+#0'").find(c) != std::string_view::npos; });
    if (!take("*")) skip_digits();
    if (take(".") && !take("*")) skip_digits();
    const std::size_t type = at_;
    skip_while([](char c) { return std::string_view("hlLqjzt").find(c) != std::string_view::npos; });
    return take("diouxXeEfFgGaAcsp") ? "%" + std::string(text_.substr(type, at_ - type)) : give_up();
  }

 private:
  template <class Condition>
  void skip_while(Condition condition) {
    while (at_ < text_.size() && condition(text_[at_])) ++at_;
  }
  void skip_digits() {
    skip_while([](char c) { return c >= '0' && c <= '9'; });
  }
  /// Takes one of the characters, if it comes next.
  bool take(std::string_view characters) {
    const bool there = at_ < text_.size() && characters.find(text_[at_]) != std::string_view::npos;
    if (there) ++at_;
    return there;
  }
  std::string give_up() {
    at_ = 1;
    return {};
  }

  std::string_view text_;
  std::size_t at_ = 0;
};

/// The rest of the text; the placeholders go to `found`, if that is wanted.
std::string without_placeholders(std::string_view text, std::vector<std::string>* found) {
  std::string rest;
  for (std::size_t at = 0; at < text.size();) {
    if (text[at] != '%' && text[at] != '{') {
      rest += text[at++];
      continue;
    }
    PlaceholderScanner scanner(text.substr(at));
    std::string placeholder = text[at] == '{' ? scanner.braces() : scanner.percent();
    if (!placeholder.empty() && found != nullptr) found->push_back(std::move(placeholder));
    at += scanner.used();
  }
  return rest;
}

}  // namespace

std::string interface_text(std::string_view message) {
  std::string text = collapse_white_space(message);
  const bool has_ampersand = std::count(text.begin(), text.end(), '&') == 1;
  std::string without;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (is_foreign_accelerator(text, i)) {
      i += 3;
    } else if (text.compare(i, 2, "&&") == 0) {
      without += text[i++];
    } else if (!(has_ampersand && is_ampersand_mark(text, i))) {
      without += text[i];
    }
  }
  if (const std::size_t mark = underscore_mark(without); mark != std::string::npos) without.erase(mark, 1);
  return collapse_white_space(without);
}

std::vector<std::string> placeholders(std::string_view text) {
  std::vector<std::string> found;
  without_placeholders(text, &found);
  std::sort(found.begin(), found.end());
  return found;
}

bool has_words(std::string_view text) { return line_traits(without_placeholders(text, nullptr)).has_letter; }

bool is_identifier(std::string_view text) {
  if (text.find_first_of(" \t\n") != std::string_view::npos) return false;
  for (std::size_t i = 1; i + 1 < text.size(); ++i) {
    if (text.substr(i, 2) == "::") return true;
    const bool joint = text[i] == '.' || text[i] == ':' || (text[i] == '_' && underscore_mark(text) != i);
    if (joint && is_word_byte(text[i - 1]) && is_word_byte(text[i + 1])) return true;
  }
  return false;
}

}  // namespace isthmus
