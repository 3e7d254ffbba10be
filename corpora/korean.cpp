#include "corpora/korean.h"

#include <array>
#include <utility>

#include "core/utf8.h"
#include "corpora/korean_verb.h"

namespace isthmus {
namespace {

constexpr char32_t kFirstSyllable = U'가';
constexpr char32_t kLastSyllable = U'힣';
constexpr int kVowels = 21;
constexpr int kTails = 28;
constexpr std::u32string_view kTailJamo = U"ㄱㄲㄳㄴㄵㄶㄷㄹㄺㄻㄼㄽㄾㄿㅀㅁㅂㅄㅅㅆㅇㅈㅊㅋㅌㅍㅎ";
constexpr std::u32string_view kClosing = U"\"')]}”’」』》";

bool is_digit(char32_t letter) { return letter >= U'0' && letter <= U'9'; }
bool is_upper(char32_t letter) { return letter >= U'A' && letter <= U'Z'; }
bool is_lower(char32_t letter) { return letter >= U'a' && letter <= U'z'; }
bool contains(std::u32string_view set, char32_t letter) { return set.find(letter) != std::u32string_view::npos; }

/// 영 일 이 삼 사 오 육 칠 팔 구; a round number ends in the name of its power of ten: 십 백 천 만 억, or 조.
Final final_of_number(std::u32string_view word) {
  std::size_t zeros = 0;
  std::size_t end = word.size();
  while (end > 0 && (word[end - 1] == U'0' || word[end - 1] == U',')) zeros += word[--end] == U'0' ? 1 : 0;
  const bool all_zeros = end == 0 || !is_digit(word[end - 1]);
  if (zeros > 0) return all_zeros || zeros < 12 ? Final::kConsonant : Final::kVowel;
  constexpr std::array<Final, 10> kDigits = {Final::kConsonant, Final::kRieul, Final::kVowel,     Final::kConsonant,
                                             Final::kVowel,     Final::kVowel, Final::kConsonant, Final::kRieul,
                                             Final::kRieul,     Final::kVowel};
  return kDigits[word.back() - U'0'];
}

Final final_of_latin(char32_t last) {
  if (last == U'l' || last == U'L' || last == U'R') return Final::kRieul;
  if (is_upper(last)) return last == U'M' || last == U'N' ? Final::kConsonant : Final::kVowel;
  return contains(U"bcgkmnpt", last) ? Final::kConsonant : Final::kVowel;
}

/// A particle in both forms: `notation` becomes `closed` after a consonant and `open` after a vowel.
struct Particle {
  std::u32string_view notation, closed, open;
};

constexpr Particle kParticles[] = {
    {U"은(는)", U"은", U"는"},
    {U"이(가)", U"이", U"가"},
    {U"을(를)", U"을", U"를"},
    {U"과(와)", U"과", U"와"},
    {U"이에요(예요)", U"이에요", U"예요"},
    {U"이었(였)", U"이었", U"였"},
    {U"(이)", U"이", U""},
    {U"(으)", U"으", U""},
};

constexpr std::pair<std::u32string_view, std::u32string_view> kPronouns[] = {
    {U"저", U"제가"}, {U"나", U"내가"}, {U"누구", U"누가"}};

std::u32string_view last_word(std::u32string_view text) {
  const std::size_t space = text.rfind(U' ');
  return space == std::u32string_view::npos ? text : text.substr(space + 1);
}

/// Appends the right form of `particle` to the word at the end of `text`.
void attach(const Particle& particle, std::u32string& text) {
  const std::u32string_view word = last_word(text);
  if (particle.open == U"가") {
    for (const auto& [pronoun, subject] : kPronouns) {
      if (word != pronoun) continue;
      text.resize(text.size() - pronoun.size());
      text += subject;
      return;
    }
  }
  const Final sound = final_sound(word);
  const bool closed = sound == Final::kConsonant || (sound == Final::kRieul && particle.notation != U"(으)");
  text += closed ? particle.closed : particle.open;
}

}  // namespace

bool is_syllable(char32_t letter) { return letter >= kFirstSyllable && letter <= kLastSyllable; }

Syllable take_apart(char32_t syllable) {
  const int index = static_cast<int>(syllable - kFirstSyllable);
  return {.lead = index / (kVowels * kTails), .vowel = index / kTails % kVowels, .tail = index % kTails};
}

char32_t put_together(const Syllable& parts) {
  return kFirstSyllable + static_cast<char32_t>((parts.lead * kVowels + parts.vowel) * kTails + parts.tail);
}

int tail_number(char32_t jamo) {
  const std::size_t place = kTailJamo.find(jamo);
  return place == std::u32string_view::npos ? 0 : static_cast<int>(place) + 1;
}

Final final_sound(std::u32string_view word) {
  while (!word.empty() && contains(kClosing, word.back())) word.remove_suffix(1);
  if (word.empty()) return Final::kVowel;
  const char32_t last = word.back();
  if (is_digit(last)) return final_of_number(word);
  if (is_upper(last) || is_lower(last)) return final_of_latin(last);
  if (!is_syllable(last)) return Final::kVowel;
  const int tail = take_apart(last).tail;
  if (tail == 0) return Final::kVowel;
  return tail == tail_number(U'ㄹ') ? Final::kRieul : Final::kConsonant;
}

std::u32string choose_particles(std::u32string_view text) {
  std::u32string out;
  out.reserve(text.size());
  while (!text.empty()) {
    const Particle* found = nullptr;
    for (const Particle& particle : kParticles) {
      if (found == nullptr && text.starts_with(particle.notation)) found = &particle;
    }
    if (found != nullptr) {
      attach(*found, out);
      text.remove_prefix(found->notation.size());
    } else {
      out += text.front();
      text.remove_prefix(1);
    }
  }
  return out;
}

std::string finish_korean(std::string_view text) {
  std::string out;
  for (char32_t letter : choose_particles(conjugate(to_code_points(text)))) append_utf8(letter, out);
  return out;
}

}  // namespace isthmus
