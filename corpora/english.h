// English inflection as far as the phrasebook needs it: plurals, verb forms, agreement, a and an.
#pragma once

#include <string>
#include <string_view>
#include <unordered_map>

namespace isthmus {

/// The forms that a slot of the phrasebook may ask for.
enum class EnglishForm { kPlural, kBase, kPresent, kPast, kParticiple, kGerund };

/// What a verb agrees with: I, he or she, or we, you and they.
enum class Agreement { kFirst, kThird, kPlural };

/// The verbs and nouns that do not follow the rules of spelling.
class EnglishIrregulars {
 public:
  struct Verb {
    std::string past, participle, gerund;  ///< an empty gerund is regular
  };

  void add_verb(std::string base, Verb forms) { verbs_[std::move(base)] = std::move(forms); }
  void add_plural(std::string singular, std::string plural) { plurals_[std::move(singular)] = std::move(plural); }

  /// `base` inflected. be, have and do need not be listed. Only kPresent, and kPast of be, look at `agreement`.
  std::string verb(std::string_view base, EnglishForm form, Agreement agreement) const;

  /// The plural of a noun; of several words, the last one changes ("bus stops").
  std::string plural(std::string_view noun) const;

 private:
  std::unordered_map<std::string, Verb> verbs_;
  std::unordered_map<std::string, std::string> plurals_;
};

/// "a" or "an", by the sound at the head of `word`: a university, an hour, an umbrella, an MP3 player.
std::string_view indefinite_article(std::string_view word);

/// Text in the phrasebook's notation, as English: every "a(n)" becomes a or an, spaces are single, and the first letter
/// is a capital.
std::string finish_english(std::string_view text);

}  // namespace isthmus
