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

/// What the workers share: the sentences that are not empty, longest first, so that those that are searched together
/// are alike and the last ones are short.
class Work {
 public:
  Work(std::vector<SearchRequest> requests, const Tokenizer& target, std::vector<Translation>& translations)
      : requests_(std::move(requests)), target_(target), translations_(translations) {
    std::stable_sort(requests_.begin(), requests_.end(),
                     [](const SearchRequest& a, const SearchRequest& b) { return a.source.size() > b.source.size(); });
    done_ = translations.size() - requests_.size();
  }

  std::size_t size() const { return requests_.size(); }
  std::size_t done() const { return done_; }

  std::vector<SearchRequest> take(std::size_t most) {
    const std::size_t begin = std::min(next_.fetch_add(most), requests_.size());
    const std::size_t end = std::min(begin + most, requests_.size());
    return {std::make_move_iterator(requests_.begin() + static_cast<std::ptrdiff_t>(begin)),
            std::make_move_iterator(requests_.begin() + static_cast<std::ptrdiff_t>(end))};
  }
  void put(std::size_t line, NBest found) {
    for (Hypothesis& hypothesis : found) {
      std::string text = target_.decode(hypothesis.tokens);
      translations_[line].nbest.push_back({std::move(text), std::move(hypothesis)});
    }
    ++done_;
  }

 private:
  std::vector<SearchRequest> requests_;
  const Tokenizer& target_;
  std::vector<Translation>& translations_;
  std::atomic<std::size_t> next_ = 0;
  std::atomic<std::size_t> done_ = 0;
};

/// A worker's door to it.
class WorkQueue : public SearchQueue {
 public:
  WorkQueue(Work& work, std::function<void()> on_put) : work_(work), on_put_(std::move(on_put)) {}

  std::vector<SearchRequest> take(std::size_t most) override { return work_.take(most); }
  void put(std::size_t line, NBest found) override {
    work_.put(line, std::move(found));
    if (on_put_) on_put_();
  }
  bool cancelled() const override { return interrupted(); }

 private:
  Work& work_;
  std::function<void()> on_put_;
};

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
  if (options_.align && !model_.attends) {
    throw UsageError("--alignment needs a model that looks back at its source; train one with --attention");
  }
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
                                               const OnProgress& on_progress, std::span<const std::string> prefixes) {
  std::vector<Translation> translations(lines.size());
  std::vector<SearchRequest> requests = encode(lines, origin, prefixes);
  std::vector<Sentence> sources(options_.align ? lines.size() : 0);
  if (options_.align) {
    for (const SearchRequest& request : requests) sources[request.number] = request.source;
  }
  Work work(std::move(requests), model_.target, translations);
  const std::size_t workers = std::min(threads_.size(), work.size());
  const std::size_t share = workers == 0 ? 0 : (work.size() + workers - 1) / workers;
  const std::size_t together = std::min(static_cast<std::size_t>(options_.batch), share);
  threads_.run(workers, [&](std::size_t, std::size_t worker) {
    const bool reports = on_progress && worker == 0;
    WorkQueue queue(work, reports ? [&] { on_progress(work.done()); } : std::function<void()>());
    search(step_model(worker), queue, together, search_);
  });
  if (options_.align) align_all(sources, translations);
  if (interrupted()) throw Interrupted();
  if (on_progress) on_progress(work.done());
  warn_of_dead_ends(translations, origin);
  return translations;
}

StepModel& Translator::step_model(std::size_t worker) {
  std::unique_ptr<StepModel>& model = step_models_[worker];
  if (!model) model = model_.new_step_model();
  return *model;
}

void Translator::align_all(std::span<const Sentence> sources, std::vector<Translation>& translations) {
  struct Place {
    std::size_t line;
    TranslatedText* text;
  };
  std::vector<Place> places;
  for (std::size_t i = 0; i < translations.size(); ++i) {
    for (TranslatedText& text : translations[i].nbest) places.push_back({i, &text});
  }
  const auto batch = static_cast<std::size_t>(options_.batch);
  threads_.run((places.size() + batch - 1) / batch, [&](std::size_t piece, std::size_t worker) {
    if (interrupted()) return;
    const auto some = std::span(places).subspan(piece * batch, std::min(batch, places.size() - piece * batch));
    std::vector<Sentence> of;
    std::vector<Sentence> targets;
    for (const Place& place : some) {
      of.push_back(sources[place.line]);
      targets.push_back(place.text->hypothesis.tokens);
    }
    std::vector<Alignment> alignments = align(step_model(worker), of, targets);
    for (std::size_t i = 0; i < some.size(); ++i) some[i].text->alignment = std::move(alignments[i]);
  });
}

std::vector<SearchRequest> Translator::encode(std::span<const std::string> lines, const LineOrigin& origin,
                                              std::span<const std::string> prefixes) const {
  std::vector<SearchRequest> requests;
  const auto limit = static_cast<std::size_t>(options_.max_source_length);
  const Random random(static_cast<std::uint64_t>(search_.seed));
  for (std::size_t i = 0; i < lines.size(); ++i) {
    if (is_blank(lines[i])) continue;
    const std::int64_t line = origin.first_line + static_cast<std::int64_t>(i);
    Sentence source = model_.source.encode(lines[i]);
    if (source.size() > limit) {
      log_warning("{}:{}: {} pieces; only the first {} are translated (--max-source-length)", origin.name, line,
                  source.size(), limit);
      source.resize(limit);
    }
    if (source.empty()) continue;
    requests.push_back(
        {.number = i, .source = std::move(source), .random = random.split(static_cast<std::uint64_t>(line))});
    if (prefixes.empty()) continue;
    Sentence& prefix = requests.back().prefix;
    prefix = model_.target.encode(prefixes[i]);
    if (std::find(prefix.begin(), prefix.end(), kUnknown) != prefix.end()) {
      log_warning("{}:{}: its prefix has characters that the model does not know; they come out as \u2047", origin.name,
                  line);
    }
  }
  return requests;
}

}  // namespace isthmus
