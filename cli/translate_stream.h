// Translation of a file or a pipe, line by line.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "core/options.h"
#include "decode/translator.h"
#include "distributed/communicator.h"

namespace isthmus::cli {

struct TranslateFiles {
  std::string input = "-";
  std::string output = "-";
  /// Scores beside the translations, in the format of n-best lists.
  bool scores = false;
  bool quiet = false;
  /// What the translations are to begin with, line by line; empty: nothing.
  std::string prefix = {};
  /// Which pieces of the line the model looked at for each piece of a translation, behind all else.
  AlignmentFormat alignment = AlignmentFormat::kNone;
};

void describe(OptionVisitor& visit, TranslateFiles& files);

/// Writes one line for each line of the input; with nbest > 1 or `scores` one for each translation of it:
///
///   LINE ||| TEXT ||| SCORE [||| LOG-PROBABILITY ||| STOP ||| PIECES' LOG-PROBABILITIES]
///
/// LINE counts from 0, as in the n-best lists of Moses and Marian; the brackets are what `scores` adds. An empty line
/// gives "LINE |||  ||| 0". `alignment` adds " ||| ALIGNMENT" to these and, without them, to the translation. What is
/// translated is written before more is waited for. On a terminal, stderr shows progress; at the end it says how long
/// it took. Throws Interrupted; the file then does not appear.
///
/// Rank 0 reads, hands out the lines window by window, translates its share, and writes. A rank's share is as large as
/// its translator's window; the others need neither input nor output.
void translate_stream(Translator& translator, const TranslateFiles& files, Communicator& world);

/// The lines above for one translation.
std::vector<std::string> nbest_lines(const Translation& translation, std::int64_t line, bool scores,
                                     AlignmentFormat alignment = AlignmentFormat::kNone);

}  // namespace isthmus::cli
