// Values of options as they stand in a --config file.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace isthmus {

/// The value, in quotes where it would not come back as it is: empty, with blanks at its ends, quotes or a '#', which
/// begins a comment even inside quotes and is therefore written \x23.
std::string to_config_value(std::string_view value);

/// The value that is meant; nothing when quotes are open or an escape is unknown.
std::optional<std::string> from_config_value(std::string_view text);

}  // namespace isthmus
