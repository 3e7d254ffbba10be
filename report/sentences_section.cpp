// The sentence browser's data: each corpus with the translations of its systems.
#include <fmt/format.h>

#include <algorithm>
#include <map>

#include "core/progress.h"
#include "core/utf8.h"
#include "report/sections.h"
#include "report/systems.h"

namespace isthmus {
namespace {

/// Systems side by side of which one can still read something.
constexpr std::size_t kMostSystems = 8;
/// Bytes of a line on the page. A line may be a whole file.
constexpr std::size_t kLongestLine = 2000;

/// The line, or its beginning and how much is missing.
std::string readable(std::string_view text, bool& was_cut) {
  if (text.size() <= kLongestLine) return std::string(text);
  was_cut = true;
  std::size_t end = kLongestLine;
  while (end > kLongestLine - 3 && (static_cast<unsigned char>(text[end]) & 0xc0) == 0x80)
    --end;  // not inside a code point
  return fmt::format("{} … ({} more)", text.substr(0, end),
                     counted(static_cast<std::int64_t>(text.size() - end), "byte"));
}

/// The place of a line in `rows`, which are sorted by it.
SentenceRow* row_at(std::vector<SentenceRow>& rows, std::int64_t line) {
  const auto found = std::lower_bound(rows.begin(), rows.end(), line,
                                      [](const SentenceRow& row, std::int64_t value) { return row.line < value; });
  return found != rows.end() && found->line == line ? &*found : nullptr;
}

SentenceSet sentence_set(LedgerReader& ledger, CorpusId id, const CorpusSystems& corpus, std::int64_t most) {
  SentenceSet set{.title = corpus.title};
  const std::size_t first = corpus.systems.size() - std::min(corpus.systems.size(), kMostSystems);
  const std::size_t systems = corpus.systems.size() - first;
  bool was_cut = false;
  for (SentenceSummary& sentence : ledger.sentences(id, most)) {
    set.rows.push_back({.line = sentence.line,
                        .words = sentence.words,
                        .source = readable(sentence.source, was_cut),
                        .reference = readable(sentence.reference, was_cut),
                        .hypotheses = std::vector<std::optional<std::string>>(systems),
                        .bleu = std::vector<std::optional<double>>(systems)});
  }
  std::int64_t lines = 0;
  for (std::size_t i = 0; i < systems; ++i) {
    const System& system = corpus.systems[first + i];
    set.systems.push_back(system.name);
    lines = std::max(lines, system.decode.sentences);
    for (const TranslationSummary& translation : ledger.translations(system.decode.decode, most)) {
      SentenceRow* row = row_at(set.rows, translation.line);
      if (row == nullptr) continue;
      row->hypotheses[i] = readable(translation.hypothesis, was_cut);
      row->bleu[i] = translation.bleu;
    }
  }
  const auto shown = static_cast<std::int64_t>(set.rows.size());
  if (shown < lines) {
    set.notes.push_back(fmt::format("The first {} of {} sentences: isthmus report --html FILE --sentences N has more.",
                                    with_commas(shown), with_commas(lines)));
  }
  if (first > 0) {
    set.notes.push_back(fmt::format("{} left out: isthmus report --html FILE --run N has those of one run.",
                                    counted(static_cast<std::int64_t>(first), "older system")));
  }
  if (was_cut) set.notes.push_back(fmt::format("Lines of more than {} bytes are cut.", with_commas(kLongestLine)));
  return set;
}

}  // namespace

std::vector<PageSection> sentences_section(LedgerReader& ledger, const ReportScope& scope) {
  PageSection section{.id = "sentences", .title = "Sentences"};
  for (const auto& [id, corpus] : systems_by_corpus(ledger, scope.run)) {
    SentenceSet set = sentence_set(ledger, id, corpus, scope.sentences);
    if (!set.rows.empty()) section.sentences.push_back(std::move(set));
  }
  if (section.sentences.empty()) return {};
  return {section};
}

}  // namespace isthmus
