#include "cli/evaluate_breakdown.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <iterator>

#include "core/error.h"
#include "corpora/line_reader.h"

namespace isthmus::cli {

void describe(OptionVisitor& visit, BreakdownOptions& options) {
  visit.group("Breakdown of BLEU");
  visit("breakdown", options.breakdown,
        "also by length (BLEU of short and long sentences) and frequency (rare and frequent words right), and with "
        "examples: ngrams (where systems differ, or one from the reference), sentences (worst and best side by side); "
        "or all");
  visit("examples", options.examples, "n-grams and sentences of each kind", between(1, 1000000));
  visit("frequency-text", options.frequency_text,
        "count the words' frequencies in this file, the training text in the language of the translations; if empty in "
        "the reference");
}

std::vector<std::string> split_names(const std::vector<std::string>& lists) {
  std::vector<std::string> names;
  for (const std::string& list : lists) {
    for (std::size_t begin = 0; begin <= list.size();) {
      const std::size_t end = std::min(list.find_first_of(", ", begin), list.size());
      if (end > begin) names.push_back(list.substr(begin, end - begin));
      begin = end + 1;
    }
  }
  return names;
}

std::vector<Breakdown> chosen_breakdowns(const BreakdownOptions& options) {
  const auto& known = EnumNames<Breakdown>::names;
  std::vector<Breakdown> chosen;
  for (const std::string& name : split_names(options.breakdown)) {
    for (std::size_t i = 0; i < std::size(known); ++i) {
      if (name == known[i] || name == "all") chosen.push_back(static_cast<Breakdown>(i));
    }
    if (name != "all" && std::find(std::begin(known), std::end(known), name) == std::end(known)) {
      throw UsageError(fmt::format("unknown breakdown '{}'; there are {}, all", name, fmt::join(known, ", ")));
    }
  }
  return chosen;
}

Breakdowns break_down(const EvaluatedTexts& texts, const BreakdownOptions& options, const BleuOptions& bleu) {
  const NumberedCorpus corpus = numbered_corpus(texts.systems, texts.references, bleu);
  WordFrequencies frequencies;
  if (options.frequency_text.empty()) {
    frequencies = reference_frequencies(corpus);
  } else {
    frequencies.assign(corpus.words.size(), 0);
    LineReader reader(options.frequency_text);
    for (std::string line; reader.next(line);) count_words(line, bleu, corpus.words, frequencies);
  }
  Breakdowns breakdowns = isthmus::break_down(texts, corpus, chosen_breakdowns(options), frequencies, bleu,
                                              static_cast<std::size_t>(options.examples));
  breakdowns.frequency_text = options.frequency_text;
  return breakdowns;
}

}  // namespace isthmus::cli
