// Translation at a prompt.
#pragma once

#include <string>
#include <string_view>

#include "decode/translator.h"

namespace isthmus::cli {

/// What a typed line leads to.
struct Answer {
  std::string data{};  ///< translations, for stdout; whole lines
  std::string talk{};  ///< everything else, for stderr; whole lines
  bool quit = false;
};

/// The dialogue without its terminal: a line is translated, unless it is a command (":beam 8"; ":help" lists them).
class TranslateDialogue {
 public:
  /// The translator must outlive the object. `scores`: shown until ":scores" switches them off.
  explicit TranslateDialogue(Translator& translator, bool scores = false) : translator_(translator), scores_(scores) {}

  /// Throws Interrupted, and nothing for what the user types.
  Answer answer(const std::string& line);

 private:
  Answer obey(std::string_view command);
  Answer set(std::string_view name, std::string_view value);
  Answer translate(const std::string& line);
  std::string settings() const;

  Translator& translator_;
  bool scores_;
};

/// Runs the dialogue on the terminal until :quit or Ctrl-D. Ctrl-C stops a translation or empties the line.
void translate_prompt(Translator& translator, bool scores);

}  // namespace isthmus::cli
