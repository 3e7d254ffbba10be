// The messages of programs as text: without the marks that are there for the program and not for its reader.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace isthmus {

/// The message on one line, without accelerators: "&File", "_File" and "파일(_F)" become "File" and "파일".
std::string interface_text(std::string_view message);

/// The places where a program puts values in: printf's %d or %1$s (flags, width and position left out), Python's
/// %(name)s and {name}; sorted. A message and its translation must have the same ones.
std::vector<std::string> placeholders(std::string_view text);

/// Whether there is a letter besides the placeholders.
bool has_words(std::string_view text);

/// Whether a message is a name for the program ("org.app.Title", "ERR_OPEN") rather than English.
bool is_identifier(std::string_view text);

}  // namespace isthmus
