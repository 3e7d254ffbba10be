#include "corpora/english.h"

#include <algorithm>
#include <array>
#include <cctype>

namespace isthmus {
namespace {

constexpr std::string_view kVowels = "aeiou";

bool is_vowel(char letter) { return kVowels.find(letter) != std::string_view::npos; }

/// One vowel letter before one final consonant: stop, run, plan; not visit, rain, show, fix, play.
bool doubles_last_letter(std::string_view verb) {
  if (verb.size() < 3) return false;
  const char last = verb.back();
  if (is_vowel(last) || last == 'w' || last == 'x' || last == 'y') return false;
  return is_vowel(verb[verb.size() - 2]) && std::count_if(verb.begin(), verb.end(), is_vowel) == 1;
}

bool ends_in_consonant_y(std::string_view word) {
  return word.size() > 1 && word.back() == 'y' && !is_vowel(word[word.size() - 2]);
}

/// The ending of plurals and of the third person: books, boxes, cities.
std::string with_s(std::string_view word) {
  if (ends_in_consonant_y(word)) return std::string(word.substr(0, word.size() - 1)) + "ies";
  constexpr std::array<std::string_view, 5> kHissing = {"s", "x", "z", "ch", "sh"};
  const bool hisses = std::any_of(kHissing.begin(), kHissing.end(), [word](auto end) { return word.ends_with(end); });
  return std::string(word) + (hisses ? "es" : "s");
}

std::string with_ed(std::string_view verb) {
  if (verb.ends_with('e')) return std::string(verb) + "d";
  if (ends_in_consonant_y(verb)) return std::string(verb.substr(0, verb.size() - 1)) + "ied";
  return std::string(verb) + (doubles_last_letter(verb) ? std::string(1, verb.back()) : "") + "ed";
}

std::string with_ing(std::string_view verb) {
  if (verb.ends_with("ie")) return std::string(verb.substr(0, verb.size() - 2)) + "ying";
  if (verb.ends_with('e') && !verb.ends_with("ee")) return std::string(verb.substr(0, verb.size() - 1)) + "ing";
  return std::string(verb) + (doubles_last_letter(verb) ? std::string(1, verb.back()) : "") + "ing";
}

std::string form_of_be(EnglishForm form, Agreement agreement) {
  switch (form) {
    case EnglishForm::kPresent:
      return agreement == Agreement::kFirst ? "am" : agreement == Agreement::kThird ? "is" : "are";
    case EnglishForm::kPast:
      return agreement == Agreement::kPlural ? "were" : "was";
    case EnglishForm::kParticiple:
      return "been";
    case EnglishForm::kGerund:
      return "being";
    default:
      return "be";
  }
}

std::string third_person(std::string_view base) {
  if (base == "have") return "has";
  return base.ends_with('o') ? std::string(base) + "es" : with_s(base);  // goes, does
}

std::string lower(std::string_view word) {
  std::string out(word);
  for (char& letter : out) letter = static_cast<char>(std::tolower(static_cast<unsigned char>(letter)));
  return out;
}

/// MP3, FM, X-ray: read letter by letter.
bool is_spelled_out(std::string_view word) {
  const auto is_capital = [](char letter) { return letter >= 'A' && letter <= 'Z'; };
  return is_capital(word.front()) && (word.size() == 1 || !(word[1] >= 'a' && word[1] <= 'z'));
}

bool begins_with_any(std::string_view word, std::initializer_list<std::string_view> heads) {
  return std::any_of(heads.begin(), heads.end(), [word](auto head) { return word.starts_with(head); });
}

}  // namespace

std::string EnglishIrregulars::verb(std::string_view base, EnglishForm form, Agreement agreement) const {
  if (base == "be") return form_of_be(form, agreement);
  if (form == EnglishForm::kPresent && agreement == Agreement::kThird) return third_person(base);
  const auto irregular = verbs_.find(std::string(base));
  const Verb* known = irregular == verbs_.end() ? nullptr : &irregular->second;
  switch (form) {
    case EnglishForm::kPast:
      return known ? known->past : with_ed(base);
    case EnglishForm::kParticiple:
      return known ? known->participle : with_ed(base);
    case EnglishForm::kGerund:
      return known && !known->gerund.empty() ? known->gerund : with_ing(base);
    default:
      return std::string(base);
  }
}

std::string EnglishIrregulars::plural(std::string_view noun) const {
  const std::size_t space = noun.rfind(' ');
  const std::size_t head = space == std::string_view::npos ? 0 : space + 1;
  const std::string last(noun.substr(head));
  const auto irregular = plurals_.find(last);
  return std::string(noun.substr(0, head)) + (irregular == plurals_.end() ? with_s(last) : irregular->second);
}

std::string_view indefinite_article(std::string_view word) {
  if (word.empty()) return "a";
  if (is_spelled_out(word)) return std::string_view("AEFHILMNORSX").find(word.front()) != word.npos ? "an" : "a";
  const std::string small = lower(word);
  if (begins_with_any(small, {"hour", "honest", "honor", "honour", "heir"})) return "an";
  if (begins_with_any(small, {"uni", "use", "usu", "eu", "one", "once", "ute", "ura"}) &&
      !begins_with_any(small, {"unin", "unim", "unid"})) {
    return "a";
  }
  if (small.front() == '8' || small == "11" || small == "18") return "an";
  return is_vowel(small.front()) ? "an" : "a";
}

std::string finish_english(std::string_view text) {
  constexpr std::string_view kArticle = "a(n)";
  std::string out;
  out.reserve(text.size());
  while (!text.empty()) {
    if (text.starts_with(kArticle)) {
      text.remove_prefix(kArticle.size());
      const std::size_t word = std::min(text.find_first_not_of(' '), text.size());
      out += indefinite_article(text.substr(word, text.find(' ', word) - word));
    } else {
      const bool needless = text.front() == ' ' && (out.empty() || out.back() == ' ');
      if (!needless) out += text.front();
      text.remove_prefix(1);
    }
  }
  while (!out.empty() && out.back() == ' ') out.pop_back();
  if (!out.empty()) out.front() = static_cast<char>(std::toupper(static_cast<unsigned char>(out.front())));
  return out;
}

}  // namespace isthmus
