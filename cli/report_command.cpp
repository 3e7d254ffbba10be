#include "cli/report_command.h"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <iterator>
#include <string>
#include <vector>

#include "cli/command_line.h"
#include "cli/output_files.h"
#include "core/error.h"
#include "core/file.h"
#include "core/log.h"
#include "report/candidates.h"
#include "report/html_page.h"
#include "report/report.h"
#include "report/sections.h"
#include "report/studies/study_view.h"

namespace isthmus::cli {
namespace {

struct ReportOptions {
  std::string ledger = "ledger.sqlite";
  std::int64_t run = 0;   ///< 0: all
  std::int64_t pair = 0;  ///< 0: not given
  ReportFormat format = ReportFormat::kText;
  std::string html;
  std::int64_t sentences = ReportScope{}.sentences;
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
  visit("html", options.html,
        "write a page to this file instead, with charts and the sentences: one file for any browser, without a "
        "network; - is standard output");
  visit("sentences", options.sentences, "with --html: sentences of a corpus on the page at most", at_least(1));
}

using Tables = std::vector<Table>;

void append(Tables& tables, Tables more) {
  tables.insert(tables.end(), std::make_move_iterator(more.begin()), std::make_move_iterator(more.end()));
}

/// A part of the report, by the name that asks for it: as tables, and as sections of a page.
struct Part {
  std::string_view name;
  void (*add)(Tables& tables, LedgerReader& ledger, const ReportScope& scope);  ///< null: no part of the tables
  std::vector<PageSection> (*sections)(LedgerReader& ledger, const ReportScope& scope);
};

void add_runs(Tables& tables, LedgerReader& ledger, const ReportScope& scope) {
  std::vector<RunSummary> runs = ledger.runs();
  if (scope.run) std::erase_if(runs, [&scope](const RunSummary& one) { return one.run != *scope.run; });
  tables.push_back(runs_table(runs));
}

void add_curve(Tables& tables, LedgerReader& ledger, const ReportScope& scope) {
  for (const RunSummary& one : ledger.runs()) {
    if (scope.run ? one.run == *scope.run : one.command == "train") tables.push_back(curve_table(ledger, one.run));
  }
}

void add_studies(Tables& tables, LedgerReader& ledger, const ReportScope& scope) {
  for (const StudySummary& study : ledger.studies(scope.run)) {
    Tables found = study_tables(ledger, study);
    found[0].title =
        fmt::format("Study {}, {}: {}", static_cast<std::int64_t>(study.analysis), title_of(study), found[0].title);
    append(tables, std::move(found));
  }
}

constexpr std::string_view kCandidates = "candidates";
constexpr std::string_view kSentences = "sentences";

constexpr Part kParts[] = {{"runs", add_runs, runs_section},
                           {"curve", add_curve, curve_section},
                           {"scores",
                            [](Tables& tables, LedgerReader& ledger, const ReportScope& scope) {
                              append(tables, scores_tables(ledger.scores(scope.run)));
                              append(tables, comparisons_tables(ledger.comparisons(scope.run)));
                            },
                            scores_section},
                           {"length",
                            [](Tables& tables, LedgerReader& ledger, const ReportScope& scope) {
                              append(tables, bleu_by_length_tables(ledger.bleu_by_length(scope.run)));
                            },
                            length_section},
                           {"cells",
                            [](Tables& tables, LedgerReader& ledger, const ReportScope& scope) {
                              std::vector<CellSummary> cells = ledger.cells();
                              if (scope.run)
                                std::erase_if(cells,
                                              [&scope](const CellSummary& one) { return one.run != *scope.run; });
                              append(tables, cells_tables(cells));
                            },
                            cells_section},
                           {"studies", add_studies, study_sections},
                           {kCandidates,
                            [](Tables& tables, LedgerReader& ledger, const ReportScope& scope) {
                              append(tables, candidates_tables(ledger, scope.run, scope.pair));
                            },
                            candidates_section},
                           {kSentences, nullptr, sentences_section}};

const Part& part_named(const std::string& name) {
  std::string names;
  for (const Part& part : kParts) {
    if (part.name == name) return part;
    names += fmt::format("{}{}", names.empty() ? "" : ", ", part.name);
  }
  throw UsageError(fmt::format("'{}' is no part of the report; the parts are {}", name, names));
}

bool asks_for(const std::vector<std::string>& names, std::string_view name) {
  return std::find(names.begin(), names.end(), name) != names.end();
}

/// The parts when none is named.
std::vector<std::string> usual_parts(const ReportOptions& options) {
  if (!options.html.empty()) {
    std::vector<std::string> all;
    for (const Part& part : kParts) all.emplace_back(part.name);
    return all;
  }
  if (options.run == 0) return {"runs", "scores", "studies"};
  return {"runs", "curve", "scores", "length", "studies"};
}

/// Refuses what does not go together, before anything is read.
void check(const CommandLine& line, const ReportOptions& options, const std::vector<std::string>& names) {
  for (const std::string& name : names) {
    if (part_named(name).add == nullptr && options.html.empty()) {
      throw UsageError(fmt::format("{} are on the page alone: isthmus report {} --html FILE", name, name));
    }
  }
  if (line.given("pair") && !asks_for(names, kCandidates)) {
    throw UsageError("--pair is for candidates alone: isthmus report candidates --pair N");
  }
  if (line.given("html") && options.html.empty()) throw UsageError("--html wants the name of a file");
  if (line.given("format") && !options.html.empty()) {
    throw UsageError("--format is how tables are printed; with --html there are none");
  }
  if (line.given("sentences") && options.html.empty()) {
    throw UsageError("--sentences is for the page alone: isthmus report --html FILE --sentences N");
  }
}

/// "report.html: 1.2 MB, Runs, Scores"; many sections are counted.
std::string summary_of(const std::string& file, const std::string& html, const Page& page) {
  constexpr std::size_t kFew = 6;
  std::string titles;
  if (page.sections.size() > kFew) titles = fmt::format("{} sections", page.sections.size());
  for (const PageSection& section :
       std::span(page.sections).first(page.sections.size() > kFew ? 0 : page.sections.size()))
    titles += (titles.empty() ? "" : ", ") + section.title;
  return fmt::format("{}: {:.1f} MB, {}", file, static_cast<double>(html.size()) / 1e6, titles);
}

void write_page(const ReportOptions& options, LedgerReader& ledger, const ReportScope& scope,
                const std::vector<std::string>& names) {
  Page page{.title = fmt::format("Isthmus: {}", std::filesystem::path(options.ledger).filename().string())};
  if (scope.run)
    page.subtitle = fmt::format("What run {} did and measured.", options.run);
  else
    page.subtitle = "What the runs of this ledger did and measured.";
  for (const std::string& name : names) {
    for (PageSection& section : part_named(name).sections(ledger, scope)) page.sections.push_back(std::move(section));
  }
  const std::string html = html_page(page);
  if (options.html == "-") {
    fmt::print("{}", html);
    return;
  }
  write_file_atomically(options.html, html);
  log_info("{}", summary_of(options.html, html, page));
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
      "learning curve and BLEU by length. With --html all of them as a page, and sentences: source, reference and "
      "systems side by side. docs/ledger.md lists the tables for one's own "
      "queries with sqlite3.",
      {"isthmus report --ledger ledger.sqlite", "isthmus report --ledger ledger.sqlite --run 3",
       "isthmus report cells --format markdown", "isthmus report candidates --run 3 --pair 17",
       "isthmus report --ledger ledger.sqlite --html report.html"});
  line.add(options);
  line.positional("PART", names, 0, CommandLine::kMany);
  if (!line.parse(arguments)) return 0;
  if (names.empty()) names = usual_parts(options);
  check(line, options, names);
  refuse_ledger_as_output(options.html, options.ledger, "--html");

  LedgerReader ledger = LedgerReader::open(options.ledger);
  ReportScope scope{.sentences = options.sentences};
  if (options.run != 0) scope.run = RunId(options.run);
  if (line.given("pair")) scope.pair = options.pair;
  if (scope.run && !ledger.config_json(*scope.run)) {
    throw InputError::in_file(options.ledger, fmt::format("no run {}", options.run),
                              "isthmus report runs lists the runs");
  }
  if (!options.html.empty()) {
    write_page(options, ledger, scope, names);
    return 0;
  }
  Tables tables;
  for (const std::string& name : names) part_named(name).add(tables, ledger, scope);
  fmt::print("{}", render(tables, options.format, output_width()));
  return 0;
}

}  // namespace isthmus::cli
