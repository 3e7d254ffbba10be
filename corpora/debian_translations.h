// The files in which Debian and Ubuntu keep translated package descriptions, and how two of them make parallel text.
// Only text in, text out; corpora/debian.h fetches it.
#pragma once

#include <cstddef>
#include <functional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "corpora/parallel_text.h"

namespace isthmus {

/// One description. A paragraph is a list of units: its running text, or each item of a list. A unit is empty where its
/// text cannot be told for certain (a table, a Korean word broken over two lines).
struct PackageDescription {
  std::string md5;       ///< of the English description: the same for all its translations
  std::string synopsis;  ///< the short description, one line
  std::vector<std::vector<std::string>> paragraphs;
};

/// Calls use() for each stanza of a Translation file that has a Description-LANGUAGE. Anything else is passed over: any
/// bytes are safe.
void parse_translations(std::string_view file, std::string_view language,
                        const std::function<void(PackageDescription)>& use);

struct JoinCounts {
  std::size_t english = 0;     ///< different English descriptions
  std::size_t translated = 0;  ///< translations of one of them
  std::size_t paragraphs = 0;  ///< paragraphs of these
  std::size_t unaligned = 0;   ///< paragraphs left out because the two sides are not built alike
};

/// Pairs of English and `language` from the files of each, joined on the checksum of the description: the synopses, and
/// with `body` the units of the paragraphs where both descriptions have the same number of paragraphs and both
/// paragraphs the same number of units. Texts may repeat or be copies of the English.
ParallelText join_translations(std::span<const std::string> english_files,
                               std::span<const std::string> translated_files, std::string_view language, bool body,
                               JoinCounts& counts);

}  // namespace isthmus
