#include "cli/recorded_model.h"

#include <algorithm>
#include <nlohmann/json.hpp>

#include "cli/recorded_file.h"

namespace isthmus::cli {
namespace {

using Json = nlohmann::json;

std::optional<std::int64_t> number_in(const Json& provenance, const char* name) {
  if (!provenance.is_object()) return std::nullopt;
  const auto found = provenance.find(name);
  if (found != provenance.end()) {
    return found->is_number_integer() ? std::optional(found->get<std::int64_t>()) : std::nullopt;
  }
  std::optional<std::int64_t> largest;
  const auto parts = provenance.find("average-of");
  if (parts == provenance.end() || !parts->is_array()) return largest;
  for (const Json& part : *parts) largest = std::max(largest, number_in(part, name));
  return largest;
}

}  // namespace

std::optional<std::int64_t> provenance_number(std::string_view provenance, const char* name) {
  return number_in(Json::parse(provenance, nullptr, false), name);
}

CheckpointId record_model(Ledger& ledger, RunId run, const ReadModel& model) {
  const ArtifactRow file = recorded_file(run, "model", model.path);
  CheckpointId checkpoint{};
  ledger.transaction([&] {
    ledger.add(file);
    checkpoint = ledger.find_or_add({.run = run,
                                     .updates = provenance_number(model.provenance, "updates").value_or(0),
                                     .target_tokens = provenance_number(model.provenance, "target-tokens"),
                                     .path = file.path,
                                     .hash = file.hash,
                                     .provenance_json = Json::accept(model.provenance) ? model.provenance : "{}"});
  });
  return checkpoint;
}

}  // namespace isthmus::cli
