#include "corpora/phrasebook.h"

#include <algorithm>
#include <map>
#include <set>
#include <string>
#include <unordered_map>
#include <unordered_set>
#include <utility>
#include <vector>

#include "core/error.h"
#include "core/file.h"
#include "core/utf8.h"
#include "corpora/korean.h"
#include "tests/catch.h"

using namespace isthmus;

namespace {

const Grammar& phrasebook() {
  static const Grammar grammar = Grammar::parse(phrasebook_files());
  return grammar;
}

bool has_slots(const Rule& rule) { return !rule.slots.empty(); }

PhrasebookOptions small() { return {.pairs = 3000, .dev = 300, .test = 300}; }

/// Pairs from every sentence template.
std::vector<SentencePair> samples(int each) {
  std::vector<SentencePair> pairs;
  for (std::size_t i = 0; i < phrasebook().rules().size(); ++i) {
    if (phrasebook().rules()[i].kind != RuleKind::kSentence) continue;
    Random random(i);
    for (int draw = 0; draw < each; ++draw) {
      if (auto pair = phrasebook().sample(random, i)) pairs.push_back(std::move(*pair));
    }
  }
  return pairs;
}

}  // namespace

TEST_CASE("the phrasebook is as large as it says") {
  std::size_t sentences = 0;
  std::set<std::string> topics;
  std::set<std::pair<std::string, std::string>> entries;  // a word in two classes counts once
  for (const Rule& rule : phrasebook().rules()) {
    if (rule.kind == RuleKind::kSentence) {
      CHECK(has_slots(rule));
      ++sentences;
      topics.insert(rule.section);
    }
    const bool lexical = rule.kind == RuleKind::kNoun || rule.kind == RuleKind::kWord;
    const bool bare_digits = rule.english[0].text == rule.korean[0].text;
    if (lexical && !bare_digits) {
      std::string english;
      for (const Rule::Piece& piece : rule.english) english += piece.text;
      entries.emplace(english, rule.korean[0].text);
    }
  }
  CHECK(sentences >= 150);
  CHECK(entries.size() >= 600);
  for (const char* topic : {"travel", "time", "numbers", "shopping", "directions", "weather", "small_talk", "because",
                            "when_and_if", "that", "relative", "coordination"}) {
    INFO(topic);
    CHECK(topics.contains(topic));
  }
}

TEST_CASE("every sentence template gives many different sentences") {
  for (std::size_t i = 0; i < phrasebook().rules().size(); ++i) {
    const Rule& rule = phrasebook().rules()[i];
    if (rule.kind != RuleKind::kSentence) continue;
    Random random(i);
    std::set<std::string> different;
    for (int draw = 0; draw < 100; ++draw) {
      if (const auto pair = phrasebook().sample(random, i)) different.insert(pair->source);
    }
    INFO(rule.file << ":" << rule.line);
    CHECK(different.size() >= 5);
  }
}

TEST_CASE("the embedded phrasebook is the one in the source tree") {
  CHECK(phrasebook_files().size() >= 10);
  for (const GrammarFile& file : phrasebook_files()) {
    INFO(file.name);
    CHECK(file.text == read_file(std::string(ISTHMUS_SOURCE_DIR) + "/corpora/" + std::string(file.name)));
  }
}

TEST_CASE("no notation is left in the sentences") {
  const std::u32string notation = U"[](){}<>@#|/-~ㄱㄴㄷㄹㅁㅂㅅㅆㅎ";
  for (const SentencePair& pair : samples(20)) {
    INFO(pair.source << " | " << pair.target);
    CHECK(pair.source.find_first_of("[](){}<>@#|/_~") == std::string::npos);
    CHECK(to_code_points(pair.target).find_first_of(notation) == std::u32string::npos);
    for (const std::string* side : {&pair.source, &pair.target}) {
      CHECK(side->find("  ") == std::string::npos);
      CHECK(side->front() != ' ');
      CHECK((side->back() == '.' || side->back() == '?' || side->back() == '!'));
    }
    CHECK_FALSE((pair.source[0] >= 'a' && pair.source[0] <= 'z'));
  }
}

TEST_CASE("Korean sentences end in polite style") {
  for (const SentencePair& pair : samples(10)) {
    INFO(pair.source << " | " << pair.target);
    const std::u32string text = to_code_points(pair.target);
    const std::u32string_view body = std::u32string_view(text).substr(0, text.size() - 1);
    CHECK((body.ends_with(U"요") || body.ends_with(U"니다")));
  }
}

TEST_CASE("an English sentence has one translation") {
  std::unordered_map<std::string, std::string> translation;
  std::size_t conflicts = 0;
  Random random(5);
  for (int draw = 0; draw < 30000; ++draw) {
    const auto pair = phrasebook().sample(random);
    if (!pair) continue;
    const auto [known, is_new] = translation.emplace(pair->source, pair->target);
    if (is_new || known->second == pair->target) continue;
    ++conflicts;
    UNSCOPED_INFO(pair->source << " | " << pair->target << " | " << known->second);
  }
  CHECK(conflicts == 0);
}

TEST_CASE("train, dev and test have no sentence in common, on either side") {
  const PhrasebookSplit split = draw_phrasebook(phrasebook(), small());
  CHECK(split.train.size() == 3000);
  CHECK(split.dev.size() == 300);
  CHECK(split.test.size() == 300);
  std::set<std::string> sources, targets;
  for (const auto* part : {&split.train, &split.dev, &split.test}) {
    for (const SentencePair& pair : *part) {
      CHECK(sources.insert(pair.source).second);
      CHECK(targets.insert(pair.target).second);
    }
  }
}

TEST_CASE("lengths run from 2 to about 40 words and most sentences are short") {
  PhrasebookOptions options;
  const PhrasebookSplit split = draw_phrasebook(phrasebook(), options);
  REQUIRE(split.train.size() == 20000);
  std::size_t words = 0, shortest = 99, longest = 0;
  for (const SentencePair& pair : split.train) {
    const std::size_t count = count_words(pair.source);
    words += count;
    shortest = std::min(shortest, count);
    longest = std::max(longest, count);
  }
  const double mean = static_cast<double>(words) / 20000;
  CHECK(shortest == 2);
  CHECK(longest >= 38);
  CHECK(longest <= 40);
  CHECK(mean > 8);
  CHECK(mean < 11);
}

TEST_CASE("what the test set needs is in the training set") {
  const PhrasebookSplit split = draw_phrasebook(phrasebook(), {});
  std::unordered_set<std::string> known;
  const auto words_of = [](const std::string& line) {
    std::vector<std::string> words;
    for (std::size_t at = 0; at < line.size();) {
      const std::size_t end = std::min(line.find(' ', at), line.size());
      words.push_back(line.substr(at, end - at));
      at = end + 1;
    }
    return words;
  };
  for (const SentencePair& pair : split.train) {
    for (std::string& word : words_of(pair.source)) known.insert(std::move(word));
  }
  std::size_t total = 0, unknown = 0;
  for (const SentencePair& pair : split.test) {
    for (const std::string& word : words_of(pair.source)) {
      ++total;
      unknown += known.contains(word) ? 0 : 1;
    }
  }
  CHECK(static_cast<double>(unknown) < 0.005 * static_cast<double>(total));
}

TEST_CASE("the seed decides, and nothing else does") {
  const PhrasebookSplit first = draw_phrasebook(phrasebook(), small());
  const PhrasebookSplit again = draw_phrasebook(Grammar::parse(phrasebook_files()), small());
  CHECK(first.train == again.train);
  CHECK(first.dev == again.dev);
  CHECK(first.test == again.test);
  PhrasebookOptions other = small();
  other.seed = 2;
  CHECK(draw_phrasebook(phrasebook(), other).train != first.train);
}

TEST_CASE("the draws of a seed are the same on every machine") {
  const GrammarFile file{"tiny.txt",
                         "[words w]\n a | 가\n b | 나\n c | 다\n d | 라\n[sentences s]\n see {w} | {w} 봐요\n"};
  const PhrasebookSplit split = draw_phrasebook(Grammar::parse(std::span(&file, 1)), {.pairs = 2, .dev = 1, .test = 1});
  const std::vector<std::string> drawn = {split.train[0].source, split.train[1].source, split.dev[0].source,
                                          split.test[0].source};
  CHECK(drawn == std::vector<std::string>{"See b", "See d", "See c", "See a"});
}

TEST_CASE("asking for more pairs than there are is an error that says how many there are") {
  const GrammarFile file{"tiny.txt", "[words w]\n x | 가\n y | 나\n z | 다\n[sentences s]\n see {w} | {w} 봐요\n"};
  const Grammar tiny = Grammar::parse(std::span(&file, 1));
  PhrasebookOptions options{.pairs = 1, .dev = 1, .test = 1};
  CHECK(draw_phrasebook(tiny, options).train.size() == 1);
  options.pairs = 10;
  CHECK_THROWS_WITH(draw_phrasebook(tiny, options), Catch::Contains("only about 3 different pairs, not 12"));
}
