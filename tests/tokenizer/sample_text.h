// Text of our own to train small tokenizers on.
#pragma once

#include <string>
#include <vector>

namespace isthmus::testing {

inline std::vector<std::string> sample_lines() {
  const std::vector<std::string> subjects = {"the baker", "a tall sailor", "my neighbour", "the old clock", "nobody"};
  const std::vector<std::string> verbs = {"opens", "paints", "forgets", "is looking for", "would rather keep"};
  const std::vector<std::string> objects = {"the window",    "a narrow bridge", "seven letters", "the northern harbour",
                                            "der Schlüssel", "배를 타고",       "everything"};
  std::vector<std::string> lines;
  for (const auto& subject : subjects) {
    for (const auto& verb : verbs) {
      for (const auto& object : objects) lines.push_back(subject + " " + verb + " " + object + ".");
    }
  }
  return lines;
}

}  // namespace isthmus::testing
