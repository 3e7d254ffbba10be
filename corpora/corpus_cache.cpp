#include "corpora/corpus_cache.h"

#include <fmt/format.h>

#include <chrono>
#include <filesystem>
#include <fstream>
#include <optional>

#include "core/error.h"
#include "core/log.h"
#include "core/progress.h"
#include "corpora/corpus_format.h"
#include "corpora/corpus_writer.h"

namespace isthmus {
namespace {

double megabytes(const std::string& path) {
  std::error_code ignored;
  return static_cast<double>(std::filesystem::file_size(path, ignored)) / 1e6;
}

/// The corpus that is there, if it serves.
std::optional<EncodedCorpus> reusable(const std::string& path, const CorpusRecipe& recipe) {
  if (!std::filesystem::exists(path)) return std::nullopt;
  try {
    EncodedCorpus corpus(path);
    const std::string why_not = difference(corpus.recipe(), recipe);
    if (why_not.empty()) return corpus;
    log_info("{} {}; it is made anew", path, why_not);
  } catch (const InputError& error) {
    log_warning("{}; it is made anew", error.what());
  }
  return std::nullopt;
}

void encode(const std::string& path, const CorpusRequest& request, const CorpusRecipe& recipe, ThreadPool& threads) {
  CorpusWriter writer(path, recipe);
  std::uint64_t written = 0;
  PairEncoder encoder(request.tokenizers, request.limits, threads, [&](const EncodedPair& pair) {
    writer.add(pair);
    ++written;
  });
  TextHasher hasher;
  Progress progress("encoding", "pairs", static_cast<std::int64_t>(request.identity.pairs));
  request.text.read([&](std::string_view source, std::string_view target) {
    hasher.add(source, target);
    encoder.add(source, target);
    progress.update(static_cast<std::int64_t>(encoder.counts().lines));
  });
  encoder.finish();
  if (hasher.identity() != request.identity) {
    throw InputError::in_file(request.text.name(), "changed while it was read", "run again when it is complete");
  }
  const EncodingCounts& counts = encoder.counts();
  if (written == 0) {
    throw InputError::in_file(request.text.name(),
                              fmt::format("none of its {} pairs can be trained on ({} with an empty side, {} too long)",
                                          counts.lines, counts.skipped_empty, counts.skipped_long),
                              "look at the text with isthmus corpus check, or raise --max-length");
  }
  writer.commit(counts);
}

}  // namespace

EncodedCorpus open_or_encode(const std::string& path, const CorpusRequest& request, ThreadPool& threads) {
  const CorpusRecipe recipe = recipe_of(request.identity, request.tokenizers, request.limits, request.keeps_lines);
  const auto start = std::chrono::steady_clock::now();
  const auto seconds = [&] { return std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count(); };
  if (std::optional<EncodedCorpus> corpus = reusable(path, recipe)) {
    log_info("reusing {}: {} of {:.1f} MB, checked in {:.1f} s", path,
             counted(static_cast<std::int64_t>(corpus->pairs()), "encoded pair"), megabytes(path), seconds());
    return std::move(*corpus);
  }
  encode(path, request, recipe, threads);
  EncodedCorpus corpus(path);
  log_info("encoded {} in {:.1f} s: {}, {:.1f} MB", counted(static_cast<std::int64_t>(recipe.text.pairs), "pair"),
           seconds(), path, megabytes(path));
  return corpus;
}

bool is_corpus_file(const std::string& path) {
  std::error_code ignored;
  if (!std::filesystem::is_regular_file(path, ignored)) return false;
  std::ifstream file(path, std::ios::binary);
  std::string start(corpus_format::kMark.size(), '\0');
  file.read(start.data(), std::ssize(start));
  return file.gcount() == 0 || start == corpus_format::kMark;
}

}  // namespace isthmus
