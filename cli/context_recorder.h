// Context vectors of a text in the ledger.
#pragma once

#include <string>
#include <vector>

#include "cli/recorded_model.h"
#include "ledger/ledger.h"
#include "model/matrix.h"
#include "model/model_options.h"

namespace isthmus::cli {

/// What a vector is made of, from its top: for each kind ("hidden", "memory") all layers.
struct ContextShape {
  Index hidden = 0;  ///< units of a layer
  std::vector<std::string> kinds = {};
};

/// Where vectors come from.
struct ContextSource {
  ReadModel model;
  std::string input;        ///< names the corpus
  std::string config_json;  ///< of the run
  ContextShape shape;
};

/// Writes the vectors of a text, column i that of line i + 1: the hidden states of all layers of that model above its
/// memory cells, if it has any. `row` has what they share.
void write_contexts(Ledger& ledger, const Matrix<float>& vectors, const ModelOptions& model, ContextRow row);

/// Gathers the vectors of a text and writes them as one run, in one transaction: a row for each line, kind and layer.
class ContextRecorder {
 public:
  explicit ContextRecorder(ContextSource source) : source_(std::move(source)) {}

  /// Column i of `vectors` belongs to lines[i].
  void add(const std::vector<std::string>& lines, const Matrix<float>& vectors);

  /// Throws InputError as Ledger does.
  void write(const std::string& ledger_path) const;

 private:
  ContextSource source_;
  std::vector<std::string> lines_;
  std::vector<Matrix<float>> vectors_;
};

}  // namespace isthmus::cli
