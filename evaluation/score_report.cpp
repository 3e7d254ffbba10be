#include "evaluation/score_report.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

namespace isthmus {
namespace {

using Json = nlohmann::ordered_json;

/// Systems whose scores may stand in one table.
using Group = std::vector<const SystemScores*>;

bool comparable(const SystemScores& a, const SystemScores& b) {
  return std::equal(
      a.scores.begin(), a.scores.end(), b.scores.begin(), b.scores.end(),
      [](const MetricScore& x, const MetricScore& y) { return x.name == y.name && x.signature == y.signature; });
}

std::vector<Group> group_comparable(std::span<const SystemScores> systems) {
  std::vector<Group> groups;
  for (const SystemScores& system : systems) {
    const auto group =
        std::find_if(groups.begin(), groups.end(), [&](const Group& other) { return comparable(*other[0], system); });
    if (group == groups.end()) {
      groups.push_back({&system});
    } else {
      group->push_back(&system);
    }
  }
  return groups;
}

std::string interval_text(const Confidence& confidence, int decimals) {
  return fmt::format("{:.{}f} – {:.{}f}", confidence.interval.low, decimals, confidence.interval.high, decimals);
}

/// With a star where it is below .05.
std::string p_text(double p) {
  return fmt::format("{}{}", p < 0.0001 ? "<0.0001" : fmt::format("{:.4f}", p), p < 0.05 ? "*" : " ");
}

/// What some score of a group has.
struct Shown {
  bool intervals = false, bootstrap_p = false, randomisation_p = false;
};

Shown shown(const Group& group) {
  Shown result;
  for (const SystemScores* system : group) {
    for (const MetricScore& score : system->scores) {
      result.intervals = result.intervals || score.confidence;
      result.bootstrap_p = result.bootstrap_p || score.bootstrap_p;
      result.randomisation_p = result.randomisation_p || score.randomisation_p;
    }
  }
  return result;
}

/// What stands below a table with intervals or p; empty without.
std::string chance_note(const Group& group) {
  const Shown show = shown(group);
  if (!show.intervals && !show.bootstrap_p && !show.randomisation_p) return "";
  std::string note = "resampling: " + group[0]->scores[0].resampling;
  if (show.bootstrap_p || show.randomisation_p) {
    note += fmt::format("; p against {}, * below .05", group[0]->system);
    if (show.bootstrap_p) note += "; bs is the bolder test";
  }
  return note;
}

/// The header and a row for each system, as texts.
std::vector<std::vector<std::string>> cells(const Group& group, int decimals) {
  std::vector<std::vector<std::string>> rows(1, {"system"});
  const Shown show = shown(group);
  for (const MetricScore& score : group[0]->scores) {
    rows[0].push_back(score.name);
    if (score.length_ratio) rows[0].emplace_back("length");
    if (show.intervals) rows[0].emplace_back("95 % interval");
    if (show.bootstrap_p) rows[0].emplace_back("p (bs)");
    if (show.randomisation_p) rows[0].emplace_back("p (ar)");
  }
  for (const SystemScores* system : group) {
    std::vector<std::string> row = {system->system};
    for (const MetricScore& score : system->scores) {
      row.push_back(fmt::format("{:.{}f}", score.score, decimals));
      if (score.length_ratio) row.push_back(fmt::format("{:.3f}", *score.length_ratio));
      if (show.intervals) row.push_back(score.confidence ? interval_text(*score.confidence, decimals) : "");
      if (show.bootstrap_p) row.push_back(score.bootstrap_p ? p_text(*score.bootstrap_p) : "");
      if (show.randomisation_p) row.push_back(score.randomisation_p ? p_text(*score.randomisation_p) : "");
    }
    rows.push_back(std::move(row));
  }
  return rows;
}

/// The table, and below it where its scores come from.
std::string table_text(const Group& group, ScoreFormat format, int decimals) {
  const auto rows = cells(group, decimals);
  std::string columns(rows[0].size(), 'r');
  columns[0] = 'l';
  std::string text = format_table({.columns = columns, .rows = rows}, format);
  if (format == ScoreFormat::kMarkdown) text += "\n";
  for (const MetricScore& score : group[0]->scores) {
    text += format == ScoreFormat::kText       ? fmt::format("{}|{}\n", score.name, score.signature)
            : format == ScoreFormat::kMarkdown ? fmt::format("- {}: `{}`\n", score.name, score.signature)
                                               : fmt::format("% {}: {}\n", score.name, score.signature);
  }
  if (const std::string note = chance_note(group); !note.empty()) text += format_note(note, format);
  return text;
}

std::string text_lines(const SystemScores& system, int decimals) {
  std::string text;
  for (const MetricScore& score : system.scores) {
    text += fmt::format("{}|{} = {:.{}f}{}{}", score.name, score.signature, score.score, decimals,
                        score.confidence ? fmt::format(" [{}]", interval_text(*score.confidence, decimals)) : "",
                        score.details.empty() ? "" : " " + score.details);
    text += "\n";
  }
  return text;
}

Json to_object(const MetricScore& score) {
  Json object = {{"name", score.name}, {"score", score.score}, {"signature", score.signature}};
  object.update(score.fields);
  if (!score.resampling.empty()) object["resampling"] = score.resampling;
  if (score.confidence) {
    object["confidence_mean"] = score.confidence->mean;
    object["confidence_half_width"] = score.confidence->half_width();
    object["confidence_interval"] = {score.confidence->interval.low, score.confidence->interval.high};
  }
  if (score.bootstrap_p) object["p_paired_bs"] = *score.bootstrap_p;
  if (score.randomisation_p) object["p_paired_ar"] = *score.randomisation_p;
  if (!score.warnings.empty()) object["warnings"] = score.warnings;
  return object;
}

}  // namespace

std::string format_scores(std::span<const SystemScores> systems, ScoreFormat format, int decimals) {
  if (format == ScoreFormat::kJson) return json_text(scores_json(systems));
  if (format == ScoreFormat::kText && systems.size() == 1) return text_lines(systems[0], decimals);
  std::string text;
  for (const Group& group : group_comparable(systems)) {
    if (!text.empty()) text += "\n";
    text += table_text(group, format, decimals);
  }
  return text;
}

nlohmann::ordered_json scores_json(std::span<const SystemScores> systems) {
  Json json = Json::array();
  if (systems.size() == 1) {
    for (const MetricScore& score : systems[0].scores) json.push_back(to_object(score));
    return json.size() == 1 ? Json(json[0]) : json;
  }
  for (const SystemScores& system : systems) {
    Json object = {{"system", system.system}};
    for (const MetricScore& score : system.scores) object[score.name] = to_object(score);
    json.push_back(std::move(object));
  }
  return json;
}

}  // namespace isthmus
