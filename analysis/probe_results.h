// What the probes of several seeds come to: accuracies beside their controls, with intervals.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "analysis/linear_probe.h"
#include "core/options.h"
#include "ledger/rows.h"

namespace isthmus {

/// What a probe reads.
enum class ProbeFeatures { kContext, kUntrained, kEmbeddings, kMajority };

template <>
struct EnumNames<ProbeFeatures> {
  static constexpr std::string_view names[] = {"context", "untrained", "embeddings", "majority"};
};

/// One probe of one seed.
struct ProbeRun {
  std::string task = {};
  int position = 0;  ///< of task recall; else 0
  ProbeFeatures features = ProbeFeatures::kContext;
  bool random_labels = false;
  std::int64_t seed = 0;                   ///< from 0
  std::vector<std::size_t> sentence = {};  ///< of each test sample
  ProbeResult result = {};
};

/// A task's accuracies in percent; differences in points. Position 0 of recall: all positions together.
struct ProbeComparison {
  std::string task = {};
  int position = 0;
  Estimate context = {};
  Estimate untrained = {};
  Estimate embeddings = {};
  Estimate majority = {};
  Estimate random_labels = {};  ///< of the context
  Estimate over_untrained = {};
  Estimate over_embeddings = {};
  Estimate over_majority = {};
  Estimate selectivity = {};  ///< over the same probe with random labels
  std::int64_t judged = 0;    ///< test samples of all seeds
};

/// By task in the order of their first run; recall's whole before its positions. `sentences` and `seeds` count all.
std::vector<ProbeComparison> compare_probes(std::span<const ProbeRun> runs, std::size_t sentences, std::size_t seeds,
                                            std::int64_t resamples, std::int64_t seed);

/// For the ledger's tables `probe` and `probe_comparison`.
MeasurementRows rows_of(std::span<const ProbeRun> runs);
MeasurementRows rows_of(std::span<const ProbeComparison> comparisons);
std::vector<FindingRow> findings_of(std::span<const ProbeComparison> comparisons);

/// The findings in words, and what follows.
std::string probe_verdict(std::span<const ProbeComparison> comparisons);
std::string probe_meaning(std::span<const ProbeComparison> comparisons);

}  // namespace isthmus
