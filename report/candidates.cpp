#include "report/candidates.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <string>

#include "core/progress.h"

namespace isthmus {
namespace {

constexpr std::size_t kPairsListed = 10;

std::int64_t number_of(RunId run) { return static_cast<std::int64_t>(run); }

/// "4, 17, 99, …": pairs with candidates, but for `shown`.
std::string other_pairs(const std::vector<CandidatePair>& pairs, std::int64_t shown) {
  std::string list;
  std::size_t listed = 0;
  for (const CandidatePair& one : pairs) {
    if (one.pair == shown) continue;
    const std::string separator = list.empty() ? "" : ", ";
    if (listed++ == kPairsListed) return list + separator + "…";
    list += fmt::format("{}{}", separator, one.pair);
  }
  return list;
}

Table no_candidates(const std::vector<CandidatePair>& pairs, std::optional<std::int64_t> pair) {
  Table table{.key = "candidates", .title = "Candidates"};
  if (pairs.empty()) {
    table.notes.emplace_back(
        "isthmus train --objective mrt, or another objective on whole sequences, with a --ledger writes them.");
  } else {
    const std::int64_t run = number_of(pairs.front().run);
    table.title = fmt::format("Candidates of pair {} in run {}", *pair, run);
    table.notes.push_back(fmt::format("Run {} has candidates of other pairs: {}", run, other_pairs(pairs, *pair)));
  }
  return table;
}

/// The sentence itself.
Table pair_table(const CandidateSetSummary& set, const std::vector<CandidatePair>& pairs) {
  Table table{
      .key = "candidate_pair",
      .title = fmt::format("Candidates of pair {} in run {}, reward {}", set.pair, number_of(set.run), set.reward),
      .columns = {{.key = "run", .audience = Audience::kMachines},
                  {.key = "pair", .audience = Audience::kMachines},
                  {.key = "side", .title = "side"},
                  {.key = "text", .title = "text", .least = 20}}};
  table.rows.push_back({number_of(set.run), set.pair, std::string("source"), set.source});
  table.rows.push_back({number_of(set.run), set.pair, std::string("reference"), set.reference});
  const std::string others = other_pairs(pairs, set.pair);
  if (!others.empty()) table.notes.push_back(fmt::format("--pair shows another of this run's: {}", others));
  return table;
}

/// "Update 1,000: mrt 0.6125, entropy 1.38, unique 3/4, effective size 2.10".
std::string title_of(const CandidateSetSummary& set) {
  std::string title = fmt::format("Update {}: {}", with_commas(set.updates), set.objective);
  if (set.value) title += fmt::format(" {:.4f}", *set.value);
  if (set.entropy) title += fmt::format(", entropy {:.2f}", *set.entropy);
  const auto unique = std::count_if(set.candidates.begin(), set.candidates.end(),
                                    [](const CandidateSummary& candidate) { return !candidate.duplicate; });
  title += fmt::format(", unique {}/{}", unique, set.candidates.size());
  if (set.effective_size) title += fmt::format(", effective size {:.2f}", *set.effective_size);
  return title;
}

/// Decimals that show three digits of the largest weight: those of mrt with a small alpha are near 0.
int decimals_of_weights(const CandidateSetSummary& set) {
  double largest = 0;
  for (const CandidateSummary& candidate : set.candidates) {
    largest = std::max(largest, std::abs(candidate.weight.value_or(0)));
  }
  return largest == 0 ? 3 : std::clamp(2 - static_cast<int>(std::floor(std::log10(largest))), 2, 9);
}

Table set_table(const CandidateSetSummary& set) {
  const auto any = [&](auto CandidateSummary::*member) {
    return std::any_of(set.candidates.begin(), set.candidates.end(),
                       [&](const CandidateSummary& candidate) { return (candidate.*member).has_value(); });
  };
  const bool has_q = any(&CandidateSummary::q), has_baseline = any(&CandidateSummary::baseline);
  const auto shown_if = [](bool value) { return value ? Audience::kAll : Audience::kMachines; };
  Table table{.key = "candidates",
              .title = title_of(set),
              .columns = {{.key = "run", .audience = Audience::kMachines},
                          {.key = "updates", .audience = Audience::kMachines},
                          {.key = "pair", .audience = Audience::kMachines},
                          {.key = "objective", .audience = Audience::kMachines},
                          {.key = "reward_name", .audience = Audience::kMachines},
                          {.key = "value", .audience = Audience::kMachines},
                          {.key = "entropy", .audience = Audience::kMachines},
                          {.key = "top1", .audience = Audience::kMachines},
                          {.key = "unique_share", .audience = Audience::kMachines},
                          {.key = "effective_size", .audience = Audience::kMachines},
                          {.key = "k", .audience = Audience::kMachines},
                          {.key = "weight", .title = "weight", .decimals = decimals_of_weights(set)},
                          {.key = "q", .title = "Q", .decimals = 3, .audience = shown_if(has_q), .rank = 2},
                          {.key = "reward", .title = "reward", .decimals = 3},
                          {.key = "baseline", .title = "baseline", .decimals = 3, .audience = shown_if(has_baseline)},
                          {.key = "log_prob", .title = "log P", .rank = 1},
                          {.key = "tokens", .audience = Audience::kMachines},
                          {.key = "kind", .title = "kind", .audience = Audience::kPeople, .rank = 3},
                          {.key = "kind", .audience = Audience::kMachines},
                          {.key = "duplicate", .audience = Audience::kMachines},
                          {.key = "text", .title = "text", .least = 20}}};
  bool repeated = false;
  for (const CandidateSummary& candidate : set.candidates) {
    repeated = repeated || candidate.duplicate;
    table.rows.push_back({number_of(set.run),
                          set.updates,
                          set.pair,
                          set.objective,
                          set.reward,
                          cell_of(set.value),
                          cell_of(set.entropy),
                          cell_of(set.top1),
                          cell_of(set.unique_share),
                          cell_of(set.effective_size),
                          candidate.k,
                          cell_of(candidate.weight),
                          cell_of(candidate.q),
                          cell_of(candidate.reward),
                          cell_of(candidate.baseline),
                          cell_of(candidate.log_prob),
                          candidate.tokens,
                          candidate.kind + (candidate.duplicate ? " *" : ""),
                          candidate.kind,
                          std::int64_t{candidate.duplicate},
                          candidate.text});
  }
  if (repeated) table.notes.emplace_back("* A duplicate of another candidate.");
  return table;
}

}  // namespace

std::vector<Table> candidates_tables(LedgerReader& ledger, std::optional<RunId> run, std::optional<std::int64_t> pair) {
  const std::vector<CandidatePair> pairs = ledger.candidate_pairs(run);
  const std::vector<CandidateSetSummary> history = ledger.candidate_history(run, pair);
  if (history.empty()) return {no_candidates(pairs, pair)};
  std::vector<Table> tables{pair_table(history.back(), pairs)};
  for (const CandidateSetSummary& set : history) tables.push_back(set_table(set));
  return tables;
}

}  // namespace isthmus
