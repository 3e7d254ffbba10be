#include "cli/translate_prompt.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <csignal>
#include <cstdio>
#include <optional>

#include "cli/line_editor.h"
#include "cli/prompt_commands.h"
#include "core/error.h"
#include "core/interrupt.h"
#include "core/log.h"
#include "tokenizer/tokenizer.h"

namespace isthmus::cli {
namespace {

constexpr std::string_view kSpace = " \t";
constexpr std::int64_t kMost = 1000;  // hypotheses

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
  command = command.substr(0, command.find_last_not_of(kSpace) + 1);
  const std::size_t space = std::min(command.find_first_of(kSpace), command.size());
  std::string_view name = command.substr(0, space);
  const std::size_t begin = std::min(command.find_first_not_of(kSpace, space), command.size());
  const std::string_view value = command.substr(begin);
  if (name == "q" || name == "exit") name = "quit";
  if (name == "h" || name == "?") name = "help";
  const auto commands = prompt_commands();
  const auto found = std::find_if(commands.begin(), commands.end(), [&](const auto& one) { return one.name == name; });
  if (found == commands.end()) return {.talk = unknown_prompt_command(name)};
  if (found->argument.empty() && !value.empty()) {
    return {.talk = fmt::format(":{} takes nothing behind it, but got '{}'\n", name, value)};
  }
  if (name == "quit") return {.quit = true};
  if (name == "help") return {.talk = prompt_help() + settings()};
  if (name == "scores") {
    scores_ = !scores_;
    return {.talk = settings()};
  }
  return set(name, value);
}

Answer TranslateDialogue::set(std::string_view name, std::string_view value) {
  SearchOptions search = translator_.search_options();
  const auto needs = [&](std::string_view what, std::string_view example) {
    return Answer{.talk =
                      fmt::format(":{} needs {}, {}; for example :{} {}\n", name, what,
                                  value.empty() ? "and got nothing" : fmt::format("not '{}'", value), name, example)};
  };
  std::string note;
  if (name == "length-penalty") {
    const auto alpha = parse<double>(value);
    if (!alpha || !(*alpha >= 0.0 && *alpha <= 10.0)) return needs("a number from 0 to 10", "0.6");
    search.length_penalty = *alpha;
  } else {
    const auto whole = parse<std::int64_t>(value).value_or(0);
    if (whole < 1 || whole > kMost) return needs(fmt::format("a whole number from 1 to {}", kMost), "8");
    if (name == "beam") {
      search.beam = whole;
      if (search.nbest > whole) note = fmt::format("a beam of {} finds no more than {} translations; ", whole, whole);
      search.nbest = std::min(search.nbest, search.beam);
    } else {
      search.nbest = whole;
      if (search.beam < whole) note = fmt::format("{} translations need a beam of {}; ", whole, whole);
      search.beam = std::max(search.beam, search.nbest);
    }
  }
  try {
    translator_.set_search_options(search);
  } catch (const UsageError& error) {  // what does not go with the command line's options
    return {.talk = fmt::format("{}\n", error.what())};
  }
  return {.talk = note + settings()};
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
  LineEditor editor({.prompt = "> ",
                     .history_path = history_file(),
                     .complete = complete_prompt,
                     .interrupt_hint = "Ctrl-D or :quit leaves."});
  // A Ctrl-C that comes a moment late, when the translation is done and the next line is not yet edited, ends nothing.
  const auto earlier = std::signal(SIGINT, SIG_IGN);
  log_info("Type a sentence, :help or :quit.");
  bool quit = false;
  while (!quit) {
    const std::optional<std::string> line = editor.read();
    if (!line) {
      fmt::print(stderr, "\n");  // Ctrl-D leaves the cursor behind the prompt
      break;
    }
    const InterruptScope interrupts;
    Answer answer;
    try {
      answer = dialogue.answer(*line);
    } catch (const Interrupted&) {
      if (interrupt_signal() != SIGINT) throw;
      answer.talk = "stopped\n";
    }
    fmt::print(stderr, "{}", answer.talk);
    fmt::print("{}", answer.data);
    std::fflush(stdout);
    quit = answer.quit;
  }
  std::signal(SIGINT, earlier);
}

}  // namespace isthmus::cli
