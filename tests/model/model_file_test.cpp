#include "model/model_file.h"

#include <limits>
#include <map>
#include <nlohmann/json.hpp>

#include "core/error.h"
#include "core/process_info.h"
#include "core/section_file.h"
#include "tests/catch.h"
#include "tests/core/section_bytes.h"
#include "tests/corpora/temporary_folder.h"
#include "tests/model/tiny.h"

namespace isthmus {
namespace {

using test::random_values;
using test::tiny_options;
using testing::TemporaryFolder;

using SectionBytes = std::map<std::string, std::string>;

ModelFile example(const ModelOptions& options) {
  ModelFile file;
  auto model = std::make_unique<Seq2Seq<float>>(options);
  file.values = std::make_unique<Arena<float>>(random_values<float>(model->layout(), Random(1)));
  file.model = std::move(model);
  file.source_tokenizer = std::string("source\0pieces", 13);
  file.target_tokenizer = "target pieces";
  file.provenance = R"({"updates": 7})";
  return file;
}

/// The sections of a good file, for tests to spoil.
SectionBytes good_sections(const TemporaryFolder& folder) {
  save_model(folder.path("good.isthmus"), example(tiny_options()));
  return testing::copied_sections(folder.path("good.isthmus"), "model");
}

/// What load_model says to a file whose checksum is right. Anything but an InputError fails.
std::string failure(const TemporaryFolder& folder, const SectionBytes& sections) {
  const std::string path = folder.write(
      "spoilt.isthmus", testing::section_file("model", 1, testing::archive_of({sections.begin(), sections.end()})));
  try {
    load_model(path);
  } catch (const InputError& error) {
    const std::string message = error.what();
    REQUIRE(message.starts_with(path + ": "));
    return message.substr(path.size() + 2);
  }
  return "no error";
}

std::string failure_with_option(const TemporaryFolder& folder, const std::string& name, const nlohmann::json& value) {
  SectionBytes sections = good_sections(folder);
  auto options = nlohmann::ordered_json::parse(sections["options"]);
  if (value.is_null()) {
    options.erase(name);
  } else {
    options[name] = value;
  }
  sections["options"] = options.dump();
  return failure(folder, sections);
}

bool has(const std::string& text, std::string_view part) { return text.find(part) != std::string::npos; }

TEST_CASE("a model comes back bit for bit") {
  ModelOptions options = tiny_options();
  options.cell = CellType::kGru;
  options.layers = 2;
  options.bidirectional = true;
  options.context = ContextUse::kEveryStep;
  options.bridge = BridgeType::kDense;
  options.tied_embeddings = TiedEmbeddings::kTarget;
  options.dropout = 0.1;
  options.layer_norm = true;
  const TemporaryFolder folder;
  const ModelFile file = example(options);
  save_model(folder.path("a.isthmus"), file);
  const ModelFile back = load_model(folder.path("a.isthmus"));
  CHECK(model_options_to_json(back.model->options()) == model_options_to_json(options));
  CHECK(bytes_of(*back.values) == bytes_of(*file.values));
  CHECK(back.source_tokenizer == file.source_tokenizer);
  CHECK(back.target_tokenizer == file.target_tokenizer);
  CHECK(back.provenance == file.provenance);
  CHECK(&back.values->layout() == &back.model->layout());
  save_model(folder.path("b.isthmus"), back);
  CHECK(folder.read("a.isthmus") == folder.read("b.isthmus"));
}

TEST_CASE("models that attend come back, and files from before attention are read") {
  const TemporaryFolder folder;
  ModelOptions options = tiny_options();
  options.attention = AttentionType::kLuong;
  options.attention_score = AttentionScore::kDot;
  options.input_feeding = true;
  const ModelFile file = example(options);
  save_model(folder.path("a.isthmus"), file);
  const ModelFile back = load_model(folder.path("a.isthmus"));
  CHECK(model_options_to_json(back.model->options()) == model_options_to_json(options));
  CHECK(bytes_of(*back.values) == bytes_of(*file.values));
  for (const char* name : {"attention", "attention-score", "input-feeding"}) {
    CHECK(failure_with_option(folder, name, nullptr) == "no error");
  }
}

// A bound on the parameters that was guessed from the sizes refused such models.
TEST_CASE("narrow tied embeddings and a wide layer are not taken for a lie") {
  ModelOptions options = tiny_options();
  options.embedding = 1;
  options.hidden = 64;
  options.source_vocabulary = options.target_vocabulary = 100000;
  options.tied_embeddings = TiedEmbeddings::kAll;
  const TemporaryFolder folder;
  save_model(folder.path("a.isthmus"), example(options));
  CHECK(load_model(folder.path("a.isthmus")).model->options().hidden == 64);
}

TEST_CASE("a missing section is named") {
  const TemporaryFolder folder;
  const SectionBytes good = good_sections(folder);
  REQUIRE(failure(folder, good) == "no error");
  for (const auto& [name, bytes] : good) {
    SectionBytes sections = good;
    sections.erase(name);
    CHECK(has(failure(folder, sections), "section '" + name + "' is missing; the file is damaged"));
  }
  CHECK(has(failure(folder, {}), "is missing"));
}

TEST_CASE("options that are wrong are named") {
  const TemporaryFolder folder;
  CHECK(has(failure_with_option(folder, "hidden", "4"), "option 'hidden' must be a whole number"));
  CHECK(has(failure_with_option(folder, "hidden", 0), "option 'hidden' is 0, must be from 1"));
  CHECK(has(failure_with_option(folder, "hidden", -4), "option 'hidden' is -4"));
  CHECK(has(failure_with_option(folder, "cell", "qrnn"), "option 'cell' must be one of rnn, gru, lstm"));
  CHECK(has(failure_with_option(folder, "cell", 2), "option 'cell' must be one of rnn, gru, lstm"));
  CHECK(has(failure_with_option(folder, "bidirectional", 1), "option 'bidirectional' must be true or false"));
  CHECK(has(failure_with_option(folder, "novelty", 1), "option 'novelty' is not an option that this version knows"));
  CHECK(has(failure_with_option(folder, "source-vocabulary", nullptr), "lack its vocabulary sizes"));
  CHECK(has(failure_with_option(folder, "tied-embeddings", "all"), "vocabularies that differ"));
  CHECK(has(failure_with_option(folder, "bridge", "zero"), "--bridge zero"));
  CHECK(has(failure_with_option(folder, "attention", "self"), "must be one of none, bahdanau, luong"));
  CHECK(has(failure_with_option(folder, "attention-score", "dot"), "--attention-score is for --attention luong"));
  CHECK(has(failure_with_option(folder, "input-feeding", true), "--input-feeding is for --attention luong"));
  SectionBytes sections = good_sections(folder);
  sections["options"] = "[]";
  CHECK(has(failure(folder, sections), "the options are not a JSON object"));
}

TEST_CASE("tensors that are not the options' are refused") {
  const TemporaryFolder folder;
  CHECK(has(failure_with_option(folder, "hidden", 5), "its tensors are not those of a model with its options"));
  CHECK(has(failure_with_option(folder, "cell", "gru"), "its tensors are not those"));
  CHECK(has(failure_with_option(folder, "tied-embeddings", "target"), "its tensors are not those"));
  SectionBytes sections = good_sections(folder);
  sections["tensors"].clear();
  CHECK(has(failure(folder, sections), "its tensors are not those"));
}

TEST_CASE("values of the wrong size are refused") {
  const TemporaryFolder folder;
  const SectionBytes good = good_sections(folder);
  const std::size_t right = good.at("values").size();
  for (const std::size_t size : {std::size_t{0}, std::size_t{1}, right - 4, right + 4, 2 * right}) {
    SectionBytes sections = good;
    sections["values"].resize(size, '\0');
    CHECK(has(failure(folder, sections),
              "section 'values' has " + std::to_string(size) + " bytes, the model needs " + std::to_string(right)));
  }
}

TEST_CASE("weights that are not numbers are refused") {
  const TemporaryFolder folder;
  for (const float bad : {std::numeric_limits<float>::quiet_NaN(), std::numeric_limits<float>::infinity(),
                          -std::numeric_limits<float>::infinity()}) {
    const SectionBytes good = good_sections(folder);
    const std::size_t size = good.at("values").size();
    for (const std::size_t at : {std::size_t{0}, std::size_t{8}, size / 8 * 4, size - sizeof(bad)}) {
      SectionBytes sections = good;
      sections["values"].replace(at, sizeof(bad), testing::number_bytes(bad));
      CHECK(has(failure(folder, sections), "has weights that are not numbers; use a backup"));
    }
  }
}

TEST_CASE("dimensions that lie behind a right checksum are refused before anything is allocated") {
  const TemporaryFolder folder;
  ModelOptions huge = tiny_options();
  SECTION("a vocabulary") { huge.source_vocabulary = huge.target_vocabulary = 1 << 24; }
  SECTION("a layer") { huge.hidden = 1 << 16; }
  SECTION("everything") {
    huge.layers = 16;
    huge.hidden = huge.embedding = 1 << 16;
    huge.source_vocabulary = huge.target_vocabulary = 1 << 24;
  }
  SectionBytes sections = good_sections(folder);
  sections["options"] = model_options_to_json(huge);
  const std::int64_t peak = peak_memory();
  CHECK(failure(folder, sections) != "no error");
  sections["tensors"] = manifest(Seq2Seq<float>(huge).layout());
  CHECK(has(failure(folder, sections), "section 'values' has"));
  CHECK(peak_memory() - peak < 64 << 20);
}

TEST_CASE("sizes beyond what any model has are refused by their options' names") {
  const TemporaryFolder folder;
  CHECK(has(failure_with_option(folder, "hidden", std::int64_t{1} << 40), "option 'hidden'"));
  CHECK(has(failure_with_option(folder, "embedding", 18446744073709551615u), "option 'embedding'"));
  CHECK(has(failure_with_option(folder, "layers", 1000000), "option 'layers'"));
  CHECK(has(failure_with_option(folder, "target-vocabulary", std::int64_t{1} << 31), "option 'target-vocabulary'"));
}

TEST_CASE("what is no model file is refused") {
  const TemporaryFolder folder;
  good_sections(folder);
  const std::string whole = folder.read("good.isthmus");
  const auto message_for = [&](std::string_view bytes) {
    const std::string path = folder.write("other.isthmus", bytes);
    try {
      load_model(path);
    } catch (const InputError& error) {
      return std::string(error.what());
    }
    return std::string("no error");
  };
  CHECK(has(message_for("two roads diverged"), "is not a file that Isthmus wrote"));
  CHECK(has(message_for(testing::section_file("state", 1, testing::archive_of({}))), "holds a state, not a model"));
  for (std::size_t size = 8; size < whole.size(); size += 101) {
    CHECK(has(message_for(std::string_view(whole).substr(0, size)), "is cut short"));
  }
}

}  // namespace
}  // namespace isthmus
