// For tests that do less where sanitizers, which look for other mistakes, make them slow.
#pragma once

namespace isthmus::test {

inline constexpr bool kSanitized = ISTHMUS_SANITIZED;

}  // namespace isthmus::test
