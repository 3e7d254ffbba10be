#include "report/html_page.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <map>
#include <nlohmann/json.hpp>

#include "report/page_assets.h"

namespace isthmus {
namespace {

using Json = nlohmann::ordered_json;

/// Whole numbers beyond these are not exact in JavaScript.
constexpr std::int64_t kLargestExact = std::int64_t{1} << 53;

Json json_of(const Cell& cell) {
  struct Writer {
    Json operator()(std::monostate) const { return nullptr; }
    Json operator()(std::int64_t number) const {
      return std::abs(number) <= kLargestExact ? Json(number) : Json(fmt::format("{}", number));
    }
    Json operator()(double number) const { return number; }  // what is not finite prints as null
    Json operator()(const std::string& text) const { return text; }
  };
  return std::visit(Writer{}, cell);
}

/// Whether a column has whole numbers alone, which have no decimals.
bool is_whole(const Table& table, std::size_t column) {
  return std::none_of(table.rows.begin(), table.rows.end(),
                      [column](const auto& row) { return std::holds_alternative<double>(row[column]); });
}

Json json_of(const Table& table) {
  Json columns = Json::array();
  Json rows = Json::array();
  std::vector<std::size_t> kept;
  for (std::size_t c = 0; c < table.columns.size(); ++c) {
    const Column& column = table.columns[c];
    if (column.is_bar) continue;
    kept.push_back(c);
    columns.push_back({{"key", column.key},
                       {"title", column.title},
                       {"decimals", is_whole(table, c) ? 0 : column.decimals},
                       {"shown", column.audience != Audience::kMachines},
                       {"name", column.is_name},
                       {"path", column.is_path}});
  }
  for (const auto& row : table.rows) {
    Json cells = Json::array();
    for (const std::size_t c : kept) cells.push_back(json_of(row[c]));
    rows.push_back(std::move(cells));
  }
  return {{"title", table.title}, {"columns", std::move(columns)}, {"rows", std::move(rows)}, {"notes", table.notes}};
}

Json json_of(const Chart& chart) {
  Json series = Json::array();
  for (const Series& one : chart.series) {
    series.push_back({{"y", one.y}, {"low", one.low}, {"high", one.high}, {"title", one.title}});
  }
  return {{"kind", EnumNames<ChartKind>::names[static_cast<std::size_t>(chart.kind)]},
          {"title", chart.title},
          {"x", chart.x},
          {"series", std::move(series)},
          {"group", chart.group},
          {"label", chart.label},
          {"row", chart.row},
          {"xLabel", chart.x_label},
          {"rowLabel", chart.row_label},
          {"xTitle", chart.x_title},
          {"yTitle", chart.y_title},
          {"logX", chart.log_x},
          {"logY", chart.log_y},
          {"fromZero", chart.from_zero}};
}

/// Column by column, which is shorter.
Json json_of(const SentenceSet& set) {
  Json root = {{"title", set.title}, {"systems", set.systems}, {"notes", set.notes}};
  for (const char* name : {"line", "words", "source", "reference"}) root[name] = Json::array();
  root["hypotheses"] = Json(std::vector<Json>(set.systems.size(), Json::array()));
  root["bleu"] = root["hypotheses"];
  for (const SentenceRow& row : set.rows) {
    root["line"].push_back(row.line);
    root["words"].push_back(row.words);
    root["source"].push_back(row.source);
    root["reference"].push_back(row.reference);
    for (std::size_t i = 0; i < set.systems.size(); ++i) {
      root["hypotheses"][i].push_back(row.hypotheses[i] ? Json(*row.hypotheses[i]) : Json());
      root["bleu"][i].push_back(row.bleu[i] ? Json(std::round(*row.bleu[i] * 100) / 100) : Json());
    }
  }
  return root;
}

Json json_of(const PageSection& section) {
  Json figures = Json::array();
  for (const Figure& figure : section.figures) {
    if (!figure.on_page) continue;
    Json charts = Json::array();
    for (const Chart& chart : figure.charts) charts.push_back(json_of(chart));
    figures.push_back({{"table", json_of(figure.table)}, {"charts", std::move(charts)}});
  }
  return {{"id", section.id},           {"title", section.title},     {"text", section.text},
          {"verdict", section.verdict}, {"meaning", section.meaning}, {"figures", std::move(figures)},
          {"under", section.under},     {"heading", section.heading}, {"name", section.name}};
}

/// JSON that can stand in an HTML element: what could end the element, or a line of a script, is escaped. These
/// characters can only be in strings, so the JSON means the same.
std::string embeddable(const Json& json) {
  const std::string plain = json.dump(-1, ' ', false, Json::error_handler_t::replace);
  std::string escaped;
  escaped.reserve(plain.size() + plain.size() / 16);
  for (std::size_t i = 0; i < plain.size(); ++i) {
    const std::string_view rest = std::string_view(plain).substr(i);
    if (rest.front() == '<') {
      escaped += "\\u003c";
    } else if (rest.front() == '>') {
      escaped += "\\u003e";
    } else if (rest.front() == '&') {
      escaped += "\\u0026";
    } else if (rest.starts_with("\xe2\x80\xa8") || rest.starts_with("\xe2\x80\xa9")) {
      escaped += rest[2] == '\xa8' ? "\\u2028" : "\\u2029";
      i += 2;
    } else {
      escaped += rest.front();
    }
  }
  return escaped;
}

std::string data_element(const std::string& id, const Json& json) {
  return fmt::format("<script type=\"application/json\" id=\"{}\">{}</script>\n", id, embeddable(json));
}

/// "sha256-…" of a content-security policy: base64 of the digest.
std::string source_hash(const PageAsset& asset) {
  static constexpr char kDigits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  std::string base64;
  std::uint32_t bits = 0;
  int count = 0;  // bits that wait to be written
  for (const char digit : asset.sha256) {
    bits = bits << 4 | static_cast<std::uint32_t>(digit <= '9' ? digit - '0' : digit - 'a' + 10);
    count += 4;
    if (count < 6) continue;
    count -= 6;
    base64 += kDigits[bits >> count & 63];
  }
  if (count > 0) base64 += kDigits[bits << (6 - count) & 63];
  while (base64.size() % 4 != 0) base64 += '=';
  return "'sha256-" + base64 + "'";
}

/// The template with each {{name}} replaced; what is put in is not looked at again.
std::string filled(std::string_view text, const std::map<std::string_view, std::string_view>& values) {
  std::string page;
  while (true) {
    const std::size_t begin = text.find("{{");
    page += text.substr(0, begin);
    if (begin == std::string_view::npos) return page;
    const std::size_t end = text.find("}}", begin);
    page += values.at(text.substr(begin + 2, end - begin - 2));
    text.remove_prefix(end + 2);
  }
}

}  // namespace

std::string html_page(const Page& page) {
  Json root = {{"title", page.title}, {"subtitle", page.subtitle}, {"sections", Json::array()}};
  std::string sentences;
  std::size_t sets = 0;
  for (const PageSection& section : page.sections) {
    Json one = json_of(section);
    // Elements of their own, so that a browser reads a corpus when it is looked at.
    for (const SentenceSet& set : section.sentences) {
      const std::string id = fmt::format("sentences-{}", sets++);
      one["sentences"].push_back({{"id", id}, {"title", set.title}, {"systems", set.systems.size()}});
      sentences += data_element(id, json_of(set));
    }
    root["sections"].push_back(std::move(one));
  }
  const PageAssets& assets = page_assets();
  const std::string policy =
      fmt::format("default-src 'none'; script-src {} {}; style-src {}; base-uri 'none'; form-action 'none'",
                  source_hash(assets.chart_js), source_hash(assets.script), source_hash(assets.style));
  const std::string data = data_element("page-data", root) + sentences;
  return filled(assets.page.text, {{"policy", policy},
                                   {"style", assets.style.text},
                                   {"data", data},
                                   {"chart_js", assets.chart_js.text},
                                   {"script", assets.script.text}});
}

}  // namespace isthmus
