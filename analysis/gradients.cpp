#include "analysis/gradients.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <Eigen/Eigenvalues>
#include <algorithm>
#include <array>
#include <cctype>
#include <cmath>
#include <limits>
#include <string>
#include <vector>

#include "analysis/estimates.h"
#include "analysis/sentence_batches.h"
#include "analysis/study.h"
#include "core/error.h"
#include "core/interrupt.h"
#include "evaluation/interval.h"

namespace isthmus {
namespace {

/// Distances that fewer sentences have are shown, but bear on no finding.
constexpr std::int64_t kLeastSentences = 20;
/// A norm that rounding makes zero has this share of the one at distance 0: its logarithm must be finite.
constexpr double kLeastNorm = 1e-30;
/// The change over all distances below which none is spoken of, as a logarithm: a per cent.
constexpr double kLeastChange = 0.01;
/// A step from the last state to the one before that the verdict speaks of: no fit has it.
constexpr double kFirstStep = 0.5;
/// A distance at which the findings say what is left.
constexpr std::size_t kFarther = 10;

/// Norms by sentence and distance, each divided by that at distance 0.
using Norms = std::vector<std::vector<double>>;

enum Quantity { kState, kInput };
constexpr const char* kQuantities[] = {"state", "input"};
constexpr const char* kDirections[] = {"forward", "backward"};
constexpr const char* kWeights[] = {"trained", "untrained"};

/// By quantity and direction.
using Traces = std::array<std::array<Norms, 2>, 2>;

std::size_t directions_of(const ModelOptions& shape) { return shape.bidirectional ? 2 : 1; }

/// Random signs as large as a context, for each sentence a stream of its own.
RnnState<float> random_signs(const ModelOptions& shape, std::span<const std::size_t> numbers, Random random) {
  const Index rows = shape.layers * shape.hidden;
  RnnState<float> probes;
  probes.hidden.resize(rows, static_cast<Index>(numbers.size()));
  probes.memory.resize(shape.cell == CellType::kLstm ? rows : 0, static_cast<Index>(numbers.size()));
  for (std::size_t i = 0; i < numbers.size(); ++i) {
    Random stream = random.split(numbers[i]);
    for (Matrix<float>* part : {&probes.hidden, &probes.memory}) {
      for (Index r = 0; r < part->rows(); ++r) (*part)(r, static_cast<Index>(i)) = stream.below(2) == 0 ? -1.0f : 1.0f;
    }
  }
  return probes;
}

/// Adds the squared norms of the columns to those of their sentences, by distance.
void add_squares(const Buffer<float>& columns, const TokenGrid& grid, std::span<const std::size_t> numbers,
                 Norms& squares) {
  for (Index b = 0; b < grid.packing.sentences(); ++b) {
    std::vector<double>& of = squares[numbers[static_cast<std::size_t>(grid.sentence[static_cast<std::size_t>(b)])]];
    const Index length = grid.packing.length(b);
    for (Index t = 0; t < length; ++t) {
      const auto distance = static_cast<std::size_t>(length - 1 - t);
      if (distance >= of.size()) continue;
      const Index column = grid.packing.offset[static_cast<std::size_t>(t)] + b;
      of[distance] += columns.col(column).cast<double>().squaredNorm();
    }
  }
}

Traces trace(Laboratory& laboratory, const Arena<float>& values, const GradientsOptions& options, Random random) {
  const Seq2Seq<float>& network = laboratory.network();
  const std::vector<Sentence>& sources = laboratory.sources();
  Traces squares;
  for (auto& quantity : squares) {
    for (std::size_t d = 0; d < directions_of(network.options()); ++d) {
      for (const Sentence& source : sources) {  // with the end piece
        quantity[d].emplace_back(std::min(source.size() + 1, static_cast<std::size_t>(options.distance) + 1), 0.0);
      }
    }
  }
  const auto batches = sentence_batches(sources, laboratory.batch());
  std::vector<Scratch<float>> scratch(laboratory.threads().size());
  const auto in_batches = [&](const auto& work) {
    laboratory.threads().run(batches.size(), [&](std::size_t piece, std::size_t worker) {
      if (interrupted()) throw Interrupted();
      const std::vector<std::size_t>& numbers = batches[piece];
      work(numbers, network.pack_source(sentences_at(sources, numbers)), scratch[worker]);
    });
    laboratory.advance();
  };
  in_batches([&](std::span<const std::size_t> numbers, const TokenGrid& grid, Scratch<float>& own) {
    const TokenGrid target = network.pack_target(sentences_at(laboratory.references(), numbers));
    const EncoderTrace<float> found = network.trace_loss(values, grid, target, own);
    add_squares(found.forward.d_hidden, grid, numbers, squares[kState][0]);
    if (network.options().bidirectional) add_squares(found.backward.d_hidden, grid, numbers, squares[kState][1]);
  });
  for (std::int64_t probe = 0; probe < options.probes; ++probe) {
    in_batches([&](std::span<const std::size_t> numbers, const TokenGrid& grid, Scratch<float>& own) {
      const RnnState<float> signs =
          random_signs(network.options(), numbers, random.split(static_cast<std::uint64_t>(probe)));
      const EncoderTrace<float> found = network.trace_context(values, grid, signs, own);
      add_squares(found.forward.d_x, grid, numbers, squares[kInput][0]);
      if (network.options().bidirectional) add_squares(found.backward.d_x, grid, numbers, squares[kInput][1]);
    });
  }
  return squares;
}

/// Squared norms → norms relative to that at distance 0. Sentences without one become empty.
void normalise(Norms& squares) {
  for (std::vector<double>& of : squares) {
    const double first = std::sqrt(of[0]);
    if (!(first > 0) || !std::isfinite(first)) of.clear();
    for (double& square : of) square = std::max(kLeastNorm, std::sqrt(square) / first);
  }
}

/// Means over the sentences of a sample, by distance, and the exponential that fits them.
struct Means {
  std::vector<double> sentences, mean, geometric;
  ExponentialFit fit;
};

Means means_of(const Norms& norms, const Norms& logarithms, std::span<const std::size_t> sample, std::size_t fitted) {
  Means means;
  for (const std::size_t i : sample) {
    const std::vector<double>& of = norms[i];
    if (of.size() > means.mean.size()) {
      for (auto* sums : {&means.sentences, &means.mean, &means.geometric}) sums->resize(of.size());
    }
    for (std::size_t d = 0; d < of.size(); ++d) {
      means.sentences[d] += 1;
      means.mean[d] += of[d];
      means.geometric[d] += logarithms[i][d];
    }
  }
  std::vector<double> x, y, weights;
  for (std::size_t d = 0; d < means.mean.size(); ++d) {
    means.mean[d] /= means.sentences[d];
    means.geometric[d] = std::exp(means.geometric[d] / means.sentences[d]);
    if (d == 0 || d > fitted) continue;
    x.push_back(static_cast<double>(d));
    y.push_back(means.geometric[d]);
    weights.push_back(means.sentences[d]);
  }
  means.fit = fit_exponential(x, y, weights);
  return means;
}

/// What is known of one quantity in one direction under some weights.
struct Curve {
  std::size_t quantity = 0, weights = 0, direction = 0;
  Means sample = {};
  std::vector<Estimate> mean = {}, geometric = {};  // by distance
  std::size_t fitted = 0;                           // the largest distance of the fit
  Estimate rate = {};                               // of the decay; NaN: too few sentences
  double bound = 0;                                 // of the factor a step; 0: none

  std::string name() const {
    return fmt::format("{}{}{}", weights == 1 ? "untrained_" : "", kQuantities[quantity],
                       direction == 1 ? "_backward" : "");
  }
  Estimate factor() const { return {std::exp(-rate.value), std::exp(-rate.high), std::exp(-rate.low)}; }
  Estimate half_life() const {
    const auto half = [](double r) { return r > 0 ? std::log(2.0) / r : std::numeric_limits<double>::infinity(); };
    if (std::isnan(rate.value)) return rate;
    return {half(rate.value), half(rate.high), half(rate.low)};
  }
};

void estimate(const Norms& norms, const StudyOptions& options, Curve& curve) {
  std::vector<std::size_t> sample(norms.size());
  for (std::size_t i = 0; i < sample.size(); ++i) sample[i] = i;
  Norms logarithms = norms;
  for (std::vector<double>& of : logarithms) {
    for (double& norm : of) norm = std::log(norm);
  }
  const Means counted = means_of(norms, logarithms, sample, 0);
  while (curve.fitted + 1 < counted.sentences.size() &&
         counted.sentences[curve.fitted + 1] >= static_cast<double>(kLeastSentences)) {
    ++curve.fitted;
  }
  curve.sample = means_of(norms, logarithms, sample, curve.fitted);
  const std::size_t distances = curve.sample.mean.size();
  std::vector<std::vector<double>> means(distances), geometric(distances);
  std::vector<double> rates;
  const Random root(static_cast<std::uint64_t>(options.seed));
  for (std::int64_t r = 0; r < options.resamples; ++r) {
    Random random = root.split(static_cast<std::uint64_t>(r));
    for (std::size_t& one : sample) one = random.below(norms.size());
    const Means of = means_of(norms, logarithms, sample, curve.fitted);
    for (std::size_t d = 0; d < of.mean.size(); ++d) {
      if (of.sentences[d] == 0) continue;
      means[d].push_back(of.mean[d]);
      geometric[d].push_back(of.geometric[d]);
    }
    if (!std::isnan(of.fit.rate)) rates.push_back(of.fit.rate);
  }
  const auto with_ends = [](double value, std::vector<double> values, double sentences) {
    if (sentences < 2 || values.empty()) return Estimate{value, std::nan(""), std::nan("")};
    const Interval ends = middle_95(std::move(values));
    return Estimate{value, ends.low, ends.high};
  };
  for (std::size_t d = 0; d < distances; ++d) {
    const double sentences = curve.sample.sentences[d];
    curve.mean.push_back(with_ends(curve.sample.mean[d], std::move(means[d]), sentences));
    curve.geometric.push_back(with_ends(curve.sample.geometric[d], std::move(geometric[d]), sentences));
  }
  curve.rate = with_ends(curve.sample.fit.rate, std::move(rates), static_cast<double>(norms.size()));
}

/// The largest singular value of the last layer's U of a direction; 0 where it bounds nothing.
double bound_of(const ModelOptions& shape, const Arena<float>& values, std::size_t direction) {
  if (shape.cell != CellType::kTanh || shape.layer_norm || shape.attention != AttentionType::kNone) return 0;
  const std::string name = fmt::format("encoder.{}.{}.recurrent_weights", shape.layers - 1, kDirections[direction]);
  const auto& tensors = values.layout().tensors();
  for (std::size_t i = 0; i < tensors.size(); ++i) {
    if (tensors[i].name != name) continue;
    const Matrix<double> u = values[TensorId{static_cast<int>(i)}].cast<double>();
    const Eigen::SelfAdjointEigenSolver<Matrix<double>> squares(u.transpose() * u, Eigen::EigenvaluesOnly);
    return std::sqrt(squares.eigenvalues().maxCoeff());
  }
  return 0;
}

MeasurementRows rows_of(std::span<const Curve> curves) {
  MeasurementRows rows{.table = "gradient_norm",
                       .columns = {"quantity", "weights", "direction", "distance", "sentences", "mean", "low", "high",
                                   "geometric_mean", "geometric_low", "geometric_high", "fitted", "bound"}};
  for (const Curve& curve : curves) {
    for (std::size_t d = 0; d < curve.mean.size(); ++d) {
      const Estimate& mean = curve.mean[d];
      const Estimate& geometric = curve.geometric[d];
      const bool in_fit = d >= 1 && d <= curve.fitted && !std::isnan(curve.rate.value);
      rows.rows.push_back(
          {kQuantities[curve.quantity], kWeights[curve.weights], kDirections[curve.direction],
           static_cast<std::int64_t>(d), static_cast<std::int64_t>(curve.sample.sentences[d]), mean.value, mean.low,
           mean.high, geometric.value, geometric.low, geometric.high,
           in_fit ? MeasuredValue(curve.sample.fit.amplitude * std::exp(-curve.rate.value * static_cast<double>(d)))
                  : MeasuredValue(),
           curve.bound > 0 ? MeasuredValue(std::pow(curve.bound, static_cast<double>(d))) : MeasuredValue()});
    }
  }
  return rows;
}

std::vector<FindingRow> findings_of(std::span<const Curve> curves) {
  std::vector<FindingRow> findings;
  for (const Curve& curve : curves) {
    findings.push_back(finding(curve.name() + "_factor", "a step", curve.factor()));
    findings.push_back(finding(curve.name() + "_half_life", "steps", curve.half_life()));
    findings.push_back(finding(curve.name() + "_fit_r2", "R² of the fit", curve.sample.fit.r2));
    if (curve.fitted >= kFarther) {
      findings.push_back(finding(curve.name() + "_at_10", "of distance 0", curve.geometric[kFarther]));
    }
    if (curve.bound > 0) findings.push_back(finding(curve.name() + "_bound", "a step", curve.bound));
  }
  return findings;
}

std::string half_life_in_words(const Curve& curve) {
  const Estimate half = curve.half_life();
  const std::string factor = in_words(curve.factor(), 3);
  if (std::abs(curve.rate.value) * static_cast<double>(curve.fitted) < kLeastChange) {
    return fmt::format("stays what it is over {} steps", curve.fitted);
  }
  const std::string poor =
      curve.sample.fit.r2 < kPoorFit
          ? fmt::format(", though no exponential describes it well: R² {:.2f}", curve.sample.fit.r2)
          : "";
  if (curve.rate.low > 0) {
    return fmt::format("keeps half over {} steps (factor {} a step{})", in_words(half), factor, poor);
  }
  if (curve.rate.high < 0) return fmt::format("grows (factor {} a step{})", factor, poor);
  return fmt::format("neither falls nor grows that can be told: factor {} a step", factor);
}

const Curve& curve_of(std::span<const Curve> curves, std::size_t quantity, std::size_t weights, std::size_t direction) {
  return *std::find_if(curves.begin(), curves.end(), [&](const Curve& curve) {
    return curve.quantity == quantity && curve.weights == weights && curve.direction == direction;
  });
}

std::string verdict_of(std::span<const Curve> curves, std::size_t directions) {
  const Curve& state = curve_of(curves, kState, 0, 0);
  if (std::isnan(state.rate.value) || std::isnan(state.rate.low)) {
    return fmt::format("Too few sentences to tell: fewer than two distances have {} or more.", kLeastSentences);
  }
  std::string verdict =
      fmt::format("On the way back through the source the gradient of the loss {}", half_life_in_words(state));
  if (directions == 2) {
    verdict += fmt::format("; in the direction that reads from the end it {}",
                           half_life_in_words(curve_of(curves, kState, 0, 1)));
  }
  verdict += fmt::format("; of an untrained model it {}.", half_life_in_words(curve_of(curves, kState, 1, 0)));
  if (state.fitted >= kFarther) {
    const Estimate& left = state.geometric[kFarther];
    verdict += fmt::format(" {} steps before the last state {} % of its gradient are left.", kFarther,
                           in_words({100 * left.value, 100 * left.low, 100 * left.high}));
  }
  if (state.geometric.size() > 1 && state.geometric[1].value < kFirstStep) {
    verdict += fmt::format(" The first of these steps alone leaves {:.0f} %; the exponential is that of the others.",
                           100 * state.geometric[1].value);
  }
  if (state.bound > 0) {
    verdict += fmt::format(" The bound of this recurrent matrix is a factor {:.3f} a step.", state.bound);
  }
  verdict +=
      fmt::format(" What a word vector does to the context {}.", half_life_in_words(curve_of(curves, kInput, 0, 0)));
  return verdict;
}

/// What takes distance away and the model does not have.
std::string remedies_for(const ModelOptions& shape) {
  std::vector<std::string> remedies;
  if (!shape.reverse_source && !shape.bidirectional)
    remedies.push_back("a reversed source puts other words near the end");
  if (!shape.bidirectional) remedies.push_back("two directions put both ends there");
  if (shape.attention == AttentionType::kNone) remedies.push_back("attention takes the distance away");
  if (remedies.empty()) return "";
  std::string text = fmt::format(" {}.", fmt::join(remedies, ", "));
  text[1] = static_cast<char>(std::toupper(static_cast<unsigned char>(text[1])));
  return text;
}

std::string meaning_of(const Curve& state, const ModelOptions& shape) {
  if (std::isnan(state.rate.value) || std::isnan(state.rate.low)) return "";
  const double fitted = static_cast<double>(state.fitted), two = std::log(2.0), ten = std::log(10.0);
  if (state.rate.high < 0) {
    return -state.rate.value * fitted >= two
               ? "Gradients explode: keep --clip-norm, and look at the share of clipped updates in the training log."
               : fmt::format(
                     "No word is cut off from learning by its distance: over {} steps the gradient grows {:.1f} "
                     "times.",
                     state.fitted, std::exp(-state.rate.value * fitted));
  }
  const double tenth = ten / state.rate.value;
  if (state.rate.low > 0 && tenth <= fitted) {
    return fmt::format(
        "Words read more than about {:.0f} steps before the end get less than a tenth of the gradient of the last "
        "ones: what matters there is learnt slowly.{}",
        tenth, remedies_for(shape));
  }
  if (state.rate.low > 0) {
    return fmt::format(
        "No word is cut off from learning by its distance: from 1 to {} steps before the end {:.0f} % of the gradient "
        "are left.",
        state.fitted, 100 * std::exp(-state.rate.value * (fitted - 1)));
  }
  if (state.rate.high * fitted > ten) {
    return "Whether distant words get less of the gradient cannot be told from this text; a longer one may tell.";
  }
  return fmt::format(
      "No word is cut off from learning by its distance: from 1 to {} steps before the end the gradient changes by "
      "less than a factor of ten.",
      state.fitted);
}

}  // namespace

void describe(OptionVisitor& visit, GradientsOptions& options) {
  visit.group("Gradients study");
  visit("gradients-distance", options.distance, "steps before the last state that are looked at", between(2, 1000));
  visit("gradients-probes", options.probes, "random directions of the context behind each norm of its derivatives",
        between(1, 1000));
}

StudyResult gradients_study(Laboratory& laboratory, const StudyOptions& options) {
  const ModelOptions& shape = laboratory.network().options();
  const Random random(static_cast<std::uint64_t>(options.seed));
  Arena<float> untrained(laboratory.network().layout());
  initialise(random.split(0), untrained);
  const Arena<float>* const values[] = {&laboratory.values(), &untrained};
  const std::size_t directions = directions_of(shape);
  laboratory.begin("gradients", 2 * (1 + options.gradients.probes));
  std::vector<Curve> curves;
  for (std::size_t w = 0; w < 2; ++w) {
    Traces norms = trace(laboratory, *values[w], options.gradients, random.split(1));
    for (std::size_t q = 0; q < 2; ++q) {
      for (std::size_t d = 0; d < directions; ++d) {
        Curve& curve = curves.emplace_back(Curve{.quantity = q, .weights = w, .direction = d});
        normalise(norms[q][d]);
        if (q == kState) curve.bound = bound_of(shape, *values[w], d);
        estimate(norms[q][d], options, curve);
      }
    }
  }
  return {.tables = {rows_of(curves)},
          .findings = findings_of(curves),
          .verdict = verdict_of(curves, directions),
          .meaning = meaning_of(curve_of(curves, kState, 0, 0), shape)};
}

}  // namespace isthmus
