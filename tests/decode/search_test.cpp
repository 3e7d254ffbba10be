#include "decode/search.h"

#include <set>

#include "core/error.h"
#include "decode/search_limits.h"
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

/// All translations of at most `limit` tokens, best first.
NBest enumerate(const Table& table, const Sentence& source, const SearchOptions& options) {
  const std::int64_t limit = max_length(options, source.size());
  NBest all;
  std::vector<Hypothesis> open(1);
  while (!open.empty()) {
    Hypothesis hypothesis = std::move(open.back());
    open.pop_back();
    const auto length = static_cast<std::int64_t>(hypothesis.tokens.size());
    const std::vector<float> row = table(source, hypothesis.tokens);
    const auto extended = [&](TokenId token) {
      Hypothesis longer = hypothesis;
      longer.token_log_probs.push_back(row[static_cast<std::size_t>(token)]);
      if (token != kEnd) longer.tokens.push_back(token);
      return longer;
    };
    if (length >= std::min(options.min_length, limit) && row[kEnd] > -kInfinity) {
      all.push_back(extended(kEnd));
      set_score(options, all.back());
    }
    for (TokenId token = 0; token < kVocabulary && length < limit; ++token) {
      if (token == kBegin || token == kEnd || (token == kUnknown && !options.allow_unknown)) continue;
      if (row[static_cast<std::size_t>(token)] > -kInfinity) open.push_back(extended(token));
    }
  }
  std::sort(all.begin(), all.end(), [](const Hypothesis& a, const Hypothesis& b) { return a.score > b.score; });
  return all;
}

NBest search_one(const Table& table, const Sentence& source, const SearchOptions& options) {
  TableModel model(kVocabulary, table);
  return search(model, std::vector<Sentence>{source}, options).at(0);
}

bool same(const Hypothesis& a, const Hypothesis& b) {
  return a.tokens == b.tokens && a.log_prob == b.log_prob && a.score == b.score && a.stop == b.stop &&
         a.token_log_probs == b.token_log_probs;
}

std::vector<SearchOptions> penalties() {
  std::vector<SearchOptions> all;
  for (const LengthPenaltyKind kind : {LengthPenaltyKind::kNone, LengthPenaltyKind::kAverage, LengthPenaltyKind::kWu}) {
    for (const double alpha : {0.0, 0.6, 1.0, 2.5}) {
      SearchOptions options;
      options.length_penalty_kind = kind;
      options.length_penalty = alpha;
      options.max_length_factor = 0.0;
      options.max_length_extra = 4;
      all.push_back(options);
    }
  }
  return all;
}

TEST_CASE("a beam wide enough finds what enumeration finds") {
  for (SearchOptions options : penalties()) {
    for (const bool holes : {false, true}) {
      for (std::uint64_t seed = 0; seed < 15; ++seed) {
        options.beam = 500;
        options.nbest = 500;
        options.allow_unknown = seed % 3 == 0;
        options.min_length = static_cast<std::int64_t>(seed % 4);
        const Table table = random_table(kVocabulary, seed, 3.0, holes);
        const NBest expected = enumerate(table, {5, 4}, options);
        const NBest found = search_one(table, {5, 4}, options);
        if (expected.empty()) {
          REQUIRE(found.size() == 1);
          REQUIRE(found[0].stop == StopReason::kDeadEnd);
          continue;
        }
        REQUIRE(found.size() == expected.size());
        for (std::size_t i = 0; i < found.size(); ++i) {
          REQUIRE(found[i].score == Approx(expected[i].score));
          REQUIRE(found[i].log_prob == Approx(expected[i].log_prob));
        }
        REQUIRE(found[0].tokens == expected[0].tokens);
        REQUIRE(found[0].token_log_probs == expected[0].token_log_probs);
        options.nbest = 1;
        REQUIRE(same(search_one(table, {5, 4}, options)[0], found[0]));
      }
    }
  }
}

/// Greedy search, in plain words.
Hypothesis likeliest_words(const Table& table, const Sentence& source, const SearchOptions& options) {
  const std::int64_t limit = max_length(options, source.size());
  Hypothesis hypothesis;
  while (true) {
    const std::vector<float> row = table(source, hypothesis.tokens);
    const auto length = static_cast<std::int64_t>(hypothesis.tokens.size());
    TokenId best = -1;
    for (TokenId token = 0; token < kVocabulary; ++token) {
      if (token == kBegin || (token == kUnknown && !options.allow_unknown)) continue;
      if (token == kEnd && length < std::min(options.min_length, limit)) continue;
      const float value = row[static_cast<std::size_t>(token)];
      if (value > -kInfinity && (best < 0 || value > row[static_cast<std::size_t>(best)])) best = token;
    }
    if (best >= 0 && best != kEnd && length == limit && row[kEnd] > -kInfinity) {
      hypothesis.stop = StopReason::kMaxLength;
      best = kEnd;
    }
    if (best < 0 || (length == limit && best != kEnd)) {
      hypothesis.stop = StopReason::kDeadEnd;
      break;
    }
    hypothesis.token_log_probs.push_back(row[static_cast<std::size_t>(best)]);
    if (best == kEnd) break;
    hypothesis.tokens.push_back(best);
  }
  set_score(options, hypothesis);
  return hypothesis;
}

TEST_CASE("a beam of one is greedy search") {
  for (SearchOptions options : penalties()) {
    for (std::uint64_t seed = 0; seed < 100; ++seed) {
      options.beam = 1;
      options.allow_unknown = seed % 2 == 0;
      options.min_length = static_cast<std::int64_t>(seed % 3);
      const Table table = random_table(kVocabulary, seed, 2.0, seed % 5 == 0);
      TableModel model(kVocabulary, table);
      const std::vector<Sentence> sources = {{3}, {4, 5}, {5, 5, 5}};
      const std::vector<NBest> beam = search(model, sources, options);
      for (std::size_t i = 0; i < sources.size(); ++i) {
        REQUIRE(beam[i].size() == 1);
        REQUIRE(same(beam[i][0], likeliest_words(table, sources[i], options)));
      }
    }
  }
}

TEST_CASE("a sentence's translations do not depend on its batch") {
  std::vector<Sentence> sources;
  Random random(9);
  for (int i = 0; i < 20; ++i) sources.emplace_back(1 + random.below(6), static_cast<TokenId>(3 + random.below(3)));
  for (const std::int64_t beam : {1, 2, 5}) {
    SearchOptions options;
    options.beam = beam;
    options.nbest = beam;
    options.max_length_extra = 3;
    const Table table = random_table(kVocabulary, 4, 2.0);
    TableModel model(kVocabulary, table);
    const std::vector<NBest> together = search(model, sources, options);
    for (std::size_t i = 0; i < sources.size(); ++i) {
      const NBest alone = search_one(table, sources[i], options);
      REQUIRE(alone.size() == together[i].size());
      for (std::size_t n = 0; n < alone.size(); ++n) REQUIRE(same(alone[n], together[i][n]));
    }
    CHECK(model.starts() == 1);
    CHECK(model.widths().front() == sources.size());
    for (const std::size_t width : model.widths()) CHECK(width <= sources.size() * static_cast<std::size_t>(beam));
    CHECK(model.widths().back() < sources.size() * static_cast<std::size_t>(beam));
  }
}

TEST_CASE("n-best lists are sorted and unique") {
  for (SearchOptions options : penalties()) {
    options.beam = 8;
    options.nbest = 8;
    for (std::uint64_t seed = 0; seed < 20; ++seed) {
      const NBest list = search_one(random_table(kVocabulary, seed), {3, 4, 5}, options);
      REQUIRE(list.size() == 8);
      std::set<Sentence> seen;
      for (std::size_t i = 0; i < list.size(); ++i) {
        REQUIRE(seen.insert(list[i].tokens).second);
        if (i > 0) REQUIRE(list[i].score <= list[i - 1].score);
      }
    }
  }
}

TEST_CASE("stopping early gives what going on would have given") {
  // With nbest = beam the search never stops early.
  std::size_t steps_saved = 0;
  for (SearchOptions options : penalties()) {
    options.beam = 4;
    options.max_length_extra = 12;
    for (std::uint64_t seed = 0; seed < 60; ++seed) {
      const Table table = random_table(kVocabulary, seed, 4.0);
      options.nbest = 4;
      TableModel patient(kVocabulary, table);
      const NBest all = search(patient, std::vector<Sentence>{{3, 4}}, options).at(0);
      for (const std::int64_t nbest : {1, 2, 3}) {
        options.nbest = nbest;
        TableModel early(kVocabulary, table);
        const NBest some = search(early, std::vector<Sentence>{{3, 4}}, options).at(0);
        REQUIRE(some.size() == static_cast<std::size_t>(nbest));
        for (std::size_t i = 0; i < some.size(); ++i) REQUIRE(same(some[i], all[i]));
        REQUIRE(early.widths().size() <= patient.widths().size());
        steps_saved += patient.widths().size() - early.widths().size();
      }
    }
  }
  CHECK(steps_saved > 100);
}

TEST_CASE("a wider beam helps where the greedy choice is a trap") {
  // Token 3 looks best but leads to an improbable end; token 4 leads to a certain one.
  const Table trap = [](const Sentence&, const Sentence& prefix) {
    if (prefix.empty()) return normalised({1e-9, 1e-9, 1e-9, 0.6, 0.4, 1e-9});
    if (prefix == Sentence{4}) return normalised({1e-9, 1e-9, 1.0, 1e-9, 1e-9, 1e-9});
    return normalised({1e-9, 1e-9, 0.25, 0.25, 0.25, 0.25});
  };
  SearchOptions options;
  options.length_penalty_kind = LengthPenaltyKind::kNone;
  options.beam = 1;
  CHECK(search_one(trap, {3}, options)[0].tokens.at(0) == 3);
  options.beam = 2;
  const Hypothesis best = search_one(trap, {3}, options)[0];
  CHECK(best.tokens == Sentence{4});
  CHECK(best.log_prob == Approx(std::log(0.4)).epsilon(1e-6));
}

TEST_CASE("the longest translation is as long as allowed and says so") {
  const Table endless = [](const Sentence&, const Sentence&) { return normalised({1e-4, 1e-4, 1e-3, 0.5, 0.3, 0.2}); };
  SearchOptions options;
  options.max_length_factor = 1.5;
  options.max_length_extra = 1;
  for (const std::int64_t beam : {1, 3}) {
    options.beam = beam;
    const Hypothesis best = search_one(endless, {3, 3, 3, 3}, options)[0];
    CHECK(best.tokens == Sentence(7, 3));
    CHECK(best.stop == StopReason::kMaxLength);
    CHECK(best.token_log_probs.size() == 8);
  }
  options.max_length_factor = 0.0;
  options.max_length_extra = 0;
  CHECK(search_one(endless, {3, 3, 3, 3}, options)[0].tokens.size() == 1);
}

TEST_CASE("a sentence that ends by itself at the limit was not cut") {
  const Table exact = [](const Sentence&, const Sentence& prefix) {
    return prefix.size() < 3 ? normalised({1e-4, 1e-4, 1e-4, 1, 1e-4, 1e-4})
                             : normalised({1e-4, 1e-4, 1, 1e-4, 1e-4, 1e-4});
  };
  SearchOptions options;
  options.max_length_factor = 0.0;
  options.max_length_extra = 3;
  for (const std::int64_t beam : {1, 4}) {
    options.beam = beam;
    const Hypothesis best = search_one(exact, {3}, options)[0];
    CHECK(best.tokens == Sentence{3, 3, 3});
    CHECK(best.stop == StopReason::kEnded);
  }
}

TEST_CASE("no translation is shorter than asked") {
  const Table brief = [](const Sentence&, const Sentence&) { return normalised({1e-4, 1e-4, 1, 0.2, 0.1, 0.1}); };
  SearchOptions options;
  options.min_length = 3;
  for (const std::int64_t beam : {1, 5}) {
    options.beam = beam;
    options.nbest = beam;
    for (const Hypothesis& hypothesis : search_one(brief, {3}, options)) CHECK(hypothesis.tokens.size() >= 3);
  }
  options.min_length = 100;
  CHECK(search_one(brief, {3}, options)[0].tokens.size() == 22);
}

TEST_CASE("begin is never chosen, unknown only if allowed") {
  const Table tempting = [](const Sentence&, const Sentence& prefix) {
    return prefix.size() < 2 ? normalised({5, 9, 1e-4, 2, 1, 1}) : normalised({1, 9, 5, 2, 1, 1});
  };
  SearchOptions options;
  options.length_penalty_kind = LengthPenaltyKind::kNone;
  for (const std::int64_t beam : {1, 3}) {
    options.beam = beam;
    options.allow_unknown = false;
    const Hypothesis known = search_one(tempting, {3}, options)[0];
    for (const TokenId token : known.tokens) CHECK(token >= kSpecialTokens);
    options.allow_unknown = true;
    CHECK(search_one(tempting, {3}, options)[0].tokens == Sentence{kUnknown, kUnknown});
  }
}

TEST_CASE("of equals the lower token and the earlier hypothesis win") {
  const Table uniform = [](const Sentence&, const Sentence& prefix) {
    return prefix.size() < 2 ? normalised({1, 1, 1e-6, 1, 1, 1}) : normalised({1e-6, 1e-6, 1, 1e-6, 1e-6, 1e-6});
  };
  SearchOptions options;
  options.beam = 4;
  options.nbest = 4;
  const NBest list = search_one(uniform, {3}, options);
  CHECK(list[0].tokens == Sentence{3, 3});
  CHECK(list[1].tokens == Sentence{3, 4});
  CHECK(list[2].tokens == Sentence{3, 5});
  CHECK(list[3].tokens == Sentence{4, 3});
  options.beam = 1;
  options.nbest = 1;
  CHECK(search_one(uniform, {3}, options)[0].tokens == Sentence{3, 3});
}

TEST_CASE("a model that gives nothing but NaN or -inf stops at a dead end") {
  for (const float value : {std::numeric_limits<float>::quiet_NaN(), -kInfinity}) {
    const Table broken = [=](const Sentence&, const Sentence& prefix) {
      return prefix.empty() ? normalised({1, 1, 1e-30, 3, 2, 1}) : std::vector<float>(kVocabulary, value);
    };
    for (const std::int64_t beam : {1, 3}) {
      SearchOptions options;
      options.beam = beam;
      options.min_length = 1;
      const NBest list = search_one(broken, {3}, options);
      REQUIRE(list.size() == 1);
      CHECK(list[0].stop == StopReason::kDeadEnd);
      CHECK(list[0].tokens == Sentence{3});
      CHECK(list[0].token_log_probs.size() == 1);
      CHECK(list[0].score == list[0].log_prob);
    }
  }
}

TEST_CASE("a beam wider than the vocabulary works") {
  SearchOptions options;
  options.beam = 40;
  options.nbest = 40;
  options.max_length_extra = 6;
  const NBest list = search_one(random_table(kVocabulary, 3), {3}, options);
  CHECK(list.size() == 40);
}

TEST_CASE("no sources, no search") {
  TableModel model(kVocabulary, random_table(kVocabulary, 1));
  CHECK(search(model, std::vector<Sentence>{}, SearchOptions{}).empty());
  SearchOptions greedy;
  greedy.beam = 1;
  CHECK(search(model, std::vector<Sentence>{}, greedy).empty());
  CHECK(model.starts() == 0);
}

/// A queue that notes how many sentences are searched at a time.
class CountingQueue : public SearchQueue {
 public:
  explicit CountingQueue(std::vector<Sentence> sources) : sources_(std::move(sources)), found(sources_.size()) {}

  std::vector<SearchRequest> take(std::size_t most) override {
    std::vector<SearchRequest> requests;
    for (; requests.size() < most && next_ < sources_.size(); ++next_) {
      requests.push_back({.number = next_, .source = sources_[next_]});
    }
    together += requests.size();
    largest = std::max(largest, together);
    takes += !requests.empty();
    return requests;
  }
  void put(std::size_t number, NBest list) override {
    REQUIRE(found[number].empty());
    found[number] = std::move(list);
    --together;
  }
  bool cancelled() const override { return cancel_at > 0 && takes >= cancel_at; }

 private:
  std::vector<Sentence> sources_;
  std::size_t next_ = 0;

 public:
  std::vector<NBest> found;
  std::size_t together = 0;
  std::size_t largest = 0;
  std::size_t takes = 0;
  std::size_t cancel_at = 0;
};

std::vector<Sentence> sentences_of_many_lengths(std::size_t count) {
  std::vector<Sentence> sources;
  Random random(11);
  for (std::size_t i = 0; i < count; ++i) {
    sources.emplace_back(1 + random.below(12), static_cast<TokenId>(3 + random.below(3)));
  }
  return sources;
}

TEST_CASE("sentences that wait take the places of those that are done") {
  const std::vector<Sentence> sources = sentences_of_many_lengths(60);
  const Table table = random_table(kVocabulary, 4, 2.0);
  for (const std::int64_t beam : {1, 4}) {
    for (const std::size_t most : {1U, 2U, 8U, 100U}) {
      SearchOptions options;
      options.beam = options.nbest = beam;
      options.max_length_extra = 3;
      TableModel model(kVocabulary, table);
      CountingQueue queue(sources);
      search(model, queue, most, options);
      CHECK(queue.largest == std::min<std::size_t>(most, 60));
      CHECK(queue.together == 0);
      CHECK(model.begun() == 60);
      if (most == 8) CHECK(model.starts() < 8);  // not batch by batch: places are filled while others go on
      for (std::size_t i = 0; i < sources.size(); ++i) {
        const NBest alone = search_one(table, sources[i], options);
        REQUIRE(alone.size() == queue.found[i].size());
        for (std::size_t n = 0; n < alone.size(); ++n) REQUIRE(same(alone[n], queue.found[i][n]));
      }
    }
  }
}

TEST_CASE("a long sentence does not hold up the rest") {
  // As long as its source.
  const Table table = [](const Sentence& source, const Sentence& prefix) {
    const bool ends = prefix.size() >= source.size();
    return normalised({1e-9, 1e-9, ends ? 1.0 : 1e-9, ends ? 1e-9 : 1.0, 1e-9, 1e-9});
  };
  std::vector<Sentence> sources(40, Sentence(5, 3));
  sources[0].assign(50, 3);
  SearchOptions options;
  options.beam = 1;
  TableModel model(kVocabulary, table);
  CountingQueue queue(sources);
  search(model, queue, 4, options);
  // The 39 others take 13 places of 6 steps each beside the long one: hardly more steps than it needs.
  CHECK(model.widths().size() < 90);
  CHECK(model.starts() <= 2);
}

TEST_CASE("a search that is cancelled stops at its next step") {
  TableModel model(kVocabulary, random_table(kVocabulary, 4, 2.0));
  CountingQueue queue(sentences_of_many_lengths(60));
  queue.cancel_at = 2;
  SearchOptions options;
  search(model, queue, 4, options);
  CHECK(queue.takes == 2);
  CHECK(queue.together > 0);
}

TEST_CASE("a prefix begins every translation, whatever its probability") {
  for (const std::int64_t beam : {1, 3}) {
    for (std::uint64_t seed = 0; seed < 30; ++seed) {
      const Table table = random_table(kVocabulary, seed, 4.0);
      SearchOptions options;
      options.beam = options.nbest = beam;
      options.max_length_extra = 4;
      const Sentence prefix = {kUnknown, 5, 3};
      TableModel model(kVocabulary, table);
      const NBest found =
          search(model, std::vector<SearchRequest>{{.source = {3, 4}, .prefix = prefix}}, options).at(0);
      // The same as a search of a model that has read the prefix already.
      const Table after = [&](const Sentence& source, const Sentence& tokens) {
        Sentence all = prefix;
        all.insert(all.end(), tokens.begin(), tokens.end());
        return table(source, all);
      };
      SearchOptions rest = options;
      rest.max_length_extra = 1;
      rest.length_penalty_kind = options.length_penalty_kind = LengthPenaltyKind::kNone;
      TableModel again(kVocabulary, table);
      const NBest plain =
          search(again, std::vector<SearchRequest>{{.source = {3, 4}, .prefix = prefix}}, options).at(0);
      const NBest expected = search_one(after, {3, 4}, rest);
      double of_prefix = 0.0;
      for (std::size_t t = 0; t < 3; ++t) {
        of_prefix += table(
            {3, 4}, Sentence(prefix.begin(),
                             prefix.begin() + static_cast<std::ptrdiff_t>(t)))[static_cast<std::size_t>(prefix[t])];
      }
      REQUIRE(plain.size() == expected.size());
      for (std::size_t n = 0; n < plain.size(); ++n) {
        CHECK(Sentence(plain[n].tokens.begin() + 3, plain[n].tokens.end()) == expected[n].tokens);
        CHECK(plain[n].log_prob == Approx(of_prefix + expected[n].log_prob));
      }
      for (const Hypothesis& hypothesis : found) {
        REQUIRE(std::equal(prefix.begin(), prefix.end(), hypothesis.tokens.begin()));
        REQUIRE(hypothesis.token_log_probs.size() == hypothesis.tokens.size() + 1);
      }
    }
  }
}

TEST_CASE("a prefix that is longer than the longest translation is kept whole") {
  SearchOptions options;
  options.max_length_factor = 0.0;
  options.max_length_extra = 2;
  TableModel model(kVocabulary, random_table(kVocabulary, 3));
  const Hypothesis found =
      search(model, std::vector<SearchRequest>{{.source = {3}, .prefix = {3, 4, 5, 3, 4}}}, options).at(0).at(0);
  CHECK(found.tokens == Sentence{3, 4, 5, 3, 4});
  CHECK(found.token_log_probs.size() == 6);
}

TEST_CASE("a prefix of no probability is a dead end") {
  const Table table = [](const Sentence&, const Sentence&) {
    return std::vector<float>{-1, -1, -1, -1, -kInfinity, -1};
  };
  TableModel model(kVocabulary, table);
  const Hypothesis found =
      search(model, std::vector<SearchRequest>{{.source = {3}, .prefix = {3, 4}}}, SearchOptions{}).at(0).at(0);
  CHECK(found.stop == StopReason::kDeadEnd);
  CHECK(found.tokens == Sentence{3});
}

/// Whether any n tokens come twice.
bool repeats(const Sentence& tokens, std::size_t n) {
  std::set<Sentence> seen;
  for (std::size_t i = 0; i + n <= tokens.size(); ++i) {
    if (!seen.emplace(tokens.begin() + static_cast<std::ptrdiff_t>(i),
                      tokens.begin() + static_cast<std::ptrdiff_t>(i + n))
             .second) {
      return true;
    }
  }
  return false;
}

TEST_CASE("no n-gram comes twice where that is asked for") {
  for (const std::int64_t beam : {1, 4}) {
    for (const std::int64_t n : {1, 2, 3}) {
      std::size_t repeated = 0;
      for (std::uint64_t seed = 0; seed < 30; ++seed) {
        SearchOptions options;
        options.beam = options.nbest = beam;
        options.max_length_extra = 20;
        options.min_length = 12;
        const Table table = random_table(kVocabulary, seed, 4.0);
        for (const Hypothesis& free : search_one(table, {3, 4}, options)) {
          repeated += repeats(free.tokens, static_cast<std::size_t>(n));
        }
        options.min_length = n == 1 ? 2 : 6;
        options.no_repeat_ngram = n;
        options.sample = seed % 3 == 0;
        for (const Hypothesis& hypothesis : search_one(table, {3, 4}, options)) {
          REQUIRE_FALSE(repeats(hypothesis.tokens, static_cast<std::size_t>(n)));
          REQUIRE(hypothesis.tokens.size() > 0);
        }
      }
      CHECK(repeated > 10);  // or the test would show nothing
    }
  }
}

TEST_CASE("contradicting options are refused") {
  SearchOptions options;
  options.nbest = 6;
  CHECK_THROWS_AS(check(options), UsageError);
  options.beam = 6;
  CHECK_NOTHROW(check(options));
}

}  // namespace
}  // namespace isthmus
