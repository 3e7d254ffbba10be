// A synchronous grammar: rules with an English and a Korean side that share their slots. Each derivation is a pair of
// sentences that mean the same. corpora/phrasebook/README.md explains the notation.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "core/random.h"
#include "corpora/english.h"

namespace isthmus {

/// A file of the grammar; the name is for errors.
struct GrammarFile {
  std::string_view name, text;
};

/// One side of a sentence pair is a translation of the other.
struct SentencePair {
  std::string source, target;
  bool operator==(const SentencePair&) const = default;
};

/// What a section of a file holds.
enum class RuleKind { kSentence, kPhrase, kNoun, kWord };

/// A line of a grammar file: a template (a sentence or phrase with slots) or a lexical entry (a noun or another word).
struct Rule {
  /// Literal text, a slot, or an attribute of what fills a slot.
  struct Piece {
    std::string text;  ///< the literal, or the attribute's name
    int slot = -1;     ///< place in `slots`; −1 for a literal
    bool is_attribute = false;
    std::optional<EnglishForm> form = {};     ///< for nouns and verbs still open in the slot's English
    std::optional<Agreement> agreement = {};  ///< given literally, or
    int agrees_with = -1;                     ///< the slot whose attribute agr says it
  };
  struct Slot {
    std::string name;  ///< as written: class, or class#number
    int symbol = -1;   ///< number of the class
  };

  RuleKind kind = RuleKind::kPhrase;
  std::string section;  ///< the topic of a sentence, the class of other rules
  std::vector<Slot> slots;
  std::vector<Piece> english, korean;
  std::map<std::string, std::string, std::less<>> attributes;
  std::uint64_t weight = 1;
  int least_depth = 0;  ///< of the shallowest derivation
  std::string file;
  std::int64_t line = 0;
};

/// An immutable grammar; any number of threads may sample from it.
class Grammar {
 public:
  static constexpr std::size_t kLeastWords = 2;
  static constexpr std::size_t kMostWords = 40;

  /// Reads and checks the files: notation, unknown or unused classes, slots that only one side has, attributes that
  /// some filler lacks, endless recursion, duplicates. Throws InputError with file and line.
  static Grammar parse(std::span<const GrammarFile> files);

  std::span<const Rule> rules() const { return rules_; }

  /// A derivation of some sentence template, chosen by weight. No noun or other word occurs twice in it. Nothing when
  /// the draw cannot keep that promise or its English is not kLeastWords … kMostWords long: draw again.
  std::optional<SentencePair> sample(Random& random) const;
  /// The same from the sentence template rules()[rule].
  std::optional<SentencePair> sample(Random& random, std::size_t rule) const;

 private:
  friend class GrammarParser;
  class Derivation;

  struct Symbol {
    std::string name;
    std::vector<int> rules;
    std::vector<std::uint64_t> cumulative_weights;
    int least_depth = 0;
  };

  std::vector<Rule> rules_;
  std::vector<Symbol> symbols_;  ///< number 0 is the start symbol, whose rules are the sentence templates
  EnglishIrregulars irregulars_;
};

/// Words of a line, as parted by spaces.
std::size_t count_words(std::string_view line);

}  // namespace isthmus
