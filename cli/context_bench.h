// A model with some lines on the bench, for the actions of `isthmus context`.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "analysis/laboratory.h"
#include "cli/command_line.h"
#include "decode/translate_options.h"

namespace isthmus::cli {

/// The options that all actions share.
struct ContextOptions {
  SearchOptions search;
  TranslateOptions translate;
};

void describe(OptionVisitor& visit, ContextOptions& options);

/// Reads the command line of an action: its one model, the options that it shares with the others, and those of its
/// own, which were added to `line`. False when --help was asked for. Throws UsageError.
bool parse_action(CommandLine& line, Arguments arguments, ContextOptions& options, std::string& model);

/// Lines and their contexts. Blank lines have no pieces and are translated as empty lines.
class ContextBench {
 public:
  /// At least one line; `origin` names their file in warnings, of lines that are cut. The model loads first, so that
  /// what is wrong with it is said.
  ContextBench(std::shared_ptr<const LoadedModel> model, std::vector<std::string> lines, const std::string& origin,
               const ContextOptions& options);

  Laboratory& laboratory() { return laboratory_; }
  const Context<float>& contexts() { return laboratory_.contexts(); }
  Matrix<float> vectors() { return vectors_of(contexts()); }
  const ModelOptions& shape() const { return laboratory_.network().options(); }

  /// A translation for each line from its own context with another vector.
  std::vector<std::string> translate(const Matrix<float>& vectors);
  /// Translations of any vectors, a column each, with the annotations (of a model that attends) and the bounds of the
  /// length of the lines `of`.
  std::vector<std::string> translate(const Matrix<float>& vectors, const std::vector<Index>& of);
  /// The same, as the search found them.
  std::vector<Hypothesis> search(const Matrix<float>& vectors, const std::vector<Index>& of);

 private:
  Laboratory laboratory_;
  SearchOptions search_;
};

/// A line that is given as an option. Throws UsageError for one without pieces.
void require_text(const Tokenizer& tokenizer, const std::string& option, const std::string& text);

}  // namespace isthmus::cli
