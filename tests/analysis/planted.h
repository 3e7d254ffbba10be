// Models that hear only some units of their context, and the texts that they would write themselves.
#pragma once

#include <vector>

#include "analysis/study.h"
#include "tests/analysis/bench.h"
#include "tests/analysis/findings.h"

namespace isthmus::test {

/// Words that the state decides, and surely; pieces that are no words never come, so that what is written is what is
/// read again.
inline void plant_sure_words(Arena<float>& values) {
  tensor_named(values, "output.weights") *= 4;
  tensor_named(values, "output.bias").setZero();
  for (const TokenId special : {kUnknown, kBegin}) tensor_named(values, "output.bias")(special, 0) = -1000;
}

/// An LSTM whose decoder begins from a bridge that lets only these units of the context through, hidden states first:
/// one layer of `hidden` units, so memory begins at `hidden`.
inline std::shared_ptr<const LoadedModel> hearing_model(const std::vector<Index>& units, Index hidden = 4) {
  ModelOptions options = tiny_options();
  options.hidden = hidden;
  options.bridge = BridgeType::kDense;
  const auto plant = [&units, hidden](Arena<float>& values) {
    Matrix<float> heard[2] = {Matrix<float>::Zero(hidden, hidden), Matrix<float>::Zero(hidden, hidden)};
    const std::string names[2] = {"bridge.0.hidden.weights", "bridge.0.memory.weights"};
    for (const Index unit : units) {
      const auto part = static_cast<std::size_t>(unit / hidden);
      heard[part].col(unit % hidden) = 3 * tensor_named(values, names[part]).col(unit % hidden);
    }
    for (std::size_t part = 0; part < 2; ++part) tensor_named(values, names[part]) = heard[part];
    plant_sure_words(values);
  };
  return made_model(options, 12, plant, 7, 2.0);
}

/// A network of hidden states alone in whose encoder only the units before `varying` read anything: the others are the
/// same for all sentences.
inline std::shared_ptr<const LoadedModel> flat_model(Index hidden, Index varying) {
  ModelOptions options = tiny_options();
  options.cell = CellType::kTanh;
  options.hidden = hidden;
  const auto plant = [varying, hidden](Arena<float>& values) {
    for (const char* name : {"encoder.0.forward.input_weights", "encoder.0.forward.recurrent_weights"}) {
      tensor_named(values, name).bottomRows(hidden - varying).setZero();
    }
    plant_sure_words(values);
  };
  return made_model(options, 12, plant, 7, 1.0);
}

/// Random sources, and as references what the model makes of them: to this text the model is a perfect translator.
inline LaboratoryText own_text(const std::shared_ptr<const LoadedModel>& model, std::size_t lines) {
  LaboratoryText text{.sources = random_lines(lines, 9, 12, Random(1)), .references = {}};
  text.references = text.sources;
  Laboratory laboratory(model, text, {});
  SearchOptions search;
  search.beam = 1;
  search.max_length_factor = 1;
  search.max_length_extra = 1;
  const auto found = laboratory.translate(laboratory.contexts(), laboratory.source_lengths(), search);
  for (std::size_t i = 0; i < lines; ++i) text.references[i] = laboratory.text_of(found[i]);
  return text;
}

/// A column of a table of measurements, as numbers.
inline std::vector<double> column_of(const MeasurementRows& rows, const std::string& column) {
  std::vector<double> values;
  for (std::size_t c = 0; c < rows.columns.size(); ++c) {
    if (rows.columns[c] != column) continue;
    for (const auto& row : rows.rows) {
      if (const auto* whole = std::get_if<std::int64_t>(&row[c])) values.push_back(static_cast<double>(*whole));
      if (const auto* number = std::get_if<double>(&row[c])) values.push_back(*number);
    }
  }
  return values;
}

/// Studies in a test: few resamples.
inline StudyOptions quick() {
  StudyOptions options;
  options.resamples = 200;
  options.information.min_sentences = 5;
  return options;
}

}  // namespace isthmus::test
