#include "corpora/stats.h"

#include <fmt/format.h>
#include <unicode/uchar.h>
#include <unicode/utf8.h>

#include <algorithm>
#include <cmath>
#include <string_view>
#include <unordered_map>

#include "core/error.h"
#include "core/hash.h"
#include "core/interrupt.h"
#include "core/progress.h"
#include "core/utf8.h"
#include "corpora/line_traits.h"

namespace isthmus {
namespace {

std::string_view without_punctuation(std::string_view word) {
  const auto* bytes = reinterpret_cast<const std::uint8_t*>(word.data());
  std::int32_t begin = 0, end = static_cast<std::int32_t>(word.size());
  for (UChar32 c = 0; begin < end;) {
    std::int32_t next = begin;
    U8_NEXT(bytes, next, end, c);
    if (c < 0 || !u_ispunct(c)) break;
    begin = next;
  }
  for (UChar32 c = 0; begin < end;) {
    std::int32_t previous = end;
    U8_PREV(bytes, begin, previous, c);
    if (c < 0 || !u_ispunct(c)) break;
    end = previous;
  }
  return word.substr(static_cast<std::size_t>(begin), static_cast<std::size_t>(end - begin));
}

/// Gathers one side.
class SideCounter {
 public:
  explicit SideCounter(std::string name) { stats_.name = std::move(name); }

  /// Returns the line's length in characters, 0 when it is empty.
  std::size_t add(const std::string& line) {
    const LineTraits traits = line_traits(line);
    ++stats_.lines;
    if (traits.words == 0) ++stats_.empty;
    stats_.bytes += static_cast<std::int64_t>(line.size());
    stats_.characters += static_cast<std::int64_t>(traits.characters);
    stats_.words += static_cast<std::int64_t>(traits.words);
    if (stats_.longest_line == 0 || traits.words > longest_) {
      longest_ = traits.words;
      stats_.longest_line = static_cast<std::uint32_t>(stats_.lines);
    }
    stats_.words_per_line.push_back(static_cast<std::uint32_t>(traits.words));
    const std::string text = collapse_white_space(line);
    for (std::string_view rest = text; !rest.empty();) {
      const std::size_t space = std::min(rest.find(' '), rest.size());
      const std::string_view word = without_punctuation(rest.substr(0, space));
      if (!word.empty()) ++counts_[hash64(word)];
      rest.remove_prefix(std::min(space + 1, rest.size()));
    }
    return traits.words == 0 ? 0 : traits.characters;
  }

  SideStats finish() {
    std::sort(stats_.words_per_line.begin(), stats_.words_per_line.end());
    stats_.vocabulary = static_cast<std::int64_t>(counts_.size());
    stats_.once = std::count_if(counts_.begin(), counts_.end(), [](const auto& entry) { return entry.second == 1; });
    return std::move(stats_);
  }

 private:
  SideStats stats_;
  std::size_t longest_ = 0;
  std::unordered_map<std::uint64_t, std::uint32_t> counts_;  // by hash of the word
};

/// Index of the q-quantile in `size` sorted values.
std::size_t quantile_index(std::size_t size, double q) {
  const auto rank = static_cast<std::size_t>(std::ceil(q * static_cast<double>(size)));
  return std::clamp<std::size_t>(rank, 1, size) - 1;
}

std::string commas(std::int64_t number) { return with_commas(number); }
std::string decimal(double number) { return fmt::format("{:.1f}", number); }

/// The end of a long path: what tells two files apart.
std::string short_name(const std::string& name) {
  const std::size_t slash = name.rfind('/');
  return slash == std::string::npos ? name : name.substr(slash + 1);
}

std::string histogram(const CorpusStats& stats) {
  constexpr std::uint32_t kRows = 12;
  constexpr std::size_t kBar = 24;
  const std::uint32_t usual = std::max(stats.source.words_quantile(0.99), stats.target.words_quantile(0.99));
  const std::uint32_t step = std::max<std::uint32_t>(1, (usual + kRows - 1) / kRows);
  const auto share = [](const SideStats& side, std::uint32_t low, std::uint32_t high) {
    const auto& lengths = side.words_per_line;
    const auto count =
        std::upper_bound(lengths.begin(), lengths.end(), high) - std::lower_bound(lengths.begin(), lengths.end(), low);
    return static_cast<double>(count) / static_cast<double>(std::max<std::size_t>(1, lengths.size()));
  };
  std::string text =
      fmt::format("\n{:<16}{:<34}{}\n", "words per line", short_name(stats.source.name), short_name(stats.target.name));
  double most = 1e-9;
  for (std::uint32_t low = 0; low <= usual; low += step) {
    most = std::max({most, share(stats.source, low, low + step - 1), share(stats.target, low, low + step - 1)});
  }
  for (std::uint32_t low = 0; low <= usual + step; low += step) {
    const bool last = low > usual;
    const std::uint32_t high = last ? UINT32_MAX : low + step - 1;
    const std::string range = last        ? fmt::format("{} and more", low)
                              : step == 1 ? fmt::format("{}", low)
                                          : fmt::format("{}–{}", low, high);
    text += range + std::string(16 - std::min<std::size_t>(16, display_width(range)), ' ');
    for (const SideStats* side : {&stats.source, &stats.target}) {
      const double part = share(*side, low, high);
      const std::string bar = bar_text(std::min(1.0, part / most), kBar);
      text += fmt::format("{}{} {:>5.1f} %{}", bar, std::string(kBar - std::min(kBar, display_width(bar)), ' '),
                          100 * part, side == &stats.source ? "  " : "\n");
    }
    if (last) break;
  }
  return text;
}

}  // namespace

double SideStats::words_mean() const {
  return lines == 0 ? 0 : static_cast<double>(words) / static_cast<double>(lines);
}
std::uint32_t SideStats::words_quantile(double q) const {
  return words_per_line.empty() ? 0 : words_per_line[quantile_index(words_per_line.size(), q)];
}
double SideStats::type_token_ratio() const {
  return words == 0 ? 0 : static_cast<double>(vocabulary) / static_cast<double>(words);
}
double CorpusStats::ratio_quantile(double q) const {
  return ratios.empty() ? 0 : static_cast<double>(ratios[quantile_index(ratios.size(), q)]);
}

CorpusStats corpus_stats(const ParallelInput& input) {
  ParallelReader reader(input);
  SideCounter source_side(reader.source_name()), target_side(reader.target_name());
  CorpusStats stats;
  Progress progress("counting", "pairs", 0);
  for (std::string source, target; reader.next(source, target);) {
    if (interrupted()) throw Interrupted();
    const std::size_t source_size = source_side.add(source), target_size = target_side.add(target);
    if (source_size > 0 && target_size > 0) {
      stats.ratios.push_back(static_cast<float>(source_size) / static_cast<float>(target_size));
    }
    progress.update(reader.line_number());
  }
  stats.source = source_side.finish();
  stats.target = target_side.finish();
  std::sort(stats.ratios.begin(), stats.ratios.end());
  return stats;
}

std::string to_text(const CorpusStats& stats) {
  std::string text;
  const auto row = [&](std::string_view what, auto value) {
    text += fmt::format("{:<24}{:>18}{:>18}\n", what, value(stats.source), value(stats.target));
  };
  const bool is_table = stats.source.name == stats.target.name;
  text += fmt::format("{:<24}{:>18}{:>18}\n", "", is_table ? "source" : short_name(stats.source.name),
                      is_table ? "target" : short_name(stats.target.name));
  row("lines", [](const SideStats& side) { return commas(side.lines); });
  row("  empty", [](const SideStats& side) { return commas(side.empty); });
  row("bytes", [](const SideStats& side) { return commas(side.bytes); });
  row("characters", [](const SideStats& side) { return commas(side.characters); });
  row("words", [](const SideStats& side) { return commas(side.words); });
  row("  per line, mean", [](const SideStats& side) { return decimal(side.words_mean()); });
  row("  median", [](const SideStats& side) { return commas(side.words_quantile(0.5)); });
  row("  95 % at most", [](const SideStats& side) { return commas(side.words_quantile(0.95)); });
  row("  longest", [](const SideStats& side) { return commas(side.words_quantile(1)); });
  row("  longest is line", [](const SideStats& side) { return commas(side.longest_line); });
  row("vocabulary", [](const SideStats& side) { return commas(side.vocabulary); });
  row("  seen once", [](const SideStats& side) { return commas(side.once); });
  row("  types per word", [](const SideStats& side) { return fmt::format("{:.4f}", side.type_token_ratio()); });
  text += histogram(stats);
  text += "\nsource characters for one of target, by share of pairs\n";
  const double shares[] = {0.01, 0.05, 0.25, 0.5, 0.75, 0.95, 0.99};
  for (double q : shares) text += fmt::format("{:>7.0f} %", 100 * q);
  text += '\n';
  for (double q : shares) text += fmt::format("{:>9.2f}", stats.ratio_quantile(q));
  return text + '\n';
}

}  // namespace isthmus
