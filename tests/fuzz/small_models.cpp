#include "tests/fuzz/small_models.h"

#include "model/model_file.h"
#include "tests/corpora/temporary_folder.h"
#include "tests/model/tiny.h"
#include "tests/tokenizer/sample_text.h"
#include "tokenizer/tokenizer.h"

namespace isthmus::fuzz {
namespace {

std::string model_of(ModelOptions options, const TokenizerOptions& pieces, double scale) {
  const Tokenizer tokenizer = Tokenizer::train(pieces, testing::sample_lines());
  options.source_vocabulary = options.target_vocabulary = static_cast<std::int64_t>(tokenizer.size());
  options.dropout = 0;
  ModelFile file;
  auto model = std::make_unique<Seq2Seq<float>>(options);
  file.values = std::make_unique<Arena<float>>(test::random_values<float>(model->layout(), Random(7), scale));
  file.model = std::move(model);
  file.source_tokenizer = tokenizer.bytes();
  file.provenance = R"({"updates": 7})";
  const testing::TemporaryFolder folder;
  save_model(folder.path("model.isthmus"), file);
  return folder.read("model.isthmus");
}

std::vector<std::string> make() {
  TokenizerOptions letters;
  letters.type = TokenizerType::kChar;
  letters.byte_fallback = true;
  letters.vocabulary_size = 400;
  letters.normalization = Normalization::kIdentity;
  ModelOptions lstm;
  lstm.hidden = 6;
  lstm.embedding = 5;

  TokenizerOptions unigram;
  unigram.vocabulary_size = 90;
  ModelOptions gru = lstm;
  gru.cell = CellType::kGru;
  gru.bidirectional = true;
  gru.context = ContextUse::kEveryStep;
  gru.bridge = BridgeType::kDense;
  gru.layers = 2;
  gru.layer_norm = true;

  TokenizerOptions bpe;
  bpe.type = TokenizerType::kBpe;
  bpe.vocabulary_size = 100;
  bpe.normalization = Normalization::kIdentity;
  bpe.user_symbols = {"<de>"};
  ModelOptions rnn = lstm;
  rnn.cell = CellType::kTanh;
  rnn.embedding = rnn.hidden;
  rnn.tied_embeddings = TiedEmbeddings::kAll;
  rnn.reverse_source = true;
  // The first is unsure of everything, so that a last bit decides; the last is too sure, and repeats itself.
  return {model_of(lstm, letters, 0.3), model_of(gru, unigram, 1.0), model_of(rnn, bpe, 4.0)};
}

}  // namespace

const std::vector<std::string>& small_models() {
  static const std::vector<std::string> models = make();
  return models;
}

}  // namespace isthmus::fuzz
