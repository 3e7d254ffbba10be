// Compiled message catalogues of GNU gettext (.mo). Any bytes are safe.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace isthmus {

/// A message and its translations, as bytes of the file.
struct MoMessage {
  std::string_view context;  ///< msgctxt; empty when there is none
  std::string_view singular;
  std::string_view plural;  ///< msgid_plural; empty when there is none
  /// msgstr; with a plural, one for each of the language's plural forms.
  std::vector<std::string_view> translations;
};

/// A parsed catalogue. The messages are views of the bytes it was parsed from.
struct MoCatalogue {
  std::string problem;              ///< why the bytes are no catalogue; then there are no messages
  std::string charset;              ///< of all strings, from the header entry; "US-ASCII" when it does not say
  std::vector<MoMessage> messages;  ///< without the header entry
};

/// Reads either byte order and format revisions 0 and 1. Every offset is checked, and the strings together cannot be
/// larger than the file, so that a hostile file costs no more than an honest one.
MoCatalogue parse_mo(std::string_view bytes);

}  // namespace isthmus
