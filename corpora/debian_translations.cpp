#include "corpora/debian_translations.h"

#include <unicode/uchar.h>
#include <unicode/utf8.h>

#include <algorithm>
#include <array>
#include <optional>
#include <unordered_map>
#include <utility>

#include "corpora/line_traits.h"

namespace isthmus {
namespace {

using Paragraph = std::vector<std::string>;

UChar32 last_character(std::string_view text) {
  auto end = static_cast<std::int32_t>(text.size());
  UChar32 c = -1;
  if (end > 0) U8_PREV(reinterpret_cast<const std::uint8_t*>(text.data()), 0, end, c);
  return c;
}

UChar32 first_character(std::string_view text) {
  std::int32_t begin = 0;
  UChar32 c = -1;
  if (!text.empty()) {
    U8_NEXT(reinterpret_cast<const std::uint8_t*>(text.data()), begin, static_cast<std::int32_t>(text.size()), c);
  }
  return c;
}

bool is_hangul(UChar32 c) { return u_getIntPropertyValue(c, UCHAR_HANGUL_SYLLABLE_TYPE) != U_HST_NOT_APPLICABLE; }

/// Of a script written without spaces between words.
bool is_unspaced(UChar32 c) {
  const int line_break = u_getIntPropertyValue(c, UCHAR_LINE_BREAK);
  const bool east_asian = u_getIntPropertyValue(c, UCHAR_EAST_ASIAN_WIDTH) == U_EA_WIDE;
  return (east_asian && !is_hangul(c)) || line_break == U_LB_COMPLEX_CONTEXT;
}

/// Where the text begins behind the bullet of a list item; 0 when there is none.
std::size_t bullet_width(std::string_view text) {
  for (std::string_view bullet : {"* ", "- ", "+ ", "o ", "• ", "· ", "– "}) {
    if (text.starts_with(bullet)) return bullet.size();
  }
  return 0;
}

/// Puts the wrapped lines of a body together.
class BodyParser {
 public:
  void add(std::string_view line) {
    if (line == ".") return end_paragraph();
    const std::size_t indent = std::min(line.find_first_not_of(" \t"), line.size());
    const std::string_view text = line.substr(indent);
    if (const std::size_t bullet = bullet_width(text); bullet > 0) {
      end_unit();
      unit_ = text.substr(bullet);
      in_item_ = true;
    } else if (indent > 0 && !in_item_) {  // laid out by hand: a table, code
      end_unit();
      certain_ = false;
      end_unit();
    } else if (indent == 0 && in_item_) {  // running text resumes
      end_unit();
      in_item_ = false;
      unit_ = text;
    } else {
      append(text);
    }
  }

  std::vector<Paragraph> finish() {
    end_paragraph();
    return std::move(paragraphs_);
  }

 private:
  void append(std::string_view text) {
    if (unit_.empty()) {
      unit_ = text;
      return;
    }
    const UChar32 before = last_character(unit_), after = first_character(text);
    // Korean has spaces between words, but old descriptions were wrapped within words too.
    if (is_hangul(before) && is_hangul(after)) certain_ = false;
    if (!is_unspaced(before) || !is_unspaced(after)) unit_ += ' ';
    unit_ += text;
  }
  void end_unit() {
    if (unit_.empty() && certain_) return;
    paragraph_.push_back(certain_ ? collapse_white_space(unit_) : std::string());
    unit_.clear();
    certain_ = true;
  }
  void end_paragraph() {
    end_unit();
    in_item_ = false;
    if (!paragraph_.empty()) paragraphs_.push_back(std::exchange(paragraph_, {}));
  }

  std::string unit_;
  bool certain_ = true;  // whether unit_ is the text as it was before it was wrapped
  bool in_item_ = false;
  Paragraph paragraph_;
  std::vector<Paragraph> paragraphs_;
};

/// Takes the next line off the front of `text`.
std::string_view take_line(std::string_view& text) {
  const std::size_t end = std::min(text.find('\n'), text.size());
  const std::string_view line = text.substr(0, end);
  text.remove_prefix(std::min(end + 1, text.size()));
  return line;
}

PackageDescription parse_stanza(std::string_view stanza, std::string_view field) {
  PackageDescription description;
  BodyParser body;
  bool in_description = false;
  while (!stanza.empty()) {
    std::string_view line = take_line(stanza);
    if (line.starts_with(' ')) {
      if (in_description) body.add(line.substr(1));
      continue;
    }
    const std::size_t colon = line.find(':');
    if (colon == std::string_view::npos) continue;
    const std::string value = collapse_white_space(line.substr(colon + 1));
    in_description = line.substr(0, colon) == field;
    if (in_description) description.synopsis = value;
    if (line.substr(0, colon) == "Description-md5") description.md5 = value;
  }
  description.paragraphs = body.finish();
  return description;
}

/// Translators' tools mark what is not translated yet.
bool is_unfinished(std::string_view text) { return text.find("<trans>") != std::string_view::npos; }

}  // namespace

void parse_translations(std::string_view file, std::string_view language,
                        const std::function<void(PackageDescription)>& use) {
  const std::string field = "Description-" + std::string(language);
  while (!file.empty()) {
    const std::string_view begin = file;
    std::size_t size = 0;
    while (!file.empty()) {
      const std::string_view line = take_line(file);
      if (line.empty()) break;
      size = static_cast<std::size_t>(line.data() + line.size() - begin.data());
    }
    PackageDescription description = parse_stanza(begin.substr(0, size), field);
    if (!description.md5.empty() && !description.synopsis.empty()) use(std::move(description));
  }
}

ParallelText join_translations(std::span<const std::string> english_files,
                               std::span<const std::string> translated_files, std::string_view language, bool body,
                               JoinCounts& counts) {
  std::unordered_map<std::string, PackageDescription> english;
  for (const std::string& file : english_files) {
    parse_translations(file, "en", [&](PackageDescription description) {
      std::string md5 = description.md5;
      english.try_emplace(std::move(md5), std::move(description));
    });
  }
  counts = {};
  counts.english = english.size();
  ParallelText text{{}, {}, "Translation-en", "Translation-" + std::string(language)};
  const auto add = [&](const std::string& source, const std::string& target) {
    if (source.empty() || target.empty() || is_unfinished(target)) return;
    text.source.push_back(source);
    text.target.push_back(target);
  };
  const auto add_paragraph = [&](const Paragraph& source, const Paragraph& target) {
    if (source.size() != target.size()) return void(++counts.unaligned);
    for (std::size_t i = 0; i < source.size(); ++i) add(source[i], target[i]);
  };
  const auto join = [&](const PackageDescription& translated) {
    const auto found = english.find(translated.md5);
    if (found == english.end()) return;
    const PackageDescription& original = found->second;
    ++counts.translated;
    add(original.synopsis, translated.synopsis);
    if (body) {
      const std::size_t paragraphs = translated.paragraphs.size();
      counts.paragraphs += paragraphs;
      if (paragraphs != original.paragraphs.size()) {
        counts.unaligned += paragraphs;
      } else {
        for (std::size_t i = 0; i < paragraphs; ++i) add_paragraph(original.paragraphs[i], translated.paragraphs[i]);
      }
    }
    english.erase(found);  // another suite may repeat it
  };
  for (const std::string& file : translated_files) parse_translations(file, language, join);
  return text;
}

}  // namespace isthmus
