// Learning curves, the runs overlaid.
#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <map>

#include "core/progress.h"
#include "report/report.h"
#include "report/sections.h"

namespace isthmus {
namespace {

/// More points than this no chart shows; a run with more is thinned out.
constexpr std::size_t kMostPoints = 1000;

struct Curve {
  std::string name = {};
  std::vector<CurvePoint> points = {};  ///< of the training log where the run was never validated
  std::vector<LogPoint> log = {};
  std::string signature = {};  ///< of validation BLEU
};

/// About `kMostPoints` of them, always the last; `keep` says which more must stay.
template <class Point, class Keep>
std::vector<Point> thinned(const std::vector<Point>& points, const Keep& keep) {
  const std::size_t step = (points.size() + kMostPoints - 1) / kMostPoints;
  std::vector<Point> kept;
  for (std::size_t i = 0; i < points.size(); ++i) {
    if (step <= 1 || i % step == 0 || i + 1 == points.size() || keep(points[i])) kept.push_back(points[i]);
  }
  return kept;
}

std::string name_of(const RunSummary& run) {
  const std::string model = std::filesystem::path(run.model).stem().string();
  const std::string number = fmt::format("run {}", static_cast<std::int64_t>(run.run));
  return model.empty() ? number : fmt::format("{}, {}", number, model);
}

/// `left_out`: points that are in the ledger and not on the page.
Curve read_curve(LedgerReader& ledger, const RunSummary& run, std::size_t& left_out) {
  Curve curve{.name = name_of(run)};
  const std::vector<LogPoint> log = ledger.training_log(run.run);
  curve.log = thinned(log, [](const LogPoint&) { return false; });
  std::vector<CurvePoint> points = ledger.learning_curve(run.run);
  if (points.empty()) {
    for (const LogPoint& point : log) {
      points.push_back(
          {.updates = point.updates, .epoch = point.epoch, .minutes = point.minutes, .train_loss = point.loss});
    }
  }
  curve.points = thinned(points, [](const CurvePoint& point) { return point.is_best; });
  left_out += points.size() - curve.points.size();
  for (const std::string& signature : ledger.validation_signatures(run.run, "bleu")) {
    curve.signature += (curve.signature.empty() ? "" : ", then ") + signature;
  }
  return curve;
}

Figure loss_figure(const std::vector<Curve>& curves, std::size_t left_out) {
  Figure figure{.table = {.key = "learning_curve",
                          .title = "Loss and perplexity",
                          .columns = {{.key = "run", .title = "run"},
                                      {.key = "updates", .title = "updates"},
                                      {.key = "epoch", .title = "epoch"},
                                      {.key = "minutes", .title = "minutes", .decimals = 1},
                                      {.key = "train_loss", .title = "train loss", .decimals = 3},
                                      {.key = "loss", .title = "loss", .decimals = 3},
                                      {.key = "perplexity", .title = "perplexity"},
                                      {.key = "corpus", .title = "corpus", .is_path = true}},
                          .notes = {"Both are per target token: only runs with the same vocabulary compare."}},
                .charts = {{.title = "Loss",
                            .x = "updates",
                            .series = {{.y = "loss", .title = "validation"}, {.y = "train_loss", .title = "training"}},
                            .group = "run",
                            .x_title = "updates",
                            .y_title = "loss, nats per token"},
                           {.title = "Perplexity of the validation text",
                            .x = "updates",
                            .series = {{.y = "perplexity"}},
                            .group = "run",
                            .x_title = "updates",
                            .y_title = "perplexity",
                            .log_y = true}}};
  for (const Curve& curve : curves) {
    for (const CurvePoint& point : curve.points) {
      figure.table.rows.push_back({curve.name, point.updates, cell_of(point.epoch), cell_of(point.minutes),
                                   cell_of(point.train_loss), cell_of(point.loss), cell_of(point.perplexity),
                                   point.corpus});
    }
  }
  if (left_out > 0) {
    figure.table.notes.push_back(
        fmt::format("Long runs are thinned out: {} left out.", counted(static_cast<std::int64_t>(left_out), "point")));
  }
  return figure;
}

/// Validation BLEU: what compares is of one corpus and one signature.
void add_bleu_figures(const std::vector<Curve>& curves, std::vector<Figure>& figures) {
  std::map<std::pair<std::string, std::string>, std::vector<std::vector<Cell>>> comparable;
  for (const Curve& curve : curves) {
    for (const CurvePoint& point : curve.points) {
      if (!point.bleu) continue;
      comparable[{point.corpus, curve.signature}].push_back({curve.name, point.updates, cell_of(point.epoch),
                                                             cell_of(point.bleu), cell_of(point.chrf),
                                                             std::string(point.is_best ? "*" : "")});
    }
  }
  for (auto& [key, rows] : comparable) {
    const auto& [corpus, signature] = key;
    const std::string title = fmt::format("BLEU on {}", std::filesystem::path(corpus).filename().string());
    figures.push_back({.table = {.key = "validation_bleu",
                                 .title = title,
                                 .columns = {{.key = "run", .title = "run"},
                                             {.key = "updates", .title = "updates"},
                                             {.key = "epoch", .title = "epoch"},
                                             {.key = "bleu", .title = "BLEU"},
                                             {.key = "chrf", .title = "chrF"},
                                             {.key = "best", .title = "best"}},
                                 .rows = std::move(rows),
                                 .notes = {fmt::format("Greedy search. Signature of BLEU: {}", signature)}},
                       .charts = {{.title = title,
                                   .x = "updates",
                                   .series = {{.y = "bleu"}},
                                   .group = "run",
                                   .x_title = "updates",
                                   .y_title = "BLEU"}}});
  }
}

/// Of runs that trained on whole sequences.
void add_sequence_figure(const std::vector<Curve>& curves, std::vector<Figure>& figures) {
  Table table{.key = "training_log",
              .title = "Training on whole sequences",
              .columns = {{.key = "run", .title = "run"},
                          {.key = "updates", .title = "updates"},
                          {.key = "sequence_loss", .title = "loss", .decimals = 4},
                          {.key = "reward", .title = "reward", .decimals = 4},
                          {.key = "entropy", .title = "entropy", .decimals = 3},
                          {.key = "top1", .title = "largest Q", .decimals = 3},
                          {.key = "unique_share", .title = "unique", .decimals = 3},
                          {.key = "effective_size", .title = "effective size"}}};
  for (const Curve& curve : curves) {
    for (const LogPoint& point : curve.log) {
      if (!point.sequence_loss && !point.reward) continue;
      table.rows.push_back({curve.name, point.updates, cell_of(point.sequence_loss), cell_of(point.reward),
                            cell_of(point.entropy), cell_of(point.top1), cell_of(point.unique_share),
                            cell_of(point.effective_size)});
    }
  }
  if (table.rows.empty()) return;
  Figure figure{.table = std::move(table)};
  for (const auto& [key, title] :
       {std::pair("reward", "Reward of the candidates"), std::pair("entropy", "Entropy of the candidates")}) {
    figure.charts.push_back(
        {.title = title, .x = "updates", .series = {{.y = key}}, .group = "run", .x_title = "updates", .y_title = key});
  }
  figures.push_back(std::move(figure));
}

}  // namespace

std::vector<PageSection> curve_section(LedgerReader& ledger, const ReportScope& scope) {
  std::vector<Curve> curves;
  std::size_t left_out = 0;
  for (const RunSummary& run : ledger.runs()) {
    if (scope.run ? run.run != *scope.run : run.command != "train") continue;
    Curve curve = read_curve(ledger, run, left_out);
    if (!curve.points.empty()) curves.push_back(std::move(curve));
  }
  if (curves.empty()) return {};
  PageSection section{.id = "curve", .title = "Learning curves", .figures = {loss_figure(curves, left_out)}};
  add_bleu_figures(curves, section.figures);
  add_sequence_figure(curves, section.figures);
  return {section};
}

}  // namespace isthmus
