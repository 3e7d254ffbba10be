#include "corpora/korean_verb.h"

#include <array>
#include <stdexcept>

#include "core/utf8.h"
#include "corpora/korean.h"

namespace isthmus {
namespace {

using View = std::u32string_view;

// Vowels by their Unicode numbers.
enum Vowel {
  kA = 0,
  kAe = 1,
  kYa = 2,
  kEo = 4,
  kE = 5,
  kYeo = 6,
  kO = 8,
  kWa = 9,
  kWae = 10,
  kOe = 11,
  kU = 13,
  kWo = 14,
  kEu = 18,
  kI = 20
};

const int kTailNieun = tail_number(U'ㄴ');
const int kTailRieul = tail_number(U'ㄹ');
constexpr int kLeadNieun = 2, kLeadBieup = 7, kLeadSiot = 9;

/// A verb on its way to its form. `text` is everything written so far and ends in the stem.
struct Stem {
  std::u32string text;
  char32_t irregular = 0;  ///< ㅂ, ㄷ, ㅅ, 르, or 0
  bool adjective = false;
  bool honorific = false;   ///< ends in the honorific 시
  bool past = false;        ///< ends in 았/었
  std::u32string honoured;  ///< stem of the verb that replaces this one when the subject is honoured; may be empty

  Syllable last() const { return take_apart(text.back()); }
  void set_last(const Syllable& parts) { text.back() = put_together(parts); }
  void set_vowel(int vowel) {
    Syllable parts = last();
    parts.vowel = vowel;
    set_last(parts);
  }
  void drop_tail() {
    Syllable parts = last();
    parts.tail = 0;
    set_last(parts);
  }
  bool ends_in_rieul() const { return irregular == 0 && last().tail == kTailRieul; }
  /// 있다, 없다 and their compounds (맛있다) take 는 like verbs and 다고 like adjectives.
  bool is_existence() const { return text.back() == U'있' || text.back() == U'없'; }
};

bool starts_with(View text, View prefix) { return text.substr(0, prefix.size()) == prefix; }

bool begins_with_lead(View ending, int lead) {
  return !ending.empty() && is_syllable(ending.front()) && take_apart(ending.front()).lead == lead;
}

/// Joins an ending as it is; a jamo at its head becomes the tail of the stem.
std::u32string join(Stem stem, View ending) {
  const int tail = ending.empty() ? 0 : tail_number(ending.front());
  const bool drops_rieul = tail != 0 || begins_with_lead(ending, kLeadNieun) || begins_with_lead(ending, kLeadBieup) ||
                           begins_with_lead(ending, kLeadSiot);
  if (drops_rieul && stem.ends_in_rieul()) stem.drop_tail();
  if (tail != 0) {
    Syllable parts = stem.last();
    parts.tail = tail;
    stem.set_last(parts);
    ending.remove_prefix(1);
  }
  stem.text += ending;
  return std::move(stem.text);
}

/// The base that (으) endings join: 먹으, 가, 만들, 들으 (듣다), 도우 (돕다), 나으 (낫다).
void to_eu_base(Stem& stem) {
  const Syllable parts = stem.last();
  if (stem.irregular == U'ㅂ') {
    stem.drop_tail();
    stem.text += U'우';
  } else if (stem.irregular == U'ㄷ') {
    stem.set_last({parts.lead, parts.vowel, kTailRieul});
    stem.text += U'으';
  } else if (stem.irregular == U'ㅅ') {
    stem.drop_tail();
    stem.text += U'으';
  } else if (parts.tail != 0 && parts.tail != kTailRieul) {
    stem.text += U'으';
  }
  stem.irregular = 0;
}

/// Whether the vowel of the stem's last syllable calls for 아 rather than 어.
bool is_bright(int vowel) { return vowel == kA || vowel == kO || vowel == kYa; }

/// Stems that end in a vowel merge with 아/어: 가, 서, 보내, 와, 배워, 마셔, 돼, 바빠, 써.
void merge_vowel(Stem& stem) {
  switch (stem.last().vowel) {
    case kA:
    case kEo:
    case kAe:
    case kE:
    case kYeo:
      return;
    case kO:
      return stem.set_vowel(kWa);
    case kU:
      return stem.set_vowel(kWo);
    case kI:
      return stem.set_vowel(kYeo);
    case kOe:
      return stem.set_vowel(kWae);
    case kEu: {
      const std::size_t size = stem.text.size();
      const bool bright =
          size > 1 && is_syllable(stem.text[size - 2]) && is_bright(take_apart(stem.text[size - 2]).vowel);
      return stem.set_vowel(bright ? kA : kEo);
    }
    default:
      stem.text += U'어';
  }
}

/// The base that 요, 서, 야 and the past join: 먹어, 가, 해, 들어 (듣다), 도와 (돕다), 몰라 (모르다).
void to_a_base(Stem& stem) {
  const Syllable parts = stem.last();
  if (stem.past) {
    stem.text += U'어';
  } else if (stem.text.back() == U'하') {
    stem.set_vowel(kAe);
  } else if (stem.irregular == U'르') {
    stem.text.pop_back();
    Syllable before = stem.last();
    before.tail = kTailRieul;
    stem.set_last(before);
    stem.text += is_bright(before.vowel) ? U'라' : U'러';
  } else if (stem.irregular == U'ㅂ') {
    // Only 돕다 and 곱다 take 와.
    const bool bright = stem.text.back() == U'돕' || stem.text.back() == U'곱';
    stem.drop_tail();
    stem.text += bright ? U'와' : U'워';
  } else if (parts.tail == 0) {
    merge_vowel(stem);
  } else {
    if (stem.irregular == U'ㄷ') stem.set_last({parts.lead, parts.vowel, kTailRieul});
    if (stem.irregular == U'ㅅ') stem.drop_tail();
    stem.text += is_bright(parts.vowel) ? U'아' : U'어';
  }
  stem.irregular = 0;
}

/// The honoured verb in place of the last word, when it has one: 먹 → 드시.
bool replace_by_honoured(Stem& stem) {
  if (stem.honoured.empty()) return false;
  const std::size_t space = stem.text.rfind(U' ');
  stem.text.resize(space == std::u32string::npos ? 0 : space + 1);
  stem.text += stem.honoured;
  return true;
}

void honour(Stem& stem) {
  if (!replace_by_honoured(stem)) {
    to_eu_base(stem);
    stem.text = join(stem, U"시");
  }
  stem.irregular = 0;
  stem.honorific = true;
}

void make_past(Stem& stem) {
  to_a_base(stem);
  Syllable parts = stem.last();
  parts.tail = tail_number(U'ㅆ');
  stem.set_last(parts);
  stem.past = true;
  stem.honorific = false;
}

std::u32string end_with_a(Stem stem, View rest) {
  if (stem.honorific && starts_with(rest, U"요")) {  // 시어요 is spoken and written 세요
    stem.set_vowel(kE);
    stem.text += rest;
    return std::move(stem.text);
  }
  to_a_base(stem);
  return join(std::move(stem), rest);
}

std::u32string end_with_eu(Stem stem, View rest) {
  // (으)세요, (으)시겠어요, (으)실래요: the ending itself honours the subject.
  const bool honours = !rest.empty() && View(U"시세셨실신십").find(rest.front()) != View::npos;
  if (honours && replace_by_honoured(stem)) {
    stem.text.pop_back();
    stem.text += rest;
    return std::move(stem.text);
  }
  to_eu_base(stem);
  return join(std::move(stem), rest);
}

std::u32string add_ending(Stem stem, View ending) {
  const auto after = [&ending](View prefix) { return ending.substr(prefix.size()); };
  const bool short_stem = stem.last().tail == 0 || stem.ends_in_rieul();
  if (constexpr View kNotation = U"아/어"; starts_with(ending, kNotation))
    return end_with_a(std::move(stem), after(kNotation));
  if (constexpr View kNotation = U"(으)ㄴ/는"; starts_with(ending, kNotation)) {
    if (stem.adjective && !stem.past && !stem.is_existence()) {
      to_eu_base(stem);
      return join(std::move(stem), std::u32string(U"ㄴ").append(after(kNotation)));
    }
    return join(std::move(stem), std::u32string(U"는").append(after(kNotation)));
  }
  if (constexpr View kNotation = U"(으)"; starts_with(ending, kNotation))
    return end_with_eu(std::move(stem), after(kNotation));
  if (constexpr View kNotation = U"ㄴ/는다"; starts_with(ending, kNotation)) {
    const View form = stem.adjective || stem.past || stem.is_existence() ? U"다" : short_stem ? U"ㄴ다" : U"는다";
    return join(std::move(stem), std::u32string(form).append(after(kNotation)));
  }
  if (constexpr View kNotation = U"ㅂ/습"; starts_with(ending, kNotation)) {
    return join(std::move(stem), std::u32string(short_stem ? U"ㅂ" : U"습").append(after(kNotation)));
  }
  return join(std::move(stem), ending);
}

/// `text` ends in a dictionary form and its brackets; takes it as a stem.
Stem parse_stem(std::u32string text) {
  const auto fail = [&text] {
    std::string shown;
    for (char32_t letter : text) append_utf8(letter, shown);
    return std::invalid_argument("\"" + shown + "\" does not end in the dictionary form of a verb");
  };
  Stem stem;
  if (text.ends_with(U']')) {
    const std::size_t open = text.rfind(U'[');
    if (open == std::u32string::npos || text.size() < open + 4 || !text.ends_with(U"시다]")) throw fail();
    stem.honoured = text.substr(open + 1, text.size() - open - 3);
    text.resize(open);
  }
  if (text.ends_with(U')')) {
    const std::size_t open = text.rfind(U'(');
    if (open == std::u32string::npos) throw fail();
    for (char32_t mark : View(text).substr(open + 1, text.size() - open - 2)) {
      if (mark == U'형') {
        stem.adjective = true;
      } else if (View(U"ㅂㄷㅅ르").find(mark) != View::npos) {
        stem.irregular = mark;
      } else {
        throw fail();
      }
    }
    text.resize(open);
  }
  if (!text.ends_with(U'다') || text.size() < 2 || !is_syllable(text[text.size() - 2])) throw fail();
  text.pop_back();
  stem.text = std::move(text);
  return stem;
}

/// Applies the endings at the head of `rest`, which begins with a hyphen, and leaves what follows them in it. An ending
/// runs to the next hyphen or space.
std::u32string conjugate_one(Stem stem, View& rest) {
  constexpr View kHonour = U"-시-", kPast = U"-았/었";
  while (true) {
    if (starts_with(rest, kHonour)) {
      honour(stem);
      rest.remove_prefix(kHonour.size() - 1);
    } else if (starts_with(rest, kPast)) {
      make_past(stem);
      rest.remove_prefix(kPast.size());
      if (rest.empty() || rest.front() != U'-') return std::move(stem.text);
    } else {
      rest.remove_prefix(1);
      const std::size_t end = std::min(rest.find(U' '), rest.size());
      const View ending = rest.substr(0, end);
      rest.remove_prefix(end);
      return add_ending(std::move(stem), ending);
    }
  }
}

}  // namespace

std::u32string conjugate(View text) {
  std::u32string out;
  while (true) {
    const std::size_t hyphen = text.find(U'-');
    out += text.substr(0, hyphen);
    if (hyphen == View::npos) return out;
    text.remove_prefix(hyphen);
    out = conjugate_one(parse_stem(std::move(out)), text);
  }
}

}  // namespace isthmus
