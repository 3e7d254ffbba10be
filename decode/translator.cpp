#include "decode/translator.h"

#include <algorithm>
#include <atomic>
#include <utility>

#include "core/error.h"
#include "core/interrupt.h"
#include "core/log.h"
#include "decode/search.h"

namespace isthmus {
namespace {

// Enough batches that sorting by length pays and no thread waits long for the last.
constexpr std::size_t kBatchesPerThread = 16;

std::size_t thread_count(const TranslateOptions& options) {
  return options.threads > 0 ? static_cast<std::size_t>(options.threads) : available_processors();
}

bool is_blank(std::string_view line) { return line.find_first_not_of(" \t\r\v\f") == std::string_view::npos; }

/// Sentences that are not empty, longest first, so that a batch wastes little and the last ones are short.
std::vector<std::size_t> by_length(const std::vector<Sentence>& sources) {
  std::vector<std::size_t> order;
  for (std::size_t i = 0; i < sources.size(); ++i) {
    if (!sources[i].empty()) order.push_back(i);
  }
  std::stable_sort(order.begin(), order.end(),
                   [&](std::size_t a, std::size_t b) { return sources[a].size() > sources[b].size(); });
  return order;
}

void warn_of_dead_ends(const std::vector<Translation>& translations, const LineOrigin& origin) {
  std::int64_t line = origin.first_line;
  for (const Translation& translation : translations) {
    if (!translation.nbest.empty() && translation.nbest[0].hypothesis.stop == StopReason::kDeadEnd) {
      log_warning("{}:{}: the model gives no token a probability; its weights may be damaged", origin.name, line);
      return;
    }
    ++line;
  }
}

}  // namespace

Translator::Translator(TranslationModel model, const SearchOptions& search, const TranslateOptions& options)
    : model_(std::move(model)), search_(search), options_(options), threads_(thread_count(options)) {
  check(search_);
  step_models_.resize(threads_.size());
}

Translator::~Translator() = default;

void Translator::set_search_options(const SearchOptions& search) {
  check(search);
  search_ = search;
}

std::size_t Translator::window() const {
  return static_cast<std::size_t>(options_.batch) * threads_.size() * kBatchesPerThread;
}

std::vector<Translation> Translator::translate(std::span<const std::string> lines, const LineOrigin& origin,
                                               const OnProgress& on_progress) {
  const std::vector<Sentence> sources = encode(lines, origin);
  const std::vector<std::size_t> order = by_length(sources);
  std::vector<Translation> translations(lines.size());
  const auto batch_size = static_cast<std::size_t>(options_.batch);
  std::atomic<std::size_t> done = lines.size() - order.size();
  threads_.run((order.size() + batch_size - 1) / batch_size, [&](std::size_t piece, std::size_t worker) {
    if (interrupted()) return;
    const std::size_t begin = piece * batch_size;
    const std::span batch = std::span(order).subspan(begin, std::min(batch_size, order.size() - begin));
    translate_batch(batch, sources, worker, translations);
    done += batch.size();
    if (on_progress && worker == 0) on_progress(done);
  });
  if (interrupted()) throw Interrupted();
  warn_of_dead_ends(translations, origin);
  return translations;
}

std::vector<Sentence> Translator::encode(std::span<const std::string> lines, const LineOrigin& origin) {
  std::vector<Sentence> sources(lines.size());
  const auto limit = static_cast<std::size_t>(options_.max_source_length);
  for (std::size_t i = 0; i < lines.size(); ++i) {
    if (is_blank(lines[i])) continue;
    sources[i] = model_.source.encode(lines[i]);
    if (sources[i].size() > limit) {
      log_warning("{}:{}: {} pieces; only the first {} are translated (--max-source-length)", origin.name,
                  origin.first_line + static_cast<std::int64_t>(i), sources[i].size(), limit);
      sources[i].resize(limit);
    }
  }
  return sources;
}

void Translator::translate_batch(std::span<const std::size_t> batch, const std::vector<Sentence>& sources,
                                 std::size_t worker, std::vector<Translation>& translations) {
  std::unique_ptr<StepModel>& step_model = step_models_[worker];
  if (!step_model) step_model = model_.new_step_model();
  std::vector<Sentence> packed;
  packed.reserve(batch.size());
  for (const std::size_t line : batch) packed.push_back(sources[line]);
  std::vector<NBest> found = search(*step_model, packed, search_);
  for (std::size_t i = 0; i < batch.size(); ++i) {
    for (Hypothesis& hypothesis : found[i]) {
      std::string text = model_.target.decode(hypothesis.tokens);
      translations[batch[i]].nbest.push_back({std::move(text), std::move(hypothesis)});
    }
  }
}

}  // namespace isthmus
