// Models of every kind, small.
#pragma once

#include <string>
#include <vector>

#include "tests/model/tiny.h"

namespace isthmus::test {

struct Variant {
  std::string name;
  ModelOptions options;
};

/// One model for each option that changes what is computed, and some for options that meet. All have nine source
/// pieces.
inline std::vector<Variant> variants(CellType cell) {
  std::vector<Variant> all;
  const auto add = [&](const std::string& name, auto change) {
    ModelOptions options = tiny_options();
    options.cell = cell;
    change(options);
    all.push_back({name, options});
  };
  const auto rich = [](ModelOptions& options) {
    options.layers = 2;
    options.bidirectional = true;
    options.context = ContextUse::kEveryStep;
    options.bridge = BridgeType::kDense;
  };
  add("plain", [](ModelOptions&) {});
  add("two layers", [](ModelOptions& options) { options.layers = 2; });
  add("two directions", [](ModelOptions& options) { options.bidirectional = true; });
  add("dense bridge", [](ModelOptions& options) { options.bridge = BridgeType::kDense; });
  add("context at every step", [](ModelOptions& options) { options.context = ContextUse::kEveryStep; });
  add("zero bridge", [](ModelOptions& options) {
    options.bridge = BridgeType::kZero;
    options.context = ContextUse::kEveryStep;
  });
  add("reversed source", [](ModelOptions& options) { options.reverse_source = true; });
  add("layer normalisation", [](ModelOptions& options) { options.layer_norm = true; });
  add("tied target embeddings, with a readout",
      [](ModelOptions& options) { options.tied_embeddings = TiedEmbeddings::kTarget; });
  add("tied target embeddings, without a readout", [](ModelOptions& options) {
    options.tied_embeddings = TiedEmbeddings::kTarget;
    options.embedding = options.hidden;
  });
  add("all embeddings tied", [](ModelOptions& options) {
    options.tied_embeddings = TiedEmbeddings::kAll;
    options.target_vocabulary = options.source_vocabulary;
  });
  add("two layers and directions, context at every step, dense bridge", rich);
  add("all of it", [&](ModelOptions& options) {
    rich(options);
    options.reverse_source = true;
    options.layer_norm = true;
    options.tied_embeddings = TiedEmbeddings::kAll;
    options.target_vocabulary = options.source_vocabulary;
  });
  // What looks back at the source.
  const auto bahdanau = [](ModelOptions& options) { options.attention = AttentionType::kBahdanau; };
  const auto luong = [](ModelOptions& options) { options.attention = AttentionType::kLuong; };
  const auto fed = [&](ModelOptions& options) {
    luong(options);
    options.input_feeding = true;
  };
  const auto deep = [](ModelOptions& options) {
    options.layers = 2;
    options.bidirectional = true;
    options.bridge = BridgeType::kDense;
    options.reverse_source = true;
    options.layer_norm = true;
    options.tied_embeddings = TiedEmbeddings::kTarget;
  };
  add("bahdanau", bahdanau);
  add("luong", luong);
  add("luong, dot", [&](ModelOptions& options) {
    luong(options);
    options.attention_score = AttentionScore::kDot;
  });
  add("luong, input feeding", fed);
  add("luong, dot, input feeding, two layers, zero bridge", [&](ModelOptions& options) {
    fed(options);
    options.attention_score = AttentionScore::kDot;
    options.layers = 2;
    options.bridge = BridgeType::kZero;
  });
  add("bahdanau and all else", [&](ModelOptions& options) {
    bahdanau(options);
    deep(options);
  });
  add("luong and all else", [&](ModelOptions& options) {
    luong(options);
    deep(options);
  });
  add("luong, input feeding and all else", [&](ModelOptions& options) {
    fed(options);
    deep(options);
  });
  return all;
}

}  // namespace isthmus::test
