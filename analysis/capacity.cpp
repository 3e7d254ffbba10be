#include "analysis/capacity.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <cmath>

#include "analysis/context_edits.h"
#include "analysis/estimates.h"
#include "analysis/model_comparison.h"
#include "core/error.h"

namespace isthmus {
namespace {

/// The parts between commas, each once.
std::vector<std::string> parts_of(const std::string& list, const char* option) {
  std::vector<std::string> parts;
  for (std::size_t begin = 0; begin <= list.size();) {
    const std::size_t end = std::min(list.find(',', begin), list.size());
    std::string part = list.substr(begin, end - begin);
    if (part.empty())
      throw UsageError(fmt::format("{} '{}': a name or number is missing between commas", option, list));
    if (std::find(parts.begin(), parts.end(), part) != parts.end()) {
      throw UsageError(fmt::format("{} '{}' has {} twice; once is enough", option, list, part));
    }
    parts.push_back(std::move(part));
    begin = end + 1;
  }
  return parts;
}

std::vector<std::int64_t> sizes_of(const std::string& list) {
  std::vector<std::int64_t> sizes;
  for (const std::string& part : parts_of(list, "--sizes")) {
    std::int64_t size = 0;
    const auto [end, error] = std::from_chars(part.data(), part.data() + part.size(), size);
    if (error != std::errc() || end != part.data() + part.size() || size < 1) {
      throw UsageError(
          fmt::format("--sizes '{}': '{}' is no size; write whole numbers with commas: 64,128,256", list, part));
    }
    sizes.push_back(size);
  }
  std::sort(sizes.begin(), sizes.end());
  if (std::adjacent_find(sizes.begin(), sizes.end()) != sizes.end()) {
    throw UsageError(fmt::format("--sizes '{}' has a size twice; once is enough", list));
  }
  return sizes;
}

std::vector<CellType> cells_of(const std::string& list) {
  std::vector<CellType> cells;
  const auto& names = EnumNames<CellType>::names;
  for (const std::string& part : parts_of(list, "--cells")) {
    const auto* name = std::find(std::begin(names), std::end(names), part);
    if (name == std::end(names)) {
      throw UsageError(fmt::format("--cells '{}': '{}' is no cell; there are rnn, gru and lstm", list, part));
    }
    cells.push_back(static_cast<CellType>(name - std::begin(names)));
  }
  return cells;
}

std::string suffix(const TrainedModel& model) {
  return fmt::format("_{}_{}", name_of(model.plan.model.cell), model.plan.model.hidden);
}

std::string half_in_words(const TrainedModel& model, const TrainingStudyOptions& options) {
  const Estimate half = found(model, "length", "half_length");
  if (std::isnan(half.value)) return "not reached";
  return fmt::format("{:.0f} {}", half.value, name_of(options.length.unit));
}

/// "lstm: from 64 to 512 units BLEU goes from 14.0 [13.0, 15.0] to …".
std::string cell_in_words(const TrainedModel& smallest, const TrainedModel& largest, const BleuContrast& gain,
                          const TrainingStudyOptions& options) {
  const Estimate small_slope = found(smallest, "length", "bleu_slope"), slope = found(largest, "length", "bleu_slope");
  std::string text =
      fmt::format("{}: from {} to {} units BLEU goes from {} to {} ({}). ", name_of(smallest.plan.model.cell),
                  smallest.plan.model.hidden, largest.plan.model.hidden, in_words(gain.baseline), in_words(gain.model),
                  in_words(gain));
  if (!std::isnan(small_slope.value) && !std::isnan(slope.value)) {
    text += fmt::format("For every 10 further {} it changes by {} and by {}. ", name_of(options.length.unit),
                        in_words(small_slope), in_words(slope));
  }
  return text + fmt::format("The length from which less than half of the best BLEU is left: {} and {}. ",
                            half_in_words(smallest, options), half_in_words(largest, options));
}

}  // namespace

void describe(OptionVisitor& visit, CapacityOptions& options) {
  visit.group("Capacity");
  visit("sizes", options.sizes, "hidden sizes, with commas");
  visit("cells", options.cells, "cells, with commas: a model is trained for each and each size");
}

std::vector<PlannedModel> plan_capacity(const ModelOptions& base, const TrainingStudyOptions& options) {
  std::vector<PlannedModel> plan;
  const std::vector<std::int64_t> sizes = sizes_of(options.capacity.sizes);
  for (const CellType cell : cells_of(options.capacity.cells)) {
    for (const std::int64_t size : sizes) {
      PlannedModel model{.name = fmt::format("{} {}", name_of(cell), size), .role = "size", .model = base};
      model.model.cell = cell;
      model.model.hidden = size;
      plan.push_back(std::move(model));
    }
  }
  return plan;
}

StudyResult compare_capacity(const TrainedModels& trained, const TrainingStudyOptions& options) {
  StudyResult result;
  MeasurementRows models{.table = "capacity_model",
                         .columns = {"cell",
                                     "hidden",
                                     "context_size",
                                     "parameters",
                                     "updates",
                                     "target_tokens_per_s",
                                     "bleu",
                                     "low",
                                     "high",
                                     "slope",
                                     "slope_low",
                                     "slope_high",
                                     "half_length",
                                     "half_length_low",
                                     "half_length_high",
                                     "gain",
                                     "gain_low",
                                     "gain_high",
                                     "gain_p",
                                     "train_run",
                                     "decode"}};
  MeasurementRows bins{.table = "capacity_bin",
                       .columns = {"model", "cell", "hidden", "from_length", "to_length", "sentences", "mean_length",
                                   "bleu", "low", "high", "thin"}};
  bool gains = false, gains_with_length = false, translates = false;
  const TrainedModel* smallest = nullptr;
  const TrainedModel* before = nullptr;
  for (std::size_t i = 0; i < trained.models.size(); ++i) {
    const TrainedModel& model = trained.models[i];
    const ModelOptions& of = model.plan.model;
    const bool first = before == nullptr || before->plan.model.cell != of.cell;
    if (first) smallest = &model;
    BleuContrast gain = contrast_bleu(first ? model : *before, model, trained.words, 0, options);
    const double nan = std::nan("");
    if (first) gain.difference = {nan, nan, nan}, gain.p = nan;
    const Estimate slope = found(model, "length", "bleu_slope"), half = found(model, "length", "half_length");

    std::vector<MeasuredValue> row{
        std::string(name_of(of.cell)),      of.hidden, context_size(of), model.parameters, measured(model.updates),
        measured(model.target_tokens_per_s)};
    for (const Estimate& estimate : {gain.model, slope, half, gain.difference}) append(row, estimate);
    row.push_back(measured(gain.p));
    row.emplace_back(model.train_run);
    row.emplace_back(static_cast<std::int64_t>(model.decode));
    models.rows.push_back(std::move(row));
    for (const LengthQualityRow& bin : model.lengths) {
      bins.rows.push_back({model.plan.name, std::string(name_of(of.cell)), of.hidden, bin.from, bin.to, bin.sentences,
                           bin.mean_length, measured(bin.quality.value), measured(bin.quality.low),
                           measured(bin.quality.high), std::int64_t{bin.thin}});
    }
    const std::string unit(name_of(options.length.unit));
    result.findings.push_back(finding("bleu" + suffix(model), "BLEU", gain.model));
    result.findings.push_back(finding("slope" + suffix(model), "BLEU per 10 " + unit, slope));
    result.findings.push_back(finding("half_length" + suffix(model), unit, half));
    const bool last = i + 1 == trained.models.size() || trained.models[i + 1].plan.model.cell != of.cell;
    if (last && smallest != &model) {
      const BleuContrast whole = contrast_bleu(*smallest, model, trained.words, 0, options);
      result.findings.push_back(finding(fmt::format("gain_{}", name_of(of.cell)), "BLEU", whole.difference));
      result.verdict += cell_in_words(*smallest, model, whole, options);
      gains = gains || (is_told(whole) && whole.difference.value > 0);
      gains_with_length = gains_with_length || slope.low > found(*smallest, "length", "bleu_slope").high;
      translates = translates || std::max(whole.baseline.value, whole.model.value) >= kLeastBleu;
    }
    before = &model;
  }
  if (result.verdict.empty()) {
    result.verdict = fmt::format("One size has BLEU {}; a sweep needs two.",
                                 in_words(contrast_bleu(*before, *before, trained.words, 0, options).model));
  } else {
    result.verdict.pop_back();
    constexpr std::string_view kAdvise = " isthmus analyze advise says up to which length each size can be trusted.";
    if (!translates) {
      result.meaning =
          "These models do not translate yet: give them more time, or more text, before sizes are compared.";
    } else if (!gains) {
      result.meaning = fmt::format(
          "No gain of a larger context can be told at this budget: train longer, or look elsewhere than at its size.{}",
          kAdvise);
    } else if (gains_with_length) {
      result.meaning = fmt::format("A larger context carries more, of long sentences above all.{}", kAdvise);
    } else {
      result.meaning = fmt::format(
          "A larger model translates better. That long sentences gain most, as they would if the context were what "
          "limits it, cannot be told: a larger model has more parameters, too.{}",
          kAdvise);
    }
  }
  result.tables = {std::move(models), std::move(bins)};
  return result;
}

}  // namespace isthmus
