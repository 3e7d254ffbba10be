#include "decode/sampling.h"

#include <cmath>
#include <limits>
#include <map>
#include <set>

#include "decode/search.h"
#include "tests/catch.h"
#include "tests/decode/table_model.h"

namespace isthmus {
namespace {

using testing::normalised;
using testing::random_table;
using testing::Table;
using testing::TableModel;

constexpr TokenId kVocabulary = 6;  // three tokens beside the special ones
constexpr float kInfinity = std::numeric_limits<float>::infinity();
using Samples = std::vector<Hypothesis>;

SearchOptions limits_of(std::int64_t length) {
  SearchOptions limits;
  limits.max_length_factor = 0.0;
  limits.max_length_extra = length;
  return limits;
}

std::vector<Random> streams_of(std::uint64_t seed, std::size_t sources) {
  std::vector<Random> streams;
  for (std::size_t i = 0; i < sources; ++i) streams.push_back(Random(seed).split(i));
  return streams;
}

struct Sampling {
  std::int64_t samples = 20;
  double temperature = 1.0;
  std::int64_t top_k = 0;
  double top_p = 1.0;
};

std::vector<Samples> sample(StepModel& model, const std::vector<Sentence>& sources, const std::vector<Random>& streams,
                            const Sampling& sampling, SearchOptions options,
                            const std::vector<Sentence>& prefixes = {}) {
  options.sample = true;
  options.nbest = sampling.samples;
  options.sampling = {sampling.temperature, sampling.top_k, sampling.top_p};
  std::vector<SearchRequest> requests;
  for (std::size_t i = 0; i < sources.size(); ++i) {
    requests.push_back({.source = sources[i], .random = streams[i]});
    if (!prefixes.empty()) requests.back().prefix = prefixes[i];
  }
  return search(model, std::move(requests), options);
}

Samples sample_one(const Table& table, const Sentence& source, const Sampling& sampling, const SearchOptions& limits,
                   const Random& stream = Random(1), const Sentence& prefix = {}) {
  TableModel model(kVocabulary, table);
  return sample(model, std::vector<Sentence>{source}, std::vector<Random>{stream}, sampling, limits,
                std::vector<Sentence>{prefix})
      .at(0);
}

bool same(const Hypothesis& a, const Hypothesis& b) {
  return a.tokens == b.tokens && a.log_prob == b.log_prob && a.score == b.score && a.stop == b.stop &&
         a.token_log_probs == b.token_log_probs;
}

/// The probability with which each translation should be drawn.
std::map<Sentence, double> expected_shares(const Table& table, const Sentence& source, double temperature,
                                           const SearchOptions& limits) {
  const std::int64_t limit = max_length(limits, source.size());
  std::map<Sentence, double> shares;
  std::vector<std::pair<Sentence, double>> open = {{{}, 1.0}};
  while (!open.empty()) {
    const auto [prefix, share] = open.back();
    open.pop_back();
    const auto length = static_cast<std::int64_t>(prefix.size());
    if (length == limit) {
      shares[prefix] += share;
      continue;
    }
    const std::vector<float> row = table(source, prefix);
    std::vector<double> weights(row.size(), 0.0);
    double sum = 0.0;
    for (std::size_t token = 0; token < row.size(); ++token) {
      if (token == kBegin || (token == kUnknown && !limits.allow_unknown)) continue;
      if ((token == kEnd && length < limits.min_length) || !std::isfinite(row[token])) continue;
      weights[token] = std::exp(static_cast<double>(row[token]) / temperature);
      sum += weights[token];
    }
    for (std::size_t token = 0; token < row.size(); ++token) {
      if (weights[token] == 0.0) continue;
      Sentence longer = prefix;
      if (token != kEnd) longer.push_back(static_cast<TokenId>(token));
      if (token == kEnd) {
        shares[longer] += share * weights[token] / sum;
      } else {
        open.push_back({longer, share * weights[token] / sum});
      }
    }
  }
  return shares;
}

TEST_CASE("translations are drawn as often as they are probable") {
  const std::int64_t draws = 10000;
  for (const double temperature : {0.5, 1.0, 2.0}) {
    for (std::uint64_t seed = 0; seed < 4; ++seed) {
      SearchOptions limits = limits_of(2);
      limits.allow_unknown = seed % 2 == 1;
      limits.min_length = seed == 2 ? 1 : 0;
      const Table table = random_table(kVocabulary, seed, 2.0, seed == 3);
      const std::map<Sentence, double> shares = expected_shares(table, {3, 4}, temperature, limits);
      std::map<Sentence, double> counts;
      const Sampling sampling = {.samples = draws, .temperature = temperature};
      for (const Hypothesis& drawn : sample_one(table, {3, 4}, sampling, limits)) counts[drawn.tokens] += 1.0;
      double chi_square = 0.0;
      for (const auto& [tokens, share] : shares) {
        const double expected = share * static_cast<double>(draws);
        chi_square += (counts[tokens] - expected) * (counts[tokens] - expected) / expected;
      }
      CHECK(counts.size() == shares.size());  // no others
      const auto freedom = static_cast<double>(shares.size() - 1);
      CHECK(chi_square < freedom + 4.0 * std::sqrt(2.0 * freedom));
    }
  }
}

TEST_CASE("tokens of a large vocabulary are drawn from every part of it") {
  constexpr TokenId kLarge = 403;
  std::vector<double> weights(kLarge, 0.0);
  double sum = 0.0;
  Random random(2);
  for (std::size_t token = kSpecialTokens; token < weights.size(); ++token) {
    weights[token] = random.below(3) == 0 ? 0.0 : 0.1 + random.uniform();
    sum += weights[token];
  }
  std::vector<float> row = normalised(weights);
  row[kEnd] = -20.0f;
  TableModel model(kLarge, [&](const Sentence&, const Sentence&) { return row; });
  const std::int64_t draws = 10000;
  std::vector<double> counts(weights.size(), 0.0);
  const std::vector<Sentence> source = {{3}};
  const Samples samples = sample(model, source, streams_of(3, 1), {.samples = draws}, limits_of(1)).at(0);
  for (const Hypothesis& drawn : samples) {
    REQUIRE(drawn.tokens.size() == 1);
    counts[static_cast<std::size_t>(drawn.tokens[0])] += 1.0;
  }
  double chi_square = 0.0;
  double cells = 0.0;
  for (std::size_t token = kSpecialTokens; token < weights.size(); ++token) {
    const double expected = weights[token] / sum * static_cast<double>(draws);
    if (expected == 0.0) {
      REQUIRE(counts[token] == 0.0);
      continue;
    }
    chi_square += (counts[token] - expected) * (counts[token] - expected) / expected;
    cells += 1.0;
  }
  CHECK(chi_square < cells + 4.0 * std::sqrt(2.0 * cells));
  CHECK(chi_square > cells - 4.0 * std::sqrt(2.0 * cells));
}

TEST_CASE("at a low temperature every sample is the greedy translation") {
  for (std::uint64_t seed = 0; seed < 20; ++seed) {
    const Table table = random_table(kVocabulary, seed, 3.0, seed % 4 == 0);
    TableModel model(kVocabulary, table);
    SearchOptions best = limits_of(4);
    best.beam = 1;
    const Hypothesis greedy = search(model, std::vector<Sentence>{{3, 4}}, best).at(0).at(0);
    for (const Hypothesis& drawn : sample_one(table, {3, 4}, {.samples = 5, .temperature = 1e-4}, limits_of(4))) {
      REQUIRE(same(drawn, greedy));
    }
  }
}

/// How often each token was drawn from this distribution.
std::map<TokenId, double> shares(const std::vector<float>& log_probs, const SamplingOptions& options,
                                 const TokenDistribution::Allowed& allowed = {false, true}) {
  TokenScores<float> scores;
  scores.resize(static_cast<Index>(log_probs.size()), 1);
  scores.logits.col(0) = Eigen::Map<const Vector<float>>(log_probs.data(), scores.vocabulary());
  scores.set_normalised(0);
  TokenDistribution distribution(scores.vocabulary(), options);
  REQUIRE(distribution.set(scores, 0, allowed));
  Random random(5);
  constexpr int kDraws = 20000;
  std::map<TokenId, double> drawn;
  for (int i = 0; i < kDraws; ++i) drawn[distribution.draw(random.uniform())] += 1.0 / kDraws;
  return drawn;
}

TEST_CASE("top-k draws among the likeliest tokens, of equals the lower") {
  const std::vector<float> log_probs = normalised({1, 1, 2, 4, 3, 2, 2});
  const auto two = shares(log_probs, {.top_k = 2});
  REQUIRE(two.size() == 2);
  CHECK(two.at(3) == Approx(4.0 / 7).margin(0.02));
  CHECK(two.at(4) == Approx(3.0 / 7).margin(0.02));
  const auto three = shares(log_probs, {.top_k = 3});
  REQUIRE(three.size() == 3);
  CHECK(three.count(kEnd) == 1);
  CHECK(shares(log_probs, {.top_k = 3}, {false, false}).count(5) == 1);
  CHECK(shares(log_probs, {.top_k = 100}).size() == 5);
  CHECK(shares(log_probs, {.top_k = 1}).size() == 1);
}

TEST_CASE("top-p draws among the fewest tokens that have so much of the probability") {
  // What may be drawn has 13 of the weight: 4, 3, 2, 2, 2.
  const std::vector<float> log_probs = normalised({1, 1, 2, 4, 3, 2, 2});
  CHECK(shares(log_probs, {.top_p = 0.01}).size() == 1);
  CHECK(shares(log_probs, {.top_p = 4.0 / 13 + 0.01}).size() == 2);
  const auto three = shares(log_probs, {.top_p = 0.6});
  REQUIRE(three.size() == 3);
  CHECK(three.at(3) == Approx(4.0 / 9).margin(0.02));
  CHECK(shares(log_probs, {.top_p = 0.99}).size() == 5);
  // Both: the nucleus of what top-k left (4, 3), and at a low temperature it is smaller.
  CHECK(shares(log_probs, {.top_k = 2, .top_p = 0.5}).size() == 1);
  CHECK(shares(log_probs, {.temperature = 0.2, .top_p = 0.6}).size() == 1);
}

TEST_CASE("blocked tokens are not drawn") {
  const std::vector<TokenId> blocked = {3, 5};
  const auto drawn = shares(normalised({1, 1, 2, 400, 3, 2, 2}), {}, {false, true, blocked});
  CHECK(drawn.size() == 3);
  CHECK(drawn.count(3) == 0);
}

TEST_CASE("the log-probabilities of a sample are the model's, whatever the temperature") {
  for (const double temperature : {0.3, 1.0, 3.0}) {
    const Table table = random_table(kVocabulary, 5, 2.0);
    for (const Hypothesis& drawn : sample_one(table, {4}, {.samples = 50, .temperature = temperature}, limits_of(5))) {
      REQUIRE(drawn.token_log_probs.size() == drawn.tokens.size() + 1);
      double sum = 0.0;
      Sentence prefix;
      for (std::size_t t = 0; t < drawn.token_log_probs.size(); ++t) {
        const TokenId token = t < drawn.tokens.size() ? drawn.tokens[t] : kEnd;
        REQUIRE(drawn.token_log_probs[t] == table({4}, prefix)[static_cast<std::size_t>(token)]);
        sum += drawn.token_log_probs[t];
        prefix.push_back(token);
      }
      REQUIRE(drawn.log_prob == sum);
      REQUIRE(drawn.score == Approx(sum / static_cast<double>(drawn.token_log_probs.size())));
    }
  }
}

TEST_CASE("samples that do not end are cut at the limit and end there once") {
  const Table endless = [](const Sentence&, const Sentence&) { return normalised({1e-4, 1e-4, 1e-9, 0.5, 0.3, 0.2}); };
  SearchOptions limits;
  limits.max_length_factor = 1.5;
  limits.max_length_extra = 1;
  for (const Hypothesis& drawn : sample_one(endless, {3, 3, 3, 3}, {.samples = 30}, limits)) {
    CHECK(drawn.tokens.size() == 7);
    CHECK(drawn.stop == StopReason::kMaxLength);
    CHECK(drawn.token_log_probs.size() == 8);
    CHECK(drawn.token_log_probs.back() == endless({}, {})[kEnd]);
  }
}

TEST_CASE("a sample that ends at once has the end and nothing else") {
  const Table brief = [](const Sentence&, const Sentence&) { return normalised({1e-4, 1e-4, 1.0, 1e-9, 1e-9, 1e-9}); };
  TableModel model(kVocabulary, brief);
  const Samples drawn =
      sample(model, std::vector<Sentence>{{3}}, streams_of(1, 1), {.samples = 4}, SearchOptions{}).at(0);
  for (const Hypothesis& hypothesis : drawn) {
    CHECK(hypothesis.tokens.empty());
    CHECK(hypothesis.token_log_probs == std::vector<float>{brief({}, {})[kEnd]});
    CHECK(hypothesis.stop == StopReason::kEnded);
  }
  CHECK(model.widths() == std::vector<std::size_t>{1});
}

TEST_CASE("a source's samples do not depend on its batch but on its stream") {
  std::vector<Sentence> sources;
  Random random(9);
  for (int i = 0; i < 20; ++i) sources.emplace_back(1 + random.below(6), static_cast<TokenId>(3 + random.below(3)));
  std::vector<Sentence> prefixes(sources.size());
  for (std::size_t i = 0; i < prefixes.size(); i += 3) prefixes[i].assign(i / 3, 4);
  const std::vector<Random> streams = streams_of(7, sources.size());
  const Table table = random_table(kVocabulary, 4, 2.0, true);
  TableModel model(kVocabulary, table);
  const Sampling sampling = {.samples = 6};
  const auto together = sample(model, sources, streams, sampling, limits_of(5), prefixes);
  REQUIRE(together.size() == sources.size());
  for (std::size_t i = 0; i < sources.size(); ++i) {
    const Samples alone = sample_one(table, sources[i], sampling, limits_of(5), streams[i], prefixes[i]);
    REQUIRE(alone.size() == 6);
    for (std::size_t k = 0; k < alone.size(); ++k) REQUIRE(same(alone[k], together[i][k]));
    // The first samples do not depend on how many follow.
    const Samples fewer = sample_one(table, sources[i], {.samples = 2}, limits_of(5), streams[i], prefixes[i]);
    for (std::size_t k = 0; k < fewer.size(); ++k) REQUIRE(same(alone[k], fewer[k]));
  }
  const Samples one = sample_one(table, {3}, {.samples = 30}, limits_of(5), Random(1));
  const Samples other = sample_one(table, {3}, {.samples = 30}, limits_of(5), Random(2));
  std::size_t differ = 0;
  for (std::size_t k = 0; k < one.size(); ++k) differ += !same(one[k], other[k]);
  CHECK(differ > 5);
}

TEST_CASE("the first step has a column for each source, later ones one for each live sample") {
  // Ends at once with the same probability at every step.
  const Table table = [](const Sentence&, const Sentence&) { return normalised({1e-9, 1e-9, 0.3, 0.3, 0.2, 0.2}); };
  const std::vector<Sentence> sources = {{3}, {4, 4}, {5}};
  SearchOptions limits = limits_of(4);
  limits.min_length = 1;
  TableModel model(kVocabulary, table);
  const auto drawn = sample(model, sources, streams_of(1, 3), {.samples = 10}, limits);
  REQUIRE(model.starts() == 1);
  REQUIRE(model.widths().size() == 5);
  CHECK(model.widths()[0] == 3);
  CHECK(model.widths()[1] == 30);
  for (std::size_t step = 2; step < model.widths().size(); ++step) {
    std::size_t live = 0;
    for (const Samples& samples : drawn) {
      for (const Hypothesis& hypothesis : samples) live += hypothesis.tokens.size() >= step;
    }
    CHECK(model.widths()[step] == live);
  }
}

TEST_CASE("a prefix begins every sample, counts, and is read once for all of them") {
  const Table table = random_table(kVocabulary, 8, 1.0);
  const std::vector<Sentence> sources = {{3}, {4}};
  const std::vector<Sentence> prefixes = {{5, 5, 3}, {}};
  SearchOptions limits = limits_of(6);
  limits.min_length = 6;
  TableModel model(kVocabulary, table);
  const auto drawn = sample(model, sources, streams_of(1, 2), {.samples = 8}, limits, prefixes);
  std::set<Sentence> seen;
  for (const Hypothesis& hypothesis : drawn[0]) {
    REQUIRE(Sentence(hypothesis.tokens.begin(), hypothesis.tokens.begin() + 3) == prefixes[0]);
    REQUIRE(hypothesis.token_log_probs.size() == 7);
    REQUIRE(hypothesis.token_log_probs[0] == table({3}, {})[5]);
    REQUIRE(hypothesis.token_log_probs[2] == table({3}, {5, 5})[3]);
    seen.insert(hypothesis.tokens);
  }
  CHECK(seen.size() > 1);
  CHECK(model.widths() == std::vector<std::size_t>{2, 9, 9, 9, 16, 16, 16});
}

TEST_CASE("after a prefix that is longer than the longest translation the end is forced") {
  const Table table = [](const Sentence&, const Sentence&) { return normalised({1, 1, 1e-9, 1, 1, 1}); };
  for (const Hypothesis& drawn : sample_one(table, {3}, {.samples = 3}, limits_of(2), Random(1), {5, 4, 3, 3})) {
    CHECK(drawn.tokens == Sentence{5, 4, 3, 3});
    CHECK(drawn.token_log_probs.size() == 5);
    CHECK(drawn.stop == StopReason::kMaxLength);
  }
}

TEST_CASE("a prefix may hold what is never drawn") {
  const Table table = [](const Sentence&, const Sentence&) { return normalised({1, 1, 1, 1, 1, 1}); };
  for (const Hypothesis& drawn : sample_one(table, {3}, {.samples = 3}, limits_of(4), Random(1), {kUnknown})) {
    CHECK(drawn.tokens.at(0) == kUnknown);
    for (std::size_t t = 1; t < drawn.tokens.size(); ++t) CHECK(drawn.tokens[t] >= kSpecialTokens);
  }
}

TEST_CASE("samples stop where nothing has a probability") {
  for (const float value : {std::numeric_limits<float>::quiet_NaN(), -kInfinity}) {
    const Table broken = [=](const Sentence&, const Sentence& prefix) {
      return prefix.empty() ? normalised({1, 1, 1e-30, 3, 1e-30, 1e-30}) : std::vector<float>(kVocabulary, value);
    };
    for (const Hypothesis& drawn : sample_one(broken, {3}, {.samples = 4}, limits_of(5))) {
      CHECK(drawn.stop == StopReason::kDeadEnd);
      CHECK(drawn.tokens == Sentence{3});
      CHECK(drawn.token_log_probs.size() == 1);
    }
    for (const Hypothesis& drawn : sample_one(broken, {3}, {.samples = 4}, limits_of(5), Random(1), {4, 3, 5})) {
      CHECK(drawn.stop == StopReason::kDeadEnd);
      CHECK(drawn.tokens == Sentence{4});
    }
  }
  const Table no_end = [](const Sentence&, const Sentence&) {
    std::vector<float> row = normalised({1, 1, 1, 1, 1, 1});
    row[kEnd] = -kInfinity;
    return row;
  };
  for (const Hypothesis& drawn : sample_one(no_end, {3}, {.samples = 4}, limits_of(2))) {
    CHECK(drawn.stop == StopReason::kDeadEnd);
    CHECK(drawn.tokens.size() == 2);
    CHECK(drawn.token_log_probs.size() == 2);
  }
}

TEST_CASE("no sources, no samples") {
  TableModel model(kVocabulary, random_table(kVocabulary, 1));
  CHECK(sample(model, {}, {}, Sampling{}, SearchOptions{}).empty());
  CHECK(model.starts() == 0);
}

}  // namespace
}  // namespace isthmus
