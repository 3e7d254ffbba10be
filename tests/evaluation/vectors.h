// Reads cases of reference scores made with sacreBLEU 2.6.0: a folder with hyp.txt, ref0.txt, … and expected.json.
#pragma once

#include <filesystem>
#include <fstream>
#include <iterator>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "evaluation/bleu.h"
#include "evaluation/chrf.h"
#include "evaluation/ter.h"

namespace isthmus::vectors {

using Json = nlohmann::json;

inline std::string read_bytes(const std::filesystem::path& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

/// Split on '\n' alone; nothing is stripped.
inline std::vector<std::string> read_segments(const std::filesystem::path& path) {
  std::vector<std::string> lines;
  const std::string text = read_bytes(path);
  for (std::size_t begin = 0; begin < text.size();) {
    const std::size_t end = std::min(text.find('\n', begin), text.size());
    lines.push_back(text.substr(begin, end - begin));
    begin = end + 1;
  }
  return lines;
}

struct Case {
  std::string name;
  Json expected;
  std::vector<std::vector<std::string>> systems;  ///< one, but for the paired cases
  std::vector<std::string> system_names;
  std::vector<std::vector<std::string>> files;  ///< the references as they are
  std::vector<References> references;           ///< the same by sentence, without absent ones
};

inline Case read_case(const std::filesystem::path& folder) {
  Case result;
  result.name = folder.filename().string();
  result.expected = Json::parse(read_bytes(folder / "expected.json"));
  for (const char* name : {"hyp", "baseline", "sysA", "sysB", "sysSame"}) {
    const std::filesystem::path path = folder / (std::string(name) + ".txt");
    if (!std::filesystem::exists(path)) continue;
    result.systems.push_back(read_segments(path));
    result.system_names.emplace_back(name);
  }
  for (int r = 0; std::filesystem::exists(folder / ("ref" + std::to_string(r) + ".txt")); ++r) {
    result.files.push_back(read_segments(folder / ("ref" + std::to_string(r) + ".txt")));
  }
  result.references = transpose_references(result.files);
  // There an empty line means no such reference; with a single reference it is an empty one.
  if (result.files.size() > 1) {
    for (References& each : result.references) std::erase(each, "");
  }
  return result;
}

template <class Enum>
Enum value_named(const std::string& name) {
  for (std::size_t i = 0; i < std::size(EnumNames<Enum>::names); ++i) {
    if (EnumNames<Enum>::names[i] == name) return static_cast<Enum>(i);
  }
  throw std::invalid_argument("no such name: " + name);
}

inline BleuOptions bleu_options(const Json& args) {
  BleuOptions options;
  for (const auto& [key, value] : args.items()) {
    if (key == "tokenize") {
      options.tokenize = value_named<MetricTokenizer>(value);
    } else if (key == "lowercase") {
      options.lowercase = value;
    } else if (key == "smooth_method") {
      options.smooth_method = value_named<Smoothing>(value);
    } else if (key == "smooth_value") {
      if (!value.is_null()) options.smooth_value = value;
    } else if (key == "effective_order") {
      options.effective_order = value;
    } else if (key == "max_ngram_order") {
      options.max_ngram_order = value;
    } else {
      throw std::invalid_argument("unknown argument of BLEU: " + key);
    }
  }
  return options;
}

inline ChrfOptions chrf_options(const Json& args) {
  ChrfOptions options;
  for (const auto& [key, value] : args.items()) {
    if (key == "char_order") {
      options.char_order = value;
    } else if (key == "word_order") {
      options.word_order = value;
    } else if (key == "beta") {
      options.beta = value;
    } else if (key == "lowercase") {
      options.lowercase = value;
    } else if (key == "whitespace") {
      options.whitespace = value;
    } else if (key == "eps_smoothing") {
      options.eps_smoothing = value;
    } else {
      throw std::invalid_argument("unknown argument of chrF: " + key);
    }
  }
  return options;
}

inline TerOptions ter_options(const Json& args) {
  TerOptions options;
  for (const auto& [key, value] : args.items()) {
    if (key == "normalized") {
      options.normalized = value;
    } else if (key == "no_punct") {
      options.no_punctuation = value;
    } else if (key == "asian_support") {
      options.asian_support = value;
    } else if (key == "case_sensitive") {
      options.case_sensitive = value;
    } else {
      throw std::invalid_argument("unknown argument of TER: " + key);
    }
  }
  return options;
}

/// The settings named in a key of `sentence`, e.g. "bleu tok=13a smooth=floor[0.01] effective_order=True".
inline BleuOptions bleu_options_of_key(const std::string& key) {
  const auto value = [&](const std::string& name) {
    const std::size_t begin = key.find(" " + name + "=") + name.size() + 2;
    return key.substr(begin, key.find(' ', begin) - begin);
  };
  BleuOptions options;
  options.tokenize = value_named<MetricTokenizer>(value("tok"));
  options.effective_order = value("effective_order") == "True";
  const std::string smooth = value("smooth");
  const std::size_t bracket = smooth.find('[');
  options.smooth_method = value_named<Smoothing>(smooth.substr(0, bracket));
  if (bracket != std::string::npos) options.smooth_value = std::stod(smooth.substr(bracket + 1));
  return options;
}

inline ChrfOptions chrf_options_of_key(const std::string& key) {
  ChrfOptions options;
  options.word_order = key.find("++") != std::string::npos ? 2 : 0;
  options.eps_smoothing = key.find("eps_smoothing") != std::string::npos;
  return options;
}

}  // namespace isthmus::vectors
