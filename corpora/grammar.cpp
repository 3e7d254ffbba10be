// Sampling from a grammar. grammar_parser.cpp reads one.
#include "corpora/grammar.h"

#include <algorithm>
#include <stdexcept>

#include "core/error.h"
#include "corpora/korean.h"

namespace isthmus {
namespace {

/// Below this depth only the shallowest rules are chosen, so that every derivation ends.
constexpr int kDeepest = 12;
/// Draws of a word that the sentence does not have yet.
constexpr int kDraws = 8;

bool is_lexical(const Rule& rule) { return rule.kind == RuleKind::kNoun || rule.kind == RuleKind::kWord; }

Agreement agreement_named(std::string_view name) {
  if (name == "I") return Agreement::kFirst;
  return name == "they" ? Agreement::kPlural : Agreement::kThird;
}

std::string_view name_of_agreement(Agreement agreement) {
  return agreement == Agreement::kFirst ? "I" : agreement == Agreement::kPlural ? "they" : "he";
}

}  // namespace

/// The tree of one draw, built from the top and spelled from the bottom.
class Grammar::Derivation {
 public:
  Derivation(const Grammar& grammar, Random& random) : grammar_(grammar), random_(random) {}

  std::optional<SentencePair> spell_sentence(const Rule& rule) {
    const std::optional<Node> tree = expand(rule, 0);
    if (!tree) return std::nullopt;
    const std::string singular = inflect(tree->english, std::nullopt, std::nullopt);
    SentencePair pair{finish_english(inflect(singular, EnglishForm::kBase, std::nullopt)), {}};
    const std::size_t words = count_words(pair.source);
    if (words < kLeastWords || words > kMostWords) return std::nullopt;
    try {
      pair.target = finish_korean(tree->korean);
    } catch (const std::invalid_argument& error) {
      throw InputError::at_line(rule.file, rule.line, error.what(), "write it as in 먹다-고");
    }
    return pair;
  }

 private:
  struct Node {
    const Rule* rule = nullptr;
    std::vector<Node> slots;
    std::string english, korean;

    const std::string* attribute(std::string_view name) const {
      if (const auto own = rule->attributes.find(name); own != rule->attributes.end()) return &own->second;
      for (const Node& slot : slots) {
        if (const std::string* found = slot.attribute(name)) return found;
      }
      return nullptr;
    }
  };

  std::optional<Node> expand(const Rule& rule, int depth) {
    Node node{.rule = &rule, .slots = {}, .english = {}, .korean = {}};
    for (const Rule::Slot& slot : rule.slots) {
      const Rule* filler = choose(grammar_.symbols_[static_cast<std::size_t>(slot.symbol)], depth + 1);
      if (filler == nullptr) return std::nullopt;
      std::optional<Node> child = expand(*filler, depth + 1);
      if (!child) return std::nullopt;
      node.slots.push_back(std::move(*child));
    }
    for (const Rule::Piece& piece : rule.english) append_english(piece, node);
    for (const Rule::Piece& piece : rule.korean) {
      if (piece.slot < 0) {
        node.korean += piece.text;
      } else {
        const Node& slot = node.slots[static_cast<std::size_t>(piece.slot)];
        node.korean += piece.is_attribute ? *slot.attribute(piece.text) : slot.korean;
      }
    }
    return node;
  }

  const Rule* choose(const Symbol& symbol, int depth) {
    for (int draw = 0; draw < kDraws; ++draw) {
      const std::uint64_t ticket = random_.below(symbol.cumulative_weights.back());
      const auto place = std::upper_bound(symbol.cumulative_weights.begin(), symbol.cumulative_weights.end(), ticket);
      const int number = symbol.rules[static_cast<std::size_t>(place - symbol.cumulative_weights.begin())];
      const Rule& rule = grammar_.rules_[static_cast<std::size_t>(number)];
      if (depth > kDeepest && rule.least_depth > symbol.least_depth) continue;
      if (!is_lexical(rule)) return &rule;
      if (std::find(words_.begin(), words_.end(), &rule) != words_.end()) continue;
      words_.push_back(&rule);
      return &rule;
    }
    return nullptr;
  }

  void append_english(const Rule::Piece& piece, Node& node) const {
    if (piece.is_attribute) {
      node.english += *node.slots[static_cast<std::size_t>(piece.slot)].attribute(piece.text);
      return;
    }
    std::optional<Agreement> agreement = piece.agreement;
    if (piece.agrees_with >= 0) {
      agreement = agreement_named(*node.slots[static_cast<std::size_t>(piece.agrees_with)].attribute("agr"));
    }
    const std::string& open = piece.slot < 0 ? piece.text : node.slots[static_cast<std::size_t>(piece.slot)].english;
    node.english += piece.form || agreement ? inflect(open, piece.form, agreement) : open;
  }

  /// Gives the open words of `english` their form: "<eat>" is a verb, "<eat@he>" one whose agreement is known, and
  /// "<#apple>" a noun. Words of the other kind, and verbs whose form is not given, stay open. Without form and
  /// agreement (the whole sentence), nouns become singular.
  std::string inflect(std::string_view english, std::optional<EnglishForm> form,
                      std::optional<Agreement> agreement) const {
    std::string out;
    while (true) {
      const std::size_t open = english.find('<');
      out += english.substr(0, open);
      if (open == std::string_view::npos) return out;
      const std::size_t close = english.find('>', open);
      out += inflect_word(english.substr(open + 1, close - open - 1), form, agreement);
      english.remove_prefix(close + 1);
    }
  }

  std::string inflect_word(std::string_view word, std::optional<EnglishForm> form,
                           std::optional<Agreement> agreement) const {
    if (word.starts_with('#')) {
      if (form == EnglishForm::kPlural) return grammar_.irregulars_.plural(word.substr(1));
      if (!form && !agreement) return std::string(word.substr(1));
      return "<" + std::string(word) + ">";
    }
    const std::size_t at = word.find('@');
    const std::string_view base = word.substr(0, at);
    if (at != std::string_view::npos) agreement = agreement_named(word.substr(at + 1));
    if (form && form != EnglishForm::kPlural) {
      return grammar_.irregulars_.verb(base, *form, agreement.value_or(Agreement::kThird));
    }
    if (!agreement) return "<" + std::string(base) + ">";
    return "<" + std::string(base) + "@" + std::string(name_of_agreement(*agreement)) + ">";
  }

  const Grammar& grammar_;
  Random& random_;
  std::vector<const Rule*> words_;
};

std::optional<SentencePair> Grammar::sample(Random& random) const {
  const Symbol& start = symbols_.front();
  const std::uint64_t ticket = random.below(start.cumulative_weights.back());
  const auto place = std::upper_bound(start.cumulative_weights.begin(), start.cumulative_weights.end(), ticket);
  const int rule = start.rules[static_cast<std::size_t>(place - start.cumulative_weights.begin())];
  return sample(random, static_cast<std::size_t>(rule));
}

std::optional<SentencePair> Grammar::sample(Random& random, std::size_t rule) const {
  return Derivation(*this, random).spell_sentence(rules_[rule]);
}

std::size_t count_words(std::string_view line) {
  std::size_t words = 0;
  for (std::size_t i = 0; i < line.size(); ++i) words += line[i] != ' ' && (i == 0 || line[i - 1] == ' ') ? 1 : 0;
  return words;
}

}  // namespace isthmus
