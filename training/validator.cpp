#include "training/validator.h"

#include <algorithm>
#include <chrono>

#include "core/error.h"
#include "core/log.h"
#include "decode/seq2seq_step_model.h"
#include "decode/translator.h"
#include "evaluation/chrf.h"

namespace isthmus {
namespace {

/// Bytes of a line that is translated in validation. Metrics take time and memory by their references, and no sentence
/// is longer.
constexpr std::size_t kLongestLine = std::size_t{16} << 10;

}  // namespace

TokenPairs held_out_pairs(const ParallelText& text, const TokenizerPair& tokenizers, const EncodingLimits& limits,
                          ThreadPool& threads) {
  TokenPairs pairs = encode_pairs(text, tokenizers, limits, threads);
  if (pairs.size() == 0) {
    throw InputError::in_file(text.source_name, "has no pair to validate on",
                              "give held-out text whose lines are not empty and not longer than --max-length");
  }
  return pairs;
}

Validator::Validator(const Seq2Seq<float>& model, const TokenizerPair& tokenizers, const HeldOutText& held_out,
                     const ValidationOptions& options, ThreadPool& threads, Communicator& world)
    : model_(model),
      tokenizers_(tokenizers),
      source_name_(held_out.text.source_name),
      bleu_{.tokenize = options.tokenize},
      threads_(static_cast<std::int64_t>(threads.size())),
      world_(world) {
  const ParallelText& text = held_out.text;
  const TokenPairs pairs = held_out_pairs(text, tokenizers, held_out.encoding, threads);
  for (const BatchIndices& batch : make_batches(pairs, held_out.batches, Random())) {
    batches_.push_back(gather(pairs, batch));
  }
  const std::size_t count =
      options.sentences > 0 ? std::min(text.size(), static_cast<std::size_t>(options.sentences)) : text.size();
  for (std::size_t i = 0; i < count; ++i) {
    if (std::max(text.source[i].size(), text.target[i].size()) > kLongestLine) {
      log_warning("{}:{}: this pair has a line of over {} kB; it is not translated", text.source_name, i + 1,
                  kLongestLine >> 10);
      continue;
    }
    sources_.push_back(text.source[i]);
    references_.push_back(text.target[i]);
  }
  if (sources_.empty()) {
    throw InputError::in_file(text.source_name, "has no line that is short enough to be translated",
                              "give held-out text that is sentences");
  }
}

std::vector<std::string> Validator::translations(const Arena<float>& values) const {
  const DecodingWeights<float> weights = model_.decoding_weights(values);
  SearchOptions search;
  search.beam = 1;
  TranslateOptions options;
  options.batch = 64;
  options.threads = threads_;
  Translator translator(
      {tokenizers_.source, tokenizers_.target, [&] { return std::make_unique<Seq2SeqStepModel>(model_, weights); }},
      search, options);
  const std::size_t begin = sources_.size() * world_.rank() / world_.size();
  const std::size_t end = sources_.size() * (world_.rank() + 1) / world_.size();
  const LineOrigin origin{.name = source_name_, .first_line = static_cast<std::int64_t>(begin) + 1};
  std::string own;
  bool stopped = false;
  try {
    for (const Translation& translation :
         translator.translate(std::span(sources_).subspan(begin, end - begin), origin)) {
      own.append(translation.text()).push_back('\n');
    }
  } catch (const Interrupted&) {
    stopped = true;
  }
  if (world_.any(stopped)) throw Interrupted();
  std::string all;
  for (const std::string& part : world_.gather(own)) all += part;
  world_.broadcast(all);
  std::vector<std::string> lines;
  for (std::size_t first = 0; first < all.size();) {
    const std::size_t newline = all.find('\n', first);
    lines.push_back(all.substr(first, newline - first));
    first = newline + 1;
  }
  return lines;
}

ValidationReport Validator::validate(const Arena<float>& values, std::int64_t update, GradientWorkers& workers) const {
  const auto start = std::chrono::steady_clock::now();
  ValidationReport report;
  report.update = update;
  const LossSum sum = workers.evaluate(values, batches_);
  report.scores.push_back({"loss", "", sum.nll / static_cast<double>(sum.tokens)});

  const std::vector<std::string> hypotheses = translations(values);
  std::vector<References> references;
  for (const std::string& reference : references_) references.push_back({reference});
  const BleuScore bleu = corpus_bleu(hypotheses, references, bleu_);
  report.scores.push_back({"bleu", bleu_signature(bleu_, "1"), bleu.score});
  report.scores.push_back({"chrf", chrf_signature({}, "1"), corpus_chrf(hypotheses, references)});
  report.length_ratio = bleu.length_ratio();
  const std::size_t shown = Random(static_cast<std::uint64_t>(update)).below(sources_.size());
  report.sample = {sources_[shown], references_[shown], hypotheses[shown]};
  report.seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
  return report;
}

}  // namespace isthmus
