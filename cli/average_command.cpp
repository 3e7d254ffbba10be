#include "cli/average_command.h"

#include "cli/command_line.h"
#include "cli/output_files.h"
#include "cli/recorded_file.h"
#include "cli/recorded_model.h"
#include "cli/recorded_run.h"
#include "core/error.h"
#include "core/log.h"
#include "core/progress.h"
#include "training/average.h"

namespace isthmus::cli {
namespace {

struct AverageOptions {
  std::string output;
  std::string ledger = "ledger.sqlite";
  bool force = false;
};

void describe(OptionVisitor& visit, AverageOptions& options) {
  visit("output", options.output, "the model file to write");
  visit("ledger", options.ledger, "SQLite file that keeps which models the mean is of; none if empty");
  visit("force", options.force, "overwrite it if it is there already");
}

/// The models and their mean, whose updates are those of its latest part.
void record_mean(Ledger& ledger, RunId run, const std::vector<std::string>& models, const std::string& output,
                 const ModelFile& mean) {
  ledger.transaction([&] {
    for (const std::string& path : models) ledger.add(recorded_file(run, "averaged", path));
    const ArtifactRow file = recorded_file(run, "model", output);
    ledger.add(file);
    ledger.add(CheckpointRow{.run = run,
                             .updates = provenance_number(mean.provenance, "updates").value_or(0),
                             .target_tokens = provenance_number(mean.provenance, "target-tokens"),
                             .path = file.path,
                             .hash = file.hash,
                             .is_best = true});
  });
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
  if (!options.output.ends_with(".isthmus")) throw UsageError("--output: the name of a model ends in .isthmus");
  refuse_input_as_output(options.output, models);
  refuse_ledger_as_output(options.output, options.ledger);
  refuse_to_overwrite(options.output, options.force);
  const ModelFile mean = average_models(models);
  if (options.ledger.empty()) {
    save_model(options.output, mean);
  } else {
    Ledger ledger = Ledger::open(options.ledger);
    const RunRecord run{.command = "average",
                        .config_json = to_json(options),
                        .parameters = mean.model->layout().parameters(),
                        .parent = ledger.run_of_model(recorded_file(RunId{}, "", models[0]).hash, models[0])};
    record_run(ledger, run, [&](RunId id) {
      save_model(options.output, mean);
      record_mean(ledger, id, models, options.output, mean);
    });
  }
  log_info("{} is the mean of {}", options.output, counted(static_cast<std::int64_t>(models.size()), "model"));
  return 0;
}

}  // namespace isthmus::cli
