#include "cli/translate_prompt.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <cstdio>
#include <optional>

#include "cli/line_editor.h"
#include "core/error.h"
#include "core/interrupt.h"
#include "core/log.h"
#include "tokenizer/tokenizer.h"

namespace isthmus::cli {
namespace {

constexpr std::string_view kHelp =
    "Type a sentence to translate it, or\n"
    "  :beam N              hypotheses kept; 1 is greedy search\n"
    "  :nbest N             translations shown\n"
    "  :length-penalty A    exponent of the length that scores are divided by\n"
    "  :scores              scores of the translation and its pieces, on or off\n"
    "  :help  :quit         or Ctrl-D to leave; Ctrl-C stops a translation\n";

template <class Number>
std::optional<Number> parse(std::string_view text) {
  Number number{};
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return number;
}

std::string piece_scores(const Hypothesis& hypothesis, const Tokenizer& tokenizer) {
  std::string text;
  for (std::size_t i = 0; i < hypothesis.token_log_probs.size(); ++i) {
    const TokenId token = i < hypothesis.tokens.size() ? hypothesis.tokens[i] : kEnd;
    text += fmt::format("  {} {:.2f}", tokenizer.piece(token), hypothesis.token_log_probs[i]);
  }
  return text;
}

}  // namespace

Answer TranslateDialogue::answer(const std::string& line) {
  if (!line.empty() && line[0] == ':') return obey(std::string_view(line).substr(1));
  return translate(line);
}

Answer TranslateDialogue::obey(std::string_view command) {
  command = command.substr(0, command.find_last_not_of(' ') + 1);
  const std::size_t space = std::min(command.find(' '), command.size());
  const std::string_view name = command.substr(0, space);
  const std::size_t begin = std::min(command.find_first_not_of(' ', space), command.size());
  const std::string_view value = command.substr(begin);
  if (name == "quit" || name == "q" || name == "exit") return {.quit = true};
  if (name == "help" || name == "h") return {.talk = std::string(kHelp) + settings()};
  if (name == "scores") {
    scores_ = !scores_;
    return {.talk = settings()};
  }
  return set(name, value);
}

Answer TranslateDialogue::set(std::string_view name, std::string_view value) {
  SearchOptions search = translator_.search_options();
  const auto whole = parse<std::int64_t>(value).value_or(0);
  const bool counts = whole >= 1 && whole <= 1000;
  if (name == "beam") {
    if (!counts) return {.talk = ":beam needs a number from 1 to 1000\n"};
    search.beam = whole;
    search.nbest = std::min(search.nbest, search.beam);
  } else if (name == "nbest") {
    if (!counts) return {.talk = ":nbest needs a number from 1 to 1000\n"};
    search.nbest = whole;
    search.beam = std::max(search.beam, search.nbest);
  } else if (name == "length-penalty") {
    const auto alpha = parse<double>(value);
    if (!alpha || !(*alpha >= 0.0 && *alpha <= 10.0)) return {.talk = ":length-penalty needs a number from 0 to 10\n"};
    search.length_penalty = *alpha;
  } else {
    return {.talk = fmt::format(":{} is not a command; :help lists them\n", name)};
  }
  translator_.set_search_options(search);
  return {.talk = settings()};
}

Answer TranslateDialogue::translate(const std::string& line) {
  Answer answer;
  const std::vector<Translation> translations = translator_.translate({&line, 1}, {"<prompt>", 1});
  for (const TranslatedText& candidate : translations[0].nbest) {
    const Hypothesis& hypothesis = candidate.hypothesis;
    answer.data += candidate.text + "\n";
    if (!scores_) continue;
    answer.data += fmt::format("    score {:.4f}, log-probability {:.4f}, stopped by {}\n  {}\n", hypothesis.score,
                               hypothesis.log_prob, name_of(hypothesis.stop),
                               piece_scores(hypothesis, translator_.model().target));
  }
  return answer;
}

std::string TranslateDialogue::settings() const {
  const SearchOptions& search = translator_.search_options();
  return fmt::format("beam {}, nbest {}, length penalty {} ({}), scores {}\n", search.beam, search.nbest,
                     search.length_penalty, name_of(search.length_penalty_kind), scores_ ? "on" : "off");
}

void translate_prompt(Translator& translator, bool scores) {
  TranslateDialogue dialogue(translator, scores);
  LineEditor editor("> ", state_file("translate_history"));
  log_info("Type a sentence, :help or :quit.");
  while (const std::optional<std::string> line = editor.read()) {
    const InterruptScope interrupts;
    Answer answer;
    try {
      answer = dialogue.answer(*line);
    } catch (const Interrupted&) {
      answer.talk = "stopped\n";
    }
    fmt::print(stderr, "{}", answer.talk);
    fmt::print("{}", answer.data);
    std::fflush(stdout);
    if (answer.quit) return;
  }
  fmt::print(stderr, "\n");  // Ctrl-D leaves the cursor behind the prompt
}

}  // namespace isthmus::cli
