// Runs and decodes in the ledger, as the subcommands write them.
#pragma once

#include <functional>
#include <span>
#include <string>

#include "cli/recorded_model.h"
#include "cli/timed_translation.h"
#include "ledger/ledger.h"

namespace isthmus::cli {

/// Begins a run with this program's version and build, does `work`, and writes how the run ended: "finished",
/// "interrupted" or "error: …". Exceptions pass.
void record_run(Ledger& ledger, RunRecord run, const std::function<void(RunId)>& work);

/// A test set as its files are named: "test.de" is in language "de". Without a source it is named after the reference.
CorpusRow test_corpus(const std::string& source_path, const std::string& reference_path);

/// A model's translations of a corpus.
struct DecodedCorpus {
  ReadModel model;
  std::string source_path;  ///< names the corpus; "test.de" is in language "de"
  std::string reference_path;
  std::span<const std::string> sources;
  std::span<const std::string> references;
  const TimedTranslation& translation;
};

/// What write_decode wrote.
struct DecodeIds {
  CorpusId corpus{};
  CheckpointId checkpoint{};
  DecodeId decode{};
};

/// Writes corpus, model (see record_model), decode and hypotheses in one transaction.
DecodeIds write_decode(Ledger& ledger, RunId run, const Translator& translator, const DecodedCorpus& decoded);

}  // namespace isthmus::cli
