// Parallel text from the message catalogues of the programs installed on this machine.
#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "core/options.h"
#include "corpora/clean.h"
#include "corpora/parallel_text.h"

namespace isthmus {

/// What becomes of messages in which programs put values (%d, {name}).
enum class FormatStrings { kKeep, kDrop };
template <>
struct EnumNames<FormatStrings> {
  static constexpr std::string_view names[] = {"keep", "drop"};
};

struct GettextCounts {
  std::size_t catalogues = 0;      ///< of the language
  std::size_t damaged = 0;         ///< of these, those that are no .mo files or cannot be read
  std::size_t other_charset = 0;   ///< of these, those whose characters cannot be converted to UTF-8
  std::size_t messages = 0;        ///< translated ones
  std::size_t identifiers = 0;     ///< left out: the message is no English but a name or has no letters
  std::size_t format_strings = 0;  ///< left out because they have placeholders
  std::size_t mismatched = 0;      ///< left out: translation and message have different placeholders
};

struct GettextText {
  ParallelText text;  ///< English and the language; cleaned: no copies, no repetitions
  GettextCounts counts;
  CleanReport cleaned;
};

/// Where systems keep catalogues, as far as it exists here.
std::vector<std::string> default_catalogue_folders();

/// Adds the pairs of one catalogue to `text`. A plural makes two pairs, the singular with the first form and the plural
/// with the last. Accelerators are taken out and each message becomes one line.
void add_catalogue(std::string_view bytes, FormatStrings format_strings, ParallelText& text, GettextCounts& counts);

/// Pairs of all catalogues of a language below the folders: LANG/LC_MESSAGES/*.mo or LANG.mo. A damaged file is passed
/// over with a warning. Throws InputError when a folder is absent or the language has no catalogue (the message lists
/// those that have).
GettextText gather_gettext(std::span<const std::string> folders, const std::string& language,
                           FormatStrings format_strings);

}  // namespace isthmus
