#include "analysis/rank.h"

#include <fmt/format.h>

#include <array>
#include <cmath>
#include <string>
#include <utility>
#include <vector>

#include "analysis/estimates.h"
#include "analysis/jackknife.h"
#include "analysis/spectrum.h"
#include "analysis/study.h"
#include "analysis/untrained.h"
#include "core/error.h"
#include "core/interrupt.h"

namespace isthmus {
namespace {

/// Rows of the context vectors that are measured together.
struct Part {
  std::string name;
  Index begin;
  Index rows;
};

std::vector<Part> parts_of(const ModelOptions& shape) {
  const Index all = shape.layers * shape.hidden;
  std::vector<Part> parts{{"hidden", 0, all}};
  if (shape.layers > 1) parts.push_back({"top-hidden", all - shape.hidden, shape.hidden});
  if (shape.cell == CellType::kLstm) parts.push_back({"memory", all, all});
  return parts;
}

struct Figures {
  Spectrum spectrum;
  double cosine = 0;
  double centred_cosine = 0;
};

Figures figures_of(const Matrix<float>& vectors) {
  return {spectrum_of(vectors), mean_cosine(vectors.cast<double>()), mean_cosine(centred(vectors))};
}

/// What is measured of a part of one subject's contexts.
struct Measured {
  std::string part;
  std::string subject;
  Figures figures;
  std::vector<Figures> without;  // a block of sentences

  Estimate estimate(double (*get)(const Figures&)) const {
    std::vector<double> values;
    for (const Figures& one : without) values.push_back(get(one));
    return jackknife(get(figures), values);
  }
  Estimate effective_rank() const {
    return estimate([](const Figures& one) { return one.spectrum.effective_rank; });
  }
  Estimate participation_ratio() const {
    return estimate([](const Figures& one) { return one.spectrum.participation_ratio; });
  }
  Estimate cosine() const {
    return estimate([](const Figures& one) { return one.cosine; });
  }
  Estimate centred_cosine() const {
    return estimate([](const Figures& one) { return one.centred_cosine; });
  }
};

Matrix<float> columns(const Matrix<float>& vectors, const std::vector<Index>& numbers) {
  Matrix<float> chosen(vectors.rows(), static_cast<Index>(numbers.size()));
  for (std::size_t i = 0; i < numbers.size(); ++i) chosen.col(static_cast<Index>(i)) = vectors.col(numbers[i]);
  return chosen;
}

/// Each dimension's numbers in an order of their own.
Matrix<float> shuffled(const Matrix<float>& vectors, Random random) {
  Matrix<float> dealt = vectors;
  for (Index row = 0; row < dealt.rows(); ++row) {
    Random of_row = random.split(static_cast<std::uint64_t>(row));
    for (auto i = static_cast<std::uint64_t>(dealt.cols()); i > 1; --i) {
      std::swap(dealt(row, static_cast<Index>(i - 1)), dealt(row, static_cast<Index>(of_row.below(i))));
    }
  }
  return dealt;
}

Measured measure(Laboratory& laboratory, std::string part, std::string subject, const Matrix<float>& vectors,
                 const std::vector<std::vector<Index>>& blocks) {
  Measured measured{std::move(part), std::move(subject), {}, std::vector<Figures>(blocks.size())};
  laboratory.threads().run(blocks.size() + 1, [&](std::size_t piece, std::size_t) {
    if (interrupted()) throw Interrupted();
    if (piece == 0) {
      measured.figures = figures_of(vectors);
    } else {
      measured.without[piece - 1] = figures_of(columns(vectors, blocks[piece - 1]));
    }
  });
  return measured;
}

MeasurementRows figure_rows(const std::vector<Measured>& all, const std::vector<Index>& dimensions,
                            std::size_t sentences) {
  MeasurementRows rows{
      .table = "rank_figures",
      .columns = {"part", "subject", "sentences", "dimensions", "effective_rank", "effective_rank_low",
                  "effective_rank_high", "participation_ratio", "participation_ratio_low", "participation_ratio_high",
                  "axes_90", "axes_95", "axes_99", "mean_cosine", "mean_cosine_low", "mean_cosine_high",
                  "centred_cosine", "centred_cosine_low", "centred_cosine_high"}};
  for (std::size_t i = 0; i < all.size(); ++i) {
    const Measured& one = all[i];
    std::vector<MeasuredValue> row{one.part, one.subject, static_cast<std::int64_t>(sentences),
                                   static_cast<std::int64_t>(dimensions[i])};
    const auto add = [&row](const Estimate& estimate) {
      row.insert(row.end(), {estimate.value, estimate.low, estimate.high});
    };
    add(one.effective_rank());
    add(one.participation_ratio());
    for (const double share : {0.90, 0.95, 0.99}) row.emplace_back(one.figures.spectrum.axes_for(share));
    add(one.cosine());
    add(one.centred_cosine());
    rows.rows.push_back(std::move(row));
  }
  return rows;
}

/// Adds an axis's share of the variance, and that of it and all before; NaN where no variance is left.
void add_shares(const Spectrum& spectrum, std::size_t axis, double& so_far, std::vector<MeasuredValue>& row) {
  const bool is_there = axis < spectrum.variances.size() && spectrum.variances[axis] > 0;
  const double share = is_there ? spectrum.variances[axis] / spectrum.total : 0.0;
  so_far += share;
  row.insert(row.end(), {is_there ? share : std::nan(""), is_there ? so_far : std::nan("")});
}

/// Of one part: the model, shuffled, untrained.
using Subjects = std::array<Measured, 3>;

void add_axes(const Subjects& subjects, MeasurementRows& rows) {
  std::array<double, 3> so_far{};
  for (std::size_t axis = 0; axis < subjects[0].figures.spectrum.variances.size(); ++axis) {
    std::vector<MeasuredValue> row{subjects[0].part, static_cast<std::int64_t>(axis) + 1};
    for (std::size_t s = 0; s < subjects.size(); ++s) {
      add_shares(subjects[s].figures.spectrum, axis, so_far[s], row);
    }
    rows.rows.push_back(std::move(row));
  }
}

void add_findings(const Subjects& subjects, const std::string& prefix, std::vector<FindingRow>& findings) {
  const auto& [model, mixed, untrained] = subjects;
  const auto add = [&](const char* name, const char* unit, const Estimate& estimate) {
    findings.push_back(finding(prefix + name, unit, estimate));
  };
  add("effective_rank", "dimensions", model.effective_rank());
  add("shuffled_effective_rank", "dimensions", mixed.effective_rank());
  add("untrained_effective_rank", "dimensions", untrained.effective_rank());
  add("participation_ratio", "dimensions", model.participation_ratio());
  for (const int percent : {90, 95, 99}) {
    findings.push_back(finding(fmt::format("{}axes_{}", prefix, percent), "dimensions",
                               static_cast<double>(model.figures.spectrum.axes_for(percent / 100.0))));
  }
  add("mean_cosine", "cosine", model.cosine());
  add("untrained_mean_cosine", "cosine", untrained.cosine());
  add("centred_cosine", "cosine", model.centred_cosine());
}

std::string verdict_of(const Subjects& subjects, Index dimensions, std::size_t sentences) {
  const auto& [model, mixed, untrained] = subjects;
  if (model.figures.spectrum.total == 0) return "All sentences have the same context.";
  std::string verdict = fmt::format(
      "The hidden states have an effective rank of {} in {} dimensions; dealt out at random, dimension by dimension, "
      "it would be {}, and before training it is {}. {} axes hold 90 % of the variance, {} hold 99 %. The mean cosine "
      "of two contexts is {}, before training {}.",
      in_words(model.effective_rank()), dimensions, in_words(mixed.effective_rank()),
      in_words(untrained.effective_rank()), model.figures.spectrum.axes_for(0.90),
      model.figures.spectrum.axes_for(0.99), in_words(model.cosine(), 2), in_words(untrained.cosine(), 2));
  if (static_cast<Index>(sentences) < 3 * dimensions) {
    verdict += fmt::format(
        " {} sentences are fewer than three for each dimension: the text bounds the ranks, so compare them with the "
        "shuffled ones and not with the dimensions.",
        sentences);
  }
  return verdict;
}

std::string meaning_of(const Subjects& subjects) {
  const double share = subjects[0].effective_rank().value / subjects[1].effective_rank().value;
  if (!std::isfinite(share)) return "The context does not depend on the sentence: nothing of it reaches the decoder.";
  if (share < 0.5) {
    return fmt::format(
        "The contexts use {:.0f} % of the room that independent dimensions would: units lie idle, so a larger context "
        "alone is not the first thing to try.",
        100 * share);
  }
  return fmt::format(
      "The contexts use {:.0f} % of the room that independent dimensions would: few units lie idle. Whether more of "
      "them "
      "would help, the rank does not tell; the capacity study does.",
      100 * share);
}

}  // namespace

StudyResult rank_study(Laboratory& laboratory, const StudyOptions& options) {
  const std::size_t sentences = laboratory.size();
  if (sentences < 3) {
    throw InputError("the rank study needs three sentences at least; give a text with more lines");
  }
  const std::vector<Part> parts = parts_of(laboratory.network().options());
  laboratory.begin("rank", static_cast<std::int64_t>(3 * parts.size()) + 1);
  const Matrix<float> vectors = vectors_of(laboratory.contexts());
  const Matrix<float> untrained =
      vectors_of(laboratory.encode(laboratory.sources(), untrained_values(laboratory, options.seed)));
  laboratory.advance();
  const Random random(static_cast<std::uint64_t>(options.seed));
  const Matrix<float> mixed = shuffled(vectors, random.split(1));
  const auto blocks = all_but_one_block(sentences, options.seed);
  StudyResult result;
  MeasurementRows axes{.table = "rank_axes",
                       .columns = {"part", "axis", "share", "cumulative", "shuffled_share", "shuffled_cumulative",
                                   "untrained_share", "untrained_cumulative"}};
  std::vector<Measured> all;
  std::vector<Index> dimensions;
  for (const Part& part : parts) {
    Subjects subjects;
    const std::pair<const char*, const Matrix<float>*> sources[] = {
        {"model", &vectors}, {"shuffled", &mixed}, {"untrained", &untrained}};
    for (std::size_t s = 0; s < subjects.size(); ++s) {
      subjects[s] = measure(laboratory, part.name, sources[s].first,
                            sources[s].second->middleRows(part.begin, part.rows), blocks);
      laboratory.advance();
      all.push_back(subjects[s]);
      dimensions.push_back(part.rows);
    }
    add_axes(subjects, axes);
    if (part.name == "hidden") {
      add_findings(subjects, "", result.findings);
      result.verdict = verdict_of(subjects, part.rows, sentences);
      result.meaning = meaning_of(subjects);
    } else if (part.name == "memory") {
      add_findings(subjects, "memory_", result.findings);
    }
  }
  result.tables = {figure_rows(all, dimensions, sentences), std::move(axes)};
  return result;
}

}  // namespace isthmus
