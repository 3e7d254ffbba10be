#include "cli/context_bench.h"

#include <fmt/format.h>

#include <numeric>

#include "core/error.h"
#include "core/log.h"
#include "core/threads.h"

namespace isthmus::cli {
namespace {

LaboratoryText text_of(std::vector<std::string> lines) {
  LaboratoryText text{.sources = std::move(lines)};
  text.references.resize(text.sources.size());
  return text;
}

void warn_of_long_lines(const LoadedModel& model, const std::vector<std::string>& lines, const std::string& origin,
                        std::int64_t most) {
  for (std::size_t i = 0; i < lines.size(); ++i) {
    const std::size_t pieces = model.source.encode(lines[i], static_cast<std::size_t>(most) + 1).size();
    if (pieces <= static_cast<std::size_t>(most)) continue;
    log_warning("{}:{}: only the first {} pieces are read (--max-source-length)", origin, i + 1, most);
  }
}

}  // namespace

void describe(OptionVisitor& visit, ContextOptions& options) {
  describe(visit, options.search);
  describe(visit, options.translate);
}

bool parse_action(CommandLine& line, Arguments arguments, ContextOptions& options, std::string& model) {
  std::vector<std::string> models;
  line.add(options);
  line.positional("MODEL", models, 1, 1);
  if (!line.parse(arguments)) return false;
  check(options.search);
  if (options.search.nbest > 1) throw UsageError("--nbest: only the best translation from a context is shown");
  if (options.translate.threads == 0) options.translate.threads = static_cast<std::int64_t>(available_processors());
  model = models[0];
  return true;
}

ContextBench::ContextBench(std::shared_ptr<const LoadedModel> model, std::vector<std::string> lines,
                           const std::string& origin, const ContextOptions& options)
    : laboratory_(model, text_of(std::move(lines)),
                  {.threads = options.translate.threads,
                   .batch = options.translate.batch,
                   .max_source_length = options.translate.max_source_length}),
      search_(options.search) {
  warn_of_long_lines(*model, laboratory_.source_lines(), origin, options.translate.max_source_length);
}

std::vector<std::string> ContextBench::translate(const Matrix<float>& vectors) {
  std::vector<Index> own(laboratory_.size());
  std::iota(own.begin(), own.end(), Index{0});
  return translate(vectors, own);
}

std::vector<Hypothesis> ContextBench::search(const Matrix<float>& vectors, const std::vector<Index>& of) {
  std::vector<std::size_t> lengths;
  for (const Index i : of) lengths.push_back(laboratory_.sources()[static_cast<std::size_t>(i)].size());
  const Context<float> like = select(contexts(), std::span<const Index>(of));
  return laboratory_.translate(with_vectors(like, vectors), lengths, search_);
}

std::vector<std::string> ContextBench::translate(const Matrix<float>& vectors, const std::vector<Index>& of) {
  const std::vector<Hypothesis> found = search(vectors, of);
  std::vector<std::string> texts;
  for (std::size_t i = 0; i < found.size(); ++i) {
    const bool blank = laboratory_.sources()[static_cast<std::size_t>(of[i])].empty();
    texts.push_back(blank ? std::string() : laboratory_.text_of(found[i]));
  }
  return texts;
}

void require_text(const Tokenizer& tokenizer, const std::string& option, const std::string& text) {
  if (tokenizer.encode(text).empty()) throw UsageError(fmt::format("--{} is missing: give it a sentence", option));
}

}  // namespace isthmus::cli
