// Real parallel text that every Debian and Ubuntu machine can reach: apt's translated package descriptions.
#pragma once

#include <cstddef>
#include <string>

#include "corpora/clean.h"
#include "corpora/debian_translations.h"
#include "corpora/parallel_text.h"

namespace isthmus {

struct DebianText {
  ParallelText text;  ///< English and the language; cleaned: no copies, no repetitions
  JoinCounts joined;
  CleanReport cleaned;
};

/// The programs that fetch and read the descriptions.
struct AptPrograms {
  std::string get = "apt-get";
  std::string helper = "/usr/lib/apt/apt-helper";
};

/// Whether `language` looks like a locale's language: "it", "pt_BR", "sr@latin". Nothing else reaches apt.
bool is_language_code(const std::string& language);

/// Fetches the descriptions with apt-get into a temporary folder, which is gone afterwards, and joins them. Needs no
/// root and leaves the system's own lists alone. `body`: the long descriptions too, as far as they align. Throws
/// InputError: no apt here, no network, no translations (the message lists the languages there are).
DebianText fetch_debian_text(const std::string& language, bool body, const AptPrograms& apt = {});

}  // namespace isthmus
