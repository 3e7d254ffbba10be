// Target "evaluate": see targets.h.
#include <fmt/format.h>

#include <cmath>

#include "core/utf8.h"
#include "evaluation/metrics.h"
#include "tests/fuzz/targets.h"

namespace isthmus::fuzz {
namespace {

constexpr std::size_t kChoiceBytes = 5;

struct Choices {
  MetricOptions options;
  std::size_t references = 1;
};

Choices choices_of(std::string_view bytes) {
  const auto byte = [&](std::size_t i) { return static_cast<unsigned>(static_cast<unsigned char>(bytes[i])); };
  Choices choices;
  BleuOptions& bleu = choices.options.bleu;
  bleu.tokenize = static_cast<MetricTokenizer>(byte(0) % std::size(kMetricTokenizers));
  bleu.lowercase = (byte(0) & 0x80) != 0;
  bleu.smooth_method = static_cast<Smoothing>(byte(1) % 4);
  bleu.effective_order = (byte(1) & 0x80) != 0;
  bleu.max_ngram_order = 1 + byte(1) / 4 % kMaxBleuOrder;
  ChrfOptions& chrf = choices.options.chrf;
  chrf.char_order = 1 + byte(2) % kMaxChrfCharOrder;
  chrf.word_order = byte(2) / 16 % (kMaxChrfWordOrder + 1);
  chrf.beta = 1 + byte(3) % 3;
  chrf.whitespace = (byte(3) & 0x80) != 0;
  chrf.eps_smoothing = (byte(3) & 0x40) != 0;
  chrf.lowercase = (byte(3) & 0x20) != 0;
  TerOptions& ter = choices.options.ter;
  ter.normalized = (byte(4) & 1) != 0;
  ter.no_punctuation = (byte(4) & 2) != 0;
  ter.asian_support = (byte(4) & 4) != 0;
  ter.case_sensitive = (byte(4) & 8) != 0;
  choices.references = 1 + byte(4) / 16 % 3;
  return choices;
}

/// A hypothesis, its references, the next hypothesis, …; what is left over is dropped.
struct Texts {
  std::vector<std::string> hypotheses;
  std::vector<References> references;
};

Texts texts_of(std::string_view text, std::size_t references) {
  std::vector<std::string> lines;
  for (std::size_t begin = 0; begin <= text.size();) {
    const std::size_t end = std::min(text.find('\n', begin), text.size());
    lines.emplace_back(text.substr(begin, end - begin));
    begin = end + 1;
  }
  Texts texts;
  for (std::size_t i = 0; i + references < lines.size(); i += 1 + references) {
    texts.hypotheses.push_back(lines[i]);
    const auto first = lines.begin() + static_cast<std::ptrdiff_t>(i) + 1;
    texts.references.emplace_back(first, first + static_cast<std::ptrdiff_t>(references));
  }
  return texts;
}

void check_range(const MetricScore& score) {
  require(std::isfinite(score.score), fmt::format("{} is finite", score.name));
  require(score.score >= 0, fmt::format("{} is not below 0, but {}", score.name, score.score));
  require(score.name == "TER" || score.score <= 100 + 1e-9,
          fmt::format("{} is not above 100, but {}", score.name, score.score));
  require(!invalid_utf8_at(score.fields.dump() + score.details + score.signature), "reports are UTF-8");
}

/// The references, taken for hypotheses, are perfect.
void check_perfect(const Texts& texts, const MetricOptions& options) {
  std::vector<std::string> same;
  for (const References& references : texts.references) same.push_back(references[0]);
  BleuOptions bleu = options.bleu;
  bleu.effective_order = true;
  const BleuScore found = corpus_bleu(same, texts.references, bleu);
  if (found.hypothesis_length > 0) {
    require(std::abs(found.score - 100) < 1e-6, fmt::format("BLEU of a reference is 100, not {}", found.score));
  }
  ChrfStatistics sum;
  for (const ChrfStatistics& sentence : chrf_statistics(same, texts.references, options.chrf)) sum += sentence;
  if (sum.matches[0] > 0 && !options.chrf.eps_smoothing) {
    const double chrf = chrf_score(sum, options.chrf);
    require(std::abs(chrf - 100) < 1e-6, fmt::format("chrF of a reference is 100, not {}", chrf));
  }
  // References are cut twice, as sacreBLEU does, and few texts come out another way than they went in the second time.
  for (const std::string& text : same) {
    const std::string once = tokenize_tercom(text, options.ter);
    if (tokenize_tercom(once, options.ter) != once) return;
  }
  const double ter = corpus_ter(same, texts.references, options.ter);
  require(ter == 0, fmt::format("TER of a reference is 0, not {}", ter));
}

}  // namespace

void evaluate(std::string_view bytes) {
  if (bytes.size() < kChoiceBytes) return;
  const Choices choices = choices_of(bytes);
  const Texts texts = texts_of(bytes.substr(kChoiceBytes), choices.references);
  if (texts.hypotheses.empty()) return;
  for (const Metric& metric : metrics()) {
    const MetricScore score = metric.score(texts.hypotheses, texts.references, choices.options);
    check_range(score);
    const double summed = metric.statistics(texts.hypotheses, texts.references, choices.options).score();
    require(std::abs(score.score - summed) <= 1e-9 * std::max(1.0, summed),
            fmt::format("{} is that of the sum of its sentences: {}, {}", score.name, score.score, summed));
  }
  check_perfect(texts, choices.options);
}

std::vector<std::string> evaluate_seeds() {
  using std::string_literals::operator""s;
  const std::vector<std::string> texts = {
      "The baker opened the window.\nThe baker opens the window.\nNobody saw it, did they?\nNobody has seen it, have "
      "they?\n",
      "das Schloß am See, 3,5 km &amp; 4.2%\nDAS SCHLOSS AM SEE (3.5 km)\n배를 타고\n배를 타고 간다\n",
      "我们明天去上海。\n我們明天去上海！\n\n\nx\n\n",
      "\xff\xfe \xed\xa0\x80\n\xe2\x80\xa8\0 \xf0\x9f\x98\x80\n"s,
      "a b c d e f g h i j\nf g h i j a b c d e\nb a d c f e h g j i\na b c d e f g h i j\n",
  };
  const std::vector<std::string> choices = {"\x00\x0c\x05\x01\x00"s, "\x01\x8d\x25\x42\x17"s, "\x83\x0e\x1b\x80\x0f"s,
                                            "\x02\x1f\x46\x20\x28"s, "\x04\x90\x33\xc0\x05"s};
  std::vector<std::string> seeds;
  for (const std::string& choice : choices) {
    for (const std::string& text : texts) seeds.push_back(choice + text);
  }
  return seeds;
}

}  // namespace isthmus::fuzz
