#include "analysis/saturation.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <map>

#include "analysis/estimates.h"
#include "core/random.h"
#include "evaluation/interval.h"

namespace isthmus {
namespace {

constexpr int kSteps = 80;  // of τ, from a length of half a word to the bound

double mean_of(std::span<const double> values, std::span<const std::size_t> sentences) {
  double sum = 0;
  for (const std::size_t i : sentences) sum += values[i];
  return sum / static_cast<double>(sentences.size());
}

/// As many sentences of a bin, drawn anew.
std::vector<std::size_t> redrawn(const std::vector<std::size_t>& sentences, Random& random) {
  std::vector<std::size_t> drawn(sentences.size());
  for (std::size_t& one : drawn) one = sentences[random.below(sentences.size())];
  return drawn;
}

Estimate with_interval(double value, std::vector<double> resamples) {
  std::erase_if(resamples, [](double x) { return std::isnan(x); });
  if (resamples.empty() || std::isnan(value)) return {value, std::nan(""), std::nan("")};
  const Interval interval = middle_95(std::move(resamples));
  return {value, interval.low, interval.high};
}

struct Curve {
  double capacity = 0;
  double length = 0;
  bool straight = false;  // the length is at its bound

  double at(double words) const { return capacity * (1 - std::exp(-words / length)); }
  double capacity_if_any() const { return straight ? std::numeric_limits<double>::infinity() : capacity; }
  double length_if_any() const { return straight ? std::numeric_limits<double>::infinity() : length; }
};

/// The best a for each of some τ, and of these the best.
Curve fit(const std::vector<double>& lengths, const std::vector<double>& means, const std::vector<double>& weights) {
  const double bound = 10 * lengths.back();
  Curve best;
  double least = std::numeric_limits<double>::infinity();
  for (int step = 0; step <= kSteps; ++step) {
    const double tau = 0.5 * std::pow(bound / 0.5, static_cast<double>(step) / kSteps);
    double xy = 0, xx = 0;
    for (std::size_t i = 0; i < means.size(); ++i) {
      const double x = 1 - std::exp(-lengths[i] / tau);
      xy += weights[i] * x * means[i];
      xx += weights[i] * x * x;
    }
    const Curve curve{xy / xx, tau, step == kSteps};
    double error = 0;
    for (std::size_t i = 0; i < means.size(); ++i) {
      const double miss = means[i] - curve.at(lengths[i]);
      error += weights[i] * miss * miss;
    }
    if (error < least) {
      least = error;
      best = curve;
    }
  }
  return best;
}

}  // namespace

LengthCurve::LengthCurve(std::span<const double> lengths, std::span<const double> values,
                         const LengthCurveOptions& options)
    : lengths_(lengths), values_(values), options_(options) {
  std::map<std::int64_t, Bin> bins;
  for (std::size_t i = 0; i < lengths.size(); ++i) {
    const std::int64_t number = (static_cast<std::int64_t>(lengths[i]) - 1) / options.bin_width;
    bins[number].sentences.push_back(i);
  }
  for (auto& [number, bin] : bins) {
    bin.from = number * options.bin_width + 1;
    bin.to = (number + 1) * options.bin_width;
    bin.mean_length = mean_of(lengths, bin.sentences);
    bin.thin = static_cast<std::int64_t>(bin.sentences.size()) < options.min_sentences;
    bins_.push_back(std::move(bin));
  }
}

std::vector<std::size_t> LengthCurve::full_bins() const {
  std::vector<std::size_t> full;
  for (std::size_t i = 0; i < bins_.size(); ++i) {
    if (!bins_[i].thin) full.push_back(i);
  }
  return full;
}

Estimate LengthCurve::mean(const Bin& bin) const {
  std::vector<double> values;
  for (const std::size_t i : bin.sentences) values.push_back(values_[i]);
  return mean_estimate(values, options_.resamples, options_.seed);
}

Estimate LengthCurve::gain(const Bin& bin) const {
  const auto next = std::find_if(bins_.begin(), bins_.end(),
                                 [&bin](const Bin& other) { return other.from > bin.from && !other.thin; });
  const double nan = std::nan("");
  if (bin.thin || next == bins_.end()) return {nan, nan, nan};
  const auto slope = [&](std::span<const std::size_t> here, std::span<const std::size_t> there) {
    const double words = mean_of(lengths_, there) - mean_of(lengths_, here);
    return words > 0 ? (mean_of(values_, there) - mean_of(values_, here)) / words : std::nan("");
  };
  std::vector<double> resamples;
  const Random root(static_cast<std::uint64_t>(options_.seed));
  for (std::int64_t r = 0; r < options_.resamples; ++r) {
    Random random = root.split(static_cast<std::uint64_t>(r));
    const std::vector<std::size_t> here = redrawn(bin.sentences, random);
    resamples.push_back(slope(here, redrawn(next->sentences, random)));
  }
  return with_interval(slope(bin.sentences, next->sentences), std::move(resamples));
}

Saturation LengthCurve::saturation() const {
  Saturation saturation;
  const std::vector<std::size_t> full = full_bins();
  if (full.size() < 2) return saturation;
  saturation.longest = bins_[full[full.size() - 2]].to;
  saturation.last_gain = gain(bins_[full[full.size() - 2]]);
  double greatest = gain(bins_[full.front()]).value;
  for (std::size_t i = 1; i + 1 < full.size(); ++i) {
    const Estimate more = gain(bins_[full[i]]);
    if (more.low <= 0 && more.high < greatest) {
      saturation.length = bins_[full[i]].to;
      saturation.bin = full[i];
      break;
    }
    greatest = std::max(greatest, more.value);
  }
  return saturation;
}

CapacityFit LengthCurve::capacity() const {
  const std::vector<std::size_t> full = full_bins();
  const double nan = std::nan("");
  if (full.size() < 3) return {{nan, nan, nan}, {nan, nan, nan}};
  const auto curve_of = [&](const auto& sentences_of) {
    std::vector<double> lengths, means, weights;
    for (const std::size_t number : full) {
      const std::vector<std::size_t> sentences = sentences_of(bins_[number].sentences);
      lengths.push_back(mean_of(lengths_, sentences));
      means.push_back(mean_of(values_, sentences));
      weights.push_back(static_cast<double>(sentences.size()));
    }
    return fit(lengths, means, weights);
  };
  const Curve sample = curve_of([](const std::vector<std::size_t>& sentences) { return sentences; });
  for (const std::size_t number : full) {
    const Estimate bin = mean(bins_[number]);
    if (std::abs(sample.at(bins_[number].mean_length) - bin.value) > bin.high - bin.low)
      return {{nan, nan, nan}, {nan, nan, nan}};
  }
  std::vector<double> capacities, lengths;
  const Random root(static_cast<std::uint64_t>(options_.seed));
  for (std::int64_t r = 0; r < options_.resamples; ++r) {
    Random random = root.split(static_cast<std::uint64_t>(r));
    const Curve curve = curve_of([&](const std::vector<std::size_t>& sentences) { return redrawn(sentences, random); });
    capacities.push_back(curve.capacity_if_any());
    lengths.push_back(curve.length_if_any());
  }
  return {with_interval(sample.capacity_if_any(), std::move(capacities)),
          with_interval(sample.length_if_any(), std::move(lengths))};
}

}  // namespace isthmus
