#include "report/systems.h"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <map>
#include <set>

#include "report/report.h"

namespace isthmus {
namespace {

std::string short_name(const DecodeSummary& decode) {
  const auto file = [](const std::string& path) { return std::filesystem::path(path); };
  if (!decode.model.empty()) {
    if (decode.is_file) return file(decode.model).filename().string();
    return fmt::format("{}, {}", file(decode.model).stem().string(), search_of(decode.method, decode.beam));
  }
  return fmt::format("{}, decode {}", decode.method, static_cast<std::int64_t>(decode.decode));
}

/// Names that several systems have get the run that made the weights, and those that are still the same their decode.
void tell_apart(std::vector<System>& systems) {
  std::map<std::string, std::set<std::optional<std::int64_t>>> runs;
  for (const System& system : systems) runs[system.name].insert(system.decode.model_run);
  for (System& system : systems) {
    if (runs[system.name].size() > 1 && system.decode.model_run) {
      system.name += fmt::format(", run {}", *system.decode.model_run);
    }
  }
  std::map<std::string, int> counts;
  for (const System& system : systems) ++counts[system.name];
  for (System& system : systems) {
    if (counts[system.name] > 1)
      system.name += fmt::format(", decode {}", static_cast<std::int64_t>(system.decode.decode));
  }
}

}  // namespace

std::map<CorpusId, CorpusSystems> systems_by_corpus(LedgerReader& ledger, std::optional<RunId> run) {
  std::map<CorpusId, CorpusSystems> corpora;
  for (DecodeSummary& decode : ledger.decodes(run)) {
    CorpusSystems& corpus = corpora[decode.corpus_id];
    corpus.title = std::filesystem::path(decode.corpus).filename().string();
    corpus.systems.push_back({short_name(decode), std::move(decode)});
  }
  std::map<std::string, int> titles;
  for (const auto& [id, corpus] : corpora) ++titles[corpus.title];
  for (auto& [id, corpus] : corpora) {
    if (titles[corpus.title] > 1) corpus.title += fmt::format(" (corpus {})", static_cast<std::int64_t>(id));
    tell_apart(corpus.systems);
  }
  return corpora;
}

}  // namespace isthmus
