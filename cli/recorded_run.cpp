#include "cli/recorded_run.h"

#include <fmt/format.h>

#include <exception>
#include <filesystem>

#include "core/error.h"
#include "core/process_info.h"

namespace isthmus::cli {
namespace {

/// "data/test.de.gz" without its folder and the ending of its compression.
std::filesystem::path plain_name(const std::string& path) {
  std::filesystem::path name = std::filesystem::path(path).filename();
  for (const char* compression : {".gz", ".xz", ".zst", ".bz2"}) {
    if (name.extension() == compression) name.replace_extension();
  }
  return name;
}

/// "de" of "test.de"; empty without an ending.
std::string language_of(const std::string& path) {
  const std::string ending = plain_name(path).extension().string();
  return ending.empty() ? "" : ending.substr(1);
}

void add_line(std::vector<HypothesisRow>& rows, std::int64_t line, const Translation& translation) {
  if (translation.nbest.empty()) {
    rows.push_back({.line = line});
    return;
  }
  std::int64_t rank = 0;
  for (const TranslatedText& candidate : translation.nbest) {
    rows.push_back({.line = line,
                    .rank = ++rank,
                    .text = candidate.text,
                    .log_prob = candidate.hypothesis.log_prob,
                    .score = candidate.hypothesis.score,
                    .tokens = static_cast<std::int64_t>(candidate.hypothesis.token_log_probs.size()),
                    .stop_reason = std::string(name_of(candidate.hypothesis.stop))});
  }
}

std::int64_t count_truncated(const Translator& translator, std::span<const std::string> sources) {
  std::int64_t truncated = 0;
  for (const std::string& source : sources) {
    const auto pieces = static_cast<std::int64_t>(translator.model().source.encode(source).size());
    truncated += pieces > translator.translate_options().max_source_length;
  }
  return truncated;
}

}  // namespace

void record_run(Ledger& ledger, RunRecord run, const std::function<void(RunId)>& work) {
  run.version = ISTHMUS_VERSION;
  run.build_json = build_json();
  const RunId id = ledger.begin_run(run);
  const auto end = [&](std::string reason) {
    ledger.end_run(id, {.reason = std::move(reason), .peak_memory_bytes = peak_memory()});
  };
  try {
    work(id);
  } catch (const Interrupted&) {
    end("interrupted");
    throw;
  } catch (const std::exception& error) {
    end(fmt::format("error: {}", error.what()));
    throw;
  }
  end("finished");
}

CorpusRow test_corpus(const std::string& source_path, const std::string& reference_path) {
  return {.name = std::filesystem::path(source_path.empty() ? reference_path : source_path).filename().string(),
          .split = "test",
          .source_language = language_of(source_path),
          .target_language = language_of(reference_path)};
}

DecodeIds write_decode(Ledger& ledger, RunId run, const Translator& translator, const DecodedCorpus& decoded) {
  std::vector<HypothesisRow> rows;
  std::int64_t line = 0;
  std::int64_t empty = 0;
  for (const Translation& translation : decoded.translation.translations) {
    add_line(rows, ++line, translation);
    empty += translation.text().empty();
  }
  const SearchOptions& search = translator.search_options();
  DecodeIds ids;
  ledger.transaction([&] {
    ids.corpus = ledger.add_corpus(run, test_corpus(decoded.source_path, decoded.reference_path), "test",
                                   decoded.sources, decoded.references);
    ids.checkpoint = record_model(ledger, run, decoded.model);
    ids.decode = ledger.add(DecodeRow{.run = run,
                                      .checkpoint = ids.checkpoint,
                                      .corpus = ids.corpus,
                                      .method = search.beam == 1 ? "greedy" : "beam",
                                      .beam = search.beam,
                                      .length_penalty = search.length_penalty,
                                      .options_json = to_json(search),
                                      .seconds = decoded.translation.seconds,
                                      .truncated = count_truncated(translator, decoded.sources),
                                      .empty = empty},
                            rows);
  });
  return ids;
}

}  // namespace isthmus::cli
