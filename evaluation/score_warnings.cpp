#include "evaluation/score_warnings.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "core/error.h"
#include "core/progress.h"
#include "core/utf8.h"
#include "evaluation/text.h"

namespace isthmus {
namespace {

/// Shares of the lines (or characters) from which on something is more than chance.
constexpr double kTokenisedShare = 0.1;
constexpr double kPiecesShare = 0.1;
constexpr double kEastAsianShare = 0.3;
constexpr std::size_t kFewestLines = 5;
constexpr double kLowestRatio = 0.9;

/// What has been seen in the lines of one side.
struct TextSurvey {
  std::size_t lines = 0;
  std::size_t spaced_stops = 0;  ///< lines that end in a full stop of its own
  std::size_t pieces = 0;        ///< lines with marks of BPE or SentencePiece
  std::size_t characters = 0;
  std::size_t ideographs = 0;
  std::size_t kana = 0;

  void add(std::string_view line) {
    const std::string_view text = strip_right(line);
    if (text.empty()) return;
    ++lines;
    spaced_stops += text.ends_with(" .") || text.ends_with(" 。");
    pieces += text.find("@@ ") != std::string_view::npos || text.find("▁") != std::string_view::npos;
    for (const char32_t c : to_code_points(text)) {
      characters += c > ' ';
      kana += c >= 0x3041 && c <= 0x30FF;
      ideographs += (c >= 0x3400 && c <= 0x9FFF) || (c >= 0xF900 && c <= 0xFAFF) || (c >= 0x20000 && c <= 0x3FFFF);
    }
  }
  bool many(std::size_t count, double share) const {
    return count >= kFewestLines && static_cast<double>(count) >= share * static_cast<double>(lines);
  }
  bool looks_tokenised() const { return many(spaced_stops, kTokenisedShare); }
  bool has_pieces() const { return many(pieces, kPiecesShare); }
  bool is_east_asian() const {
    return static_cast<double>(kana + ideographs) > kEastAsianShare * static_cast<double>(characters);
  }
};

void warn_of_form(std::string_view what, const TextSurvey& survey, std::vector<std::string>& warnings) {
  if (survey.has_pieces()) {
    warnings.push_back(fmt::format("{} of {} {} have marks of subword pieces; BLEU is for detokenised text",
                                   survey.pieces, survey.lines, what));
  } else if (survey.looks_tokenised()) {
    warnings.push_back(
        fmt::format("{} of {} {} end in a full stop with a space before it: they look tokenised, which makes BLEU not "
                    "comparable; score detokenised text",
                    survey.spaced_stops, survey.lines, what));
  }
}

TextSurvey survey_of(std::span<const References> references) {
  TextSurvey survey;
  for (const References& each : references) {
    for (const std::string& line : each) survey.add(line);
  }
  return survey;
}

/// 0..1: share of tokens in common.
double similarity(BleuCounter& counter, const std::string& hypothesis, const std::string& reference) {
  counter.set_references(std::span(&reference, 1));
  const BleuStatistics statistics = counter.count(hypothesis);
  const std::int64_t tokens = statistics.hypothesis_length + statistics.reference_length;
  return tokens == 0 ? 1 : 2 * static_cast<double>(statistics.matches[0]) / static_cast<double>(tokens);
}

}  // namespace

std::vector<std::string> bleu_warnings(std::span<const std::string> hypotheses, std::span<const References> references,
                                       const BleuOptions& options, const BleuScore& score) {
  TextSurvey ours;
  for (const std::string& line : hypotheses) ours.add(line);
  const TextSurvey theirs = survey_of(references);
  std::vector<std::string> warnings;
  if (options.tokenize != MetricTokenizer::kNone) {
    warn_of_form("hypotheses", ours, warnings);
    warn_of_form("references", theirs, warnings);
  }
  const bool needs_spaces = options.tokenize != MetricTokenizer::kChar && options.tokenize != MetricTokenizer::kZh;
  if (needs_spaces && theirs.is_east_asian()) {
    const bool japanese = theirs.kana > 0;
    warnings.push_back(
        fmt::format("the references look {}, which tokenizer {} does not cut into words; use "
                    "--tokenize {}",
                    japanese ? "Japanese" : "Chinese", name_of(options.tokenize), japanese ? "char" : "zh"));
  }
  if (score.reference_length > 0 && score.length_ratio() < kLowestRatio) {
    warnings.push_back(
        fmt::format("the hypotheses have {:.2f} of the references' length; the brevity penalty is {:.3f}",
                    score.length_ratio(), score.brevity_penalty));
  }
  return warnings;
}

std::vector<std::string> ter_warnings(std::span<const References> references, const TerOptions& options) {
  if (options.normalized && options.asian_support) return {};
  const TextSurvey theirs = survey_of(references);
  if (!theirs.is_east_asian()) return {};
  return {
      fmt::format("the references look {}, of which TER takes a whole line for one word; use --ter-normalized and "
                  "--ter-asian-support",
                  theirs.kana > 0 ? "Japanese" : "Chinese")};
}

std::size_t first_shifted_line(std::span<const std::string> a, std::span<const std::string> b) {
  if (a.size() > b.size()) std::swap(a, b);
  const std::size_t shift = b.size() - a.size();
  BleuOptions words;
  words.max_ngram_order = 1;
  BleuCounter counter(words);
  // gain = how much better the first `line` lines match as they are than shifted.
  double gain = 0;
  double best = 0;
  std::size_t best_line = 0;
  for (std::size_t line = 0; line < a.size(); ++line) {
    gain += similarity(counter, a[line], b[line]) - similarity(counter, a[line], b[line + shift]);
    if (gain < best) continue;
    best = gain;
    best_line = line + 1;
  }
  return best_line;
}

void check_same_length(const NamedLines& hypotheses, const NamedLines& references) {
  const std::size_t ours = hypotheses.lines.size();
  const std::size_t theirs = references.lines.size();
  if (ours == theirs) return;
  const std::size_t line = first_shifted_line(hypotheses.lines, references.lines);
  const NamedLines& longer = ours > theirs ? hypotheses : references;
  const NamedLines& shorter = ours > theirs ? references : hypotheses;
  const std::string where =
      line == shorter.lines.size()
          ? fmt::format("'{}' seems to lack its end", shorter.name)
          : fmt::format("'{}' seems to lack this line and what follows to be shifted", shorter.name);
  throw InputError::at_line(
      longer.name, static_cast<std::int64_t>(line) + 1,
      fmt::format("'{}' has {} but '{}' has {}; {}", hypotheses.name, counted(static_cast<std::int64_t>(ours), "line"),
                  references.name, with_commas(static_cast<std::int64_t>(theirs)), where),
      "line i of one must be the same sentence as line i of the other");
}

}  // namespace isthmus
