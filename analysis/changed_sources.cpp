#include "analysis/changed_sources.h"

#include <algorithm>
#include <cmath>
#include <numeric>

namespace isthmus {
namespace {

double cosine_of(const Vector<double>& a, const Vector<double>& b) {
  const double norms = a.norm() * b.norm();
  return norms > 0 ? std::clamp(a.dot(b) / norms, -1.0, 1.0) : std::nan("");
}

double sum_of(const TokenLosses& losses) {
  return std::accumulate(losses.begin(), losses.end(), 0.0,
                         [](double sum, float loss) { return sum + static_cast<double>(loss); });
}

}  // namespace

std::vector<std::size_t> choose_sentences(const Laboratory& laboratory, std::size_t least_pieces, std::int64_t most,
                                          Random random) {
  std::vector<std::size_t> numbers;
  for (std::size_t i = 0; i < laboratory.size(); ++i) {
    if (laboratory.sources()[i].size() >= least_pieces) numbers.push_back(i);
  }
  if (most > 0 && numbers.size() > static_cast<std::size_t>(most)) {
    random.shuffle(numbers);
    numbers.resize(static_cast<std::size_t>(most));
    std::sort(numbers.begin(), numbers.end());
  }
  return numbers;
}

std::vector<ContextChange> context_changes(const Matrix<float>& own, std::span<const std::size_t> columns,
                                           const Matrix<float>& changed) {
  const Vector<double> mean = own.cast<double>().rowwise().mean();
  std::vector<ContextChange> changes;
  for (std::size_t i = 0; i < columns.size(); ++i) {
    const Vector<double> before = own.col(static_cast<Index>(columns[i])).cast<double>();
    const Vector<double> after = changed.col(static_cast<Index>(i)).cast<double>();
    const double norm = before.norm();
    changes.push_back({.cosine = cosine_of(before, after),
                       .centred_cosine = cosine_of(before - mean, after - mean),
                       .distance = norm > 0 ? (after - before).norm() / norm : std::nan("")});
  }
  return changes;
}

std::vector<double> loss_changes(Laboratory& laboratory, std::span<const std::size_t> sentences,
                                 const Context<float>& changed) {
  std::vector<Sentence> references;
  for (const std::size_t i : sentences) references.push_back(laboratory.references()[i]);
  const std::vector<TokenLosses> after = laboratory.losses(changed, references);
  const std::vector<TokenLosses>& before = laboratory.losses();
  std::vector<double> rises;
  for (std::size_t i = 0; i < sentences.size(); ++i) rises.push_back(sum_of(after[i]) - sum_of(before[sentences[i]]));
  return rises;
}

}  // namespace isthmus
