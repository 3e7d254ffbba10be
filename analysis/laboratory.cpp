#include "analysis/laboratory.h"

#include <fmt/format.h>

#include <algorithm>
#include <functional>
#include <numeric>

#include "analysis/context_step_model.h"
#include "core/error.h"
#include "core/interrupt.h"
#include "core/log.h"
#include "decode/search.h"

namespace isthmus {
namespace {

/// Numbers of the sentences, those of similar length side by side, cut into batches.
std::vector<std::vector<Index>> batches_of(std::size_t count, std::size_t batch,
                                           const std::function<std::size_t(std::size_t)>& length) {
  std::vector<Index> order(count);
  std::iota(order.begin(), order.end(), Index{0});
  std::stable_sort(order.begin(), order.end(), [&](Index a, Index b) {
    return length(static_cast<std::size_t>(a)) > length(static_cast<std::size_t>(b));
  });
  std::vector<std::vector<Index>> batches;
  for (std::size_t begin = 0; begin < count; begin += batch) {
    const auto first = order.begin() + static_cast<std::ptrdiff_t>(begin);
    batches.emplace_back(first, first + static_cast<std::ptrdiff_t>(std::min(batch, count - begin)));
  }
  return batches;
}

/// Copies columns of `from` to the places `to` of another; empty matrices stay empty.
void put_columns(const Matrix<float>& from, const std::vector<Index>& to, Matrix<float>& into) {
  for (std::size_t i = 0; i < to.size() && from.rows() > 0; ++i) into.col(to[i]) = from.col(static_cast<Index>(i));
}

std::vector<Sentence> pick(std::span<const Sentence> sentences, const std::vector<Index>& numbers) {
  std::vector<Sentence> picked;
  for (const Index i : numbers) picked.push_back(sentences[static_cast<std::size_t>(i)]);
  return picked;
}

}  // namespace

Laboratory::Laboratory(std::shared_ptr<const LoadedModel> model, LaboratoryText text, const LaboratoryOptions& options)
    : model_(std::move(model)),
      text_(std::move(text)),
      options_(options),
      threads_(static_cast<std::size_t>(options.threads)),
      scratch_(threads_.size()) {
  // Threads of Eigen's own would get in the way of the pool's, and split sums by their number.
  Eigen::setNbThreads(1);
  if (text_.sources.empty()) throw InputError("a study needs sentences: the source is empty");
  if (text_.references.size() != text_.sources.size()) {
    throw InputError(fmt::format("a study needs as many lines of each: {} and {}",
                                 counted(static_cast<std::int64_t>(text_.sources.size()), "source"),
                                 counted(static_cast<std::int64_t>(text_.references.size()), "reference")));
  }
  const auto pieces = [&](const Tokenizer& tokenizer, const std::vector<std::string>& lines) {
    std::vector<Sentence> sentences;
    for (const std::string& line : lines) {
      sentences.push_back(tokenizer.encode(line, static_cast<std::size_t>(options.max_source_length)));
    }
    return sentences;
  };
  sources_ = pieces(model_->source, text_.sources);
  references_ = pieces(model_->target, text_.references);
}

const Context<float>& Laboratory::contexts() {
  if (!contexts_) contexts_ = encode(sources_);
  return *contexts_;
}

Context<float> Laboratory::encode(std::span<const Sentence> sentences, const Arena<float>& weights) {
  const ModelOptions& shape = network().options();
  const auto count = static_cast<Index>(sentences.size());
  Context<float> contexts;
  contexts.state.hidden.resize(shape.layers * shape.hidden, count);
  contexts.state.memory.resize(shape.cell == CellType::kLstm ? shape.layers * shape.hidden : 0, count);
  if (shape.attention != AttentionType::kNone) contexts.annotations.resize(sentences.size());
  const auto batches = batches_of(sentences.size(), batch(), [&](std::size_t i) { return sentences[i].size(); });
  threads_.run(batches.size(), [&](std::size_t piece, std::size_t worker) {
    if (interrupted()) throw Interrupted();
    const std::vector<Index>& numbers = batches[piece];
    const Context<float> part =
        network().encode(weights, network().pack_source(pick(sentences, numbers)), scratch_[worker]);
    put_columns(part.state.hidden, numbers, contexts.state.hidden);
    put_columns(part.state.memory, numbers, contexts.state.memory);
    for (std::size_t i = 0; i < part.annotations.size(); ++i) {
      contexts.annotations[static_cast<std::size_t>(numbers[i])] = part.annotations[i];
    }
  });
  return contexts;
}

std::vector<TokenLosses> Laboratory::losses(const Context<float>& contexts, std::span<const Sentence> targets) {
  std::vector<TokenLosses> losses(targets.size());
  const auto batches = batches_of(targets.size(), batch(), [&](std::size_t i) { return targets[i].size(); });
  threads_.run(batches.size(), [&](std::size_t piece, std::size_t worker) {
    if (interrupted()) throw Interrupted();
    const std::vector<Index>& numbers = batches[piece];
    const TokenGrid grid = network().pack_target(pick(targets, numbers));
    Scratch<float>& scratch = scratch_[worker];
    network().score(values(), select(contexts, std::span<const Index>(numbers)), grid, scratch);
    for (Index b = 0; b < grid.packing.sentences(); ++b) {
      const Index number = numbers[static_cast<std::size_t>(grid.sentence[static_cast<std::size_t>(b)])];
      TokenLosses& of = losses[static_cast<std::size_t>(number)];
      for (Index t = 0; t < grid.packing.length(b); ++t) {
        of.push_back(-scratch.token_log_probs(grid.packing.offset[static_cast<std::size_t>(t)] + b));
      }
    }
  });
  return losses;
}

const std::vector<TokenLosses>& Laboratory::losses() {
  if (!losses_) losses_ = losses(contexts(), references_);
  return *losses_;
}

std::vector<Hypothesis> Laboratory::translate(const Context<float>& contexts,
                                              std::span<const std::size_t> source_lengths,
                                              const SearchOptions& search_options) {
  SearchOptions options = search_options;
  options.nbest = 1;
  std::vector<Hypothesis> found(source_lengths.size());
  const auto batches = batches_of(source_lengths.size(), batch(), [&](std::size_t i) { return source_lengths[i]; });
  threads_.run(batches.size(), [&](std::size_t piece, std::size_t) {
    if (interrupted()) throw Interrupted();
    const std::vector<Index>& numbers = batches[piece];
    std::vector<Sentence> sources;
    for (const Index i : numbers) {
      Sentence& source = sources.emplace_back(std::max<std::size_t>(1, source_lengths[static_cast<std::size_t>(i)]));
      source.front() = static_cast<TokenId>(i);
    }
    ContextStepModel step_model(network(), model_->weights, contexts);
    std::vector<NBest> best = search(step_model, sources, options);
    for (std::size_t i = 0; i < numbers.size(); ++i) {
      found[static_cast<std::size_t>(numbers[i])] = std::move(best[i].front());
    }
  });
  return found;
}

std::vector<std::size_t> Laboratory::source_lengths() const {
  std::vector<std::size_t> lengths;
  for (const Sentence& source : sources_) lengths.push_back(source.size());
  return lengths;
}

void Laboratory::begin(const std::string& task, std::int64_t steps) {
  end();
  done_ = 0;
  if (steps == 0) return set_status_line(task + " …");
  progress_.emplace(task, "steps", steps);
  progress_->update(0);
}

void Laboratory::end() {
  progress_.reset();
  set_status_line("");
}

void Laboratory::advance(std::int64_t steps) {
  if (interrupted()) throw Interrupted();
  done_ += steps;
  if (progress_) progress_->update(done_);
}

Matrix<float> vectors_of(const Context<float>& contexts) {
  const Matrix<float>& hidden = contexts.state.hidden;
  const Matrix<float>& memory = contexts.state.memory;
  Matrix<float> vectors(hidden.rows() + memory.rows(), hidden.cols());
  vectors.topRows(hidden.rows()) = hidden;
  vectors.bottomRows(memory.rows()) = memory;
  return vectors;
}

Context<float> with_vectors(const Context<float>& like, const Matrix<float>& vectors) {
  Context<float> contexts = like;
  contexts.state.hidden = vectors.topRows(like.state.hidden.rows());
  contexts.state.memory = vectors.bottomRows(like.state.memory.rows());
  return contexts;
}

Context<float> mean_context(const Context<float>& contexts) {
  const Matrix<float> vectors = vectors_of(contexts);
  const Vector<float> mean = vectors.cast<double>().rowwise().mean().cast<float>();
  return with_vectors(contexts, mean.replicate(1, vectors.cols()));
}

}  // namespace isthmus
