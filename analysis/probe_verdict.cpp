// The findings of the probes in words, and what follows.
#include <fmt/format.h>

#include <algorithm>

#include "analysis/estimates.h"
#include "analysis/probe_results.h"

namespace isthmus {
namespace {

struct TaskWords {
  std::string_view task;
  std::string_view what;
};

constexpr TaskWords kTaskWords[] = {{"length", "length"},
                                    {"content", "which words there are"},
                                    {"recall", "words at their places"},
                                    {"shift", "swapped neighbours"},
                                    {"order", "the order of two words"}};

const ProbeComparison* whole(std::span<const ProbeComparison> comparisons, std::string_view task) {
  const auto found = std::find_if(comparisons.begin(), comparisons.end(),
                                  [task](const ProbeComparison& one) { return one.task == task && one.position == 0; });
  return found == comparisons.end() ? nullptr : &*found;
}

/// "a, b and c".
std::string listed(const std::vector<std::string>& items) {
  std::string text;
  for (std::size_t i = 0; i < items.size(); ++i) {
    text += i == 0 ? "" : i + 1 == items.size() ? " and " : ", ";
    text += items[i];
  }
  return text;
}

bool above_zero(const Estimate& difference) { return difference.low > 0; }
bool below_zero(const Estimate& difference) { return difference.high < 0; }

/// More than the majority's answer.
bool told(const ProbeComparison& one) { return above_zero(one.over_majority); }

std::string with_controls(const ProbeComparison& one, std::string_view what) {
  return fmt::format("{} {} % (bag of words {:.1f}, untrained encoder {:.1f}, majority {:.1f})", what,
                     in_words(one.context), one.embeddings.value, one.untrained.value, one.majority.value);
}

/// Places of the words that the vector tells better than a bag of words does: "1, 2 and 3 from the beginning".
std::string places_told(std::span<const ProbeComparison> comparisons) {
  std::vector<std::string> ends;
  for (const int side : {1, -1}) {
    std::vector<std::string> places;
    for (const ProbeComparison& one : comparisons) {
      const bool better =
          one.task == "recall" && one.position * side > 0 && above_zero(one.over_embeddings) && told(one);
      if (better) places.push_back(fmt::format("{}", one.position * side));
    }
    if (!places.empty()) ends.push_back(fmt::format("{} from the {}", listed(places), side > 0 ? "beginning" : "end"));
  }
  return listed(ends);
}

}  // namespace

std::string probe_verdict(std::span<const ProbeComparison> comparisons) {
  std::string figures;
  std::vector<std::string> nothing, more, same, less, untrained;
  const std::string places = places_told(comparisons);
  for (const TaskWords& words : kTaskWords) {
    const ProbeComparison* one = whole(comparisons, words.task);
    if (one == nullptr) continue;
    figures += (figures.empty() ? "" : ", ") + with_controls(*one, words.what);
    std::string what(words.what);
    if (!told(*one)) {
      nothing.push_back(what);
      continue;
    }
    if (!above_zero(one->over_untrained)) untrained.push_back(what);
    if (words.task == "recall" && !places.empty()) what += fmt::format(" ({})", places);
    (above_zero(one->over_embeddings) ? more : below_zero(one->over_embeddings) ? less : same).push_back(what);
  }
  std::string text = "Accuracy of a linear probe of the vector: " + figures + ".";
  if (!more.empty()) text += fmt::format(" It tells more than a bag of words of {}.", listed(more));
  if (!same.empty()) text += fmt::format(" No difference from a bag of words can be told in {}.", listed(same));
  if (!less.empty()) text += fmt::format(" It tells less than a bag of words of {}.", listed(less));
  if (!nothing.empty()) text += fmt::format(" Nothing was found of {}.", listed(nothing));
  if (!untrained.empty())
    text += fmt::format(" No more than in an untrained encoder was found of {}.", listed(untrained));
  return text;
}

std::string probe_meaning(std::span<const ProbeComparison> comparisons) {
  std::string text;
  const ProbeComparison* content = whole(comparisons, "content");
  if (content != nullptr && below_zero(content->over_embeddings)) {
    text += fmt::format(
        "Words are lost on the way into the vector ({:.0f} % are told right, of the words' own mean {:.0f} %): compare "
        "names and numbers of a translation with its source. ",
        content->context.value, content->embeddings.value);
  }
  const auto ordered = [&](std::string_view task) {
    const ProbeComparison* one = whole(comparisons, task);
    return one != nullptr && told(*one) && above_zero(one->over_embeddings);
  };
  if (ordered("recall") || ordered("shift") || ordered("order")) {
    text += "Some of the order of words reaches the decoder; what the probes tell of it is the least that is there.";
  } else {
    text +=
        "No order of words was found in the vector: the decoder may be ordering words by habit; check who does what to "
        "whom in its translations.";
  }
  return text;
}

}  // namespace isthmus
