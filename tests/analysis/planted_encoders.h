// Encoders whose memory is known, and what tests of studies ask of results.
#pragma once

#include <cmath>
#include <string>
#include <vector>

#include "analysis/study.h"
#include "tests/analysis/bench.h"
#include "tests/analysis/measured_rows.h"
#include "tests/catch.h"

namespace isthmus::test {

inline constexpr std::size_t kPlantedWords = 20;

/// Shapes for the encoders below.
inline ModelOptions planted_shape(CellType cell, std::int64_t hidden) {
  ModelOptions options = tiny_options();
  options.cell = cell;
  options.hidden = hidden;
  options.embedding = 8;
  options.context = ContextUse::kEveryStep;
  return options;
}

/// A GRU with a constant update gate ρ and no other way from state to state: h_T = Σ ρ^j·(1 − ρ)·n(x_{T−j}). What is
/// read weighs ρ^j when j more have been read.
inline void plant_decay(Arena<float>& values, const std::string& direction, double rho) {
  const std::string name = "encoder.0." + direction + ".";
  auto input = tensor_named(values, name + "input_weights");
  const Index h = input.rows() / 3;
  input.topRows(2 * h).setZero();
  tensor_named(values, name + "recurrent_weights").setZero();
  tensor_named(values, name + "recurrent_bias").setZero();
  auto bias = tensor_named(values, name + "bias");
  bias.setZero();
  bias.col(0).segment(h, h).setConstant(static_cast<float>(std::log(rho / (1 - rho))));
}

/// A tanh network so small that it is linear, with its recurrent weights given: h_t = U·h_{t−1} + W·x_t. The decoder
/// reads the context with large weights, so that it matters.
inline void plant_linear(Arena<float>& values, const Matrix<float>& recurrent, Index read_into) {
  auto input = tensor_named(values, "encoder.0.forward.input_weights");
  input.bottomRows(input.rows() - read_into).setZero();
  input *= 1e-3f;
  tensor_named(values, "encoder.0.forward.bias").setZero();
  tensor_named(values, "encoder.0.forward.recurrent_weights") = recurrent;
  tensor_named(values, "decoder.0.context_weights") *= 300.f;
}

/// U = I: a sum over all that was read, in whatever order.
inline void plant_bag(Arena<float>& values) {
  const Index h = tensor_named(values, "encoder.0.forward.input_weights").rows();
  plant_linear(values, Matrix<float>::Identity(h, h), h);
}

/// Blocks of states through which what was read is shifted, and then forgotten: the last `blocks` tokens, of which the
/// end of the sentence is one.
inline void plant_shift_register(Arena<float>& values, Index blocks) {
  const Index h = tensor_named(values, "encoder.0.forward.input_weights").rows();
  const Index block = h / blocks;
  Matrix<float> shift = Matrix<float>::Zero(h, h);
  for (Index i = block; i < h; ++i) shift(i, i - block) = 1;
  plant_linear(values, shift, block);
}

/// Lines of exactly so many words.
inline std::vector<std::string> lines_of_length(std::size_t count, std::size_t length, Random random) {
  std::vector<std::string> lines(count);
  for (std::string& line : lines) {
    for (std::size_t i = 0; i < length; ++i) {
      line += fmt::format("{}w{}", i == 0 ? "" : " ", random.below(kPlantedWords));
    }
  }
  return lines;
}

/// A bench whose references are what the model itself makes of the sources.
inline std::unique_ptr<Laboratory> own_translations(std::shared_ptr<const LoadedModel> model,
                                                    const std::vector<std::string>& sources, std::int64_t threads = 1) {
  Laboratory first(model, {.sources = sources, .references = sources}, {});
  SearchOptions search;
  search.beam = 1;
  search.max_length_factor = 0;
  search.max_length_extra = 8;
  LaboratoryText text{.sources = sources};
  for (const Hypothesis& hypothesis : first.translate(first.contexts(), first.source_lengths(), search)) {
    text.references.push_back(first.text_of(hypothesis));
  }
  return std::make_unique<Laboratory>(model, text, LaboratoryOptions{.threads = threads});
}

inline StudyOptions quick_options() {
  StudyOptions options;
  options.resamples = 100;
  return options;
}

}  // namespace isthmus::test
