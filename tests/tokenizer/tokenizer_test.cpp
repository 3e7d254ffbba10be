#include "tokenizer/tokenizer.h"

#include <thread>

#include "core/error.h"
#include "core/random.h"
#include "core/utf8.h"
#include "tests/catch.h"
#include "tests/tokenizer/sample_text.h"

namespace isthmus {
namespace {

using Catch::Matchers::Contains;
using testing::sample_lines;

constexpr TokenizerType kAllTypes[] = {TokenizerType::kUnigram, TokenizerType::kBpe, TokenizerType::kChar,
                                       TokenizerType::kWord};

TokenizerOptions options_for(TokenizerType type) {
  TokenizerOptions options;
  options.type = type;
  options.vocabulary_size = 60;
  options.character_coverage = 1.0;
  if (type == TokenizerType::kWord) options.vocabulary_size = 25;
  return options;
}

std::string random_bytes(Random& random) {
  // Letters, spaces and bytes that are special to UTF-8, to SentencePiece or to C.
  static const std::vector<std::string> parts = {
      "a",    "e",        "the",    " ",      "  ",     "\t", std::string(1, '\0'), "\r",     "\xff",
      "\xc3", "\xe2\x96", "\u2581", "\u2585", "\u2028", "ü",  "\xed\xa0\x80",       "\u0301", "\U0001F600",
      "<s>",  "</s>",     "<unk>",  "<0x0A>", "\n"};
  std::string text;
  for (std::uint64_t n = random.below(12); n > 0; --n) text += parts[random.below(parts.size())];
  return text;
}

TEST_CASE("special pieces have their fixed numbers in every type") {
  for (const TokenizerType type : kAllTypes) {
    const Tokenizer tokenizer = Tokenizer::train(options_for(type), sample_lines());
    CHECK(tokenizer.piece(kUnknown) == "<unk>");
    CHECK(tokenizer.piece(kBegin) == "<s>");
    CHECK(tokenizer.piece(kEnd) == "</s>");
    CHECK(tokenizer.id_of("<s>") == kBegin);
    CHECK(tokenizer.id_of("no such piece") == kUnknown);
    CHECK(tokenizer.size() > 20);
  }
}

TEST_CASE("text of the training characters survives encoding and decoding") {
  for (const TokenizerType type : {TokenizerType::kUnigram, TokenizerType::kBpe, TokenizerType::kChar}) {
    const Tokenizer tokenizer = Tokenizer::train(options_for(type), sample_lines());
    for (const std::string& line : sample_lines()) {
      const Sentence tokens = tokenizer.encode(line);
      REQUIRE(tokenizer.decode(tokens) == line);
      REQUIRE(tokenizer.decode_pieces(tokenizer.encode_as_pieces(line)) == line);
      for (const TokenId token : tokens) REQUIRE(token >= kSpecialTokens);
    }
  }
}

TEST_CASE("names of special pieces in the text are text") {
  const Tokenizer tokenizer = Tokenizer::train(options_for(TokenizerType::kUnigram), sample_lines());
  for (const TokenId token : tokenizer.encode("<s> the </s>")) {
    CHECK(token != kBegin);
    CHECK(token != kEnd);
  }
}

TEST_CASE("the same text gives the same model bytes") {
  for (const TokenizerType type : kAllTypes) {
    const std::string first = Tokenizer::train(options_for(type), sample_lines()).bytes();
    CHECK(Tokenizer::train(options_for(type), sample_lines()).bytes() == first);
  }
  TokenizerOptions sampled = options_for(TokenizerType::kUnigram);
  sampled.max_sentences = 100;
  const std::string first = Tokenizer::train(sampled, sample_lines()).bytes();
  CHECK(Tokenizer::train(sampled, sample_lines()).bytes() == first);
  CHECK(Tokenizer::train(options_for(TokenizerType::kUnigram), sample_lines()).bytes() != first);
}

TEST_CASE("a model's bytes give the same tokenizer again") {
  const Tokenizer trained = Tokenizer::train(options_for(TokenizerType::kBpe), sample_lines());
  const Tokenizer loaded = Tokenizer::from_bytes(trained.bytes(), "model.isthmus");
  CHECK(loaded.size() == trained.size());
  for (const std::string& line : sample_lines()) REQUIRE(loaded.encode(line) == trained.encode(line));
  CHECK(loaded.can_sample());
}

TEST_CASE("bytes that are no model are refused by name") {
  const std::string good = Tokenizer::train(options_for(TokenizerType::kUnigram), sample_lines()).bytes();
  const std::vector<std::string> bad = {"", "garbage", std::string(100, '\0'), good.substr(0, good.size() / 2),
                                        good + good};
  for (const std::string& bytes : bad) {
    CHECK_THROWS_WITH(Tokenizer::from_bytes(bytes, "m.isthmus"), Contains("m.isthmus: is not a SentencePiece model"));
  }
}

// The error was SentencePiece's own, with a line of its source and without the file's name.
TEST_CASE("a model whose pieces make no trie is refused by name") {
  TokenizerOptions options = options_for(TokenizerType::kUnigram);
  options.user_symbols = {"QQQQ"};
  std::string bytes = Tokenizer::train(options, sample_lines()).bytes();
  for (std::size_t at = 0; (at = bytes.find("QQQQ", at)) != std::string::npos; ++at) bytes[at] = '\0';
  CHECK_THROWS_WITH(Tokenizer::from_bytes(bytes, "t.model"), Contains("t.model: is not a SentencePiece model"));
}

TEST_CASE("a text too small for the vocabulary gets what it supports") {
  TokenizerOptions options = options_for(TokenizerType::kUnigram);
  options.vocabulary_size = 8000;
  const Tokenizer tokenizer = Tokenizer::train(options, sample_lines());
  CHECK(tokenizer.size() < 1000);
  CHECK(tokenizer.decode(tokenizer.encode("the baker opens")) == "the baker opens");
}

TEST_CASE("a vocabulary too small for the characters names the least that works") {
  TokenizerOptions options = options_for(TokenizerType::kUnigram);
  options.vocabulary_size = 10;
  std::string message;
  try {
    Tokenizer::train(options, sample_lines());
  } catch (const InputError& error) {
    message = error.what();
  }
  REQUIRE_THAT(message, Contains("--vocab must be at least "));
  options.vocabulary_size = std::stoll(message.substr(message.find("least ") + 6));
  CHECK(static_cast<std::int64_t>(Tokenizer::train(options, sample_lines()).size()) == options.vocabulary_size);
  options.byte_fallback = true;
  for (const TokenizerType type : kAllTypes) {
    options.type = type;
    CHECK_THROWS_WITH(Tokenizer::train(options, sample_lines()), Contains("raise --vocab"));
  }
}

TEST_CASE("a text without characters cannot train") {
  const std::vector<std::vector<std::string>> texts = {{},         {""},       {"  ", "\t"}, {std::string(3, '\0')},
                                                       {"\u2585"}, {"\u3000"}, {"\x01\x02"}, {"\xff\xfe"}};
  for (const auto& lines : texts) {
    for (const TokenizerType type : kAllTypes) {
      CHECK_THROWS_WITH(Tokenizer::train(options_for(type), lines), Contains("no text to train a tokenizer on"));
    }
  }
}

TEST_CASE("hostile lines beside good ones do not stop training") {
  std::vector<std::string> lines = sample_lines();
  Random random(3);
  for (int i = 0; i < 300; ++i) lines.push_back(random_bytes(random));
  lines.push_back(std::string(200000, 'x'));
  for (const TokenizerType type : kAllTypes) {
    TokenizerOptions options = options_for(type);
    options.vocabulary_size = 200;
    const Tokenizer tokenizer = Tokenizer::train(options, lines);
    CHECK(tokenizer.decode(tokenizer.encode("the window")).size() >= 3);
  }
}

TEST_CASE("any bytes encode, and what decodes is UTF-8") {
  for (const TokenizerType type : kAllTypes) {
    for (const bool byte_fallback : {false, true}) {
      for (const Normalization rule : {Normalization::kNmtNfkc, Normalization::kIdentity}) {
        TokenizerOptions options = options_for(type);
        options.byte_fallback = byte_fallback;
        options.normalization = rule;
        options.vocabulary_size = 330;
        const Tokenizer tokenizer = Tokenizer::train(options, sample_lines());
        Random random(17);
        for (int i = 0; i < 300; ++i) {
          const std::string text = random_bytes(random);
          const Sentence tokens = tokenizer.encode(text);
          for (const TokenId token : tokens) REQUIRE(static_cast<std::size_t>(token) < tokenizer.size());
          REQUIRE_FALSE(invalid_utf8_at(tokenizer.decode(tokens)));
          REQUIRE_FALSE(invalid_utf8_at(tokenizer.decode_pieces(tokenizer.encode_as_pieces(text))));
        }
        CHECK(tokenizer.encode("").empty());
        if (rule == Normalization::kNmtNfkc) CHECK(tokenizer.encode(" \t ").empty());
        // Any sequence of pieces decodes: a model may write them in any order.
        for (int i = 0; i < 300; ++i) {
          Sentence tokens(random.below(6));
          for (TokenId& token : tokens) token = static_cast<TokenId>(random.below(tokenizer.size()));
          REQUIRE_FALSE(invalid_utf8_at(tokenizer.decode(tokens)));
          REQUIRE(tokenizer.decode(tokens).find('\n') == std::string::npos);
        }
        CHECK_THROWS_AS(tokenizer.decode(Sentence{static_cast<TokenId>(tokenizer.size())}), std::out_of_range);
        CHECK_THROWS_AS(tokenizer.decode(Sentence{-1}), std::out_of_range);
      }
    }
  }
}

TEST_CASE("a line of a megabyte encodes") {
  for (const TokenizerType type : kAllTypes) {
    const Tokenizer tokenizer = Tokenizer::train(options_for(type), sample_lines());
    std::string words;
    while (words.size() < 1000000) words += "the baker opens ";
    CHECK(tokenizer.encode(words).size() > 100000);
    CHECK_FALSE(tokenizer.encode(std::string(1000000, 'e')).empty());
  }
}

TEST_CASE("a long line is cut as its words are, no further than asked, and read whole without a space in it") {
  for (const TokenizerType type : {TokenizerType::kUnigram, TokenizerType::kBpe, TokenizerType::kChar}) {
    const Tokenizer tokenizer = Tokenizer::train(options_for(type), sample_lines());
    const Sentence words = tokenizer.encode("the baker opens");
    const std::vector<std::string> text = tokenizer.encode_as_pieces("the baker opens");
    constexpr std::size_t kTimes = 20000;  // 320 kB
    std::string line = "the baker opens";
    for (std::size_t i = 1; i < kTimes; ++i) line += " the baker opens";
    Sentence expected;
    std::vector<std::string> expected_text;
    for (std::size_t i = 0; i < kTimes; ++i) {
      expected.insert(expected.end(), words.begin(), words.end());
      expected_text.insert(expected_text.end(), text.begin(), text.end());
    }
    CHECK((tokenizer.encode(line) == expected));
    CHECK((tokenizer.encode_as_pieces(line) == expected_text));
    for (const std::size_t most : {std::size_t{0}, std::size_t{1}, words.size(), expected.size() - 1}) {
      CHECK((tokenizer.encode(line, most) == Sentence(expected.begin(), expected.begin() + std::ptrdiff_t(most))));
    }
    std::string word;
    for (std::size_t i = 0; i < 50000; ++i) word += "배";
    std::string read = tokenizer.decode(tokenizer.encode(word));
    std::erase(read, ' ');
    CHECK((read == word));
  }
}

TEST_CASE("byte fallback and identity keep every character") {
  TokenizerOptions options = options_for(TokenizerType::kUnigram);
  options.byte_fallback = true;
  options.normalization = Normalization::kIdentity;
  options.vocabulary_size = 320;
  const Tokenizer tokenizer = Tokenizer::train(options, sample_lines());
  CHECK(tokenizer.decode(Sentence{tokenizer.id_of("<0x0A>")}) == " ");
  for (const std::string text : {"naïve … ½  Zürich", " leading", "trailing ", "日本語!", "\u2028|\u00a0|", "a  b"}) {
    const Sentence tokens = tokenizer.encode(text);
    CHECK(tokenizer.decode(tokens) == text);
    for (const TokenId token : tokens) CHECK(token != kUnknown);
  }
}

TEST_CASE("user symbols are one piece, whatever is in them") {
  TokenizerOptions options = options_for(TokenizerType::kUnigram);
  options.user_symbols = {"<name>", "a,b", "\"q\""};
  options.vocabulary_size = 70;
  const Tokenizer tokenizer = Tokenizer::train(options, sample_lines());
  for (const std::string& symbol : options.user_symbols) {
    const TokenId id = tokenizer.id_of(symbol);
    REQUIRE(id >= kSpecialTokens);
    const Sentence tokens = tokenizer.encode("the" + symbol + "window");
    CHECK(std::count(tokens.begin(), tokens.end(), id) == 1);
  }
  for (const std::string bad : {"", "two words", "<s>"}) {
    options.user_symbols = {bad};
    CHECK_THROWS_AS(Tokenizer::train(options, sample_lines()), InputError);
  }
}

TEST_CASE("sampled cuts depend on the seed alone") {
  const std::vector<std::string> lines = sample_lines();
  for (const TokenizerType type : {TokenizerType::kUnigram, TokenizerType::kBpe}) {
    const Tokenizer tokenizer = Tokenizer::train(options_for(type), lines);
    const auto first = tokenizer.encode_sampled(lines, 0.2, 5);
    CHECK(tokenizer.encode_sampled(lines, 0.2, 5) == first);
    CHECK(tokenizer.encode_sampled(lines, 0.2, 6) != first);
    std::size_t different = 0;
    for (std::size_t i = 0; i < lines.size(); ++i) {
      CHECK(tokenizer.decode(first[i]) == lines[i]);
      different += first[i] != tokenizer.encode(lines[i]);
    }
    CHECK(different > lines.size() / 10);
    std::vector<std::vector<Sentence>> parallel(4);
    std::vector<std::thread> threads;
    for (std::size_t t = 0; t < parallel.size(); ++t) {
      threads.emplace_back([&, t] { parallel[t] = tokenizer.encode_sampled(lines, 0.2, 5 + t % 2); });
    }
    for (std::thread& thread : threads) thread.join();
    CHECK(parallel[0] == first);
    CHECK(parallel[2] == first);
    CHECK(parallel[1] == parallel[3]);
    CHECK(tokenizer.encode_sampled(std::vector<std::string>{"", " "}, 0.2, 1) == std::vector<Sentence>(2));
  }
}

TEST_CASE("char and word tokenizers refuse to sample") {
  for (const TokenizerType type : {TokenizerType::kChar, TokenizerType::kWord}) {
    const Tokenizer tokenizer = Tokenizer::train(options_for(type), sample_lines());
    CHECK_FALSE(tokenizer.can_sample());
    CHECK_THROWS_WITH(tokenizer.encode_sampled(sample_lines(), 0.1, 1), Contains("unigram or bpe"));
  }
}

TEST_CASE("threads share a tokenizer") {
  const Tokenizer tokenizer = Tokenizer::train(options_for(TokenizerType::kUnigram), sample_lines());
  std::vector<Sentence> expected;
  for (const std::string& line : sample_lines()) expected.push_back(tokenizer.encode(line));
  std::vector<std::thread> threads;
  std::vector<int> wrong(4, 0);
  for (std::size_t t = 0; t < wrong.size(); ++t) {
    threads.emplace_back([&, t] {
      const std::vector<std::string> lines = sample_lines();
      for (std::size_t i = 0; i < lines.size(); ++i) wrong[t] += tokenizer.encode(lines[i]) != expected[i];
    });
  }
  for (std::thread& thread : threads) thread.join();
  CHECK(wrong == std::vector<int>(4, 0));
}

TEST_CASE("a joint pair is one vocabulary, separate ones are two") {
  const std::vector<std::string> lines = sample_lines();
  const std::vector<std::string> other = {"ein Fenster", "zwei Fenster", "drei Häuser", "vier Häfen und ein Schiff"};
  TokenizerOptions options = options_for(TokenizerType::kUnigram);
  const TokenizerPair joint = train_tokenizers(options, lines, other);
  CHECK(joint.source.bytes() == joint.target.bytes());
  CHECK(joint.source.decode(joint.source.encode("zwei window")) == "zwei window");
  options.joint = false;
  options.vocabulary_size = 50;
  const TokenizerPair separate = train_tokenizers(options, lines, other);
  CHECK(separate.source.bytes() == Tokenizer::train(options, lines).bytes());
  CHECK(separate.target.bytes() == Tokenizer::train(options, other).bytes());
}

}  // namespace
}  // namespace isthmus
