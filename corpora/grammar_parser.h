// From the text of grammar files to a checked Grammar.
#pragma once

#include <map>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "corpora/grammar.h"

namespace isthmus {

/// Reads files one after the other, then checks the whole; used once. Errors are InputError with file and line.
class GrammarParser {
 public:
  void read(const GrammarFile& file);
  /// Resolves names, checks and hands over.
  Grammar finish();

 private:
  enum class Section { kNone, kRules, kIrregularVerbs, kIrregularPlurals };

  void read_header(std::string_view line);
  void read_rule(std::string_view line);
  void read_irregular(std::string_view line);
  std::vector<Rule::Piece> read_side(std::string_view text, Rule& rule);
  Rule::Piece read_slot(std::string_view text, Rule& rule);
  Rule::Piece read_verb(std::string_view text, Rule& rule);
  void read_form(std::string_view rest, Rule& rule, Rule::Piece& piece);
  int slot_number(std::string_view name, Rule& rule);
  void read_attributes(std::span<const std::string_view> fields, Rule& rule);
  void check_sides(const Rule& rule) const;

  int symbol_named(std::string_view name, const Rule& user);
  void link();
  void measure_depths();
  void check_reachable() const;
  void check_attributes() const;
  bool provides(int symbol, std::string_view attribute, int depth) const;

  [[noreturn]] void fail(std::string_view what, std::string_view remedy = {}) const;
  [[noreturn]] static void fail(const Rule& rule, std::string_view what, std::string_view remedy = {});

  Grammar grammar_;
  std::map<std::string, int, std::less<>> symbols_;
  std::map<std::string, std::string, std::less<>> seen_;  ///< class and English to where it stands
  std::string file_;
  std::int64_t line_ = 0;
  Section section_ = Section::kNone;
  Rule header_;  ///< what the rules of this section have in common
};

}  // namespace isthmus
