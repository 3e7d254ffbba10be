#include "cli/corpus_phrasebook.h"

#include <algorithm>
#include <cstdint>
#include <string>
#include <string_view>
#include <unordered_set>
#include <vector>

#include "cli/command_line.h"
#include "cli/corpus_output.h"
#include "core/log.h"
#include "core/progress.h"
#include "corpora/phrasebook.h"

namespace isthmus::cli {
namespace {

/// One line about one side of the training text: words, vocabulary, lengths.
void report_side(std::string_view language, const std::vector<SentencePair>& pairs, std::string SentencePair::*side) {
  std::unordered_set<std::string_view> vocabulary;
  std::size_t words = 0, shortest = SIZE_MAX, longest = 0;
  for (const SentencePair& pair : pairs) {
    std::string_view rest = pair.*side;
    const std::size_t count = count_words(rest);
    words += count;
    shortest = std::min(shortest, count);
    longest = std::max(longest, count);
    while (!rest.empty()) {
      const std::size_t end = std::min(rest.find(' '), rest.size());
      vocabulary.insert(rest.substr(0, end));
      rest.remove_prefix(std::min(end + 1, rest.size()));
    }
  }
  log_info("train.{}: {} words, {} different, {} to {} a sentence, {:.1f} on average", language,
           with_commas(static_cast<std::int64_t>(words)), with_commas(static_cast<std::int64_t>(vocabulary.size())),
           shortest, longest, static_cast<double>(words) / static_cast<double>(pairs.size()));
}

}  // namespace

int run_corpus_phrasebook(Arguments arguments) {
  PhrasebookOptions options;
  bool force = false;
  CommandLine line("corpus phrasebook", "",
                   "Writes English–Korean sentence pairs made from a grammar that is built in: everyday sentences of 2 "
                   "to 40 words. No sentence is in two parts, on either side. The same seed gives the same text "
                   "everywhere.",
                   {"isthmus corpus phrasebook --out phrasebook --pairs 20000 --seed 1"});
  line.add(options);
  line.add_once([&force](OptionVisitor& visit) { visit("force", force, "overwrite files that are there already"); });
  if (!line.parse(arguments)) return 0;
  check_split_output({.folder = options.out, .force = force}, "en", "ko");
  const PhrasebookSplit split = write_phrasebook(options);
  log_info("{}: {} for training, {} dev, {} test, en and ko", options.out, counted(options.pairs, "pair"),
           with_commas(options.dev), with_commas(options.test));
  report_side("en", split.train, &SentencePair::source);
  report_side("ko", split.train, &SentencePair::target);
  return 0;
}

}  // namespace isthmus::cli
