#include "cli/average_command.h"

#include <filesystem>

#include "cli/command_line.h"
#include "core/error.h"
#include "core/log.h"
#include "training/average.h"

namespace isthmus::cli {
namespace {

struct AverageOptions {
  std::string output;
  bool force = false;
};

void describe(OptionVisitor& visit, AverageOptions& options) {
  visit("output", options.output, "the model file to write");
  visit("force", options.force, "overwrite it if it is there already");
}

}  // namespace

int run_average(Arguments arguments) {
  AverageOptions options;
  std::vector<std::string> models;
  CommandLine line("average", "MODEL... --output OUT.isthmus",
                   "Averages the weights of models of one run, such as those that train --keep-last keeps.",
                   {"isthmus average en-de.update-*.isthmus --output en-de.mean.isthmus"});
  line.add(options);
  line.positional("MODEL", models, 1, CommandLine::kMany);
  if (!line.parse(arguments)) return 0;
  if (options.output.empty()) throw UsageError("--output is missing: the model file to write");
  if (!options.force && std::filesystem::exists(options.output)) {
    throw InputError::in_file(options.output, "is there already", "--force overwrites it");
  }
  save_model(options.output, average_models(models));
  log_info("{} is the mean of {} models", options.output, models.size());
  return 0;
}

}  // namespace isthmus::cli
