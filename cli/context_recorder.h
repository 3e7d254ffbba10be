// Context vectors of a text in the ledger.
#pragma once

#include <string>
#include <vector>

#include "cli/recorded_model.h"
#include "ledger/rows.h"
#include "model/matrix.h"

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

/// The rows of one vector, one for each kind and layer; `row` has what they share. The vector must outlive them.
void append_context(const ContextShape& shape, ConstMatrixRef<float> vector, ContextRow row,
                    std::vector<ContextRow>& rows);

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
