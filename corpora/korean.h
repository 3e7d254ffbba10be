// Korean spelling as far as the phrasebook needs it: final consonants and the particles that depend on them.
#pragma once

#include <string>
#include <string_view>

namespace isthmus {

/// The sound at the end of a word, which chooses between the two forms of a particle. ㄹ stands apart: (으)로 takes its
/// short form after it.
enum class Final { kVowel, kRieul, kConsonant };

/// How `word` ends when it is read aloud in Korean. Closing quotes and brackets are skipped, digits are read as
/// Sino-Korean numbers ("10" is 십), Latin capitals by the names of the letters (KTX is 케이티엑스) and other Latin
/// words by their last letter. A word that ends in none of these counts as a vowel.
Final final_sound(std::u32string_view word);

/// A Hangul syllable by its parts, as Unicode numbers them (chapter 3.12).
struct Syllable {
  int lead = 0;   ///< 0 … 18
  int vowel = 0;  ///< 0 … 20
  int tail = 0;   ///< 0 is none, 1 … 27
};

bool is_syllable(char32_t letter);
Syllable take_apart(char32_t syllable);
char32_t put_together(const Syllable& parts);

/// The number of the tail (1 … 27) that a compatibility jamo such as ㄴ stands for; 0 when it is none.
int tail_number(char32_t jamo);

/// Chooses every particle that is written in both forms, as Korean textbooks do: 은(는), 이(가), 을(를), 과(와),
/// 이에요(예요), 이었(였), and the (이) and (으) that appear after consonants only, as in (이)나, (이)라고, (으)로.
/// 저, 나 and 누구 before 이(가) become 제가, 내가 and 누가.
std::u32string choose_particles(std::u32string_view text);

/// Text in the phrasebook's notation, as Korean: conjugates (korean_verb.h), then chooses the particles.
/// Throws std::invalid_argument, which names the place, when an ending does not follow a verb's dictionary form.
std::string finish_korean(std::string_view text);

}  // namespace isthmus
