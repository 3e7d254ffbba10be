#include "cli/report_command.h"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>
#include <string>
#include <vector>

#include "cli/command_line.h"
#include "core/error.h"
#include "core/log.h"
#include "report/candidates.h"
#include "report/report.h"

namespace isthmus::cli {
namespace {

struct ReportOptions {
  std::string ledger = "ledger.sqlite";
  std::int64_t run = 0;   ///< 0: all
  std::int64_t pair = 0;  ///< 0: not given
  ReportFormat format = ReportFormat::kText;
};

void describe(OptionVisitor& visit, ReportOptions& options) {
  visit.group("Report");
  visit("ledger", options.ledger, "the file to read");
  visit("run", options.run,
        "one run: its learning curve, scores, BLEU by length, studies and candidates; 0 is all runs, of candidates the "
        "newest run that has some",
        at_least(0));
  visit("pair", options.pair,
        "candidates of this pair of the training text as encoded; when not given, of the one with the most updates",
        at_least(1));
  visit("format", options.format, "how to print tables");
}

using Tables = std::vector<Table>;

void append(Tables& tables, Tables more) {
  tables.insert(tables.end(), std::make_move_iterator(more.begin()), std::make_move_iterator(more.end()));
}

/// What of a ledger was asked for.
struct Scope {
  std::optional<RunId> run = {};
  std::optional<std::int64_t> pair = {};
};

/// A part of the report, by the name that asks for it.
struct Part {
  std::string_view name;
  void (*add)(Tables& tables, LedgerReader& ledger, const Scope& scope);
};

void add_runs(Tables& tables, LedgerReader& ledger, const Scope& scope) {
  std::vector<RunSummary> runs = ledger.runs();
  if (scope.run) std::erase_if(runs, [&scope](const RunSummary& one) { return one.run != *scope.run; });
  tables.push_back(runs_table(runs));
}

void add_curve(Tables& tables, LedgerReader& ledger, const Scope& scope) {
  for (const RunSummary& one : ledger.runs()) {
    if (scope.run ? one.run == *scope.run : one.command == "train") tables.push_back(curve_table(ledger, one.run));
  }
}

/// A table for each study whose kind has one.
void add_studies(Tables& tables, LedgerReader& ledger, const Scope& scope) {
  for (const StudySummary& study : ledger.studies(scope.run)) {
    if (study.kind != "length") continue;
    Tables found = length_study_tables(study.analysis, ledger.length_quality(study.analysis),
                                       ledger.findings(study.analysis), study.verdict);
    found[0].title =
        fmt::format("Study {}, {}: {}", static_cast<std::int64_t>(study.analysis), title_of(study), found[0].title);
    append(tables, std::move(found));
  }
}

constexpr std::string_view kCandidates = "candidates";

constexpr Part kParts[] = {
    {"runs", add_runs},
    {"curve", add_curve},
    {"scores",
     [](Tables& tables, LedgerReader& ledger, const Scope& scope) {
       append(tables, scores_tables(ledger.scores(scope.run)));
       append(tables, comparisons_tables(ledger.comparisons(scope.run)));
     }},
    {"length", [](Tables& tables, LedgerReader& ledger,
                  const Scope& scope) { append(tables, bleu_by_length_tables(ledger.bleu_by_length(scope.run))); }},
    {"cells",
     [](Tables& tables, LedgerReader& ledger, const Scope& scope) {
       std::vector<CellSummary> cells = ledger.cells();
       if (scope.run) std::erase_if(cells, [&scope](const CellSummary& one) { return one.run != *scope.run; });
       append(tables, cells_tables(cells));
     }},
    {"studies", add_studies},
    {kCandidates, [](Tables& tables, LedgerReader& ledger, const Scope& scope) {
       append(tables, candidates_tables(ledger, scope.run, scope.pair));
     }}};

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
      "the source), cells (training runs side by side), studies or candidates (of one training sentence, as "
      "objectives on whole sequences weighed them). Without one: runs, scores and studies; with --run also the "
      "learning curve and BLEU by length. docs/ledger.md lists the tables for one's own "
      "queries with sqlite3.",
      {"isthmus report --ledger ledger.sqlite", "isthmus report --ledger ledger.sqlite --run 3",
       "isthmus report cells --format markdown", "isthmus report candidates --run 3 --pair 17"});
  line.add(options);
  line.positional("PART", names, 0, CommandLine::kMany);
  if (!line.parse(arguments)) return 0;
  if (names.empty()) {
    names = options.run == 0 ? std::vector<std::string>{"runs", "scores", "studies"}
                             : std::vector<std::string>{"runs", "curve", "scores", "length", "studies"};
  }
  for (const std::string& name : names) part_named(name);  // refuses wrong names before anything is read
  const bool has_pair = line.given("pair");
  if (has_pair && std::find(names.begin(), names.end(), kCandidates) == names.end()) {
    throw UsageError("--pair is for candidates alone: isthmus report candidates --pair N");
  }

  LedgerReader ledger = LedgerReader::open(options.ledger);
  Scope scope;
  if (options.run != 0) scope.run = RunId(options.run);
  if (has_pair) scope.pair = options.pair;
  if (scope.run && !ledger.config_json(*scope.run)) {
    throw InputError::in_file(options.ledger, fmt::format("no run {}", options.run),
                              "isthmus report runs lists the runs");
  }
  Tables tables;
  for (const std::string& name : names) part_named(name).add(tables, ledger, scope);
  fmt::print("{}", render(tables, options.format, output_width()));
  return 0;
}

}  // namespace isthmus::cli
