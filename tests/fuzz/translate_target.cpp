// Target "translate": see targets.h.
#include <fmt/format.h>

#include <algorithm>
#include <csignal>
#include <utility>

#include "cli/translate_stream.h"
#include "core/error.h"
#include "core/hash.h"
#include "core/utf8.h"
#include "decode/load_translation_model.h"
#include "tests/corpora/temporary_folder.h"
#include "tests/fuzz/small_models.h"
#include "tests/fuzz/targets.h"

namespace isthmus::fuzz {
namespace {

constexpr std::size_t kChoiceBytes = 4;

struct Choices {
  std::size_t model = 0;
  bool scores = false;
  SearchOptions search;
  TranslateOptions options;
  std::int64_t other_batch = 1;
};

Choices choices_of(std::string_view bytes) {
  const auto byte = [&](std::size_t i) { return static_cast<std::int64_t>(static_cast<unsigned char>(bytes[i])); };
  Choices choices;
  choices.model = static_cast<std::size_t>(byte(0)) % small_models().size();
  choices.scores = (byte(0) & 0x10) != 0;
  choices.search.allow_unknown = (byte(0) & 0x20) != 0;
  choices.search.min_length = (byte(0) & 0x40) != 0 ? 3 : 0;
  choices.search.length_penalty = (byte(0) & 0x80) != 0 ? 0.0 : 1.0;
  choices.search.beam = 1 + byte(1) % 6;
  choices.search.nbest = 1 + (byte(1) / 6) % choices.search.beam;
  choices.search.max_length_factor = 1.0;
  choices.search.max_length_extra = 4;  // an untrained model seldom ends by itself
  choices.search.no_repeat_ngram = byte(3) % 3;
  choices.options.threads = 1;
  choices.options.batch = 1 + byte(2) % 16;
  choices.other_batch = 1 + byte(2) / 16;
  choices.options.max_source_length = byte(3) < 128 ? 1 + byte(3) : 1000;
  return choices;
}

/// What the program reads and writes, a process long. In memory where the system offers that.
const testing::TemporaryFolder& folder() {
  static const testing::TemporaryFolder files;
  return files;
}

const TranslationModel& model(std::size_t number) {
  static const std::vector<TranslationModel> models = [] {
    std::vector<TranslationModel> loaded;
    for (const std::string& bytes : small_models()) {
      loaded.push_back(translation_model(load_translation_model(folder().write("model.isthmus", bytes))));
    }
    return loaded;
  }();
  return models[number];
}

/// The bytes of the output file. Throws InputError.
std::string output_of(std::string_view text, const Choices& choices, std::int64_t batch) {
  TranslateOptions options = choices.options;
  options.batch = batch;
  Translator translator(model(choices.model), choices.search, options);
  cli::TranslateFiles files;
  files.input = folder().write("input", text);
  files.output = folder().path("output");
  files.scores = choices.scores;
  files.quiet = true;
  Communicator alone;
  cli::translate_stream(translator, files, alone);
  return folder().read("output");
}

/// The lines of a text by the contract's words, not by the program's code.
std::vector<std::string> lines_of(std::string_view text) {
  std::vector<std::string> lines;
  while (!text.empty()) {
    const std::size_t end = text.find('\n');
    lines.emplace_back(text.substr(0, end));
    if (lines.back().ends_with('\r')) lines.back().pop_back();
    text.remove_prefix(end == std::string_view::npos ? text.size() : end + 1);
  }
  return lines;
}

bool looks_compressed(std::string_view text) {
  return text.starts_with("\x1f\x8b\x08") ||
         text.starts_with(
             "\xfd"
             "7zXZ") ||
         text.starts_with("\x28\xb5\x2f\xfd") || text.starts_with("BZh");
}

/// The output for each line: one line, or of a list all lines of that number, without the number.
std::vector<std::string> parts_of(std::string_view output, const Choices& choices) {
  require(output.empty() || output.ends_with('\n'), "the last line of the output ends in a newline");
  const bool lists = choices.scores || choices.search.nbest > 1;
  std::vector<std::string> parts;
  std::int64_t candidates = 0;
  while (!output.empty()) {
    std::string_view line = output.substr(0, output.find('\n'));
    output.remove_prefix(line.size() + 1);
    if (!lists) {
      parts.emplace_back(line);
      continue;
    }
    const std::size_t bar = line.find(" ||| ");
    require(bar != std::string_view::npos, "a line of a list has bars");
    const std::string_view number = line.substr(0, bar);
    line.remove_prefix(bar);
    if (parts.empty() || number != std::to_string(parts.size() - 1)) {
      require(number == std::to_string(parts.size()), "the numbers of a list count up from 0");
      parts.emplace_back();
      candidates = 0;
    }
    require(++candidates <= choices.search.nbest, "a list has at most --nbest translations of a line");
    parts.back().append(line).push_back('\n');
  }
  return parts;
}

void check_line(const std::string& line, const std::string& part, const Choices& choices) {
  if (line.find_first_not_of(" \t\r\v\f") == std::string::npos) {
    const bool lists = choices.scores || choices.search.nbest > 1;
    require(part == (lists ? " |||  ||| 0\n" : ""), "a blank line stays empty");
  }
  if (looks_compressed(line)) return;
  Choices alone = choices;
  const std::vector<std::string> parts = parts_of(output_of(line + "\n", alone, 1), alone);
  require(parts.size() == 1, "a line alone gives one line");
  require(parts[0] == part, fmt::format("a translation does not depend on its neighbours: '{}' alone is '{}', not '{}'",
                                        line, parts[0], part));
}

}  // namespace

void translate(std::string_view bytes) {
  if (bytes.size() < kChoiceBytes) return;
  const Choices choices = choices_of(bytes);
  const std::string_view text = bytes.substr(kChoiceBytes);
  try {
    const std::string output = output_of(text, choices, choices.options.batch);
    require(!invalid_utf8_at(output), "the output is UTF-8");
    require(output_of(text, choices, choices.other_batch) == output, "the batch size changes no translation");
    if (looks_compressed(text)) return;
    const std::vector<std::string> lines = lines_of(text);
    const std::vector<std::string> parts = parts_of(output, choices);
    require(lines.size() == parts.size(), fmt::format("{} lines in, {} out", lines.size(), parts.size()));
    if (lines.empty()) return;
    const std::uint64_t place = hash64(bytes);
    for (const std::size_t i : {place % lines.size(), (place >> 32) % lines.size()}) {
      check_line(lines[i], parts[i], choices);
    }
  } catch (const InputError& error) {
    require(looks_compressed(text), std::string("no text is refused, but: ") + error.what());
  } catch (const Interrupted&) {
    std::raise(SIGINT);  // the fuzzer's turn to handle it
  }
}

std::vector<std::string> translate_seeds() {
  using std::string_literals::operator""s;
  const std::vector<std::string> texts = {
      "",
      "\n",
      "the baker opens the window.\nmy neighbour paints a narrow bridge.\n\nder Schlüssel\n",
      "nobody forgets 배를 타고.\r\n\t \r\n\r\nno last newline",
      "a\xff\xc3\n\xe2\x80\xa8 \xed\xa0\x80\nnul\0inside\n\0\0\0\n"s,
      "<s> </s> <unk> <de> \xe2\x96\x81\xe2\x96\x81\n\xe3\x80\x80\n\xc2\xa0 ||| 0 ||| x\n",
      "one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen\nx\ny\n",
      "\xef\xbb\xbf"
      "e\xcc\x81 \xf0\x9f\x98\x80 \xe1\x84\x92\xe1\x85\xa1\n..!?\n",
      "\x1f\x8b\x08 is no archive\n",
  };
  const std::vector<std::string> choices = {"\x00\x00\x03\xff"s, "\x11\x0b\x5f\x7f"s, "\x02\x04\x20\x05"s,
                                            "\xe0\x1d\xf1\xff"s};
  std::vector<std::string> seeds;
  for (const std::string& choice : choices) {
    for (const std::string& text : texts) seeds.push_back(choice + text);
  }
  return seeds;
}

}  // namespace isthmus::fuzz
