#include <string>
#include <vector>

#include "cli/command_line.h"
#include "cli/corpus_command.h"
#include "cli/corpus_output.h"
#include "core/error.h"
#include "core/log.h"
#include "core/progress.h"
#include "corpora/debian.h"
#include "corpora/gettext.h"
#include "corpora/split.h"

namespace isthmus::cli {
namespace {

struct Options {
  std::string lang;
  FormatStrings format_strings = FormatStrings::kKeep;
  CorpusOutput output;
  SplitOptions split;
};

void describe(OptionVisitor& visit, Options& options) {
  visit.group("Text");
  visit("lang", options.lang, "language to pair with English, such as it, de or pt_BR");
  visit("format-strings", options.format_strings, "what to do with messages that have %d, %s or {name} in them");
  visit.group("Output");
  describe(visit, options.output, "folder for train.en, train.LANG, dev.* and test.*");
  describe(visit, options.split);
}

std::string count_text(std::size_t count) { return with_commas(static_cast<std::int64_t>(count)); }

void report(const GettextText& gathered) {
  const GettextCounts& counts = gathered.counts;
  log_info("{} translated messages in {} catalogues", count_text(counts.messages), count_text(counts.catalogues));
  const auto left_out = [](std::size_t count, std::string_view what) {
    if (count > 0) log_info("  {}: {}", what, count_text(count));
  };
  left_out(counts.damaged, "catalogues damaged");
  left_out(counts.other_charset, "catalogues in an unknown character set");
  left_out(counts.identifiers, "left out: a name or no letters");
  left_out(counts.mismatched, "left out: other placeholders than the message");
  left_out(counts.format_strings, "left out: placeholders");
  std::string cleaned = to_text(gathered.cleaned);
  cleaned.pop_back();
  log_info("{}", cleaned);
}

}  // namespace

int run_corpus_gettext(Arguments arguments) {
  Options options;
  std::vector<std::string> folders;
  CommandLine line("corpus gettext", "[DIR...]",
                   "Makes parallel text of the translated messages of programs: the gettext catalogues (.mo) below the "
                   "folders, by default those of this system. Menu accelerators are taken out, plurals make two pairs.",
                   {"isthmus corpus gettext --lang de --out gettext-de",
                    "isthmus corpus gettext --lang ko --format-strings drop --out gettext-ko /opt/app/share/locale"});
  line.add(options);
  line.positional("DIR", folders, 0, CommandLine::kMany);
  if (!line.parse(arguments)) return 0;
  if (options.lang.empty()) throw UsageError("--lang is missing, such as --lang de");
  if (!is_language_code(options.lang)) {
    throw UsageError("--lang: '" + options.lang + "' is not a language code such as it, de or pt_BR");
  }
  check_split_output(options.output, "en", options.lang);
  if (folders.empty()) folders = default_catalogue_folders();
  const GettextText gathered = gather_gettext(folders, options.lang, options.format_strings);
  report(gathered);
  report_split(options.output.folder, "en", options.lang,
               write_split(options.output.folder, "en", options.lang, gathered.text, options.split));
  return 0;
}

}  // namespace isthmus::cli
