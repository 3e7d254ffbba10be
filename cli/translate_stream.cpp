#include "cli/translate_stream.h"

#include <fmt/format.h>

#include <cmath>
#include <optional>

#include "cli/line_queue.h"
#include "core/interrupt.h"
#include "core/log.h"
#include "core/progress.h"
#include "corpora/line_reader.h"
#include "corpora/line_writer.h"

namespace isthmus::cli {
namespace {

/// Lines of a file, so that progress can say how long it will take; 0 where nobody would see it or reading twice is not
/// possible.
std::int64_t count_lines(const TranslateFiles& files) {
  if (files.input == "-" || files.quiet || !talks_to_terminal()) return 0;
  LineReader reader(files.input);
  for (std::string line; reader.next(line);) {
  }
  return reader.line_number();
}

void report(std::int64_t lines, double seconds) {
  log_info("{} in {}, {:.1f} sentences/s", counted(lines, "sentence"), clock_text(seconds),
           static_cast<double>(lines) / std::max(seconds, 1e-9));
}

}  // namespace

void describe(OptionVisitor& visit, TranslateFiles& files) {
  visit.group("Files");
  visit("input", files.input, "text to translate, a sentence a line; - is standard input");
  visit("output", files.output, "where the translations go; - is standard output");
  visit("scores", files.scores, "write LINE ||| TEXT ||| SCORE ||| LOG-PROB ||| STOP ||| PIECE LOG-PROBS");
  visit("quiet", files.quiet, "no progress and no speed on standard error");
}

std::vector<std::string> nbest_lines(const Translation& translation, std::int64_t line, bool scores) {
  if (translation.nbest.empty()) return {fmt::format("{} |||  ||| 0", line)};
  std::vector<std::string> lines;
  for (const TranslatedText& candidate : translation.nbest) {
    const Hypothesis& hypothesis = candidate.hypothesis;
    std::string& text = lines.emplace_back();
    text = fmt::format("{} ||| {} ||| {:.6f}", line, candidate.text, hypothesis.score);
    if (!scores) continue;
    text += fmt::format(" ||| {:.6f} ||| {} |||", hypothesis.log_prob, name_of(hypothesis.stop));
    for (const float log_prob : hypothesis.token_log_probs) text += fmt::format(" {:.4f}", log_prob);
  }
  return lines;
}

void translate_stream(Translator& translator, const TranslateFiles& files) {
  const bool lists = files.scores || translator.search_options().nbest > 1;
  const InterruptScope interrupts;
  const std::int64_t total = count_lines(files);
  LineQueue input(files.input, translator.window());
  LineWriter output(files.output);
  std::optional<Progress> progress;
  if (!files.quiet) progress.emplace("translating", "sentences", total);
  std::int64_t done = 0;
  const auto on_progress = [&](std::size_t lines) {
    if (progress) progress->update(done + static_cast<std::int64_t>(lines));
  };
  for (std::vector<std::string> lines = input.take(); !lines.empty(); lines = input.take()) {
    for (const Translation& translation : translator.translate(lines, {input.name(), done + 1}, on_progress)) {
      if (lists) {
        for (const std::string& line : nbest_lines(translation, done, files.scores)) output.write(line);
      } else {
        output.write(translation.text());
      }
      ++done;
    }
    output.flush();
  }
  output.commit();
  if (!progress) return;
  const double seconds = progress->seconds();
  progress.reset();
  report(done, seconds);
}

}  // namespace isthmus::cli
