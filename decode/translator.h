// Lines of text to their translations.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "core/threads.h"
#include "decode/alignment.h"
#include "decode/hypothesis.h"
#include "decode/search_options.h"
#include "decode/sentence_search.h"
#include "decode/translate_options.h"
#include "decode/translation_model.h"

namespace isthmus {

struct TranslatedText {
  std::string text;  ///< one line
  Hypothesis hypothesis;
  Alignment alignment = {};  ///< if asked for
};

/// Of one line.
struct Translation {
  /// Best first. None for a line without anything to translate (empty, or nothing but space).
  std::vector<TranslatedText> nbest;

  /// The best, or nothing.
  std::string_view text() const { return nbest.empty() ? std::string_view() : nbest[0].text; }
};

/// Where lines come from, for warnings.
struct LineOrigin {
  std::string name;             ///< of the file
  std::int64_t first_line = 1;  ///< number of the first of the lines
};

/// Translates lines in batches of similar length on several threads. A translation depends on its line, the model and
/// the search options alone. One call at a time.
class Translator {
 public:
  /// Called from the calling thread with the number of lines done.
  using OnProgress = std::function<void(std::size_t lines)>;

  /// Throws UsageError for contradicting options, and for alignments of a model that does not attend.
  Translator(TranslationModel model, const SearchOptions& search, const TranslateOptions& options);
  ~Translator();

  /// As many translations as lines, in their order, for lines of any bytes. Memory is that of the lines and their
  /// translations: callers feed long files window by window. Warns of lines longer than max_source_length and of dead
  /// ends. Throws Interrupted when interrupted() becomes true.
  ///
  /// `prefixes`, if not empty, has the text that each line's translation begins with. Samples of a line are drawn from
  /// the seed and the number of the line.
  std::vector<Translation> translate(std::span<const std::string> lines, const LineOrigin& origin,
                                     const OnProgress& on_progress = {}, std::span<const std::string> prefixes = {});

  /// Lines that keep all threads busy in one call.
  std::size_t window() const;

  const SearchOptions& search_options() const { return search_; }
  /// Throws UsageError for contradicting options.
  void set_search_options(const SearchOptions& search);

  const TranslateOptions& translate_options() const { return options_; }

  const TranslationModel& model() const { return model_; }

 private:
  std::vector<SearchRequest> encode(std::span<const std::string> lines, const LineOrigin& origin,
                                    std::span<const std::string> prefixes) const;
  StepModel& step_model(std::size_t worker);
  /// Sources by line.
  void align_all(std::span<const Sentence> sources, std::vector<Translation>& translations);

  TranslationModel model_;
  SearchOptions search_;
  TranslateOptions options_;
  ThreadPool threads_;
  std::vector<std::unique_ptr<StepModel>> step_models_;  // one for each worker, made when first needed
};

}  // namespace isthmus
