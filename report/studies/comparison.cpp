#include "report/studies/comparison.h"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <map>
#include <set>
#include <string>

#include "report/studies/study_view.h"

namespace isthmus {
namespace {

constexpr std::size_t kMostCharts = 4;    // of findings, of a kind
constexpr std::size_t kMostOverlays = 2;  // of a kind

/// Studies that are compared, with what they found.
struct Compared {
  std::vector<StudySummary> studies;
  std::vector<std::string> names;
  std::vector<std::map<std::string, FindingRow>> findings;  // of each study, by name
};

Compared gather(LedgerReader& ledger, std::vector<StudySummary> studies) {
  Compared compared{.studies = std::move(studies), .names = {}, .findings = {}};
  compared.names = model_names(compared.studies);
  for (const StudySummary& study : compared.studies) {
    auto& found = compared.findings.emplace_back();
    for (FindingRow& row : ledger.findings(study.analysis)) found.emplace(row.name, std::move(row));
  }
  return compared;
}

/// Name and unit of all that any of them found.
std::map<std::string, std::string> units_of(const Compared& compared) {
  std::map<std::string, std::string> units;
  for (const auto& findings : compared.findings) {
    for (const auto& [name, row] : findings) units.emplace(name, row.unit);
  }
  return units;
}

std::string readable(std::string name) {
  std::replace(name.begin(), name.end(), '_', ' ');
  return name;
}

std::string value_text(const FindingRow& row) {
  if (!row.value) return "–";
  const int decimals = std::abs(*row.value) < 1 ? 3 : 2;
  const auto end = [decimals](const std::optional<double>& of) {
    return of ? fmt::format("{:.{}f}", *of, decimals) : std::string("–");
  };
  if (!row.low && !row.high) return fmt::format("{:.{}f}", *row.value, decimals);
  return fmt::format("{:.{}f} [{}, {}]", *row.value, decimals, end(row.low), end(row.high));
}

/// A row for each study; of each finding a column for people, and value and interval for charts.
Table findings_by_model(const Compared& compared, bool with_corpus) {
  Table table{.key = "findings_by_model",
              .columns = {{.key = "model", .title = "model"}, {.key = "analysis", .title = "study", .is_name = true}}};
  if (with_corpus) table.columns.push_back({.key = "corpus", .title = "corpus", .is_path = true});
  const auto units = units_of(compared);
  for (const auto& [name, unit] : units) {
    const std::string title = readable(name) + (unit.empty() ? "" : ", " + unit);
    table.columns.push_back({.key = name, .title = title, .audience = Audience::kPeople});
    for (const char* end : {"", "_low", "_high"}) {
      table.columns.push_back({.key = name + end, .title = title, .audience = Audience::kMachines});
    }
  }
  for (std::size_t i = 0; i < compared.studies.size(); ++i) {
    std::vector<Cell>& row = table.rows.emplace_back();
    row = {compared.names[i], static_cast<std::int64_t>(compared.studies[i].analysis)};
    if (with_corpus) row.emplace_back(compared.studies[i].corpus);
    for (const auto& [name, unit] : units) {
      const auto found = compared.findings[i].find(name);
      if (found == compared.findings[i].end()) {
        row.insert(row.end(), 4, Cell());
        continue;
      }
      const FindingRow& of = found->second;
      row.insert(row.end(), {value_text(of), cell_of(of.value), cell_of(of.low), cell_of(of.high)});
    }
  }
  return table;
}

/// Of the findings that `chosen` names, else of those with intervals: what several of the studies have.
std::vector<std::string> main_findings(const Compared& compared, std::string_view chosen) {
  std::vector<std::string> names;
  if (chosen.empty()) {
    for (const auto& [name, unit] : units_of(compared)) names.push_back(name);
  }
  for (std::size_t at = 0; at < chosen.size();) {
    const std::size_t end = std::min(chosen.find(' ', at), chosen.size());
    names.emplace_back(chosen.substr(at, end - at));
    at = end + 1;
  }
  std::erase_if(names, [&](const std::string& name) {
    return std::count_if(compared.findings.begin(), compared.findings.end(), [&](const auto& findings) {
             const auto found = findings.find(name);
             return found != findings.end() && found->second.value && (!chosen.empty() || found->second.low);
           }) < 2;
  });
  if (names.size() > kMostCharts) names.resize(kMostCharts);
  return names;
}

Chart finding_chart(const std::string& name, const std::string& unit) {
  return {.kind = ChartKind::kDot,
          .title = readable(name),
          .x = "model",
          .series = {{name, name + "_low", name + "_high", readable(name)}},
          .y_title = unit + (unit.empty() ? "" : ", ") + "95 % interval"};
}

/// The first figure that draws one line: all studies' rows, those of a model a line each. Nothing where there is none.
std::vector<Figure> overlay(LedgerReader& ledger, const StudyView& view, const Compared& compared) {
  std::vector<std::vector<Figure>> figures;
  for (const StudySummary& study : compared.studies) figures.push_back(view.figures(ledger, study.analysis));
  for (const Figure& first : figures.front()) {
    Figure all{.table = {.key = first.table.key, .columns = first.table.columns, .notes = first.table.notes}};
    for (Chart chart : first.charts) {
      if (chart.kind != ChartKind::kLine || !chart.group.empty() || all.charts.size() == kMostOverlays) continue;
      chart.group = "model";
      chart.series.resize(1);
      all.charts.push_back(std::move(chart));
    }
    if (all.charts.empty()) continue;
    all.table.columns.insert(all.table.columns.begin(), {.key = "model", .title = "model"});
    for (std::size_t i = 0; i < figures.size(); ++i) {
      const auto same = std::find_if(figures[i].begin(), figures[i].end(), [&](const Figure& figure) {
        return figure.table.key == first.table.key && figure.table.columns.size() == first.table.columns.size();
      });
      if (same == figures[i].end()) continue;
      for (std::vector<Cell> row : same->table.rows) {
        row.insert(row.begin(), compared.names[i]);
        all.table.rows.push_back(std::move(row));
      }
    }
    all.table.title = first.table.title;
    return {std::move(all)};
  }
  return {};
}

/// Those of one kind and corpus.
void compare_on_corpus(LedgerReader& ledger, const Compared& compared, std::vector<Figure>& figures) {
  const StudySummary& first = compared.studies.front();
  const StudyView* view = find_study_view(first.kind);
  const std::string on = std::filesystem::path(first.corpus).filename().string();
  if (view) {
    for (Figure& figure : overlay(ledger, *view, compared)) {
      figure.table.title = fmt::format("{} on {}: {}", first.kind, on, figure.table.title);
      figures.push_back(std::move(figure));
    }
  }
  Figure findings{.table = findings_by_model(compared, false)};
  findings.table.title = fmt::format("{} on {}: findings", first.kind, on);
  const auto units = units_of(compared);
  for (const std::string& name : main_findings(compared, view ? view->compared : "")) {
    findings.charts.push_back(finding_chart(name, units.at(name)));
  }
  figures.push_back(std::move(findings));
}

void compare_kind(LedgerReader& ledger, const std::vector<StudySummary>& studies, std::vector<Figure>& figures) {
  std::map<CorpusId, std::vector<StudySummary>> by_corpus;
  for (const StudySummary& study : studies) by_corpus[study.corpus_id].push_back(study);
  for (const auto& [corpus, of] : by_corpus) {
    if (of.size() > 1) compare_on_corpus(ledger, gather(ledger, of), figures);
  }
  if (by_corpus.size() < 2) return;
  Figure all{.table = findings_by_model(gather(ledger, studies), true)};
  all.table.title = fmt::format("{} on all texts: findings", studies.front().kind);
  all.table.notes = {"Of different texts: scores and losses do not compare from row to row."};
  figures.push_back(std::move(all));
}

}  // namespace

std::vector<std::string> model_names(std::span<const StudySummary> studies) {
  std::vector<std::string> names;
  std::map<std::string, std::set<std::pair<std::string, std::optional<std::int64_t>>>> models;
  for (const StudySummary& study : studies) {
    names.push_back(std::filesystem::path(study.model).stem().string());
    if (names.back().empty()) names.back() = "text";
    models[names.back()].emplace(study.model, study.model_run);
  }
  for (std::size_t i = 0; i < names.size(); ++i) {
    if (models[names[i]].size() > 1 && studies[i].model_run) names[i] += fmt::format(", run {}", *studies[i].model_run);
  }
  // Two of one name on one corpus would be one line of a chart: those of other updates, and then any.
  const auto tell_apart = [&](const auto& addition) {
    std::map<std::pair<std::string, CorpusId>, std::set<std::string>> additions;
    std::map<std::pair<std::string, CorpusId>, int> counts;
    for (std::size_t i = 0; i < names.size(); ++i) {
      additions[{names[i], studies[i].corpus_id}].insert(addition(studies[i]));
      ++counts[{names[i], studies[i].corpus_id}];
    }
    std::vector<std::string> longer = names;
    for (std::size_t i = 0; i < names.size(); ++i) {
      const std::pair key(names[i], studies[i].corpus_id);
      if (counts[key] > 1 && additions[key].size() > 1) longer[i] += addition(studies[i]);
    }
    names = longer;
  };
  tell_apart([](const StudySummary& study) {
    return study.updates ? fmt::format(", update {}", *study.updates) : std::string();
  });
  tell_apart(
      [](const StudySummary& study) { return fmt::format(", study {}", static_cast<std::int64_t>(study.analysis)); });
  return names;
}

std::vector<Figure> comparison_figures(LedgerReader& ledger, std::span<const StudySummary> studies) {
  std::vector<Figure> figures;
  for (std::size_t begin = 0; begin < studies.size();) {
    std::size_t end = begin;
    while (end < studies.size() && studies[end].kind == studies[begin].kind) ++end;
    if (end - begin > 1) compare_kind(ledger, {studies.begin() + begin, studies.begin() + end}, figures);
    begin = end;
  }
  return figures;
}

}  // namespace isthmus
