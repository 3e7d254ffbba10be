#include "cli/report_command.h"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>
#include <string>
#include <vector>

#include "cli/command_line.h"
#include "core/error.h"
#include "core/log.h"
#include "report/report.h"

namespace isthmus::cli {
namespace {

struct ReportOptions {
  std::string ledger = "ledger.sqlite";
  std::int64_t run = 0;  ///< 0: all
  ReportFormat format = ReportFormat::kText;
};

void describe(OptionVisitor& visit, ReportOptions& options) {
  visit.group("Report");
  visit("ledger", options.ledger, "the file to read");
  visit("run", options.run, "one run: its learning curve, scores, BLEU by length and studies; 0 is all runs",
        at_least(0));
  visit("format", options.format, "how to print tables");
}

using Tables = std::vector<Table>;

void append(Tables& tables, Tables more) {
  tables.insert(tables.end(), std::make_move_iterator(more.begin()), std::make_move_iterator(more.end()));
}

/// A table for each study whose kind has one.
void append_studies(Tables& tables, LedgerReader& ledger, std::optional<RunId> run) {
  for (const StudySummary& study : ledger.studies(run)) {
    if (study.kind != "length") continue;
    Tables found = length_study_tables(study.analysis, ledger.length_quality(study.analysis),
                                       ledger.findings(study.analysis), study.verdict);
    found[0].title =
        fmt::format("Study {}, {}: {}", static_cast<std::int64_t>(study.analysis), title_of(study), found[0].title);
    append(tables, std::move(found));
  }
}

/// A part of the report, by the name that asks for it.
struct Part {
  std::string_view name;
  void (*add)(Tables& tables, LedgerReader& ledger, std::optional<RunId> run);
};

void add_runs(Tables& tables, LedgerReader& ledger, std::optional<RunId> run) {
  std::vector<RunSummary> runs = ledger.runs();
  if (run) std::erase_if(runs, [run](const RunSummary& one) { return one.run != *run; });
  tables.push_back(runs_table(runs));
}

void add_curve(Tables& tables, LedgerReader& ledger, std::optional<RunId> run) {
  for (const RunSummary& one : ledger.runs()) {
    if (run ? one.run == *run : one.command == "train") tables.push_back(curve_table(ledger, one.run));
  }
}

constexpr Part kParts[] = {
    {"runs", add_runs},
    {"curve", add_curve},
    {"scores",
     [](Tables& tables, LedgerReader& ledger, auto run) { append(tables, scores_tables(ledger.scores(run))); }},
    {"length", [](Tables& tables, LedgerReader& ledger,
                  auto run) { append(tables, bleu_by_length_tables(ledger.bleu_by_length(run))); }},
    {"cells",
     [](Tables& tables, LedgerReader& ledger, auto run) {
       std::vector<CellSummary> cells = ledger.cells();
       if (run) std::erase_if(cells, [run](const CellSummary& one) { return one.run != *run; });
       append(tables, cells_tables(cells));
     }},
    {"studies", append_studies}};

const Part& part_named(const std::string& name) {
  std::string names;
  for (const Part& part : kParts) {
    if (part.name == name) return part;
    names += fmt::format("{}{}", names.empty() ? "" : ", ", part.name);
  }
  throw UsageError(fmt::format("'{}' is no part of the report; the parts are {}", name, names));
}

}  // namespace

int run_report(Arguments arguments) {
  ReportOptions options;
  std::vector<std::string> names;
  CommandLine line(
      "report", "[PART...] [--ledger FILE]",
      "Prints what a ledger holds. PART is runs, curve (learning curves), scores, length (BLEU by length of "
      "the source), cells (training runs side by side) or studies. Without one: runs, scores and studies; "
      "with --run also the learning curve and BLEU by length. docs/ledger.md lists the tables for one's own "
      "queries with sqlite3.",
      {"isthmus report --ledger ledger.sqlite", "isthmus report --ledger ledger.sqlite --run 3",
       "isthmus report cells --format markdown"});
  line.add(options);
  line.positional("PART", names, 0, CommandLine::kMany);
  if (!line.parse(arguments)) return 0;
  if (names.empty()) {
    names = options.run == 0 ? std::vector<std::string>{"runs", "scores", "studies"}
                             : std::vector<std::string>{"runs", "curve", "scores", "length", "studies"};
  }
  for (const std::string& name : names) part_named(name);  // refuses wrong names before anything is read

  LedgerReader ledger = LedgerReader::open(options.ledger);
  const std::optional<RunId> run = options.run == 0 ? std::nullopt : std::optional(RunId(options.run));
  if (run && !ledger.config_json(*run)) {
    throw InputError::in_file(options.ledger, fmt::format("no run {}", options.run),
                              "isthmus report runs lists the runs");
  }
  Tables tables;
  for (const std::string& name : names) part_named(name).add(tables, ledger, run);
  fmt::print("{}", render(tables, options.format, output_width()));
  return 0;
}

}  // namespace isthmus::cli
