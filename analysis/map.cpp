#include "analysis/map.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <numeric>
#include <string>
#include <vector>

#include "analysis/edit_distance.h"
#include "analysis/estimates.h"
#include "analysis/sentence_pairs.h"
#include "analysis/spectrum.h"
#include "analysis/study.h"
#include "analysis/untrained.h"
#include "core/error.h"

namespace isthmus {
namespace {

/// Vectors of length 1, zeros but for those of zero.
Matrix<double> unit_vectors(const Matrix<float>& vectors) {
  Matrix<double> units = vectors.cast<double>();
  for (Index i = 0; i < units.cols(); ++i) {
    const double norm = units.col(i).norm();
    if (norm > 0) units.col(i) /= norm;
  }
  return units;
}

struct Neighbour {
  std::size_t sentence;
  double cosine;
};

/// The nearest of the others.
std::vector<Neighbour> neighbours_of(const Matrix<double>& units, std::size_t sentence, std::size_t count) {
  const Vector<double> cosines = units.transpose() * units.col(static_cast<Index>(sentence));
  std::vector<std::size_t> others(static_cast<std::size_t>(units.cols()));
  std::iota(others.begin(), others.end(), std::size_t{0});
  others.erase(others.begin() + static_cast<std::ptrdiff_t>(sentence));
  const auto cosine = [&](std::size_t i) { return cosines(static_cast<Index>(i)); };
  const auto middle = others.begin() + static_cast<std::ptrdiff_t>(std::min(count, others.size()));
  std::partial_sort(others.begin(), middle, others.end(), [&](std::size_t a, std::size_t b) {
    return cosine(a) != cosine(b) ? cosine(a) > cosine(b) : a < b;
  });
  std::vector<Neighbour> found;
  for (auto i = others.begin(); i != middle; ++i) found.push_back({*i, std::clamp(cosine(*i), -1.0, 1.0)});
  return found;
}

using Words = std::vector<std::vector<std::int32_t>>;

/// Rows of the neighbours of each sentence, and the mean distance to them by sentence.
struct Neighbourhoods {
  MeasurementRows rows;
  std::vector<double> distance;
  std::vector<double> untrained_distance;
  std::vector<double> random_distance;
};

Neighbourhoods find_neighbours(Laboratory& laboratory, const Matrix<double>& units, const Matrix<double>& untrained,
                               const Words& words, const StudyOptions& options) {
  const std::size_t all = words.size();
  const auto asked = static_cast<std::size_t>(options.map.sentences);
  const std::size_t queries = asked == 0 ? all : std::min(all, asked);
  const auto count = static_cast<std::size_t>(options.map.neighbours);
  std::vector<std::vector<Neighbour>> of_model(queries), of_untrained(queries);
  laboratory.threads().run(queries, [&](std::size_t i, std::size_t) {
    of_model[i] = neighbours_of(units, i, count);
    of_untrained[i] = neighbours_of(untrained, i, count);
  });
  Neighbourhoods found{{.table = "map_neighbours",
                        .columns = {"line", "rank", "neighbour", "cosine", "edits", "distance", "untrained_neighbour",
                                    "untrained_cosine", "untrained_distance"}},
                       {},
                       {},
                       {}};
  Random random = Random(static_cast<std::uint64_t>(options.seed)).split(2);
  const auto line = [](std::size_t sentence) { return static_cast<std::int64_t>(sentence) + 1; };
  for (std::size_t i = 0; i < queries; ++i) {
    double sum = 0, untrained_sum = 0;
    for (std::size_t k = 0; k < of_model[i].size(); ++k) {
      const Neighbour& one = of_model[i][k];
      const Neighbour& control = of_untrained[i][k];
      const double distance = normalised_edit_distance(words[i], words[one.sentence]);
      const double untrained_distance = normalised_edit_distance(words[i], words[control.sentence]);
      found.rows.rows.push_back({line(i), line(k), line(one.sentence), one.cosine,
                                 edit_distance(words[i], words[one.sentence]), distance, line(control.sentence),
                                 control.cosine, untrained_distance});
      sum += distance;
      untrained_sum += untrained_distance;
    }
    const auto size = static_cast<double>(of_model[i].size());
    found.distance.push_back(sum / size);
    found.untrained_distance.push_back(untrained_sum / size);
    std::size_t other = random.below(all - 1);
    if (other >= i) ++other;
    found.random_distance.push_back(normalised_edit_distance(words[i], words[other]));
  }
  return found;
}

/// Cosine and likeness of pairs of sentences, with the controls beside them.
struct Likeness {
  std::vector<ComparedPair> pairs;
  std::vector<double> cosine;
  std::vector<double> untrained_cosine;
  std::vector<double> likeness;           // minus the edit distance
  std::vector<double> shuffled_likeness;  // of two other sentences' texts
};

Likeness measure_likeness(const Matrix<double>& units, const Matrix<double>& untrained, const Words& words,
                          const StudyOptions& options) {
  const Random random(static_cast<std::uint64_t>(options.seed));
  Likeness of;
  of.pairs = sample_pairs(words.size(), static_cast<std::size_t>(options.map.pairs), random.split(3));
  std::vector<std::size_t> dealt(words.size());
  std::iota(dealt.begin(), dealt.end(), std::size_t{0});
  Random dealer = random.split(4);
  dealer.shuffle(dealt);
  for (const ComparedPair& pair : of.pairs) {
    const auto a = static_cast<Index>(pair.a), b = static_cast<Index>(pair.b);
    of.cosine.push_back(units.col(a).dot(units.col(b)));
    of.untrained_cosine.push_back(untrained.col(a).dot(untrained.col(b)));
    of.likeness.push_back(-normalised_edit_distance(words[pair.a], words[pair.b]));
    of.shuffled_likeness.push_back(-normalised_edit_distance(words[dealt[pair.a]], words[dealt[pair.b]]));
  }
  return of;
}

/// Mean cosines by tenth of the edit distance. A distance of 1 is in the last. A mean of fewer than ten pairs is noise.
MeasurementRows similarity_rows(const Likeness& of) {
  constexpr std::size_t kBins = 10;
  const auto bin_of = [](double likeness) {
    // 0.3 is in the bin that begins with it, whatever 3/10 is in binary.
    return std::min(static_cast<std::size_t>(-likeness * kBins + 1e-9), kBins - 1);
  };
  std::vector<double> pairs(kBins), shuffled_pairs(kBins), cosine(kBins), untrained(kBins), shuffled(kBins);
  for (std::size_t p = 0; p < of.pairs.size(); ++p) {
    const std::size_t bin = bin_of(of.likeness[p]), shuffled_bin = bin_of(of.shuffled_likeness[p]);
    ++pairs[bin];
    cosine[bin] += of.cosine[p];
    untrained[bin] += of.untrained_cosine[p];
    ++shuffled_pairs[shuffled_bin];
    shuffled[shuffled_bin] += of.cosine[p];
  }
  MeasurementRows rows{.table = "map_similarity",
                       .columns = {"from_distance", "to_distance", "pairs", "cosine", "untrained_cosine",
                                   "shuffled_pairs", "shuffled_cosine"}};
  for (std::size_t bin = 0; bin < kBins; ++bin) {
    if (pairs[bin] + shuffled_pairs[bin] == 0) continue;
    const auto mean = [](double sum, double count) { return count < 10 ? std::nan("") : sum / count; };
    rows.rows.push_back({static_cast<double>(bin) / kBins, static_cast<double>(bin + 1) / kBins,
                         static_cast<std::int64_t>(pairs[bin]), mean(cosine[bin], pairs[bin]),
                         mean(untrained[bin], pairs[bin]), static_cast<std::int64_t>(shuffled_pairs[bin]),
                         mean(shuffled[bin], shuffled_pairs[bin])});
  }
  return rows;
}

MeasurementRows point_rows(const PrincipalCoordinates& model, const PrincipalCoordinates& untrained) {
  MeasurementRows rows{.table = "map_points", .columns = {"line", "x", "y", "untrained_x", "untrained_y"}};
  for (Index i = 0; i < model.coordinates.cols(); ++i) {
    rows.rows.push_back({static_cast<std::int64_t>(i) + 1, model.coordinates(0, i), model.coordinates(1, i),
                         untrained.coordinates(0, i), untrained.coordinates(1, i)});
  }
  return rows;
}

std::string meaning_of(const Estimate& spearman, const Estimate& untrained) {
  if (std::isnan(spearman.value) || std::isnan(spearman.low))
    return "Too little text to tell whether contexts follow the words.";
  if (spearman.low > untrained.high) {
    return "Training has drawn sentences with the same words together: what the decoder begins with is about the "
           "sentence. Look at the neighbours to see what counts as alike.";
  }
  if (spearman.low > 0) {
    return "Contexts follow the words; that they do so more than those of a network that has learned nothing cannot be "
           "told: likeness of words alone is no sign of what was learned.";
  }
  return "That contexts follow the words of the sentence cannot be told: they hold something else, such as its length, "
         "or nothing.";
}

}  // namespace

void describe(OptionVisitor& visit, MapOptions& options) {
  visit.group("Map study");
  visit("map-neighbours", options.neighbours, "nearest neighbours of a sentence that are listed", between(1, 100));
  visit("map-sentences", options.sentences, "so many of the first get their neighbours; 0 is all", at_least(0));
  visit("map-pairs", options.pairs, "pairs of sentences behind the rank correlation of cosine and edit distance",
        between(1, 10'000'000));
  visit("map-keep", options.keep, "keep the context vectors in the ledger");
}

StudyResult map_study(Laboratory& laboratory, const StudyOptions& options) {
  if (laboratory.size() < 3) {
    throw InputError("the map study needs three sentences at least; give a text with more lines");
  }
  laboratory.begin("map", 4);
  const Context<float>& contexts = laboratory.contexts();
  const Matrix<float> untrained =
      laboratory.encode(laboratory.sources(), untrained_values(laboratory, options.seed)).state.hidden;
  laboratory.advance();
  const PrincipalCoordinates map = principal_coordinates(contexts.state.hidden, 2);
  const PrincipalCoordinates untrained_map = principal_coordinates(untrained, 2);
  laboratory.advance();
  const Words words = numbered_words(laboratory.source_lines());
  const Matrix<double> units = unit_vectors(contexts.state.hidden);
  const Matrix<double> untrained_units = unit_vectors(untrained);
  Neighbourhoods near = find_neighbours(laboratory, units, untrained_units, words, options);
  laboratory.advance();
  const Likeness of = measure_likeness(units, untrained_units, words, options);
  const auto correlation = [&](const std::vector<double>& x, const std::vector<double>& y) {
    return spearman_of_pairs(of.pairs, x, y, words.size(), options.resamples, options.seed);
  };
  const Estimate spearman = correlation(of.cosine, of.likeness);
  const Estimate untrained_spearman = correlation(of.untrained_cosine, of.likeness);
  const Estimate shuffled_spearman = correlation(of.cosine, of.shuffled_likeness);
  laboratory.advance();

  const auto mean = [&](const std::vector<double>& values) {
    return mean_estimate(values, options.resamples, options.seed);
  };
  const Estimate distance = mean(near.distance), random_distance = mean(near.random_distance),
                 untrained_distance = mean(near.untrained_distance);
  const double plane = map.shares[0] + map.shares[1];
  StudyResult result;
  result.findings = {finding("spearman", "correlation", spearman),
                     finding("untrained_spearman", "correlation", untrained_spearman),
                     finding("shuffled_spearman", "correlation", shuffled_spearman),
                     finding("neighbour_distance", "edits per word", distance),
                     finding("untrained_neighbour_distance", "edits per word", untrained_distance),
                     finding("random_distance", "edits per word", random_distance),
                     finding("plane_share", "% of the variance", 100 * plane)};
  result.tables = {point_rows(map, untrained_map), std::move(near.rows), similarity_rows(of)};
  if (std::isnan(spearman.value)) {
    result.verdict = "The sentences have too few different words or contexts for a rank correlation of the two.";
  } else
    result.verdict = fmt::format(
        "Over pairs of sentences the cosine of the contexts and the likeness of the words have a rank correlation of "
        "{} "
        "(untrained {}, shuffled {}). To its {} a sentence has {} edits per word (untrained {}, to any sentence {}). "
        "The "
        "map shows {:.0f} % of the "
        "variance.",
        in_words(spearman, 2), in_words(untrained_spearman, 2), in_words(shuffled_spearman, 2),
        options.map.neighbours == 1 ? "nearest neighbour"
                                    : fmt::format("{} nearest neighbours", options.map.neighbours),
        in_words(distance, 2), in_words(untrained_distance, 2), in_words(random_distance, 2), 100 * plane);
  result.meaning = meaning_of(spearman, untrained_spearman);
  if (options.map.keep) result.contexts = vectors_of(contexts);
  return result;
}

}  // namespace isthmus
