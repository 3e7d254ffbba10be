#include "analysis/reconstruction.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <functional>
#include <map>
#include <memory>
#include <set>
#include <string>
#include <vector>

#include "analysis/context_decoder.h"
#include "analysis/estimates.h"
#include "analysis/study.h"
#include "core/error.h"
#include "core/interrupt.h"
#include "core/progress.h"
#include "corpora/line_reader.h"

namespace isthmus {
namespace {

/// Longer lines of --reconstruction-text are left out: pieces.
constexpr std::size_t kLongest = 100;
constexpr std::size_t kLeastSentences = 8;
constexpr std::size_t kBinWidth = 5;
/// Updates between two looks at the clock and the progress bar.
constexpr std::int64_t kRound = 10;

/// Sentences with the contexts that the frozen encoder makes of them.
struct Encoded {
  std::vector<Sentence> sentences;
  Context<float> contexts;
  Context<float> others;  ///< the same columns, each at another sentence
};

/// Every sentence gets the context of one that stands so far behind it in a random order: nobody its own.
Context<float> shuffled(const Context<float>& contexts, Random random) {
  std::vector<Index> order(static_cast<std::size_t>(contexts.state.hidden.cols()));
  for (std::size_t i = 0; i < order.size(); ++i) order[i] = static_cast<Index>(i);
  random.shuffle(order);
  std::vector<Index> from(order.size());
  for (std::size_t i = 0; i < order.size(); ++i) {
    from[static_cast<std::size_t>(order[i])] = order[(i + 1) % order.size()];
  }
  return select(contexts, std::span<const Index>(from));
}

Encoded encode(Laboratory& laboratory, std::vector<Sentence> sentences, Random random) {
  Encoded encoded;
  encoded.contexts.state = laboratory.encode(sentences).state;  // annotations, where there are any, are not the context
  encoded.others = shuffled(encoded.contexts, random);
  encoded.sentences = std::move(sentences);
  return encoded;
}

/// The text in two: a random fifth is held out.
struct Split {
  std::vector<Sentence> learnt;
  std::vector<Sentence> held_out;
};

Split split_text(const Laboratory& laboratory, const ReconstructionOptions& options, Random random) {
  std::vector<std::size_t> order;
  for (std::size_t i = 0; i < laboratory.size(); ++i) {
    if (!laboratory.sources()[i].empty()) order.push_back(i);
  }
  if (order.size() < kLeastSentences) {
    throw InputError(fmt::format("the reconstruction study needs {} sentences and more that have words: {}",
                                 kLeastSentences, order.size()));
  }
  random.split(0).shuffle(order);
  Split split;
  const std::size_t fifth = order.size() / 5;
  for (std::size_t k = 0; k < fifth; ++k) split.held_out.push_back(laboratory.sources()[order[k]]);
  const std::set<Sentence> held_out(split.held_out.begin(), split.held_out.end());
  for (std::size_t k = fifth; k < order.size(); ++k) {
    const Sentence& sentence = laboratory.sources()[order[k]];
    if (!held_out.contains(sentence)) split.learnt.push_back(sentence);  // a line may stand twice
  }
  if (!options.text.empty()) {
    LineReader reader(options.text);
    for (std::string line; reader.next(line);) {
      Sentence sentence = laboratory.model().source.encode(line);
      if (sentence.empty() || sentence.size() > kLongest || held_out.count(sentence) > 0) continue;
      split.learnt.push_back(std::move(sentence));
      if (split.learnt.size() >= static_cast<std::size_t>(options.updates * options.batch)) break;
    }
  }
  if (split.learnt.size() < kLeastSentences) {
    throw InputError(
        fmt::format("the reconstruction study needs {} sentences and more to learn from that are not held out; once "
                    "those that stand twice are left out, the text has {}",
                    kLeastSentences, split.learnt.size()));
  }
  random.split(1).shuffle(split.learnt);
  return split;
}

/// Numbers the pieces that occur, so that the decoder need not know the others. Returns how many there are.
Index renumber(Split& split) {
  std::map<TokenId, TokenId> number;
  for (const auto* part : {&split.learnt, &split.held_out}) {
    for (const Sentence& sentence : *part) {
      for (const TokenId piece : sentence) number.emplace(piece, 0);
    }
  }
  TokenId next = kSpecialTokens;
  for (auto& [piece, to] : number) to = piece < kSpecialTokens ? piece : next++;
  for (auto* part : {&split.learnt, &split.held_out}) {
    for (Sentence& sentence : *part) {
      for (TokenId& piece : sentence) piece = number[piece];
    }
  }
  return next;
}

/// Teaches one decoder the contexts and another those of other sentences.
class Lesson {
 public:
  Lesson(const ModelOptions& shape, Index vocabulary, const Encoded& text, std::int64_t batch, Random random)
      : text_(text), batch_(std::min(static_cast<std::size_t>(batch), text.sentences.size())), random_(random) {
    for (int i = 0; i < 2; ++i) decoders_.push_back(std::make_unique<ContextDecoder>(shape, vocabulary, random));
  }

  void learn(std::int64_t updates, ThreadPool& threads) {
    std::vector<std::vector<Index>> batches;
    for (std::int64_t i = 0; i < updates; ++i) batches.push_back(next_batch());
    threads.run(decoders_.size(), [&](std::size_t which, std::size_t) {
      for (const std::vector<Index>& batch : batches) {
        if (interrupted()) throw Interrupted();
        const Context<float>& contexts = which == 0 ? text_.contexts : text_.others;
        std::vector<Sentence> targets;
        for (const Index i : batch) targets.push_back(text_.sentences[static_cast<std::size_t>(i)]);
        decoders_[which]->learn(select(contexts, std::span<const Index>(batch)).state, targets);
      }
    });
  }

  ContextDecoder& decoder(std::size_t which) { return *decoders_[which]; }

 private:
  /// The sentences in random order, again and again.
  std::vector<Index> next_batch() {
    std::vector<Index> batch;
    while (batch.size() < batch_) {
      if (at_ == order_.size()) {
        order_.resize(text_.sentences.size());
        for (std::size_t i = 0; i < order_.size(); ++i) order_[i] = static_cast<Index>(i);
        random_.split(100 + round_++).shuffle(order_);
        at_ = 0;
      }
      batch.push_back(order_[at_++]);
    }
    return batch;
  }

  const Encoded& text_;
  std::size_t batch_;
  Random random_;
  std::vector<std::unique_ptr<ContextDecoder>> decoders_;
  std::vector<Index> order_;
  std::size_t at_ = 0;
  std::uint64_t round_ = 0;
};

using Recall = std::vector<std::vector<bool>>;

/// Which pieces of a sentence count.
using Counts = std::function<bool(std::size_t position, std::size_t length)>;

struct Accuracy {
  std::int64_t sentences = 0, pieces = 0;
  Estimate right;
};

Accuracy accuracy(const Recall& recall, const Counts& counts, const StudyOptions& options) {
  std::vector<double> right, pieces;
  Accuracy found;
  for (const std::vector<bool>& sentence : recall) {
    double of = 0, all = 0;
    for (std::size_t t = 0; t < sentence.size(); ++t) {
      if (!counts(t, sentence.size())) continue;
      all += 1;
      of += sentence[t] ? 1 : 0;
    }
    if (all == 0) continue;
    right.push_back(100 * of);
    pieces.push_back(all);
    ++found.sentences;
    found.pieces += static_cast<std::int64_t>(all);
  }
  found.right = ratio_of_sums(right, pieces, options.resamples, options.seed);
  return found;
}

/// How many per cent more of the pieces are right, sentence by sentence.
Estimate gain(const Recall& own, const Recall& others, const StudyOptions& options) {
  std::vector<double> difference, pieces;
  for (std::size_t i = 0; i < own.size(); ++i) {
    const auto right = [](const std::vector<bool>& of) {
      return static_cast<double>(std::count(of.begin(), of.end(), true));
    };
    difference.push_back(100 * (right(own[i]) - right(others[i])));
    pieces.push_back(static_cast<double>(own[i].size()));
  }
  return ratio_of_sums(difference, pieces, options.resamples, options.seed);
}

constexpr const char* kContexts[] = {"own", "shuffled"};

void add_rows(std::size_t which, const Recall& recall, const StudyOptions& options, MeasurementRows& rows) {
  std::size_t longest = 0;
  for (const std::vector<bool>& sentence : recall) longest = std::max(longest, sentence.size());
  const auto add = [&](const char* by, std::size_t from, std::size_t to, const Counts& counts) {
    const Accuracy found = accuracy(recall, counts, options);
    if (found.pieces == 0) return;
    rows.rows.push_back({by, kContexts[which], static_cast<std::int64_t>(from), static_cast<std::int64_t>(to),
                         found.sentences, found.pieces, found.right.value, found.right.low, found.right.high});
  };
  for (std::size_t p = 1; p <= longest; ++p) {
    add("position", p, p, [p](std::size_t t, std::size_t) { return t + 1 == p; });
  }
  for (std::size_t from = 1; from <= longest; from += kBinWidth) {
    const std::size_t to = from + kBinWidth - 1;
    add("length", from, to, [=](std::size_t, std::size_t length) { return from <= length && length <= to; });
  }
}

std::string meaning_of(const Estimate& gained, const Estimate& own) {
  if (std::isnan(gained.low)) return "";
  if (gained.low <= 0) {
    return "No word can be read back from the context by a decoder that was taught so little: teach it with more "
           "sentences (--reconstruction-text) before you conclude that none is in it.";
  }
  if (own.low > 95) return "The context holds the sentence: what a translation lacks, the decoder loses.";
  return "What is read back is in the context for certain; what is not may be lost, or be there in a form that so few "
         "sentences do not teach a decoder to read. More sentences (--reconstruction-text) and "
         "--reconstruction-updates "
         "may show more.";
}

}  // namespace

void describe(OptionVisitor& visit, ReconstructionOptions& options) {
  visit.group("Reconstruction study");
  visit("reconstruction-updates", options.updates, "updates of the new decoder; 0 leaves it untaught", at_least(0));
  visit("reconstruction-batch", options.batch, "sentences an update", between(1, 10000));
  visit("reconstruction-text", options.text, "more sentences of the source language to learn from, one a line");
}

StudyResult reconstruction_study(Laboratory& laboratory, const StudyOptions& options) {
  const ReconstructionOptions& own = options.reconstruction;
  const Random random = Random(static_cast<std::uint64_t>(options.seed)).split(3);
  laboratory.begin("reconstruction", own.updates + 1);
  Split split = split_text(laboratory, own, random);
  Encoded learnt = encode(laboratory, split.learnt, random.split(2));
  Encoded held_out = encode(laboratory, split.held_out, random.split(3));
  const Index vocabulary = renumber(split);
  learnt.sentences = std::move(split.learnt);
  held_out.sentences = std::move(split.held_out);
  Lesson lesson(laboratory.network().options(), vocabulary, learnt, own.batch, random.split(4));
  for (std::int64_t done = 0; done < own.updates; done += kRound) {
    const std::int64_t updates = std::min(kRound, own.updates - done);
    lesson.learn(updates, laboratory.threads());
    laboratory.advance(updates);
  }
  const Recall recalls[] = {lesson.decoder(0).recall(held_out.contexts.state, held_out.sentences),
                            lesson.decoder(1).recall(held_out.others.state, held_out.sentences)};
  laboratory.advance();

  StudyResult result;
  result.tables = {
      {.table = "reconstruction_accuracy",
       .columns = {"scope", "contexts", "from_number", "to_number", "sentences", "pieces", "accuracy", "low", "high"}}};
  Estimate right[2];
  for (std::size_t which = 0; which < 2; ++which) {
    add_rows(which, recalls[which], options, result.tables[0]);
    right[which] = accuracy(
                       recalls[which], [](std::size_t, std::size_t) { return true; }, options)
                       .right;
    result.findings.push_back(finding(fmt::format("accuracy_{}", kContexts[which]), "%", right[which]));
  }
  const Estimate gained = gain(recalls[0], recalls[1], options);
  result.findings.push_back(finding("gain", "%", gained));
  result.findings.push_back(finding("sentences", "learnt from", static_cast<double>(learnt.sentences.size())));
  result.verdict = fmt::format(
      "A new decoder that learnt from {} in {} gives back {} % of the pieces of {} it did not see, given the pieces "
      "before; taught and tried on contexts of other sentences {} %, which is what the language tells. The context "
      "adds "
      "{} points.",
      counted(static_cast<std::int64_t>(learnt.sentences.size()), "sentence"), counted(own.updates, "update"),
      in_words(right[0]), counted(static_cast<std::int64_t>(held_out.sentences.size()), "sentence"), in_words(right[1]),
      in_words(gained));
  result.meaning = meaning_of(gained, right[0]);
  return result;
}

}  // namespace isthmus
