#include "cli/context_recorder.h"

#include <filesystem>

#include "cli/recorded_run.h"
#include "core/log.h"
#include "core/progress.h"

namespace isthmus::cli {
namespace {

/// Adds the rows of one vector, one for each kind and layer; `row` has what they share. The vector must outlive them.
void append_context(const ContextShape& shape, ConstMatrixRef<float> vector, ContextRow row,
                    std::vector<ContextRow>& rows) {
  const auto kinds = static_cast<Index>(shape.kinds.size());
  const Index layers = vector.rows() / kinds / shape.hidden;
  for (Index kind = 0; kind < kinds; ++kind) {
    for (Index layer = 0; layer < layers; ++layer) {
      row.kind = shape.kinds[static_cast<std::size_t>(kind)];
      row.layer = layer;
      row.vector = {vector.data() + (kind * layers + layer) * shape.hidden, static_cast<std::size_t>(shape.hidden)};
      rows.push_back(row);
    }
  }
}

}  // namespace

void write_contexts(Ledger& ledger, const Matrix<float>& vectors, const ModelOptions& model, ContextRow row) {
  ContextShape shape{.hidden = model.hidden, .kinds = {"hidden"}};
  if (model.cell == CellType::kLstm) shape.kinds.emplace_back("memory");
  std::vector<ContextRow> rows;
  for (Index i = 0; i < vectors.cols(); ++i) {
    row.line = i + 1;
    append_context(shape, vectors.col(i), row, rows);
  }
  ledger.add(rows);
}

void ContextRecorder::add(const std::vector<std::string>& lines, const Matrix<float>& vectors) {
  lines_.insert(lines_.end(), lines.begin(), lines.end());
  vectors_.push_back(vectors);
}

void ContextRecorder::write(const std::string& ledger_path) const {
  Ledger ledger = Ledger::open(ledger_path);
  record_run(ledger, {.command = "encode", .config_json = source_.config_json}, [&](RunId run) {
    ledger.transaction([&] {
      const CorpusId corpus = ledger.add_corpus(
          run, {.name = std::filesystem::path(source_.input).filename().string(), .split = "test"}, "test", lines_, {});
      const CheckpointId checkpoint = record_model(ledger, run, source_.model);
      std::int64_t line = 0;
      for (const Matrix<float>& vectors : vectors_) {
        std::vector<ContextRow> rows;
        for (Index b = 0; b < vectors.cols(); ++b) {
          append_context(source_.shape, vectors.col(b),
                         {.run = run, .checkpoint = checkpoint, .corpus = corpus, .line = ++line}, rows);
        }
        ledger.add(rows);
      }
    });
  });
  log_info("the context vectors of {} are in {}", counted(static_cast<std::int64_t>(lines_.size()), "line"),
           ledger_path);
}

}  // namespace isthmus::cli
