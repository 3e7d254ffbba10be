// Korean conjugation: dictionary form and ending to the spelled word.
#pragma once

#include <string>
#include <string_view>

namespace isthmus {

/// Conjugates every verb of `text` that is written in its dictionary form and followed by endings in the notation of
/// Korean textbooks:
///
///   먹다-아/어요           → 먹어요            마시다-았/었어요        → 마셨어요
///   가다-(으)면            → 가면              만들다-(으)ㄹ 거예요    → 만들 거예요
///   듣다(ㄷ)-(으)ㄴ        → 들은              춥다(ㅂ형)-(으)ㄴ/는데  → 추운데
///   먹다[드시다]-시-아/어요 → 드세요            가다-ㄴ/는다고           → 간다고
///
/// Brackets after the dictionary form hold what the spelling does not tell: the irregular class ㅂ, ㄷ, ㅅ or 르, and
/// 형 for adjectives (형용사), which differ from verbs in (으)ㄴ/는 and ㄴ/는다. Square brackets hold the verb that
/// takes the place of this one when the subject is honoured.
///
/// -시- honours the subject and -았/었- is the past; other endings may follow both, each after a hyphen. An ending that
/// begins with 아/어, (으), (으)ㄴ/는, ㄴ/는다 or ㅂ/습 takes the form that the stem calls for; any other is joined as
/// it is. Stems in ㄹ lose it before ㄴ, ㅂ and ㅅ. Text without hyphens is returned unchanged. Throws
/// std::invalid_argument when what precedes a hyphen is not a dictionary form.
std::u32string conjugate(std::u32string_view text);

}  // namespace isthmus
