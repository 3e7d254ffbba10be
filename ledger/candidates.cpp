// Candidates of sequence-level training, written and read.
#include "ledger/connection.h"
#include "ledger/ledger.h"
#include "ledger/ledger_reader.h"

namespace isthmus {

using internal::finite_or_null;
using internal::Row;

void Ledger::add(const CandidateSetRow& set) {
  transaction([&] {
    connection_->execute("DELETE FROM candidate_set WHERE run = ? AND updates = ? AND pair = ?",
                         {set.run, set.updates, set.pair});
    const std::int64_t id =
        connection_->insert("candidate_set", {{"run", set.run},
                                              {"updates", set.updates},
                                              {"pair", set.pair},
                                              {"source", set.source},
                                              {"reference", set.reference},
                                              {"objective", set.objective},
                                              {"reward", set.reward},
                                              {"value", finite_or_null(set.value)},
                                              {"entropy", finite_or_null(set.entropy)},
                                              {"top1", finite_or_null(set.top1)},
                                              {"unique_share", finite_or_null(set.unique_share)},
                                              {"effective_size", finite_or_null(set.effective_size)}});
    std::int64_t k = 0;
    for (const CandidateRow& candidate : set.candidates) {
      connection_->insert("candidate", {{"candidate_set", id},
                                        {"k", ++k},
                                        {"kind", candidate.kind},
                                        {"text", candidate.text},
                                        {"tokens", candidate.tokens},
                                        {"log_prob", finite_or_null(candidate.log_prob)},
                                        {"q", finite_or_null(candidate.q)},
                                        {"reward", finite_or_null(candidate.reward)},
                                        {"baseline", finite_or_null(candidate.baseline)},
                                        {"weight", finite_or_null(candidate.weight)},
                                        {"duplicate", candidate.duplicate}});
    }
  });
}

std::vector<CandidatePair> LedgerReader::candidate_pairs(std::optional<RunId> run) {
  std::vector<CandidatePair> pairs;
  connection_->query(
      "SELECT run, pair, count(*) FROM candidate_sets "
      "WHERE run = coalesce(?, (SELECT max(run) FROM candidate_sets)) GROUP BY pair ORDER BY count(*) DESC, pair",
      {run}, [&pairs](const Row& row) {
        pairs.push_back({.run = row.id<RunId>(0), .pair = row.integer(1), .updates = row.integer(2)});
      });
  return pairs;
}

std::vector<CandidateSetSummary> LedgerReader::candidate_history(std::optional<RunId> run,
                                                                 std::optional<std::int64_t> pair) {
  std::vector<CandidateSetSummary> sets;
  const std::vector<CandidatePair> pairs = candidate_pairs(run);
  if (pairs.empty()) return sets;
  std::optional<std::int64_t> last;  // number of the set that the rows belong to
  connection_->query(
      "SELECT one.candidate_set, one.run, one.updates, one.pair, one.source, one.reference, one.objective, one.reward, "
      "one.value, one.entropy, one.top1, one.unique_share, one.effective_size, candidate.k, candidate.kind, "
      "candidate.text, candidate.tokens, candidate.log_prob, candidate.q, candidate.reward, candidate.baseline, "
      "candidate.weight, candidate.duplicate FROM candidate_sets AS one "
      "LEFT JOIN candidate ON candidate.candidate_set = one.candidate_set WHERE one.run = ? AND one.pair = ? "
      "ORDER BY one.updates, candidate.weight DESC, candidate.k",
      {pairs.front().run, pair.value_or(pairs.front().pair)}, [&](const Row& row) {
        if (last != row.integer(0)) {
          last = row.integer(0);
          sets.push_back({.run = row.id<RunId>(1),
                          .updates = row.integer(2),
                          .pair = row.integer(3),
                          .source = row.text(4),
                          .reference = row.text(5),
                          .objective = row.text(6),
                          .reward = row.text(7),
                          .value = row.maybe_number(8),
                          .entropy = row.maybe_number(9),
                          .top1 = row.maybe_number(10),
                          .unique_share = row.maybe_number(11),
                          .effective_size = row.maybe_number(12)});
        }
        if (row.is_null(13)) return;  // a set without candidates
        sets.back().candidates.push_back({.k = row.integer(13),
                                          .kind = row.text(14),
                                          .text = row.text(15),
                                          .tokens = row.integer(16),
                                          .log_prob = row.maybe_number(17),
                                          .q = row.maybe_number(18),
                                          .reward = row.maybe_number(19),
                                          .baseline = row.maybe_number(20),
                                          .weight = row.maybe_number(21),
                                          .duplicate = row.integer(22) != 0});
      });
  return sets;
}

}  // namespace isthmus
