#include "decode/search.h"

#include <algorithm>
#include <memory>
#include <utility>

#include "decode/sentence_beam.h"
#include "decode/sentence_samples.h"

namespace isthmus {
namespace {

class Search {
 public:
  Search(StepModel& model, SearchQueue& queue, std::size_t together, const SearchOptions& options)
      : model_(model),
        queue_(queue),
        together_(together),
        options_(options),
        distribution_(options.sample ? model.vocabulary_size() : 0, options.sampling) {}

  void run() {
    for (refill(); !live_.empty() && !queue_.cancelled(); refill()) step();
  }

 private:
  struct Live {
    std::size_t number;
    std::unique_ptr<SentenceSearch> search;
  };

  /// A few new sentences at a time would be encoded slowly.
  bool has_room() const { return live_.size() + std::max<std::size_t>(1, together_ / 4) <= together_; }

  void refill() {
    if (exhausted_ || !has_room()) return;
    std::vector<SearchRequest> requests = queue_.take(together_ - live_.size());
    exhausted_ = requests.size() < together_ - live_.size();
    if (requests.empty()) return;
    const bool first = live_.empty();
    std::vector<Sentence> sources;
    for (SearchRequest& request : requests) {
      sources.push_back(std::move(request.source));
      live_.push_back({request.number, begin(request, sources.back().size())});
      last_.push_back(kBegin);
    }
    if (first) {
      model_.start(sources);
    } else {
      model_.add(sources);
    }
  }

  std::unique_ptr<SentenceSearch> begin(SearchRequest& request, std::size_t source_length) {
    SearchLimits limits(options_, source_length, std::move(request.prefix));
    if (!options_.sample) return std::make_unique<SentenceBeam>(options_, std::move(limits));
    return std::make_unique<SentenceSamples>(options_, std::move(limits), request.random, distribution_);
  }

  void step() {
    const TokenScores<float>& scores = model_.step(last_);
    last_.clear();
    parents_.clear();
    bool same = true;  // the new columns are the old ones
    Index first = 0;
    std::size_t still_live = 0;
    for (Live& live : live_) {
      SentenceSearch& search = *live.search;
      const Index columns = search.live();
      search.advance(scores, first);
      for (Index i = 0; i < search.live(); ++i) {
        const Index parent = first + search.parent(i);
        same = same && parent == static_cast<Index>(parents_.size());
        parents_.push_back(parent);
        last_.push_back(search.last(i));
      }
      first += columns;
      if (search.live() > 0) {
        std::swap(live_[still_live++], live);
      } else {
        queue_.put(live.number, search.take());
      }
    }
    live_.resize(still_live);
    same = same && static_cast<Index>(parents_.size()) == first;
    if (!live_.empty() && !same) model_.select(parents_);
  }

  StepModel& model_;
  SearchQueue& queue_;
  std::size_t together_;
  const SearchOptions& options_;
  TokenDistribution distribution_;
  std::vector<Live> live_;      // sentences that are searched, in the order of their columns
  std::vector<TokenId> last_;   // of each column, the token that the next step reads
  std::vector<Index> parents_;  // of each column, the one in the step before
  bool exhausted_ = false;      // the queue
};

/// Sentences that are all there.
class Requests : public SearchQueue {
 public:
  explicit Requests(std::vector<SearchRequest> requests) : requests_(std::move(requests)), found_(requests_.size()) {}

  std::vector<SearchRequest> take(std::size_t) override { return std::exchange(requests_, {}); }
  void put(std::size_t number, NBest found) override { found_[number] = std::move(found); }

  std::vector<NBest> found() { return std::move(found_); }

 private:
  std::vector<SearchRequest> requests_;
  std::vector<NBest> found_;
};

}  // namespace

void search(StepModel& model, SearchQueue& queue, std::size_t together, const SearchOptions& options) {
  Search(model, queue, together, options).run();
}

std::vector<NBest> search(StepModel& model, std::vector<SearchRequest> requests, const SearchOptions& options) {
  for (std::size_t i = 0; i < requests.size(); ++i) requests[i].number = i;
  const std::size_t together = std::max<std::size_t>(1, requests.size());
  Requests queue(std::move(requests));
  search(model, queue, together, options);
  return queue.found();
}

std::vector<NBest> search(StepModel& model, std::span<const Sentence> sources, const SearchOptions& options) {
  std::vector<SearchRequest> requests;
  for (const Sentence& source : sources) requests.push_back({.source = source});
  return search(model, std::move(requests), options);
}

}  // namespace isthmus
