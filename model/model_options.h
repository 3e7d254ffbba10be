// What fixes the shape of a model. Stored in the model file.
#pragma once

#include <cstdint>

#include "core/options.h"

namespace isthmus {

enum class CellType { kTanh, kGru, kLstm };
template <>
struct EnumNames<CellType> {
  static constexpr std::string_view names[] = {"rnn", "gru", "lstm"};
};

/// How the decoder gets the context vector.
enum class ContextUse {
  kInitial,    ///< as its initial state (Sutskever et al. 2014)
  kEveryStep,  ///< also as an input of every step and of the output layer (Cho et al. 2014)
};
template <>
struct EnumNames<ContextUse> {
  static constexpr std::string_view names[] = {"initial", "every-step"};
};

/// From the encoder's final state to the decoder's initial one.
enum class BridgeType {
  kCopy,   ///< as it is
  kDense,  ///< per layer: hidden tanh(W·h + b), memory W·c + b
  kZero,   ///< the decoder starts from zeros; needs the context at every step
};
template <>
struct EnumNames<BridgeType> {
  static constexpr std::string_view names[] = {"copy", "dense", "zero"};
};

/// Which tables of word vectors are one.
enum class TiedEmbeddings {
  kNone,
  kTarget,  ///< the decoder's embedding is the output layer's weights (Press & Wolf 2017)
  kAll,     ///< and the encoder's too; needs a joint vocabulary
};
template <>
struct EnumNames<TiedEmbeddings> {
  static constexpr std::string_view names[] = {"none", "target", "all"};
};

/// Whether the decoder also looks back at the source's annotations.
enum class AttentionType {
  kNone,
  kBahdanau,  ///< the state before a step asks, additively; the step reads the answer (Bahdanau et al. 2015)
  kLuong,     ///< the state after a step asks, by products; the output reads the answer (Luong et al. 2015)
};
template <>
struct EnumNames<AttentionType> {
  static constexpr std::string_view names[] = {"none", "bahdanau", "luong"};
};

/// How Luong's attention compares a state with an annotation.
enum class AttentionScore {
  kGeneral,  ///< hᵀ·W·a
  kDot,      ///< hᵀ·a
};
template <>
struct EnumNames<AttentionScore> {
  static constexpr std::string_view names[] = {"general", "dot"};
};

struct ModelOptions {
  CellType cell = CellType::kLstm;
  std::int64_t layers = 1;
  std::int64_t hidden = 512;
  std::int64_t embedding = 256;
  bool bidirectional = false;
  ContextUse context = ContextUse::kInitial;
  BridgeType bridge = BridgeType::kCopy;
  AttentionType attention = AttentionType::kNone;
  AttentionScore attention_score = AttentionScore::kGeneral;
  bool input_feeding = false;
  bool reverse_source = false;
  TiedEmbeddings tied_embeddings = TiedEmbeddings::kNone;
  double dropout = 0.2;
  double input_dropout = -1.0;
  double output_dropout = -1.0;
  double recurrent_dropout = 0.0;
  bool layer_norm = false;
  bool orthogonal = true;
  double forget_bias = 1.0;
  std::int64_t source_vocabulary = 0;  ///< pieces; from the tokenizer, not from the user
  std::int64_t target_vocabulary = 0;

  /// Probability of dropping an input of a layer; an output of the last.
  double effective_input_dropout() const { return input_dropout < 0 ? dropout : input_dropout; }
  double effective_output_dropout() const { return output_dropout < 0 ? dropout : output_dropout; }
};

/// The options that a user sets.
void describe(OptionVisitor& visit, ModelOptions& options);
/// Those of them that say what a model computes; the rest (dropout, first weights) say how it learns.
void describe_shape(OptionVisitor& visit, ModelOptions& options);

/// Throws UsageError when options do not go together (an odd hidden size for two directions, …), naming them.
void check(const ModelOptions& options);

/// The options and the vocabulary sizes, as JSON for the model file.
std::string model_options_to_json(const ModelOptions& options);
/// Throws InputError, also for sizes that no machine could hold.
ModelOptions model_options_from_json(std::string_view json, std::string_view origin);

}  // namespace isthmus
