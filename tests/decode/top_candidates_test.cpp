#include "decode/top_candidates.h"

#include <algorithm>
#include <cmath>

#include "core/random.h"
#include "tests/catch.h"

namespace isthmus {
namespace {

TEST_CASE("the best few of several columns are those of a full sort") {
  Random random(7);
  for (int round = 0; round < 50; ++round) {
    const std::size_t size = 1 + random.below(12);
    const std::size_t rows = 1 + random.below(700);
    TopCandidates top(size);
    std::vector<Candidate> all;
    for (Index parent = 0; parent < 4; ++parent) {
      const double base = -random.uniform();
      TokenScores<float> scores;
      scores.resize(static_cast<Index>(rows), 1);
      scores.log_sums(0) = 0.0F;
      // Coarse values, so that there are ties; holes, so that there are NaN and -inf.
      for (float& value : scores.logits.reshaped()) {
        value = -static_cast<float>(random.below(20)) / 4.0F;
        if (random.below(10) == 0) value = -std::numeric_limits<float>::infinity();
        if (random.below(10) == 0) value = std::numeric_limits<float>::quiet_NaN();
      }
      scores.find_maxima(0);
      std::vector<TokenId> blocked;
      for (std::uint64_t i = random.below(4); i > 0; --i) blocked.push_back(static_cast<TokenId>(random.below(rows)));
      top.offer_words({scores, 0, base, parent}, blocked);
      for (Index i = kSpecialTokens; i < scores.vocabulary(); ++i) {
        const auto token = static_cast<TokenId>(i);
        const float value = scores.logits(i, 0);
        if (!std::isfinite(value) || std::count(blocked.begin(), blocked.end(), token) > 0) continue;
        all.push_back({base + value, parent, token, value});
      }
    }
    std::stable_sort(all.begin(), all.end(),
                     [](const Candidate& a, const Candidate& b) { return a.log_prob > b.log_prob; });
    REQUIRE(top.items().size() == std::min(size, all.size()));
    for (std::size_t i = 0; i < top.items().size(); ++i) {
      REQUIRE(top.items()[i].log_prob == all[i].log_prob);
      REQUIRE(top.items()[i].parent == all[i].parent);
      REQUIRE(top.items()[i].token == all[i].token);
      REQUIRE(top.items()[i].token_log_prob == all[i].token_log_prob);
    }
  }
}

}  // namespace
}  // namespace isthmus
