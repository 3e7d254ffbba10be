#include "cli/translate_command.h"

#include <unistd.h>

#include <string>
#include <vector>

#include "cli/command_line.h"
#include "cli/interruptible_model.h"
#include "cli/output_files.h"
#include "cli/translate_prompt.h"
#include "cli/translate_stream.h"
#include "core/file.h"
#include "core/hash.h"
#include "core/log.h"
#include "decode/ensemble_step_model.h"
#include "decode/load_translation_model.h"
#include "distributed/world.h"

namespace isthmus::cli {
namespace {

TranslationModel load(const std::vector<std::string>& paths) {
  std::vector<TranslationModel> members;
  for (const std::string& path : paths) members.push_back(translation_model(load_translation_model(path)));
  return ensemble_of(std::move(members), paths);
}

struct Settings {
  TranslateFiles files;
  SearchOptions search;
};
void describe(OptionVisitor& visit, Settings& settings) {
  describe(visit, settings.files);
  describe(visit, settings.search);
}

/// Ranks that are not alike would translate each their own way.
void require_same_translations(Communicator& world, const std::vector<std::string>& models, const Settings& settings,
                               const TranslateOptions& options) {
  if (world.alone()) return;
  std::string hashes;
  for (const std::string& model : models) hashes += hash128_hex(read_file(model));
  require_same(world, "the program", ISTHMUS_VERSION, "install the same version on all machines");
  require_same(world, "the models", hashes, "copy them, so that all machines have the same files");
  require_same(world, "the options", to_json(settings) + std::to_string(options.max_source_length),
               "give all ranks the same");
}

}  // namespace

int run_translate(Arguments arguments) {
  std::vector<std::string> models;
  TranslateFiles files;
  SearchOptions search;
  TranslateOptions options;
  CommandLine line("translate", "MODEL...",
                   "Translates lines of text: as many lines come out as go in, in the same order, and an empty line "
                   "stays empty. On a terminal it is a prompt, unless --input or --output is given. Several models "
                   "translate together (the mean of their probabilities). With --nbest above 1 a line is "
                   "LINE ||| TEXT ||| SCORE, where LINE counts from 0.",
                   {"isthmus translate en-de.isthmus < test.en > test.de",
                    "isthmus translate en-de.isthmus --input test.en.gz --output test.nbest --beam 10 --nbest 10",
                    "isthmus translate en-de.isthmus"});
  line.add(files);
  line.add(search);
  line.add(options);
  line.positional("MODEL", models, 1, CommandLine::kMany);
  if (!line.parse(arguments)) return 0;
  check(search);
  std::vector<std::string> inputs = models;
  inputs.push_back(files.input);
  refuse_input_as_output(files.output, inputs);
  Communicator world = join_world();
  require_same_translations(world, models, {files, search}, options);
  const bool typed = world.alone() && files.input == "-" && ::isatty(STDIN_FILENO) != 0;
  const bool prompt = typed && !line.given("input") && !line.given("output");
  if (typed && !prompt && !files.quiet) log_info("Type lines to translate; Ctrl-D ends.");
  if (prompt) {
    // One sentence at a time: more threads than one would only wait.
    options.threads = 1;
    options.batch = 1;
  }
  Translator translator(interruptible(load(models)), search, options);
  if (prompt) {
    translate_prompt(translator, files.scores);
  } else {
    translate_stream(translator, files, world);
  }
  return 0;
}

}  // namespace isthmus::cli
