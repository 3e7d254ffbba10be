#include "corpora/parallel_text.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <optional>
#include <string_view>
#include <utility>

#include "core/error.h"
#include "core/progress.h"
#include "corpora/line_reader.h"

namespace isthmus {
namespace {

std::vector<std::uint32_t> line_lengths(const std::string& path) {
  std::vector<std::uint32_t> lengths;
  LineReader reader(path);
  for (std::string line; reader.next(line);) lengths.push_back(static_cast<std::uint32_t>(line.size()));
  return lengths;
}

/// The n-th column of a row that has as many, from 1.
std::string_view column(std::string_view row, std::int64_t n) {
  for (; n > 1; --n) row.remove_prefix(row.find('\t') + 1);
  return row.substr(0, row.find('\t'));
}

}  // namespace

std::size_t first_suspicious_line(std::span<const std::uint32_t> source_lengths,
                                  std::span<const std::uint32_t> target_lengths) {
  const auto shorter = source_lengths.size() < target_lengths.size() ? source_lengths : target_lengths;
  const auto longer = source_lengths.size() < target_lengths.size() ? target_lengths : source_lengths;
  const std::size_t surplus = longer.size() - shorter.size();
  double total_shorter = 1, total_longer = 1;
  for (std::uint32_t length : shorter) total_shorter += length;
  for (std::uint32_t length : longer) total_longer += length;
  const double usual = std::log(total_longer / total_shorter);
  const auto misfit = [&](std::size_t i, std::size_t j) {
    return std::abs(std::log((longer[j] + 1.0) / (shorter[i] + 1.0)) - usual);
  };
  // Before the break line i meets line i, after it line i + surplus. `gain` is what a later break saves.
  double gain = 0, best_gain = 0;
  std::size_t best = 0;
  for (std::size_t i = 0; i < shorter.size(); ++i) {
    gain += misfit(i, i + surplus) - misfit(i, i);
    if (gain >= best_gain) {
      best_gain = gain;
      best = i + 1;
    }
  }
  return best;
}

struct ParallelReader::Impl {
  Impl(ParallelInput from, Faults then)
      : input(std::move(from)), faults(then), source(input.source), is_table(input.target.empty()) {
    if (!is_table) {
      if (input.source == "-" && input.target == "-") {
        throw InputError("source and target cannot both be standard input; give it as one file of two columns");
      }
      target.emplace(input.target);
    }
  }

  bool next_row(std::string& source_line, std::string& target_line) {
    if (!source.next(row)) return false;
    columns = std::count(row.begin(), row.end(), '\t') + 1;
    const auto needed = std::max(input.source_column, input.target_column);
    malformed = columns < needed;
    if (malformed && faults == Faults::kThrow) {
      throw InputError::at_line(
          source.name(), source.line_number(),
          fmt::format("{} tab-separated column{}", columns, columns == 1 ? "" : "s"),
          fmt::format("at least {} must be there; or give the other side as a file of its own", needed));
    }
    source_line = malformed ? std::string_view() : column(row, input.source_column);
    target_line = malformed ? std::string_view() : column(row, input.target_column);
    return true;
  }

  std::string describe_mismatch() {
    std::string rest;
    while (source.next(rest)) continue;
    while (target->next(rest)) continue;
    std::string text = fmt::format("{} has {} but {} has {}", source.name(), counted(source.line_number(), "line"),
                                   target->name(), with_commas(target->line_number()));
    if (input.source == "-" || input.target == "-") return text + "; each line must translate the same line";
    const auto source_lengths = line_lengths(input.source), target_lengths = line_lengths(input.target);
    const std::size_t suspicious = first_suspicious_line(source_lengths, target_lengths);
    const bool source_is_longer = source_lengths.size() > target_lengths.size();
    if (suspicious == std::min(source_lengths.size(), target_lengths.size())) {
      text += fmt::format("; the lines seem to agree until the shorter file ends: was {} cut short?",
                          source_is_longer ? target->name() : source.name());
    } else {
      text += fmt::format("; they seem to be out of step from line {} of {} on",
                          with_commas(static_cast<std::int64_t>(suspicious) + 1),
                          source_is_longer ? source.name() : target->name());
    }
    return text;
  }

  ParallelInput input;
  Faults faults;
  LineReader source;
  std::optional<LineReader> target;
  bool is_table;
  bool ended = false;
  std::int64_t pairs = 0, columns = 0;
  bool malformed = false;
  std::string mismatch, row;
};

ParallelReader::ParallelReader(ParallelInput input, Faults faults)
    : impl_(std::make_unique<Impl>(std::move(input), faults)) {}
ParallelReader::~ParallelReader() = default;
ParallelReader::ParallelReader(ParallelReader&&) noexcept = default;
ParallelReader& ParallelReader::operator=(ParallelReader&&) noexcept = default;

std::int64_t ParallelReader::line_number() const { return impl_->pairs; }
std::int64_t ParallelReader::columns() const { return impl_->columns; }
bool ParallelReader::malformed() const { return impl_->malformed; }
const std::string& ParallelReader::mismatch() const { return impl_->mismatch; }
const std::string& ParallelReader::source_name() const { return impl_->source.name(); }
const std::string& ParallelReader::target_name() const {
  return impl_->is_table ? impl_->source.name() : impl_->target->name();
}

bool ParallelReader::next(std::string& source, std::string& target) {
  Impl& in = *impl_;
  if (in.ended) return false;
  if (in.is_table) {
    in.ended = !in.next_row(source, target);
  } else {
    const bool has_source = in.source.next(source), has_target = in.target->next(target);
    in.ended = !has_source || !has_target;
    if (has_source != has_target) {
      in.mismatch = in.describe_mismatch();
      if (in.faults == Faults::kThrow) throw InputError(in.mismatch);
    }
  }
  if (!in.ended) ++in.pairs;
  return !in.ended;
}

ParallelText read_parallel(const ParallelInput& input, ParallelReader::Faults faults) {
  ParallelReader reader(input, faults);
  ParallelText text;
  text.source_name = reader.source_name();
  text.target_name = reader.target_name();
  for (std::string source, target; reader.next(source, target);) {
    if (reader.malformed()) {
      ++text.malformed_rows;
      continue;
    }
    text.source.push_back(source);
    text.target.push_back(target);
  }
  if (!reader.mismatch().empty()) throw InputError(reader.mismatch());
  return text;
}

}  // namespace isthmus
