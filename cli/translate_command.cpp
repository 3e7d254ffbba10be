#include "cli/translate_command.h"

#include <fmt/format.h>
#include <unistd.h>

#include <string>
#include <vector>

#include "cli/command_line.h"
#include "cli/output_files.h"
#include "cli/translate_prompt.h"
#include "cli/translate_stream.h"
#include "core/error.h"
#include "core/file.h"
#include "core/hash.h"
#include "core/log.h"
#include "core/number_list.h"
#include "decode/ensemble_step_model.h"
#include "decode/load_translation_model.h"
#include "distributed/world.h"

namespace isthmus::cli {
namespace {

struct Ensemble {
  EnsembleMean mean = EnsembleMean::kProbability;
  std::string weights;
};
void describe(OptionVisitor& visit, Ensemble& ensemble) {
  visit.group("Several models");
  visit("ensemble-mean", ensemble.mean, "mean of their probabilities, or of the logarithms of these");
  visit("ensemble-weights", ensemble.weights, "a number above 0 for each model, with commas between; none: all alike");
}

TranslationModel load(const std::vector<std::string>& paths, const EnsembleOptions& ensemble) {
  std::vector<TranslationModel> members;
  for (const std::string& path : paths) members.push_back(translation_model(load_translation_model(path)));
  return ensemble_of(std::move(members), paths, ensemble);
}

struct Settings {
  TranslateFiles files;
  SearchOptions search;
  Ensemble ensemble;
};
void describe(OptionVisitor& visit, Settings& settings) {
  describe(visit, settings.files);
  describe(visit, settings.search);
  describe_sampling(visit, settings.search);
  describe(visit, settings.ensemble);
}

/// Options that would change nothing are slips.
void check_usage(const CommandLine& line, const Settings& settings, std::size_t models) {
  check(settings.search);
  for (const char* name : {"temperature", "top-k", "top-p", "seed"}) {
    if (line.given(name) && !settings.search.sample) throw UsageError(fmt::format("--{} goes with --sample", name));
  }
  if (settings.search.sample && line.given("beam")) {
    throw UsageError("--sample draws translations, --beam searches for the best: give one of them");
  }
  for (const char* name : {"ensemble-mean", "ensemble-weights"}) {
    if (line.given(name) && models < 2) throw UsageError(fmt::format("--{} goes with several models", name));
  }
  if (settings.files.prefix == "-" && settings.files.input == "-") {
    throw UsageError("standard input can be read once: give --input or --prefix a file");
  }
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
  Settings settings;
  auto& [files, search, ensemble] = settings;
  TranslateOptions options;
  CommandLine line("translate", "MODEL...",
                   "Translates lines of text: as many lines come out as go in, in the same order, and an empty line "
                   "stays empty. On a terminal it is a prompt, unless --input or --output is given. Several models "
                   "translate together (the mean of their probabilities). With --nbest above 1 a line is "
                   "LINE ||| TEXT ||| SCORE, where LINE counts from 0; --alignment adds a field.",
                   {"isthmus translate en-de.isthmus < test.en > test.de",
                    "isthmus translate en-de.isthmus --input test.en.gz --output test.nbest --beam 10 --nbest 10",
                    "isthmus translate a.isthmus b.isthmus --ensemble-weights 0.7,0.3 < test.en > test.de",
                    "isthmus translate en-de.isthmus --sample --top-p 0.9 --nbest 5 --seed 7 < test.en",
                    "isthmus translate en-de.isthmus"});
  line.add(settings);
  line.add(options);
  line.positional("MODEL", models, 1, CommandLine::kMany);
  if (!line.parse(arguments)) return 0;
  check_usage(line, settings, models.size());
  std::vector<std::string> inputs = models;
  inputs.push_back(files.input);
  if (!files.prefix.empty()) inputs.push_back(files.prefix);
  refuse_input_as_output(files.output, inputs);
  Communicator world = join_world();
  require_same_translations(world, models, settings, options);
  const bool typed = world.alone() && files.input == "-" && ::isatty(STDIN_FILENO) != 0;
  const bool prompt = typed && !line.given("input") && !line.given("output") && !line.given("prefix");
  if (typed && !prompt && !files.quiet) log_info("Type lines to translate; Ctrl-D ends.");
  if (prompt && files.alignment != AlignmentFormat::kNone) {
    throw UsageError("--alignment is for files and pipes; give --input or --output");
  }
  options.align = files.alignment != AlignmentFormat::kNone;
  if (prompt) {
    // One sentence at a time: more threads than one would only wait.
    options.threads = 1;
    options.batch = 1;
  }
  const std::vector<double> weights = parse_numbers("ensemble-weights", ensemble.weights, "0.7,0.3");
  Translator translator(load(models, {ensemble.mean, weights}), search, options);
  if (prompt) {
    translate_prompt(translator, files.scores);
  } else {
    translate_stream(translator, files, world);
  }
  return 0;
}

}  // namespace isthmus::cli
