// Names for the decodes of a ledger, by which people tell systems apart.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "ledger/ledger_reader.h"

namespace isthmus {

struct System {
  std::string name = {};  ///< "en-de, beam 5"; among those of one corpus each has its own
  DecodeSummary decode = {};
};

/// A corpus and the systems that translated it, oldest first.
struct CorpusSystems {
  std::string title = {};  ///< the corpus's name, with its number where another one is named the same
  std::vector<System> systems = {};
};

/// By corpus. The decodes are those that `LedgerReader::decodes(run)` gives.
std::map<CorpusId, CorpusSystems> systems_by_corpus(LedgerReader& ledger, std::optional<RunId> run);

}  // namespace isthmus
