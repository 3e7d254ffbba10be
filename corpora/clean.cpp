#include "corpora/clean.h"

#include <fmt/format.h>
#include <unicode/uchar.h>
#include <unicode/utf8.h>

#include <unordered_set>
#include <utility>

#include "core/progress.h"
#include "core/utf8.h"
#include "corpora/length_ratio.h"
#include "corpora/line_traits.h"

namespace isthmus {
namespace {

constexpr std::array<std::string_view, kCleaningKinds> kNames = {
    "repaired: not valid UTF-8",
    "repaired: control characters taken out",
    "repaired: white space made single spaces",
    "dropped: too few columns",
    "dropped: not valid UTF-8",
    "dropped: empty side",
    "dropped: too long",
    "dropped: target is a copy of the source",
    "dropped: length ratio unlike the rest",
    "dropped: occurs in the other corpus",
    "dropped: occurs before",
};

/// The line without NUL, byte order mark and other control characters. Tabs and line separators are white space.
std::string without_controls(const std::string& line) {
  std::string kept;
  const auto* bytes = reinterpret_cast<const std::uint8_t*>(line.data());
  const auto size = static_cast<std::int64_t>(line.size());
  for (std::int64_t i = 0; i < size;) {
    const std::int64_t begin = i;
    UChar32 c = 0;
    U8_NEXT(bytes, i, size, c);
    const bool control = c >= 0 && u_charType(c) == U_CONTROL_CHAR && !u_isUWhiteSpace(c);
    if (control || c == 0xfeff) continue;
    kept.append(line, static_cast<std::size_t>(begin), static_cast<std::size_t>(i - begin));
  }
  return kept;
}

class Cleaner {
 public:
  Cleaner(const CleanOptions& options, const ParallelText* against) : options_(options) {
    if (against == nullptr) return;
    for (const std::string& line : against->source) other_sources_.insert(line_key(line));
    for (const std::string& line : against->target) other_targets_.insert(line_key(line));
    // An empty line is nobody's secret.
    other_sources_.erase(line_key(""));
    other_targets_.erase(line_key(""));
  }

  /// The rules that see one pair at a time; false when the pair is to be dropped.
  bool pass_alone(std::string& source, std::string& target) {
    if (!pass_utf8(source, target)) return false;
    if (!options_.keep_controls) rewrite(source, target, without_controls, Cleaning::kRemovedControls);
    if (!options_.keep_spaces) {
      rewrite(
          source, target, [](const std::string& line) { return collapse_white_space(line); },
          Cleaning::kCollapsedSpaces);
    }
    const LineTraits source_traits = line_traits(source), target_traits = line_traits(target);
    const bool empty = source_traits.words == 0 || target_traits.words == 0;
    if (empty && !options_.keep_empty) return drop(Cleaning::kDroppedEmpty);
    const auto most = static_cast<std::size_t>(options_.max_characters);
    if (most > 0 && (source_traits.characters > most || target_traits.characters > most)) {
      return drop(Cleaning::kDroppedLong);
    }
    if (!options_.keep_copies && source_traits.has_letter && line_key(source) == line_key(target)) {
      return drop(Cleaning::kDroppedCopy);
    }
    if (!empty) ratio_.add(source_traits.characters, target_traits.characters);
    return true;
  }

  /// The rules that compare a pair with the others.
  bool pass_among_others(const std::string& source, const std::string& target) {
    const std::size_t source_size = line_traits(source).characters, target_size = line_traits(target).characters;
    const bool empty = source_size == 0 || target_size == 0;
    if (!empty && options_.max_ratio > 0 && ratio_.is_odd(source_size, target_size, options_.max_ratio)) {
      return drop(Cleaning::kDroppedRatio);
    }
    const std::uint64_t source_key = line_key(source), target_key = line_key(target);
    if (other_sources_.contains(source_key) || other_targets_.contains(target_key)) {
      return drop(Cleaning::kDroppedOverlap);
    }
    if (options_.duplicates == Repetitions::kKeep || empty) return true;
    if (options_.duplicates == Repetitions::kPairs) {
      const std::uint64_t both = source_key ^ (target_key * 0x9e3779b97f4a7c15 + 1);
      return sources_.insert(both).second || drop(Cleaning::kDroppedDuplicate);
    }
    if (sources_.contains(source_key) || targets_.contains(target_key)) return drop(Cleaning::kDroppedDuplicate);
    sources_.insert(source_key);
    targets_.insert(target_key);
    return true;
  }

  CleanReport report;

 private:
  void count(Cleaning cleaning) { ++report.counts[static_cast<std::size_t>(cleaning)]; }
  bool drop(Cleaning cleaning) {
    count(cleaning);
    return false;
  }

  bool pass_utf8(std::string& source, std::string& target) {
    if (!invalid_utf8_at(source) && !invalid_utf8_at(target)) return true;
    if (options_.bad_utf8 == BadUtf8::kDrop) return drop(Cleaning::kDroppedUtf8);
    if (options_.bad_utf8 == BadUtf8::kRepair) {
      rewrite(
          source, target, [](const std::string& line) { return repair_utf8(line); }, Cleaning::kRepairedUtf8);
    }
    return true;
  }

  template <class Change>
  void rewrite(std::string& source, std::string& target, Change change, Cleaning cleaning) {
    std::string new_source = change(source), new_target = change(target);
    if (new_source == source && new_target == target) return;
    source = std::move(new_source);
    target = std::move(new_target);
    count(cleaning);
  }

  const CleanOptions& options_;
  LengthRatio ratio_;
  std::unordered_set<std::uint64_t> other_sources_, other_targets_;
  std::unordered_set<std::uint64_t> sources_, targets_;  // seen; sources_ holds pairs when pairs are what is compared
};

/// Keeps the pairs that pass, in their order.
template <class Pass>
void keep_if(ParallelText& text, Pass pass) {
  std::size_t kept = 0;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (!pass(text.source[i], text.target[i])) continue;
    if (kept != i) {
      text.source[kept] = std::move(text.source[i]);
      text.target[kept] = std::move(text.target[i]);
    }
    ++kept;
  }
  text.source.resize(kept);
  text.target.resize(kept);
}

}  // namespace

void describe(OptionVisitor& visit, CleanOptions& options) {
  visit.group("Rules");
  visit("bad-utf8", options.bad_utf8, "what to do with lines that are not valid UTF-8");
  visit("keep-controls", options.keep_controls, "leave NUL, control characters and byte order marks in");
  visit("keep-spaces", options.keep_spaces, "leave white space and line separators as they are");
  visit("keep-empty", options.keep_empty, "keep pairs with an empty side");
  visit("keep-copies", options.keep_copies, "keep pairs whose target is a copy of the source");
  visit("duplicates", options.duplicates, "which repetitions to drop");
  visit("max-characters", options.max_characters, "longest line that is kept; 0 for any", at_least(0));
  visit("max-ratio", options.max_ratio, "how many times the corpus's length ratio a pair's may be; 0 for any",
        at_least(0));
}

CleanReport clean_corpus(ParallelText& text, const ParallelText* against, const CleanOptions& options) {
  Cleaner cleaner(options, against);
  cleaner.report.read = text.size() + text.malformed_rows;
  cleaner.report.counts[static_cast<std::size_t>(Cleaning::kDroppedRow)] = text.malformed_rows;
  keep_if(text, [&](std::string& source, std::string& target) { return cleaner.pass_alone(source, target); });
  keep_if(text, [&](std::string& source, std::string& target) { return cleaner.pass_among_others(source, target); });
  cleaner.report.kept = text.size();
  return cleaner.report;
}

std::string to_text(const CleanReport& report) {
  const auto line = [](std::string_view what, std::size_t count) {
    return fmt::format("{:<42} {:>12}\n", what, with_commas(static_cast<std::int64_t>(count)));
  };
  std::string text = line("pairs read", report.read);
  for (std::size_t i = 0; i < kCleaningKinds; ++i) {
    if (report.counts[i] > 0) text += line(fmt::format("  {}", kNames[i]), report.counts[i]);
  }
  return text + line("pairs kept", report.kept);
}

}  // namespace isthmus
