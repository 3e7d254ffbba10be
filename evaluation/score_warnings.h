// Signs that a score may not mean what it seems to: text in the wrong form, the wrong tokenizer, lines that do not
// belong together.
#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "evaluation/bleu.h"
#include "evaluation/references.h"
#include "evaluation/ter.h"

namespace isthmus {

/// One sentence for each sign: hypotheses or references that look tokenised or are subword pieces, Chinese or Japanese
/// under a tokenizer that needs spaces, hypotheses shorter than .9 of the references.
std::vector<std::string> bleu_warnings(std::span<const std::string> hypotheses, std::span<const References> references,
                                       const BleuOptions& options, const BleuScore& score);

/// For TER: Chinese or Japanese that it takes for one long word a line.
std::vector<std::string> ter_warnings(std::span<const References> references, const TerOptions& options);

/// Where two files of different length part company: the line (from 0) at which the longer one has lines that the
/// shorter one lacks, so chosen that lines before it match as they are and lines after it match when shifted. It is the
/// shorter one's length where that has simply been cut off.
std::size_t first_shifted_line(std::span<const std::string> a, std::span<const std::string> b);

/// A file's name and lines.
struct NamedLines {
  std::string name;
  std::vector<std::string> lines;
};

/// Throws InputError with both counts and the first suspicious line unless the two are of one length.
void check_same_length(const NamedLines& hypotheses, const NamedLines& references);

}  // namespace isthmus
