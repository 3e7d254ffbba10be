#include "analysis/cells.h"

#include <fmt/format.h>

#include <cmath>

#include "analysis/estimates.h"
#include "analysis/model_comparison.h"
#include "model/seq2seq.h"

namespace isthmus {
namespace {

constexpr const char* kReference = "reference";
constexpr const char* kSize = "size";
constexpr const char* kParameters = "parameters";
constexpr const char* kControl = "control";

double ratio(const std::optional<double>& value, const std::optional<double>& baseline) {
  return value && baseline && *baseline > 0 ? *value / *baseline : std::nan("");
}

/// A model and how it compares with the reference.
struct Contrasted {
  const TrainedModel& model;
  BleuContrast all;
  BleuContrast longs;
  double speed_ratio = 0;  // of target tokens per second
};

std::vector<MeasuredValue> quality_row(const std::string& matched, const Contrasted& of) {
  const TrainedModel& model = of.model;
  std::vector<MeasuredValue> row{matched,
                                 std::string(name_of(model.plan.model.cell)),
                                 model.plan.model.hidden,
                                 model.parameters,
                                 measured(model.updates),
                                 measured(model.minutes),
                                 measured(model.target_tokens_per_s),
                                 measured(model.peak_memory_mb)};
  append(row, of.all.model);
  row.emplace_back(of.longs.sentences);
  append(row, of.longs.model);
  append(row, gradient_half_life(model));
  row.emplace_back(model.train_run);
  row.emplace_back(static_cast<std::int64_t>(model.decode));
  return row;
}

/// The rows of "LSTM against …": a quantity each.
void add_differences(const std::string& matched, const TrainedModel& baseline, const Contrasted& of,
                     std::vector<std::vector<MeasuredValue>>& rows) {
  const TrainedModel& model = of.model;
  const auto add = [&](const char* quantity, double value, double base, const Estimate& difference, double p) {
    if (std::isnan(value) && std::isnan(base)) return;  // nobody measured it
    std::vector<MeasuredValue> row{matched,
                                   std::string(name_of(model.plan.model.cell)),
                                   std::string(name_of(baseline.plan.model.cell)),
                                   std::string(quantity),
                                   measured(value),
                                   measured(base)};
    append(row, difference);
    row.push_back(measured(p));
    rows.push_back(std::move(row));
  };
  const double nan = std::nan("");
  const auto plain = [&](const char* quantity, double value, double base) {
    add(quantity, value, base, {value - base, nan, nan}, nan);
  };
  add("BLEU", of.all.model.value, of.all.baseline.value, of.all.difference, of.all.p);
  add("BLEU of long sources", of.longs.model.value, of.longs.baseline.value, of.longs.difference, of.longs.p);
  plain("BLEU per 10 words", found(model, "length", "bleu_slope").value, found(baseline, "length", "bleu_slope").value);
  plain("gradient half-life", gradient_half_life(model).value, gradient_half_life(baseline).value);
  plain("target tokens/s", model.target_tokens_per_s.value_or(nan), baseline.target_tokens_per_s.value_or(nan));
  plain("peak memory, MB", model.peak_memory_mb.value_or(nan), baseline.peak_memory_mb.value_or(nan));
  plain("parameters", static_cast<double>(model.parameters), static_cast<double>(baseline.parameters));
}

std::string speed_in_words(const Contrasted& of) {
  return std::isnan(of.speed_ratio) ? ""
                                    : fmt::format(", {:.2f} times as many target tokens per second", of.speed_ratio);
}

/// "gru BLEU 27.0 [25.6, 28.5] (+1.1 [0.3, 1.9], p = 0.010), 1.16 times as many target tokens per second".
std::string in_words(const Contrasted& of, bool with_size) {
  const ModelOptions& options = of.model.plan.model;
  return fmt::format("{}{} {} ({}){}", name_of(options.cell), with_size ? fmt::format(" of {}", options.hidden) : "",
                     in_words(of.all.model), in_words(of.all), speed_in_words(of));
}

std::string group_in_words(const std::string& role, const TrainedModel& reference,
                           const std::vector<Contrasted>& contrasted) {
  std::string others;
  Estimate baseline;
  for (const Contrasted& of : contrasted) {
    if (of.model.plan.role != role) continue;
    baseline = of.all.baseline;
    others += (others.empty() ? "" : "; ") + in_words(of, role == kParameters);
  }
  if (others.empty()) return "";
  const std::string equal = role == kSize ? fmt::format("size ({} units)", reference.plan.model.hidden) : "parameters";
  return fmt::format("At equal {}: BLEU of lstm {}, {}. ", equal, in_words(baseline), others);
}

/// "lstm keeps half of its gradient over 23.1 [21.0, 25.5] steps".
std::string memory_in_words(const TrainedModel& model) {
  const Estimate half = gradient_half_life(model);
  const std::string_view cell = name_of(model.plan.model.cell);
  if (std::isnan(half.value)) return fmt::format("{} has no half-life that could be told", cell);
  return fmt::format("{} keeps half of it over {} steps", cell, in_words(half));
}

/// The gradient on its way back through the source, of the cells at equal size.
std::string memories_in_words(const TrainedModel& reference, const std::vector<Contrasted>& contrasted) {
  std::string text = "Of the gradient of the last state read: " + memory_in_words(reference);
  for (const Contrasted& of : contrasted) {
    if (of.model.plan.role == kSize) text += ", " + memory_in_words(of.model);
  }
  return text + ". ";
}

std::string verdict_of(const TrainedModels& trained, const std::vector<Contrasted>& contrasted,
                       const TrainingStudyOptions& options) {
  const TrainedModel& reference = trained.models.front();
  std::string verdict =
      group_in_words(kSize, reference, contrasted) + group_in_words(kParameters, reference, contrasted);
  for (const Contrasted& of : contrasted) {
    if (of.model.plan.role == kControl) {
      verdict += fmt::format("The same lstm with another seed: {}. ", in_words(of.all));
    }
  }
  verdict += memories_in_words(reference, contrasted) + budget_in_words(trained, options);
  verdict.pop_back();
  return verdict;
}

/// What to choose: a cell that is told apart from the LSTM at equal parameters, and by more than another seed does.
std::string meaning_of(const std::vector<Contrasted>& contrasted) {
  double chance = 0;
  const Contrasted* gru = nullptr;
  for (const Contrasted& of : contrasted) {
    if (of.model.plan.role == kControl) chance = std::abs(of.all.difference.value);
    if (of.model.plan.role == kSize && of.model.plan.model.cell == CellType::kGru) gru = &of;
  }
  if (gru == nullptr) return "";
  if (std::max(gru->all.baseline.value, gru->all.model.value) < kLeastBleu) {
    return "These models do not translate yet: give them more time, or more text, before they are compared.";
  }
  const std::string speed =
      std::isnan(gru->speed_ratio) ? std::string() : fmt::format(" (it trains {:.2f} times as fast)", gru->speed_ratio);
  const bool beyond = std::abs(gru->all.difference.value) > chance;
  if (!is_told(gru->all) || !beyond) {
    return fmt::format(
        "At this budget and size no difference of gru and lstm in BLEU can be told from chance: choose by speed{} and "
        "memory.",
        speed);
  }
  if (gru->all.difference.value > 0) return fmt::format("At this budget and size take gru{}.", speed);
  return fmt::format("At this budget and size take lstm, though gru is there for speed{}.", speed);
}

FindingRow named(const Contrasted& of, const std::string& quantity, const std::string& unit, const Estimate& value) {
  const std::string& role = of.model.plan.role;
  const std::string end = role == kControl ? "control" : fmt::format("{}_{}", name_of(of.model.plan.model.cell), role);
  return finding(quantity + "_" + end, unit, value);
}

}  // namespace

std::int64_t count_parameters(const ModelOptions& options) { return Seq2Seq<float>(options).layout().parameters(); }

std::int64_t hidden_for_equal_parameters(const ModelOptions& like, CellType cell) {
  const std::int64_t wanted = count_parameters(like);
  const std::int64_t step = like.bidirectional ? 2 : 1;
  const auto parameters = [&](std::int64_t steps) {
    ModelOptions options = like;
    options.cell = cell;
    options.hidden = steps * step;
    return count_parameters(options);
  };
  std::int64_t low = 1, high = 2;  // in steps: parameters(high) is enough in the end
  while (parameters(high) < wanted) low = high, high *= 2;
  while (high - low > 1) {
    const std::int64_t middle = (low + high) / 2;
    (parameters(middle) < wanted ? low : high) = middle;
  }
  const bool low_is_nearer = std::abs(parameters(low) - wanted) < std::abs(parameters(high) - wanted);
  return (low_is_nearer ? low : high) * step;
}

std::vector<PlannedModel> plan_cells(const ModelOptions& base, const TrainingStudyOptions& options) {
  PlannedModel reference{.name = "lstm", .role = kReference, .model = base};
  reference.model.cell = CellType::kLstm;
  std::vector<PlannedModel> plan{reference};
  for (const char* role : {kSize, kParameters}) {
    for (const CellType cell : {CellType::kGru, CellType::kTanh}) {
      PlannedModel other{.name = std::string(name_of(cell)), .role = role, .model = reference.model};
      other.model.cell = cell;
      if (role == kParameters) other.model.hidden = hidden_for_equal_parameters(reference.model, cell);
      plan.push_back(std::move(other));
    }
  }
  if (options.contrast.control) {
    plan.push_back({.name = "lstm, another seed", .role = kControl, .model = reference.model, .other_seed = true});
  }
  return plan;
}

StudyResult compare_cells(const TrainedModels& trained, const TrainingStudyOptions& options) {
  const TrainedModel& reference = trained.models.front();
  const auto contrast = [&](const TrainedModel& model) {
    return Contrasted{model, contrast_bleu(reference, model, trained.words, 0, options),
                      contrast_bleu(reference, model, trained.words, options.contrast.long_words, options),
                      ratio(model.target_tokens_per_s, reference.target_tokens_per_s)};
  };
  const Contrasted itself = contrast(reference);
  std::vector<Contrasted> contrasted;
  for (const TrainedModel& model : std::span(trained.models).subspan(1)) contrasted.push_back(contrast(model));

  StudyResult result;
  MeasurementRows quality{.table = "cell_quality", .columns = {"matched",
                                                               "cell",
                                                               "hidden",
                                                               "parameters",
                                                               "updates",
                                                               "minutes",
                                                               "target_tokens_per_s",
                                                               "peak_memory_mb",
                                                               "bleu",
                                                               "low",
                                                               "high",
                                                               "long_sentences",
                                                               "long_bleu",
                                                               "long_low",
                                                               "long_high",
                                                               "half_life",
                                                               "half_life_low",
                                                               "half_life_high",
                                                               "train_run",
                                                               "decode"}};
  MeasurementRows differences{.table = "cell_difference",
                              .columns = {"matched", "cell", "baseline", "quantity", "value", "baseline_value",
                                          "difference", "low", "high", "p"}};
  for (const char* role : {kSize, kParameters, kControl}) {
    if (role != kControl) quality.rows.push_back(quality_row(role, itself));
    for (const Contrasted& of : contrasted) {
      if (of.model.plan.role != role) continue;
      quality.rows.push_back(quality_row(role, of));
      add_differences(role, reference, of, differences.rows);
    }
  }
  for (const Contrasted& of : contrasted) {
    result.findings.push_back(named(of, "bleu_difference", "BLEU", of.all.difference));
    result.findings.push_back(named(of, "long_bleu_difference", "BLEU", of.longs.difference));
    if (of.model.plan.role == kControl) continue;
    result.findings.push_back(named(of, "speed_ratio", "times the lstm", {of.speed_ratio, std::nan(""), std::nan("")}));
  }
  result.tables = {std::move(quality), std::move(differences)};
  result.verdict = verdict_of(trained, contrasted, options);
  result.meaning = meaning_of(contrasted);
  return result;
}

}  // namespace isthmus
