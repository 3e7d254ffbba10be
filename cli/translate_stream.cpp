#include "cli/translate_stream.h"

#include <fmt/format.h>

#include <algorithm>
#include <numeric>
#include <optional>
#include <string>

#include "cli/line_queue.h"
#include "cli/translate_shares.h"
#include "core/error.h"
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

/// A line for which nothing was translated has none.
std::string alignment_field(const TranslatedText* candidate, AlignmentFormat format) {
  if (format == AlignmentFormat::kNone) return {};
  return " ||| " + (candidate == nullptr ? std::string() : alignment_text(candidate->alignment, format));
}

/// The translations of a portion, as whole lines.
std::string output_of(Translator& translator, const Portion& portion, const TranslateFiles& files,
                      const Translator::OnProgress& on_progress = {}) {
  const bool lists = files.scores || translator.search_options().nbest > 1;
  std::int64_t line = portion.origin.first_line - 1;
  std::string output;
  for (const Translation& translation :
       translator.translate(portion.lines, portion.origin, on_progress, portion.prefixes)) {
    if (lists) {
      for (const std::string& text : nbest_lines(translation, line, files.scores, files.alignment)) {
        output.append(text).push_back('\n');
      }
    } else {
      output.append(translation.text());
      const TranslatedText* best = translation.nbest.empty() ? nullptr : &translation.nbest[0];
      output.append(alignment_field(best, files.alignment)).push_back('\n');
    }
    ++line;
  }
  return output;
}

/// What translations are to begin with, read beside the input.
class Prefixes {
 public:
  explicit Prefixes(const std::string& path) {
    if (!path.empty()) reader_.emplace(path);
  }

  /// Those of the next lines of the input; none if no file was given.
  std::vector<std::string> take(std::size_t lines, const std::string& input) {
    std::vector<std::string> prefixes;
    if (!reader_) return prefixes;
    prefixes.resize(lines);
    for (std::string& prefix : prefixes) {
      if (!reader_->next(prefix)) throw unlike(input, "more");
    }
    return prefixes;
  }
  /// After the last line of the input.
  void require_end(const std::string& input) {
    const std::int64_t lines = reader_ ? reader_->line_number() : 0;
    if (std::string line; reader_ && reader_->next(line)) throw unlike(input, std::to_string(lines));
  }

 private:
  InputError unlike(const std::string& input, const std::string& lines) const {
    return InputError::in_file(reader_->name(),
                               fmt::format("{} where {} has {}", counted(reader_->line_number(), "line"), input, lines),
                               "give a line for each, an empty one where nothing is given");
  }

  std::optional<LineReader> reader_;
};

/// On rank 0.
void translate_and_hand_out(Translator& translator, const TranslateFiles& files,
                            const std::vector<std::string>& windows, Communicator& world) {
  std::vector<std::size_t> shares;
  for (const std::string& window : windows) shares.push_back(std::stoull(window));
  const InterruptScope interrupts;
  const std::int64_t total = count_lines(files);
  LineQueue input(files.input, std::accumulate(shares.begin(), shares.end(), std::size_t{0}));
  Prefixes prefixes(files.prefix);
  LineWriter output(files.output);
  std::optional<Progress> progress;
  if (!files.quiet) progress.emplace("translating", "sentences", total);
  std::int64_t done = 0;
  for (std::vector<std::string> lines = input.take(); !lines.empty(); lines = input.take()) {
    const std::size_t taken = lines.size();
    std::vector<std::string> beginnings = prefixes.take(taken, input.name());
    const std::vector<Portion> portions =
        cut({{input.name(), done + 1}, std::move(lines), std::move(beginnings)}, shares);
    std::vector<std::string> messages(1);
    for (std::size_t rank = 1; rank < portions.size(); ++rank) messages.push_back(to_message(portions[rank]));
    world.scatter(messages);
    const auto on_progress = [&](std::size_t own) {
      // The others are about as far.
      if (progress) progress->update(done + static_cast<std::int64_t>(own * taken / portions[0].lines.size()));
    };
    const std::string own = output_of(translator, portions[0], files, on_progress);
    for (const std::string& part : world.gather(own)) output.write_bytes(part);
    output.flush();
    done += static_cast<std::int64_t>(taken);
  }
  world.scatter(std::vector<std::string>(world.size()));  // no more
  prefixes.require_end(input.name());
  output.commit();
  if (!progress) return;
  const double seconds = progress->seconds();
  progress.reset();
  report(done, seconds);
}

/// On the others.
void translate_what_comes(Translator& translator, const TranslateFiles& files, Communicator& world) {
  for (std::string message = world.scatter({}); !message.empty(); message = world.scatter({})) {
    world.gather(output_of(translator, from_message(message), files));
  }
}

}  // namespace

void describe(OptionVisitor& visit, TranslateFiles& files) {
  visit.group("Files");
  visit("input", files.input, "text to translate, a sentence a line; - is standard input");
  visit("output", files.output, "where the translations go; - is standard output");
  visit(
      "prefix", files.prefix,
      "what the translations are to begin with, line by line, in words that the model knows; an empty line leaves its "
      "translation free");
  visit("scores", files.scores, "write LINE ||| TEXT ||| SCORE ||| LOG-PROB ||| STOP ||| PIECE LOG-PROBS");
  visit("alignment", files.alignment,
        "for models that attend, write behind each translation which pieces of the source its pieces looked at: hard, "
        "SOURCE-TARGET pairs that count from 0, or soft, the weights");
  visit("quiet", files.quiet, "no progress and no speed on standard error");
}

std::vector<std::string> nbest_lines(const Translation& translation, std::int64_t line, bool scores,
                                     AlignmentFormat alignment) {
  if (translation.nbest.empty()) return {fmt::format("{} |||  ||| 0", line) + alignment_field(nullptr, alignment)};
  std::vector<std::string> lines;
  for (const TranslatedText& candidate : translation.nbest) {
    const Hypothesis& hypothesis = candidate.hypothesis;
    std::string& text = lines.emplace_back();
    text = fmt::format("{} ||| {} ||| {:.6f}", line, candidate.text, hypothesis.score);
    if (scores) {
      text += fmt::format(" ||| {:.6f} ||| {} |||", hypothesis.log_prob, name_of(hypothesis.stop));
      for (const float log_prob : hypothesis.token_log_probs) text += fmt::format(" {:.4f}", log_prob);
    }
    text += alignment_field(&candidate, alignment);
  }
  return lines;
}

void translate_stream(Translator& translator, const TranslateFiles& files, Communicator& world) {
  const std::vector<std::string> windows = world.gather(std::to_string(translator.window()));
  if (world.leads()) {
    translate_and_hand_out(translator, files, windows, world);
  } else {
    translate_what_comes(translator, files, world);
  }
}

}  // namespace isthmus::cli
