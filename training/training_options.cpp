#include "training/training_options.h"

#include "core/error.h"

namespace isthmus {

void describe(OptionVisitor& visit, BatchOptions& options) {
  visit.group("Batches");
  visit("batch-sentences", options.sentences, "sentences of a batch", between(1, 1 << 20));
  visit("batch-tokens", options.tokens, "pieces of a batch's longer side, instead of sentences; 0 counts sentences",
        between(0, 1 << 30));
  visit("bucket", options.bucket, "batches of random pairs that are sorted by length together", between(1, 1 << 20));
  visit("shards", options.shards,
        "parts of a batch that threads work on apart; part of the result, unlike the number of threads",
        between(1, 1024));
  visit("memory-budget", options.memory_budget,
        "megabytes (10^6 bytes) that training may take: large batches are run in several rounds, to fit, whose "
        "gradients are added "
        "up; part of the result. 0 has no limit",
        between(0, 1 << 30));
}

void describe(OptionVisitor& visit, ValidationOptions& options) {
  visit.group("Validation");
  visit("validate-every", options.every_updates, "updates between validations; 0 validates after each epoch",
        at_least(0));
  visit("validate-sentences", options.sentences, "translate no more held-out sentences than this; 0 translates all",
        at_least(0));
  visit("validate-tokenize", options.tokenize,
        "how BLEU cuts the held-out text into words: 13a; for Chinese zh, for Japanese char");
  visit("select-by", options.metric, "score on held-out text that chooses the best model and stops training");
}

void describe(OptionVisitor& visit, StopOptions& options) {
  visit.group("Stopping (0 is never; the first reached wins)");
  visit("max-updates", options.max_updates, "updates", at_least(0));
  visit("max-epochs", options.max_epochs, "passes through the text", at_least(0));
  visit("max-minutes", options.max_minutes, "minutes of training, earlier parts of a resumed run included",
        at_least(0));
  visit("patience", options.patience, "validations without a better score", at_least(0));
}

void describe_result(OptionVisitor& visit, TrainingOptions& options) {
  visit.group("Objective");
  visit("objective", options.objective,
        "mle: cross-entropy of the reference, token by token (teacher forcing); the others but raml need --init-from");
  visit("label-smoothing", options.label_smoothing,
        "share of the probability spread over all words (Szegedy et al. 2016)", from_below(0, 1));
  visit("sampling-alpha", options.sampling_alpha,
        "cut words anew in each epoch (Kudo 2018): unigram 0.1 to 0.5, bpe 0.1; 0 cuts always the same",
        from_below(0, 1));
  visit("max-length", options.max_length, "pieces of a sentence", at_least(1));
  visit("long-pairs", options.long_pairs, "what becomes of pairs with a longer side");
  describe(visit, options.batch);
  describe(visit, options.optimizer);
  describe(visit, options.schedule);
  describe(visit, options.validation);
  describe(visit, options.sequence);
  visit.group("Chance");
  visit("seed", options.seed, "the same seed gives the same model, for any number of threads", at_least(0));
}

void describe(OptionVisitor& visit, TrainingOptions& options) {
  describe_result(visit, options);
  describe(visit, options.stop);
  visit.group("Keeping");
  visit("keep-last", options.keep_last, "also keep the models of the last so many validations", at_least(0));
  visit("save-every", options.save_every, "updates between saves of the training state; 0 saves at validations",
        at_least(0));
  visit("log-every", options.log_every, "updates between lines of the log", at_least(1));
}

void check(const TrainingOptions& options, bool has_validation) {
  const StopOptions& stop = options.stop;
  const bool patient = has_validation && stop.patience > 0;
  if (stop.max_updates == 0 && stop.max_epochs == 0 && stop.max_minutes <= 0 && !patient) {
    throw UsageError(
        "training would never stop; give --max-epochs, --max-updates or --max-minutes, or held-out text "
        "(--valid-source, --valid-target) with --patience");
  }
  check(options.schedule, has_validation);
  check(options.objective, options.sequence);
}

}  // namespace isthmus
