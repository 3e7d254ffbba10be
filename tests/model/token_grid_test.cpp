#include "model/token_grid.h"

#include "tests/catch.h"

namespace isthmus {
namespace {

TEST_CASE("sentences are sorted by length and packed without padding") {
  const std::vector<Sentence> sentences = {{10}, {20, 21, 22}, {30, 31}, {40, 41, 42}};
  const TokenGrid grid = TokenGrid::pack(sentences);
  CHECK(grid.sentence == std::vector<Index>{1, 3, 2, 0});
  CHECK(grid.packing.alive == std::vector<Index>{4, 3, 2});
  CHECK(grid.packing.offset == std::vector<Index>{0, 4, 7, 9});
  CHECK(grid.ids == std::vector<TokenId>{20, 40, 30, 10, 21, 41, 31, 22, 42});
  CHECK(grid.previous() == std::vector<TokenId>{kBegin, kBegin, kBegin, kBegin, 20, 40, 30, 21, 41});
  CHECK(grid.tokens() == 9);
}

TEST_CASE("lengths, last columns and mirrored columns follow from the packing") {
  const Packing packing = Packing::of_lengths(std::vector<Index>{3, 3, 2, 1});
  CHECK(packing.steps() == 3);
  CHECK(packing.sentences() == 4);
  CHECK(packing.length(0) == 3);
  CHECK(packing.length(2) == 2);
  CHECK(packing.length(3) == 1);
  CHECK(packing.last_column(0) == 7);
  CHECK(packing.last_column(2) == 6);
  CHECK(packing.last_column(3) == 3);
  CHECK(packing.mirrored() == std::vector<Index>{7, 8, 6, 3, 4, 5, 2, 0, 1});
}

TEST_CASE("each token is once among the distinct ones, and every place knows where") {
  const std::vector<TokenId> tokens = {7, 3, 7, 9, 3, 7};
  const DistinctTokens distinct = DistinctTokens::of(tokens);
  CHECK(distinct.ids == std::vector<TokenId>{3, 7, 9});
  CHECK(distinct.column == std::vector<Index>{1, 0, 1, 2, 0, 1});
  CHECK(DistinctTokens::of({}).ids.empty());
}

TEST_CASE("an empty batch has no columns") {
  CHECK(TokenGrid::pack({}).tokens() == 0);
  CHECK(Packing::of_lengths({}).sentences() == 0);
}

}  // namespace
}  // namespace isthmus
