#include "analysis/probe_tasks.h"

#include <algorithm>
#include <cmath>
#include <map>
#include <numeric>
#include <set>

namespace isthmus {
namespace {

ProbeLabels one_column(ProbeLabels::Kind kind, const std::vector<int>& values, int classes) {
  ProbeLabels labels{.kind = kind, .classes = classes};
  labels.values = Eigen::Map<const Eigen::VectorXi>(values.data(), static_cast<Index>(values.size()));
  return labels;
}

/// Keys by falling count, of equals the smaller first.
std::vector<TokenId> most_frequent(const std::map<TokenId, std::size_t>& counts, std::size_t count) {
  std::vector<TokenId> pieces;
  for (const auto& [piece, times] : counts) pieces.push_back(piece);
  std::stable_sort(pieces.begin(), pieces.end(), [&](TokenId a, TokenId b) { return counts.at(a) > counts.at(b); });
  pieces.resize(std::min(pieces.size(), count));
  return pieces;
}

}  // namespace

ProbeLabels length_labels(std::span<const Sentence> sentences, int bins) {
  std::vector<int> lengths;
  for (const Sentence& sentence : sentences) lengths.push_back(static_cast<int>(sentence.size()));
  ProbeLabels labels = one_column(ProbeLabels::Kind::kNumber, lengths, bins);
  std::sort(lengths.begin(), lengths.end());
  for (int k = 1; k < bins && !lengths.empty(); ++k) {
    const std::size_t place = lengths.size() * static_cast<std::size_t>(k) / static_cast<std::size_t>(bins);
    const int limit = lengths[std::max<std::size_t>(place, 1) - 1];
    if (limit < lengths.back() && (labels.limits.empty() || limit > labels.limits.back()))
      labels.limits.push_back(limit);
  }
  return labels;
}

std::vector<TokenId> content_pieces(std::span<const Sentence> sentences, std::size_t count, double share,
                                    std::size_t least) {
  std::map<TokenId, std::size_t> holders;
  for (const Sentence& sentence : sentences) {
    for (const TokenId piece : std::set<TokenId>(sentence.begin(), sentence.end())) ++holders[piece];
  }
  const double most = share * static_cast<double>(sentences.size());
  std::erase_if(holders, [&](const auto& held) {
    return held.first == kUnknown || held.second < least || static_cast<double>(held.second) > most;
  });
  return most_frequent(holders, count);
}

ProbeLabels content_labels(std::span<const Sentence> sentences, std::span<const TokenId> pieces) {
  ProbeLabels labels{.kind = ProbeLabels::Kind::kPresence};
  labels.values.resize(static_cast<Index>(sentences.size()), static_cast<Index>(pieces.size()));
  for (std::size_t i = 0; i < sentences.size(); ++i) {
    for (std::size_t j = 0; j < pieces.size(); ++j) {
      const bool present = std::find(sentences[i].begin(), sentences[i].end(), pieces[j]) != sentences[i].end();
      labels.values(static_cast<Index>(i), static_cast<Index>(j)) = present ? 1 : 0;
    }
  }
  return labels;
}

std::vector<TokenId> frequent_pieces(std::span<const Sentence> sentences, std::size_t count) {
  std::map<TokenId, std::size_t> counts;
  for (const Sentence& sentence : sentences) {
    for (const TokenId piece : sentence) ++counts[piece];
  }
  return most_frequent(counts, count);
}

ProbeLabels recall_labels(std::span<const Sentence> sentences, int position, std::span<const TokenId> pieces) {
  std::vector<int> values;
  for (const Sentence& sentence : sentences) {
    const auto length = static_cast<int>(sentence.size());
    const int at = position > 0 ? position - 1 : length + position;
    if (at < 0 || at >= length) {
      values.push_back(-1);
      continue;
    }
    const auto found = std::find(pieces.begin(), pieces.end(), sentence[static_cast<std::size_t>(at)]);
    values.push_back(static_cast<int>(found - pieces.begin()));
  }
  return one_column(ProbeLabels::Kind::kClass, values, static_cast<int>(pieces.size()) + 1);
}

ShiftedSentences shift_neighbours(std::span<const Sentence> sentences, Random random) {
  ShiftedSentences shifted;
  std::vector<int> labels;
  for (std::size_t i = 0; i < sentences.size(); ++i) {
    std::vector<std::size_t> places;  // where two neighbours differ
    for (std::size_t at = 0; at + 1 < sentences[i].size(); ++at) {
      if (sentences[i][at] != sentences[i][at + 1]) places.push_back(at);
    }
    if (places.empty()) continue;
    const std::size_t at = places[random.below(places.size())];
    for (const int swapped : {0, 1}) {
      shifted.sentence.push_back(i);
      shifted.pieces.push_back(sentences[i]);
      if (swapped == 1) std::swap(shifted.pieces.back()[at], shifted.pieces.back()[at + 1]);
      labels.push_back(swapped);
    }
  }
  shifted.labels = one_column(ProbeLabels::Kind::kClass, labels, 2);
  return shifted;
}

OrderPairs order_pairs(std::span<const Sentence> sentences, int pairs, Random random) {
  OrderPairs drawn;
  std::vector<int> labels;
  for (std::size_t i = 0; i < sentences.size(); ++i) {
    Sentence once;  // in the order of the sentence
    for (const TokenId piece : sentences[i]) {
      if (std::count(sentences[i].begin(), sentences[i].end(), piece) == 1) once.push_back(piece);
    }
    for (int k = 0; k < pairs && once.size() >= 2; ++k) {
      const std::size_t a = random.below(once.size());
      const std::size_t other = random.below(once.size() - 1);
      const std::size_t b = other + (other >= a ? 1 : 0);
      drawn.sentence.push_back(i);
      drawn.first.push_back(once[a]);
      drawn.second.push_back(once[b]);
      labels.push_back(a < b ? 1 : 0);
    }
  }
  drawn.labels = one_column(ProbeLabels::Kind::kClass, labels, 2);
  return drawn;
}

ProbeLabels random_labels(const ProbeLabels& labels, Random random) {
  std::vector<Index> order(static_cast<std::size_t>(labels.values.rows()));
  std::iota(order.begin(), order.end(), Index{0});
  random.shuffle(order);
  ProbeLabels dealt = labels;
  for (std::size_t i = 0; i < order.size(); ++i) dealt.values.row(static_cast<Index>(i)) = labels.values.row(order[i]);
  return dealt;
}

ProbeSplit random_split(std::size_t count, Random random) {
  std::vector<Index> order(count);
  std::iota(order.begin(), order.end(), Index{0});
  random.shuffle(order);
  const auto place = [&](std::size_t tenths) {
    return order.begin() + static_cast<std::ptrdiff_t>(count * tenths / 10);
  };
  return {.train = {order.begin(), place(6)}, .dev = {place(6), place(8)}, .test = {place(8), order.end()}};
}

ProbeSplit split_of_samples(const ProbeSplit& sentences, std::span<const std::size_t> sentence_of_sample) {
  const auto samples_of = [&](const std::vector<Index>& part) {
    const std::set<Index> members(part.begin(), part.end());
    std::vector<Index> samples;
    for (std::size_t i = 0; i < sentence_of_sample.size(); ++i) {
      if (members.contains(static_cast<Index>(sentence_of_sample[i]))) samples.push_back(static_cast<Index>(i));
    }
    return samples;
  };
  return {samples_of(sentences.train), samples_of(sentences.dev), samples_of(sentences.test)};
}

}  // namespace isthmus
