// Context vectors of a text in the ledger.
#pragma once

#include <string>
#include <vector>

#include "cli/recorded_model.h"
#include "model/matrix.h"

namespace isthmus::cli {

/// Where vectors come from.
struct ContextSource {
  ReadModel model;
  std::string input;        ///< names the corpus
  std::string config_json;  ///< of the run
  Index hidden = 0;         ///< units of a layer
  /// What a vector is made of, from its top: for each kind ("hidden", "memory") all layers.
  std::vector<std::string> kinds = {};
};

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
