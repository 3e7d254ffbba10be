#include "cli/inspect_command.h"

#include <fmt/format.h>

#include <filesystem>
#include <nlohmann/json.hpp>

#include "cli/command_line.h"
#include "core/error.h"
#include "core/file.h"
#include "core/hash.h"
#include "core/log.h"
#include "core/npy.h"
#include "core/progress.h"
#include "model/model_file.h"

namespace isthmus::cli {
namespace {

enum class InspectFormat { kText, kJson };

}  // namespace
}  // namespace isthmus::cli

namespace isthmus {
template <>
struct EnumNames<cli::InspectFormat> {
  static constexpr std::string_view names[] = {"text", "json"};
};
}  // namespace isthmus

namespace isthmus::cli {
namespace {

using Json = nlohmann::ordered_json;

struct InspectOptions {
  InspectFormat format = InspectFormat::kText;
  bool tensors = false;
  std::string weights;
};

void describe(OptionVisitor& visit, InspectOptions& options) {
  visit("format", options.format, "how to print it");
  visit("tensors", options.tensors, "also list the tensors with their sizes");
  visit("weights", options.weights,
        "folder, new or empty, for a file TENSOR.npy each, which numpy.load reads; docs/math.md says what they are");
}

Json contents(const std::string& path, const ModelFile& file, bool tensors) {
  const Layout& layout = file.model->layout();
  Json json;
  json["file"] = path;
  json["bytes"] = std::filesystem::file_size(path);
  json["hash"] = hash128_hex(read_file(path));
  json["parameters"] = layout.parameters();
  json["vocabulary"] = file.target_tokenizer.empty() ? "joint" : "one per language";
  json["model"] = Json::parse(model_options_to_json(file.model->options()));
  json["provenance"] = Json::parse(file.provenance, nullptr, false);
  if (tensors) {
    for (const TensorInfo& tensor : layout.tensors()) {
      json["tensors"].push_back({{"name", tensor.name}, {"rows", tensor.rows}, {"columns", tensor.columns}});
    }
  }
  return json;
}

/// In arrays of their rows and columns; those of one column have one dimension.
void write_weights(const std::string& folder, const ModelFile& file) {
  std::error_code error;
  std::filesystem::create_directories(folder, error);
  if (error || !std::filesystem::is_empty(folder, error) || error) {
    throw InputError::in_file(folder, error ? "cannot be made or read: " + error.message() : "is not empty",
                              "--weights needs a folder of its own");
  }
  const Layout& layout = file.model->layout();
  for (const TensorInfo& tensor : layout.tensors()) {
    const auto rows = static_cast<std::size_t>(tensor.rows);
    const auto columns = static_cast<std::size_t>(tensor.columns);
    std::string bytes =
        columns == 1 ? npy_header(rows, NpyOrder::kColumns) : npy_header(rows, columns, NpyOrder::kColumns);
    bytes.append(reinterpret_cast<const char*>(file.values->flat().data() + tensor.offset),
                 rows * columns * sizeof(float));
    write_file_atomically(folder + "/" + tensor.name + ".npy", bytes);
  }
}

void print_value(const std::string& name, const Json& value, int depth) {
  const std::string indent(static_cast<std::size_t>(2 * depth), ' ');
  if (value.is_object()) {
    fmt::print("{}{}\n", indent, name);
    for (const auto& [key, child] : value.items()) print_value(key, child, depth + 1);
  } else if (value.is_array()) {
    fmt::print("{}{}\n", indent, name);
    for (const Json& child : value) {
      if (child.contains("rows")) {
        fmt::print("{}  {:<40} {} × {}\n", indent, child["name"].get<std::string>(), child["rows"].dump(),
                   child["columns"].dump());
      } else {
        print_value("-", child, depth + 1);
      }
    }
  } else {
    const std::string text = value.is_number_integer() ? with_commas(value.get<std::int64_t>())
                             : value.is_string()       ? value.get<std::string>()
                                                       : value.dump();
    fmt::print("{}{:<{}} {}\n", indent, name, 24 - 2 * depth, text);
  }
}

}  // namespace

int run_inspect(Arguments arguments) {
  InspectOptions options;
  std::vector<std::string> models;
  CommandLine line("inspect", "MODEL", "Shows what is inside a model file: options, sizes and how it was trained.",
                   {"isthmus inspect en-de.isthmus", "isthmus inspect en-de.isthmus --format json",
                    "isthmus inspect en-de.isthmus --weights weights"});
  line.add(options);
  line.positional("MODEL", models, 1, 1);
  if (!line.parse(arguments)) return 0;
  const ModelFile file = load_model(models[0]);
  if (!options.weights.empty()) {
    write_weights(options.weights, file);
    log_info("{} in {}", counted(std::ssize(file.model->layout().tensors()), "array"), options.weights);
  }
  const Json json = contents(models[0], file, options.tensors);
  if (options.format == InspectFormat::kJson) {
    fmt::print("{}\n", json.dump(2));
  } else {
    for (const auto& [name, value] : json.items()) print_value(name, value, 0);
  }
  return 0;
}

}  // namespace isthmus::cli
