#include <string>

#include "cli/command_line.h"
#include "cli/corpus_command.h"
#include "cli/corpus_output.h"
#include "core/error.h"
#include "core/log.h"
#include "core/progress.h"
#include "corpora/debian.h"
#include "corpora/split.h"

namespace isthmus::cli {
namespace {

struct Options {
  std::string lang;
  CorpusOutput output;
  bool body = false;
  SplitOptions split;
};

void describe(OptionVisitor& visit, Options& options) {
  visit.group("Text");
  visit("lang", options.lang, "language to pair with English, such as it, de or pt_BR");
  visit("body", options.body, "the paragraphs of the long descriptions too, where they align");
  visit.group("Output");
  describe(visit, options.output, "folder for train.en, train.LANG, dev.* and test.*");
  describe(visit, options.split);
}

std::string count_text(std::size_t count) { return with_commas(static_cast<std::int64_t>(count)); }

}  // namespace

int run_corpus_debian(Arguments arguments) {
  Options options;
  CommandLine line(
      "corpus debian", "",
      "Makes parallel text of the translated package descriptions of Debian or Ubuntu. apt-get fetches them "
      "from this machine's own sources into a temporary folder; it needs no root. There are tens of "
      "thousands of short pairs for da, it, fr and de, and with --body more than twice as many.",
      {"isthmus corpus debian --lang it --out debian-it", "isthmus corpus debian --lang da --body --out debian-da"});
  line.add(options);
  if (!line.parse(arguments)) return 0;
  if (options.lang.empty()) throw UsageError("--lang is missing, such as --lang it");
  if (!is_language_code(options.lang)) {
    throw UsageError("--lang: '" + options.lang + "' is not a language code such as it, de or pt_BR");
  }
  check_split_output(options.output, "en", options.lang);
  const DebianText debian = fetch_debian_text(options.lang, options.body);
  log_info("{} of {} descriptions are translated", count_text(debian.joined.translated),
           count_text(debian.joined.english));
  if (options.body) {
    log_info("{} of {} paragraphs do not align", count_text(debian.joined.unaligned),
             count_text(debian.joined.paragraphs));
  }
  std::string cleaned = to_text(debian.cleaned);
  cleaned.pop_back();
  log_info("{}", cleaned);
  report_split(options.output.folder, "en", options.lang,
               write_split(options.output.folder, "en", options.lang, debian.text, options.split));
  return 0;
}

}  // namespace isthmus::cli
