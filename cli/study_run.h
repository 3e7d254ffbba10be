// A model on a text, translated and studied, as the studies' commands write it.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>

#include "analysis/study.h"
#include "cli/recorded_run.h"
#include "decode/load_translation_model.h"
#include "decode/search_options.h"
#include "decode/translate_options.h"
#include "ledger/ledger.h"

namespace isthmus::cli {

/// The text that is studied.
struct StudiedFiles {
  std::string source;
  std::string reference;
  std::int64_t sentences = 0;  ///< 0: all
};

void describe(OptionVisitor& visit, StudiedFiles& files);

/// Throws UsageError when one is not named, InputError when they do not go together.
LaboratoryText read_text(const StudiedFiles& files);

/// How a text is translated and studied.
struct StudyMeasure {
  StudiedFiles files;
  SearchOptions search;
  TranslateOptions translate;
  StudyOptions studies;
};

/// The rows that all studies of a model share.
struct StudySubject {
  CorpusId corpus{};
  CheckpointId checkpoint{};
  std::optional<DecodeId> decode;
};

/// Writes what is studied; with `translations` it translates, fills text.hypotheses and writes decode and scores too.
StudySubject write_subject(const StudyMeasure& measure, const ReadModel& read, std::shared_ptr<const LoadedModel> model,
                           bool translations, Ledger& ledger, RunId run, LaboratoryText& text);

/// Does one study and writes it.
AnalysisId do_study(const Study& study, Laboratory& laboratory, const StudyOptions& options,
                    const StudySubject& subject, RunId run, Ledger& ledger);

}  // namespace isthmus::cli
