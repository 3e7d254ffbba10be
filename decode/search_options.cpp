#include "decode/search_options.h"

#include <fmt/format.h>

#include <algorithm>

#include "core/error.h"

namespace isthmus {

void describe(OptionVisitor& visit, SearchOptions& options) {
  visit.group("Search");
  visit("beam", options.beam, "hypotheses kept per sentence; 1 is greedy search", between(1, 1000));
  visit("nbest", options.nbest, "translations given per sentence, at most --beam", between(1, 1000));
  visit("length-penalty", options.length_penalty,
        "exponent of the length that scores are divided by; more favours longer output, 0 is none", between(0, 10));
  visit("length-penalty-kind", options.length_penalty_kind,
        "average: length^A; wu: ((5 + length) / 6)^A; none: plain log-probability");
  visit("max-length-factor", options.max_length_factor, "longest translation as a multiple of the source's pieces",
        between(0, 1000));
  visit("max-length-extra", options.max_length_extra, "pieces added to --max-length-factor's limit",
        between(0, 100000));
  visit("min-length", options.min_length, "fewest pieces in a translation, as far as the longest may have so many",
        between(0, 100000));
  visit("allow-unknown", options.allow_unknown, "let the unknown piece appear in translations");
  visit("no-repeat-ngram", options.no_repeat_ngram,
        "no sequence of so many pieces comes twice in a translation; 0 lets any come", between(0, 100));
}

void describe_sampling(OptionVisitor& visit, SearchOptions& options) {
  visit.group("Sampling");
  visit("sample", options.sample, "draw --nbest translations at random, as the model finds them likely; no beam");
  describe(visit, options.sampling);
  visit("seed", options.seed, "with --sample: the same seed draws the same translations of the same lines",
        at_least(0));
}

void check(const SearchOptions& options) {
  if (!options.sample && options.nbest > options.beam) {
    throw UsageError(
        fmt::format("--nbest {} needs a beam at least as wide; add --beam {}", options.nbest, options.nbest));
  }
}

std::int64_t max_length(const SearchOptions& options, std::size_t source_length) {
  const double limit = options.max_length_factor * static_cast<double>(source_length);
  return std::max<std::int64_t>(1, static_cast<std::int64_t>(limit) + options.max_length_extra);
}

}  // namespace isthmus
