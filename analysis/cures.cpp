#include "analysis/cures.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "analysis/estimates.h"
#include "analysis/model_comparison.h"

namespace isthmus {
namespace {

constexpr const char* kPlain = "plain";
constexpr const char* kCure = "cure";
constexpr const char* kControl = "control";

/// "luong attention" as the end of a finding's name.
std::string with_underscores(std::string name) {
  std::replace_if(
      name.begin(), name.end(), [](char c) { return c == ' ' || c == '-'; }, '_');
  return name == "plain,_another_seed" ? "control" : name;
}

struct Contrasted {
  const TrainedModel& model;
  BleuContrast all;
  BleuContrast longs;
};

/// Those of the cures that are told apart from the plain model, and for better, and by more than another seed does; the
/// largest gain first.
std::vector<const Contrasted*> helpful(const std::vector<Contrasted>& contrasted, BleuContrast Contrasted::*of) {
  std::vector<const Contrasted*> found;
  double chance = 0;
  for (const Contrasted& one : contrasted) {
    if (one.model.plan.role == kControl) chance = std::abs((one.*of).difference.value);
  }
  for (const Contrasted& one : contrasted) {
    const bool cure = one.model.plan.role == kCure;
    if (cure && is_told(one.*of) && (one.*of).difference.value > chance) found.push_back(&one);
  }
  std::stable_sort(found.begin(), found.end(), [of](const Contrasted* a, const Contrasted* b) {
    return (a->*of).difference.value > (b->*of).difference.value;
  });
  return found;
}

std::string gains_in_words(const std::vector<Contrasted>& contrasted, BleuContrast Contrasted::*of) {
  std::string text;
  for (const Contrasted* one : helpful(contrasted, of)) {
    text += fmt::format("{}{} {}", text.empty() ? "" : "; ", one->model.plan.name, in_words(one->*of));
  }
  return text.empty() ? "none" : text;
}

std::string verdict_of(const TrainedModels& trained, const std::vector<Contrasted>& contrasted,
                       const TrainingStudyOptions& options) {
  const Contrasted& plain = contrasted.front();
  std::string verdict = "Plain: BLEU " + in_words(plain.all.model);
  verdict += plain.longs.sentences == 0
                 ? fmt::format("; no source has more than {} words. ", options.contrast.long_words)
                 : fmt::format(", {} of sources with more than {} words ({} of them). ", in_words(plain.longs.model),
                               options.contrast.long_words, plain.longs.sentences);
  verdict += fmt::format("Gains over it, told from chance: {}. ", gains_in_words(contrasted, &Contrasted::all));
  verdict += fmt::format("Gains on the long ones: {}.", gains_in_words(contrasted, &Contrasted::longs));
  for (const Contrasted& one : contrasted) {
    if (one.model.plan.role != kControl) continue;
    verdict += fmt::format(" Another seed alone: {}.", in_words(one.all));
  }
  verdict += " " + budget_in_words(trained, options);
  verdict.pop_back();
  return verdict;
}

std::string meaning_of(const std::vector<Contrasted>& contrasted, const TrainingStudyOptions& options) {
  const std::vector<const Contrasted*> longs = helpful(contrasted, &Contrasted::longs);
  const std::vector<const Contrasted*> all = helpful(contrasted, &Contrasted::all);
  const auto translates = [](const Contrasted& one) { return one.all.model.value >= kLeastBleu; };
  if (std::none_of(contrasted.begin(), contrasted.end(), translates)) {
    return "These models do not translate yet: give them more time, or more text, before they are compared.";
  }
  if (!longs.empty() && longs.front()->longs.sentences >= options.length.min_sentences) {
    return fmt::format("For long sentences {} helps most at this size and budget.", longs.front()->model.plan.name);
  }
  if (!all.empty()) {
    return fmt::format(
        "{} helps most at this size and budget; that it helps long sentences more than others cannot be told.",
        all.front()->model.plan.name);
  }
  return "No cure can be told from chance at this size and budget: give it more time, or more text.";
}

}  // namespace

std::vector<PlannedModel> plan_cures(const ModelOptions& base, const TrainingStudyOptions& options) {
  PlannedModel plain{.name = "plain", .role = kPlain, .model = base};
  plain.model.bidirectional = false;
  plain.model.context = ContextUse::kInitial;
  plain.model.attention = AttentionType::kNone;
  plain.model.reverse_source = false;
  plain.model.input_feeding = false;
  std::vector<PlannedModel> plan{plain};
  const auto cure = [&](const char* name, const auto& change) {
    PlannedModel planned{.name = name, .role = kCure, .model = plain.model};
    change(planned.model);
    plan.push_back(std::move(planned));
  };
  cure("reversed source", [](ModelOptions& model) { model.reverse_source = true; });
  cure("both directions", [](ModelOptions& model) { model.bidirectional = true; });
  cure("context at every step", [](ModelOptions& model) { model.context = ContextUse::kEveryStep; });
  cure("bahdanau attention", [](ModelOptions& model) { model.attention = AttentionType::kBahdanau; });
  cure("luong attention", [](ModelOptions& model) { model.attention = AttentionType::kLuong; });
  if (options.contrast.control) {
    plan.push_back({.name = "plain, another seed", .role = kControl, .model = plain.model, .other_seed = true});
  }
  return plan;
}

StudyResult compare_cures(const TrainedModels& trained, const TrainingStudyOptions& options) {
  const TrainedModel& plain = trained.models.front();
  StudyResult result;
  MeasurementRows rows{.table = "cure_quality",
                       .columns = {"cure",      "role",      "parameters",     "updates",        "target_tokens_per_s",
                                   "bleu",      "low",       "high",           "gain",           "gain_low",
                                   "gain_high", "gain_p",    "long_sentences", "long_bleu",      "long_low",
                                   "long_high", "long_gain", "long_gain_low",  "long_gain_high", "long_gain_p",
                                   "slope",     "slope_low", "slope_high",     "train_run",      "decode"}};
  std::vector<Contrasted> contrasted;
  for (const TrainedModel& model : trained.models) {
    Contrasted of{model, contrast_bleu(plain, model, trained.words, 0, options),
                  contrast_bleu(plain, model, trained.words, options.contrast.long_words, options)};
    const bool itself = &model == &plain;
    const double nan = std::nan("");
    if (itself) of.all.difference = of.longs.difference = {nan, nan, nan}, of.all.p = of.longs.p = nan;
    const Estimate slope = found(model, "length", "bleu_slope");

    std::vector<MeasuredValue> row{model.plan.name, model.plan.role, model.parameters, measured(model.updates),
                                   measured(model.target_tokens_per_s)};
    append(row, of.all.model);
    append(row, of.all.difference);
    row.push_back(measured(of.all.p));
    row.emplace_back(of.longs.sentences);
    append(row, of.longs.model);
    append(row, of.longs.difference);
    row.push_back(measured(of.longs.p));
    append(row, slope);
    row.emplace_back(model.train_run);
    row.emplace_back(static_cast<std::int64_t>(model.decode));
    rows.rows.push_back(std::move(row));

    const std::string end = "_" + with_underscores(model.plan.name);
    result.findings.push_back(
        finding("slope" + end, fmt::format("BLEU per 10 {}", name_of(options.length.unit)), slope));
    if (!itself) {
      result.findings.push_back(finding("gain" + end, "BLEU", of.all.difference));
      result.findings.push_back(finding("long_gain" + end, "BLEU", of.longs.difference));
    }
    contrasted.push_back(std::move(of));
  }
  result.tables = {std::move(rows)};
  result.verdict = verdict_of(trained, contrasted, options);
  result.meaning = meaning_of(contrasted, options);
  return result;
}

}  // namespace isthmus
