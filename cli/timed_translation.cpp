#include "cli/timed_translation.h"

#include "core/interrupt.h"
#include "core/progress.h"

namespace isthmus::cli {

TimedTranslation translate_timed(Translator& translator, std::span<const std::string> sources,
                                 const std::string& origin) {
  const InterruptScope interrupts;
  Progress progress("translating", "sentences", static_cast<std::int64_t>(sources.size()));
  TimedTranslation result;
  result.translations = translator.translate(
      sources, {.name = origin}, [&progress](std::size_t done) { progress.update(static_cast<std::int64_t>(done)); });
  result.seconds = progress.seconds();
  for (const Translation& translation : result.translations) result.texts.emplace_back(translation.text());
  return result;
}

}  // namespace isthmus::cli
