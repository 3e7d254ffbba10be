// The reconstruction study: is the sentence still in its context? A new decoder is taught to give back the source from
// the contexts of the frozen encoder.
#pragma once

#include <cstdint>
#include <string>

#include "core/options.h"

namespace isthmus {

class Laboratory;
struct StudyOptions;
struct StudyResult;

struct ReconstructionOptions {
  std::int64_t updates = 300;  ///< of the new decoder; 0 gives an untaught one
  std::int64_t batch = 32;     ///< sentences an update
  std::string text;            ///< more sentences of the source language to learn from; empty: none
};

void describe(OptionVisitor& visit, ReconstructionOptions& options);

/// Raised when the same model and text would give other numbers.
inline constexpr std::int64_t kReconstructionStudyVersion = 2;

/// A decoder of the model's cell, layers and sizes, with a dense bridge and no attention, learns (Adam) to write the
/// source's pieces from the context. It learns from four of five sentences of the text, and from `text`, lines that are
/// among the held-out fifth left out; only as many sentences are read as the updates take. Rows: the share of pieces
/// that are its likeliest, given the pieces before (teacher forcing, the end not counted), of the held-out sentences,
/// by position and by length. Control: the same decoder, taught and tried on contexts that belong to other sentences:
/// what the language alone tells. A decoder that learnt little gives a lower bound of what a context holds, not the
/// whole. Throws InputError where fewer than eight sentences have a word, or are left to learn from.
StudyResult reconstruction_study(Laboratory& laboratory, const StudyOptions& options);

}  // namespace isthmus
