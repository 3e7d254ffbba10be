#include "model/model_options.h"

#include "core/error.h"

namespace isthmus {
namespace {

constexpr double kLargestSize = 1 << 16;
constexpr double kLargestVocabulary = 1 << 24;

/// ModelOptions with the fields that only the model file has.
struct StoredModelOptions {
  ModelOptions options;
};

void describe(OptionVisitor& visit, StoredModelOptions& stored) {
  describe(visit, stored.options);
  visit("source-vocabulary", stored.options.source_vocabulary, "pieces", between(3, kLargestVocabulary));
  visit("target-vocabulary", stored.options.target_vocabulary, "pieces", between(3, kLargestVocabulary));
}

}  // namespace

void describe_shape(OptionVisitor& visit, ModelOptions& options) {
  visit("cell", options.cell, "recurrent cell");
  visit("layers", options.layers, "layers of the encoder and of the decoder", between(1, 16));
  visit("hidden", options.hidden, "units of a layer; the two directions of an encoder share them",
        between(1, kLargestSize));
  visit("embedding", options.embedding, "size of a word vector", between(1, kLargestSize));
  visit("bidirectional", options.bidirectional, "read the source in both directions");
  visit("context", options.context,
        "how the decoder gets the context vector: as its first state, or also at every step");
  visit("bridge", options.bridge, "from the encoder's last state to the decoder's first");
  visit(
      "attention", options.attention,
      "none: the context vector is all that the decoder gets of the source; bahdanau, luong: it also looks back at it");
  visit("attention-score", options.attention_score, "how luong compares states and annotations");
  visit("input-feeding", options.input_feeding, "with luong: a step reads what the last one looked for and found");
  visit("reverse-source", options.reverse_source, "read the source from its end (Sutskever et al. 2014)");
  visit("tied-embeddings", options.tied_embeddings,
        "share word vectors between decoder and output layer, or also the encoder");
  visit("layer-norm", options.layer_norm, "normalise the pre-activations (Ba et al. 2016)");
}

void describe(OptionVisitor& visit, ModelOptions& options) {
  visit.group("Model");
  describe_shape(visit, options);
  visit("dropout", options.dropout, "probability of dropping an input of a layer or an output of the last",
        from_below(0, 1));
  visit("input-dropout", options.input_dropout, "the same for inputs alone; -1 is --dropout", from_below(-1, 1));
  visit("output-dropout", options.output_dropout, "the same for the last outputs alone; -1 is --dropout",
        from_below(-1, 1));
  visit("recurrent-dropout", options.recurrent_dropout,
        "probability of dropping a unit of the recurrent input for a whole sentence (Gal & Ghahramani 2016)",
        from_below(0, 1));
  visit("orthogonal", options.orthogonal, "begin with orthogonal recurrent weights (Saxe et al. 2014)");
  visit("forget-bias", options.forget_bias, "first bias of an LSTM's forget gate (Jozefowicz et al. 2015)");
}

void check(const ModelOptions& options) {
  if (options.bidirectional && options.hidden % 2 != 0) {
    throw UsageError("--bidirectional shares --hidden between two directions; choose an even --hidden");
  }
  const bool attention = options.attention != AttentionType::kNone;
  if (attention && options.context == ContextUse::kEveryStep) {
    throw UsageError("--attention looks back at the source at every step; use it with --context initial");
  }
  if (options.attention != AttentionType::kLuong) {
    if (options.attention_score != AttentionScore::kGeneral) {
      throw UsageError("--attention-score is for --attention luong alone");
    }
    if (options.input_feeding) {
      throw UsageError("--input-feeding is for --attention luong alone");
    }
  }
  if (options.bridge == BridgeType::kZero && options.context == ContextUse::kInitial && !attention) {
    throw UsageError("--bridge zero hides the source from the decoder; use it with --context every-step");
  }
}

std::string model_options_to_json(const ModelOptions& options) { return to_json(StoredModelOptions{options}); }

ModelOptions model_options_from_json(std::string_view json, std::string_view origin) {
  StoredModelOptions stored;
  from_json(json, origin, stored);
  if (stored.options.source_vocabulary == 0 || stored.options.target_vocabulary == 0) {
    throw InputError::in_file(origin, "the model's options lack its vocabulary sizes", "the file is damaged");
  }
  try {
    check(stored.options);
  } catch (const UsageError& error) {
    throw InputError::in_file(origin, error.what(), "the file is damaged");
  }
  const bool tied_to_source = stored.options.tied_embeddings == TiedEmbeddings::kAll;
  if (tied_to_source && stored.options.source_vocabulary != stored.options.target_vocabulary) {
    throw InputError::in_file(origin, "ties embeddings of vocabularies that differ", "the file is damaged");
  }
  return stored.options;
}

}  // namespace isthmus
