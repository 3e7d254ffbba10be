// A language pair of our own whose translation is the source read backwards, and training on it.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "core/file.h"
#include "tests/corpora/encoded.h"
#include "tests/corpora/temporary_folder.h"
#include "training/corpus_pairs.h"
#include "training/trainer.h"

namespace isthmus::test {

/// Sentences of 1 … longest words of eight.
inline ParallelText reverse_text(std::size_t count, std::size_t longest, Random random) {
  const std::vector<std::string> words = {"ka", "lomi", "tu", "seri", "no", "vaku", "peli", "dora"};
  ParallelText text;
  text.source_name = "reverse.source";
  text.target_name = "reverse.target";
  for (std::size_t i = 0; i < count; ++i) {
    std::string source;
    std::string target;
    for (std::size_t left = 1 + random.below(longest); left > 0; --left) {
      const std::string& word = words[random.below(words.size())];
      source += (source.empty() ? "" : " ") + word;
      target = word + (target.empty() ? "" : " ") + target;
    }
    text.source.push_back(std::move(source));
    text.target.push_back(std::move(target));
  }
  return text;
}

/// A joint tokenizer of the task's words. Trained once for each type: the same text gives the same bytes.
inline TokenizerPair reverse_tokenizers(TokenizerType type) {
  TokenizerOptions options;
  options.type = type;
  options.vocabulary_size = 40;
  const ParallelText text = reverse_text(200, 5, Random(99));
  return train_tokenizers(options, text.source, text.target);
}

/// A small model and short training, for tests to change.
inline TrainingSetup reverse_setup(const std::string& model_path, TokenizerType type = TokenizerType::kWord) {
  static const TokenizerPair words = reverse_tokenizers(TokenizerType::kWord);
  TrainingSetup setup{.model = {},
                      .training = {},
                      .tokenizers = type == TokenizerType::kWord ? words : reverse_tokenizers(type),
                      .joint = true,
                      .model_path = model_path,
                      .corpus_identity = R"({"train-source":"00ff"})",
                      .version = "0.0.0",
                      .threads = 1};
  setup.model.hidden = 8;
  setup.model.embedding = 6;
  setup.model.dropout = 0.0;
  setup.model.source_vocabulary = static_cast<std::int64_t>(setup.tokenizers.source.size());
  setup.model.target_vocabulary = static_cast<std::int64_t>(setup.tokenizers.target.size());
  setup.training.batch.sentences = 10;
  setup.training.schedule.learning_rate = 0.01;
  setup.training.label_smoothing = 0.0;
  return setup;
}

/// Keeps all that training tells.
class Recorder : public TrainingObserver {
 public:
  void on_update(const UpdateReport& report) override {
    updates.push_back(report);
    if (after_update) after_update(report);
  }
  void on_validation(const ValidationReport& report) override { validations.push_back(report); }
  void on_checkpoint(const CheckpointReport& report) override { checkpoints.push_back(report); }
  void on_stop(const StopReport& report) override { stops.push_back(report); }

  std::function<void(const UpdateReport&)> after_update;
  std::vector<UpdateReport> updates;
  std::vector<ValidationReport> validations;
  std::vector<CheckpointReport> checkpoints;
  std::vector<StopReport> stops;
};

/// The text as the trainer takes it, in a file beside the model.
inline EncodedCorpus encoded(const TrainingSetup& setup, const ParallelText& text) {
  return testing::encoded(setup.model_path + ".corpus", text, setup.tokenizers, encoding_limits(setup.training),
                          setup.training.sampling_alpha > 0);
}

/// Trains, from the state beside the model if `resume`.
inline StopReport train(const TrainingSetup& setup, const ParallelText& text, const ParallelText& valid, bool resume,
                        Recorder& recorder) {
  Trainer trainer(setup, encoded(setup, text), valid);
  if (resume) trainer.resume(StoredState::load(state_path(setup.model_path)));
  return trainer.run({&recorder});
}

inline StopReport train(const TrainingSetup& setup, const ParallelText& text, const ParallelText& valid = {},
                        bool resume = false) {
  Recorder recorder;
  return train(setup, text, valid, resume, recorder);
}

}  // namespace isthmus::test
