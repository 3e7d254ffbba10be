#include "corpora/check.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <map>
#include <unordered_map>
#include <utility>

#include "core/error.h"
#include "core/hash.h"
#include "core/interrupt.h"
#include "core/progress.h"
#include "corpora/length_ratio.h"
#include "corpora/line_traits.h"

namespace isthmus {
namespace {

constexpr std::array<std::string_view, kProblemKinds> kExplanations = {
    "no lines",
    "too few columns",
    "not valid UTF-8",
    "NUL byte",
    "pair occurs in the other corpus",
    "side occurs in the other corpus",
    "empty",
    "byte order mark (U+FEFF)",
    "line separator within the line",
    "control character",
    "replacement character (U+FFFD)",
    "very long",
    "length ratio unlike the rest",
    "target is a copy of the source",
    "other number of columns",
    "pair occurs before",
    "side occurs before",
};

/// Line numbers by hash of the line.
using LineIndex = std::unordered_map<std::uint64_t, std::uint32_t>;

std::uint64_t pair_hash(std::uint64_t source, std::uint64_t target) {
  return source ^ (target * 0x9e3779b97f4a7c15 + 1);
}

/// The other corpus, by what its lines have in common with repetitions of them.
struct OtherCorpus {
  std::string source_name, target_name;
  LineIndex pairs, sources, targets;

  explicit OtherCorpus(const ParallelInput& input) {
    ParallelReader reader(input);
    source_name = reader.source_name();
    target_name = reader.target_name();
    for (std::string source, target; reader.next(source, target);) {
      const auto line = static_cast<std::uint32_t>(reader.line_number());
      const std::uint64_t source_key = line_key(source), target_key = line_key(target);
      sources.try_emplace(source_key, line);
      targets.try_emplace(target_key, line);
      pairs.try_emplace(pair_hash(source_key, target_key), line);
    }
  }
};

class Checker {
 public:
  Checker(const CheckOptions& options, const OtherCorpus* other) : options_(options), other_(other) {}

  void add(std::int64_t line, const std::string& source, const std::string& target) {
    line_ = line;
    const LineTraits source_traits = check_line(Side::kSource, source);
    const LineTraits target_traits = check_line(Side::kTarget, target);
    ratio_.add(source_traits.characters, target_traits.characters);
    lengths_.emplace_back(source_traits.characters, target_traits.characters);
    if (source_traits.words == 0 || target_traits.words == 0) return;
    const std::uint64_t source_key = line_key(source), target_key = line_key(target);
    if (source_key == target_key && source_traits.has_letter) report(Problem::kCopied, Side::kPair);
    check_repetition(source, target);
    if (other_ != nullptr) check_overlap(source_key, target_key);
  }

  /// A row of a table that lacks one of the sides.
  void add_malformed(std::int64_t line, std::int64_t columns) {
    line_ = line;
    report(Problem::kMissingColumn, Side::kPair, columns == 1 ? "no tab" : fmt::format("{} columns", columns));
    lengths_.emplace_back(0, 0);
    columns_.push_back(0);
  }

  /// How many columns the next row of a table has; before its add().
  void count_columns(std::int64_t columns) { columns_.push_back(static_cast<std::uint32_t>(columns)); }

  /// What can be told only when all lines were seen; then all findings, worst first.
  std::vector<Finding> finish() {
    report_odd_columns();
    for (std::size_t i = 0; i < lengths_.size(); ++i) {
      line_ = static_cast<std::int64_t>(i) + 1;
      const auto [source, target] = lengths_[i];
      if (source > 0 && target > 0 && ratio_.is_odd(source, target, options_.max_ratio)) {
        report(Problem::kOddRatio, Side::kPair, fmt::format("{} to {} characters", source, target));
      }
    }
    std::vector<Finding> findings;
    for (auto& [key, finding] : findings_) findings.push_back(std::move(finding));
    return findings;
  }

 private:
  void report(Problem problem, Side side, std::string detail = {}) {
    Finding& finding = findings_.try_emplace({problem, side}, Finding{problem, side, 0, {}}).first->second;
    if (finding.count++ < options_.examples) finding.examples.push_back({line_, std::move(detail)});
  }

  void report_odd_columns() {
    std::map<std::uint32_t, std::size_t> rows;
    for (const std::uint32_t columns : columns_) {
      if (columns > 0) ++rows[columns];
    }
    const auto usual =
        std::max_element(rows.begin(), rows.end(), [](const auto& a, const auto& b) { return a.second < b.second; });
    for (std::size_t i = 0; i < columns_.size(); ++i) {
      if (columns_[i] == 0 || columns_[i] == usual->first) continue;
      line_ = static_cast<std::int64_t>(i) + 1;
      report(Problem::kOddColumns, Side::kPair, fmt::format("{}, most have {}", columns_[i], usual->first));
    }
  }

  LineTraits check_line(Side side, const std::string& line) {
    const LineTraits traits = line_traits(line);
    if (traits.invalid_utf8_at) {
      report(Problem::kInvalidUtf8, side, fmt::format("byte {}", *traits.invalid_utf8_at + 1));
    }
    if (traits.has_nul) report(Problem::kNul, side);
    if (traits.words == 0) report(Problem::kEmpty, side);
    if (traits.starts_with_bom) report(Problem::kByteOrderMark, side);
    if (traits.has_line_separator) report(Problem::kLineSeparator, side);
    if (traits.has_control) report(Problem::kControl, side);
    if (traits.has_replacement) report(Problem::kReplacement, side);
    if (options_.max_characters > 0 && traits.characters > static_cast<std::size_t>(options_.max_characters)) {
      report(Problem::kTooLong, side, fmt::format("{} characters", traits.characters));
    }
    return traits;
  }

  void check_repetition(const std::string& source, const std::string& target) {
    const auto first = [&](LineIndex& index, std::uint64_t hash) {
      return index.try_emplace(hash, static_cast<std::uint32_t>(line_)).first->second;
    };
    const std::uint64_t source_hash = hash64(source), target_hash = hash64(target);
    const auto say = [](std::uint32_t line) { return fmt::format("as line {}", line); };
    const std::uint32_t source_first = first(sources_, source_hash), target_first = first(targets_, target_hash);
    const std::uint32_t pair_first = first(pairs_, pair_hash(source_hash, target_hash));
    if (pair_first != line_) return report(Problem::kDuplicatePair, Side::kPair, say(pair_first));
    if (source_first != line_) report(Problem::kDuplicateSide, Side::kSource, say(source_first));
    if (target_first != line_) report(Problem::kDuplicateSide, Side::kTarget, say(target_first));
  }

  void check_overlap(std::uint64_t source_key, std::uint64_t target_key) {
    const auto look_up = [&](const LineIndex& index, std::uint64_t key, Problem problem, Side side,
                             const std::string& name) {
      const auto found = index.find(key);
      if (found == index.end()) return false;
      report(problem, side, fmt::format("{}:{}", name, found->second));
      return true;
    };
    const std::uint64_t key = pair_hash(source_key, target_key);
    if (look_up(other_->pairs, key, Problem::kOverlapPair, Side::kPair, other_->source_name)) return;
    look_up(other_->sources, source_key, Problem::kOverlapSide, Side::kSource, other_->source_name);
    look_up(other_->targets, target_key, Problem::kOverlapSide, Side::kTarget, other_->target_name);
  }

  const CheckOptions& options_;
  const OtherCorpus* other_;
  std::int64_t line_ = 0;
  std::map<std::pair<Problem, Side>, Finding> findings_;
  LineIndex sources_, targets_, pairs_;
  LengthRatio ratio_;
  std::vector<std::pair<std::uint32_t, std::uint32_t>> lengths_;  // in characters
  std::vector<std::uint32_t> columns_;                            // of a table's rows; 0: malformed
};

/// Whether isthmus corpus clean deals with it.
bool can_be_cleaned(const Finding& finding) {
  return finding.problem != Problem::kNoLines && finding.problem != Problem::kOddColumns;
}

std::string count_text(std::size_t count, std::string_view what) {
  return fmt::format("{} {}{}", count == 0 ? "no" : std::to_string(count), what, count == 1 ? "" : "s");
}

}  // namespace

void describe(OptionVisitor& visit, CheckOptions& options) {
  visit.group("Check");
  visit("max-characters", options.max_characters, "longest line that is not reported; 0 for any", at_least(0));
  visit("max-ratio", options.max_ratio, "how many times the corpus's length ratio a pair's may be", more_than(1));
  visit("examples", options.examples, "lines named for each finding", at_least(0));
}

bool is_error(Problem problem) { return problem <= Problem::kOverlapPair; }

std::string_view explain(Problem problem) { return kExplanations[static_cast<std::size_t>(problem)]; }

std::size_t CheckReport::errors() const {
  const auto count =
      std::count_if(findings.begin(), findings.end(), [](const Finding& finding) { return is_error(finding.problem); });
  return static_cast<std::size_t>(count) + (mismatch.empty() ? 0 : 1);
}

std::size_t CheckReport::warnings() const { return findings.size() + (mismatch.empty() ? 0 : 1) - errors(); }

CheckReport check_corpus(const ParallelInput& input, const std::optional<ParallelInput>& against,
                         const CheckOptions& options) {
  std::optional<OtherCorpus> other;
  if (against) other.emplace(*against);
  ParallelReader reader(input, ParallelReader::Faults::kReport);
  CheckReport report;
  report.source_name = reader.source_name();
  report.target_name = reader.target_name();
  Checker checker(options, other ? &*other : nullptr);
  Progress progress("checking", "pairs", 0);
  for (std::string source, target; reader.next(source, target);) {
    if (interrupted()) throw Interrupted();
    if (reader.malformed()) {
      checker.add_malformed(reader.line_number(), reader.columns());
    } else {
      if (reader.columns() > 0) checker.count_columns(reader.columns());
      checker.add(reader.line_number(), source, target);
      ++report.pairs;
    }
    progress.update(reader.line_number());
  }
  report.mismatch = reader.mismatch();
  report.findings = checker.finish();
  if (reader.line_number() == 0 && report.mismatch.empty()) report.findings = {{Problem::kNoLines, Side::kPair, 0, {}}};
  return report;
}

std::string to_text(const CheckReport& report) {
  const bool is_table = report.source_name == report.target_name;
  std::string text = is_table ? report.source_name : report.source_name + ", " + report.target_name;
  text += fmt::format(": {}\n", counted(report.pairs, "pair"));
  if (!report.mismatch.empty()) text += fmt::format("  error    {}\n", report.mismatch);
  for (const Finding& finding : report.findings) {
    text += fmt::format("  {:<8} {:<32} {:<6} {:>9}  {}", is_error(finding.problem) ? "error" : "warning",
                        explain(finding.problem), name_of(finding.side), with_commas(finding.count),
                        finding.examples.empty() ? "" : (finding.count == 1 ? "line " : "lines "));
    for (std::size_t i = 0; i < finding.examples.size(); ++i) {
      const Example& example = finding.examples[i];
      text += fmt::format("{}{}", i == 0 ? "" : ", ", example.line);
      if (!example.detail.empty()) text += fmt::format(" ({})", example.detail);
    }
    if (finding.count > static_cast<std::int64_t>(finding.examples.size()) && !finding.examples.empty()) text += ", …";
    text += '\n';
  }
  text += fmt::format("{}, {}", count_text(report.errors(), "error"), count_text(report.warnings(), "warning"));
  if (std::any_of(report.findings.begin(), report.findings.end(), can_be_cleaned))
    text += "; isthmus corpus clean repairs or drops such lines";
  return text + '\n';
}

}  // namespace isthmus
