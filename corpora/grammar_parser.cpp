#include "corpora/grammar_parser.h"

#include <algorithm>
#include <charconv>
#include <utility>

#include "core/error.h"
#include "core/utf8.h"

namespace isthmus {
namespace {

constexpr int kEndless = 1 << 20;
constexpr std::string_view kStart = "sentences";

std::string_view trimmed(std::string_view text) {
  const std::size_t first = text.find_first_not_of(" \t\r");
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(" \t\r") - first + 1);
}

std::vector<std::string_view> fields_of(std::string_view line) {
  std::vector<std::string_view> fields;
  while (true) {
    const std::size_t bar = line.find('|');
    fields.push_back(trimmed(line.substr(0, bar)));
    if (bar == std::string_view::npos) return fields;
    line.remove_prefix(bar + 1);
  }
}

std::optional<EnglishForm> form_named(std::string_view name) {
  constexpr std::pair<std::string_view, EnglishForm> kForms[] = {
      {"plural", EnglishForm::kPlural}, {"base", EnglishForm::kBase},       {"now", EnglishForm::kPresent},
      {"past", EnglishForm::kPast},     {"done", EnglishForm::kParticiple}, {"ing", EnglishForm::kGerund}};
  for (const auto& [known, form] : kForms) {
    if (name == known) return form;
  }
  return std::nullopt;
}

std::optional<Agreement> agreement_named(std::string_view name) {
  if (name == "I") return Agreement::kFirst;
  if (name == "he") return Agreement::kThird;
  if (name == "they") return Agreement::kPlural;
  return std::nullopt;
}

bool mentions(const std::vector<Rule::Piece>& side, std::size_t slot) {
  return std::any_of(side.begin(), side.end(),
                     [slot](const Rule::Piece& piece) { return piece.slot == static_cast<int>(slot); });
}

std::string in_quotes(std::string_view text) { return "\"" + std::string(text) + "\""; }

}  // namespace

void GrammarParser::fail(std::string_view what, std::string_view remedy) const {
  throw InputError::at_line(file_, line_, what, remedy);
}

void GrammarParser::fail(const Rule& rule, std::string_view what, std::string_view remedy) {
  throw InputError::at_line(rule.file, rule.line, what, remedy);
}

void GrammarParser::read(const GrammarFile& file) {
  file_ = file.name;
  line_ = 0;
  section_ = Section::kNone;
  std::string_view rest = file.text;
  while (!rest.empty()) {
    const std::size_t end = rest.find('\n');
    const std::string_view line = trimmed(rest.substr(0, end));
    rest.remove_prefix(end == std::string_view::npos ? rest.size() : end + 1);
    ++line_;
    if (line.empty() || line.front() == '#') continue;
    if (invalid_utf8_at(line)) fail("not valid UTF-8", "save the file as UTF-8");
    if (line.front() == '[') {
      read_header(line);
    } else if (section_ == Section::kRules) {
      read_rule(line);
    } else if (section_ == Section::kNone) {
      fail("a line before the first section", "begin with a header such as [nouns fruit]");
    } else {
      read_irregular(line);
    }
  }
}

void GrammarParser::read_header(std::string_view line) {
  if (line.back() != ']') fail("the section's header does not end in ]");
  const std::vector<std::string_view> fields = fields_of(line.substr(1, line.size() - 2));
  if (fields[0] == "irregular verbs" || fields[0] == "irregular plurals") {
    section_ = fields[0] == "irregular verbs" ? Section::kIrregularVerbs : Section::kIrregularPlurals;
    return;
  }
  const std::size_t space = std::min(fields[0].find(' '), fields[0].size());
  const std::string_view kind = fields[0].substr(0, space);
  const std::string_view name = trimmed(fields[0].substr(space));
  constexpr std::pair<std::string_view, RuleKind> kKinds[] = {{kStart, RuleKind::kSentence},
                                                              {"phrases", RuleKind::kPhrase},
                                                              {"nouns", RuleKind::kNoun},
                                                              {"words", RuleKind::kWord}};
  const auto* known = std::find_if(std::begin(kKinds), std::end(kKinds), [kind](auto k) { return k.first == kind; });
  if (known == std::end(kKinds)) {
    fail("unknown kind of section " + in_quotes(kind),
         "sentences, phrases, nouns, words, irregular verbs, irregular plurals");
  }
  if (name.empty() || name.find_first_of(" {}#:.@") != std::string_view::npos)
    fail("a section needs a name of one word");
  section_ = Section::kRules;
  header_ = Rule{};
  header_.kind = known->second;
  header_.section = name;
  read_attributes(std::span(fields).subspan(1), header_);
}

void GrammarParser::read_rule(std::string_view line) {
  const std::vector<std::string_view> fields = fields_of(line);
  if (fields.size() < 2 || fields[0].empty() || fields[1].empty()) fail("a line needs English | Korean");
  Rule rule = header_;
  rule.file = file_;
  rule.line = line_;
  const std::string key =
      (rule.kind == RuleKind::kSentence ? std::string(kStart) : rule.section) + "|" + std::string(fields[0]);
  const auto [before, is_new] = seen_.emplace(key, file_ + ":" + std::to_string(line_));
  if (!is_new) fail(in_quotes(fields[0]) + " is there already, at " + before->second, "remove one of the two");
  rule.english = read_side(fields[0], rule);
  rule.korean = read_side(fields[1], rule);
  if (rule.kind == RuleKind::kNoun || rule.kind == RuleKind::kWord) {
    if (!rule.slots.empty()) fail("nouns and words have no slots", "move the line to a section of phrases");
    if (rule.kind == RuleKind::kNoun) rule.english[0].text = "<#" + rule.english[0].text + ">";
  }
  read_attributes(std::span(fields).subspan(2), rule);
  check_sides(rule);
  grammar_.rules_.push_back(std::move(rule));
}

void GrammarParser::read_irregular(std::string_view line) {
  const std::vector<std::string_view> fields = fields_of(line);
  const bool verbs = section_ == Section::kIrregularVerbs;
  const bool fits = verbs ? fields.size() == 3 || fields.size() == 4 : fields.size() == 2;
  if (!fits || std::any_of(fields.begin(), fields.end(), [](auto field) { return field.empty(); })) {
    fail(verbs ? "an irregular verb is written eat | ate | eaten, and a fourth field for an -ing form with a surprise"
               : "an irregular plural is written child | children");
  }
  const auto [before, is_new] =
      seen_.emplace((verbs ? "verb|" : "plural|") + std::string(fields[0]), file_ + ":" + std::to_string(line_));
  if (!is_new) fail(in_quotes(fields[0]) + " is there already, at " + before->second, "remove one of the two");
  if (verbs) {
    grammar_.irregulars_.add_verb(std::string(fields[0]), {std::string(fields[1]), std::string(fields[2]),
                                                           std::string(fields.size() > 3 ? fields[3] : "")});
  } else {
    grammar_.irregulars_.add_plural(std::string(fields[0]), std::string(fields[1]));
  }
}

std::vector<Rule::Piece> GrammarParser::read_side(std::string_view text, Rule& rule) {
  std::vector<Rule::Piece> pieces;
  while (!text.empty()) {
    const std::size_t open = text.find_first_of("{}<>");
    if (open != 0) pieces.push_back({.text = std::string(text.substr(0, open))});
    if (open == std::string_view::npos) break;
    const std::size_t close = text.find_first_of("{}<>", open + 1);
    const std::string_view pair = close == std::string_view::npos ? "" : text[open] == '{' ? "{}" : "<>";
    if (pair.empty() || text[open] != pair[0] || text[close] != pair[1]) {
      fail("a " + std::string(1, text[open]) + " without its partner");
    }
    const std::string_view inside = text.substr(open + 1, close - open - 1);
    pieces.push_back(pair == "{}" ? read_slot(inside, rule) : read_verb(inside, rule));
    text.remove_prefix(close + 1);
  }
  return pieces;
}

Rule::Piece GrammarParser::read_slot(std::string_view text, Rule& rule) {
  Rule::Piece piece;
  const std::size_t mark = std::min(text.find_first_of(".:@"), text.size());
  piece.slot = slot_number(text.substr(0, mark), rule);
  if (text.substr(mark).starts_with('.')) {
    piece.is_attribute = true;
    piece.text = text.substr(mark + 1);
  } else {
    read_form(text.substr(mark), rule, piece);
  }
  return piece;
}

Rule::Piece GrammarParser::read_verb(std::string_view text, Rule& rule) {
  Rule::Piece piece;
  const std::size_t mark = std::min(text.find_first_of(":@"), text.size());
  if (mark == 0) fail("a verb is missing between < and >");
  piece.text = "<" + std::string(text.substr(0, mark)) + ">";
  read_form(text.substr(mark), rule, piece);
  return piece;
}

void GrammarParser::read_form(std::string_view rest, Rule& rule, Rule::Piece& piece) {
  if (rest.starts_with(':')) {
    const std::string_view name = rest.substr(1, std::min(rest.find('@'), rest.size()) - 1);
    piece.form = form_named(name);
    if (!piece.form) fail("unknown form " + in_quotes(name), "plural, base, now, past, done, ing");
    rest.remove_prefix(1 + name.size());
  }
  if (rest.starts_with('@')) {
    piece.agreement = agreement_named(rest.substr(1));
    if (!piece.agreement) piece.agrees_with = slot_number(rest.substr(1), rule);
  }
}

int GrammarParser::slot_number(std::string_view name, Rule& rule) {
  if (name.empty()) fail("a slot without a name");
  for (std::size_t i = 0; i < rule.slots.size(); ++i) {
    if (rule.slots[i].name == name) return static_cast<int>(i);
  }
  rule.slots.push_back({.name = std::string(name)});
  return static_cast<int>(rule.slots.size()) - 1;
}

void GrammarParser::read_attributes(std::span<const std::string_view> fields, Rule& rule) {
  for (std::string_view field : fields) {
    const std::size_t equals = field.find('=');
    if (equals == std::string_view::npos || equals == 0) fail(in_quotes(field) + " is not name=value");
    const std::string_view name = field.substr(0, equals);
    const std::string_view value = field.substr(equals + 1);
    if (name == "weight") {
      const auto [end, error] = std::from_chars(value.data(), value.data() + value.size(), rule.weight);
      if (error != std::errc{} || end != value.data() + value.size() || rule.weight < 1 || rule.weight > 1000000) {
        fail("a weight is a whole number from 1 to 1000000");
      }
      continue;
    }
    if (name == "agr" && !agreement_named(value)) fail("agr is one of I, he, they");
    rule.attributes[std::string(name)] = value;
  }
}

void GrammarParser::check_sides(const Rule& rule) const {
  for (std::size_t i = 0; i < rule.slots.size(); ++i) {
    if (!mentions(rule.english, i)) fail("{" + rule.slots[i].name + "} is missing on the English side");
    if (!mentions(rule.korean, i)) fail("{" + rule.slots[i].name + "} is missing on the Korean side");
  }
}

int GrammarParser::symbol_named(std::string_view name, const Rule& user) {
  const auto found = symbols_.find(name);
  if (found == symbols_.end()) {
    fail(user, "no section is called " + in_quotes(name), "add [nouns " + std::string(name) + "], or correct the name");
  }
  return found->second;
}

void GrammarParser::link() {
  std::vector<Grammar::Symbol>& symbols = grammar_.symbols_;
  symbols.push_back({.name = std::string(kStart), .rules = {}, .cumulative_weights = {}});
  for (std::size_t i = 0; i < grammar_.rules_.size(); ++i) {
    const Rule& rule = grammar_.rules_[i];
    std::size_t number = 0;
    if (rule.kind != RuleKind::kSentence) {
      const auto [entry, is_new] = symbols_.emplace(rule.section, static_cast<int>(symbols.size()));
      if (is_new) symbols.push_back({.name = rule.section, .rules = {}, .cumulative_weights = {}});
      number = static_cast<std::size_t>(entry->second);
    }
    Grammar::Symbol& symbol = symbols[number];
    symbol.rules.push_back(static_cast<int>(i));
    const std::uint64_t before = symbol.cumulative_weights.empty() ? 0 : symbol.cumulative_weights.back();
    symbol.cumulative_weights.push_back(before + rule.weight);
  }
  if (symbols.front().rules.empty()) throw InputError("the grammar has no sentences; add a section [sentences TOPIC]");
  for (Rule& rule : grammar_.rules_) {
    for (Rule::Slot& slot : rule.slots) {
      slot.symbol = symbol_named(std::string_view(slot.name).substr(0, slot.name.find('#')), rule);
    }
  }
}

void GrammarParser::measure_depths() {
  for (Rule& rule : grammar_.rules_) rule.least_depth = rule.slots.empty() ? 0 : kEndless;
  for (Grammar::Symbol& symbol : grammar_.symbols_) symbol.least_depth = kEndless;
  for (bool changed = true; changed;) {
    changed = false;
    for (Grammar::Symbol& symbol : grammar_.symbols_) {
      for (int number : symbol.rules) {
        Rule& rule = grammar_.rules_[static_cast<std::size_t>(number)];
        int depth = 0;
        for (const Rule::Slot& slot : rule.slots) {
          depth = std::max(depth, grammar_.symbols_[static_cast<std::size_t>(slot.symbol)].least_depth + 1);
        }
        rule.least_depth = depth;
        if (depth >= symbol.least_depth) continue;
        symbol.least_depth = depth;
        changed = true;
      }
    }
  }
  for (const Rule& rule : grammar_.rules_) {
    if (rule.least_depth >= kEndless) fail(rule, "this line can never end", "give its sections a line without them");
  }
}

void GrammarParser::check_reachable() const {
  std::vector<bool> reached(grammar_.symbols_.size(), false);
  std::vector<int> open = {0};
  reached[0] = true;
  while (!open.empty()) {
    const Grammar::Symbol& symbol = grammar_.symbols_[static_cast<std::size_t>(open.back())];
    open.pop_back();
    for (int number : symbol.rules) {
      for (const Rule::Slot& slot : grammar_.rules_[static_cast<std::size_t>(number)].slots) {
        if (reached[static_cast<std::size_t>(slot.symbol)]) continue;
        reached[static_cast<std::size_t>(slot.symbol)] = true;
        open.push_back(slot.symbol);
      }
    }
  }
  for (std::size_t i = 0; i < reached.size(); ++i) {
    const Grammar::Symbol& symbol = grammar_.symbols_[i];
    if (!reached[i]) {
      fail(grammar_.rules_[static_cast<std::size_t>(symbol.rules.front())],
           "no sentence uses " + in_quotes(symbol.name), "use it in a template, or remove the section");
    }
  }
}

void GrammarParser::check_attributes() const {
  for (const Rule& rule : grammar_.rules_) {
    const auto check = [&](int slot, std::string_view attribute) {
      const Rule::Slot& used = rule.slots[static_cast<std::size_t>(slot)];
      if (provides(used.symbol, attribute, 0)) return;
      fail(rule, "not everything in {" + used.name + "} has the attribute " + in_quotes(attribute),
           "add | " + std::string(attribute) + "=… to its section");
    };
    for (const auto* side : {&rule.english, &rule.korean}) {
      for (const Rule::Piece& piece : *side) {
        if (piece.is_attribute) check(piece.slot, piece.text);
        if (piece.agrees_with >= 0) check(piece.agrees_with, "agr");
      }
    }
  }
}

/// Whether every derivation of the symbol has the attribute, of its own or from a slot.
bool GrammarParser::provides(int symbol, std::string_view attribute, int depth) const {
  constexpr int kRecursive = 8;
  if (depth > kRecursive) return false;
  const std::vector<int>& numbers = grammar_.symbols_[static_cast<std::size_t>(symbol)].rules;
  return std::all_of(numbers.begin(), numbers.end(), [&](int number) {
    const Rule& rule = grammar_.rules_[static_cast<std::size_t>(number)];
    return rule.attributes.contains(attribute) ||
           std::any_of(rule.slots.begin(), rule.slots.end(),
                       [&](const Rule::Slot& slot) { return provides(slot.symbol, attribute, depth + 1); });
  });
}

Grammar GrammarParser::finish() {
  link();
  measure_depths();
  check_reachable();
  check_attributes();
  return std::move(grammar_);
}

Grammar Grammar::parse(std::span<const GrammarFile> files) {
  GrammarParser parser;
  for (const GrammarFile& file : files) parser.read(file);
  return parser.finish();
}

}  // namespace isthmus
