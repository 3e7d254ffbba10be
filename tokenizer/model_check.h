// Whether a SentencePiece model is safe to run.
#pragma once

#include <string_view>

namespace isthmus {

/// SentencePiece trusts the table of normalisation rules inside a model: a damaged or hostile one makes it read outside
/// its memory. True if every step through the tables of these model bytes, whatever text leads it, stays inside. Says
/// nothing of the rest, which SentencePiece checks itself.
bool normalization_is_safe(std::string_view model_bytes);

}  // namespace isthmus
