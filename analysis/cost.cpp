#include "analysis/cost.h"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <cmath>
#include <string>

#include "analysis/context_step_model.h"
#include "analysis/estimates.h"
#include "analysis/study.h"
#include "core/error.h"
#include "core/interrupt.h"
#include "decode/search.h"
#include "evaluation/interval.h"

namespace isthmus {
namespace {

constexpr std::size_t kLengths[] = {5, 10, 20, 40, 80};
constexpr std::int64_t kLeastRepetitions = 3;
constexpr double kStraight = 0.98;       // R² from which a line is called one
constexpr double kEnoughSeconds = 0.25;  // of one row: then kLeastRepetitions will do

enum class Operation { kEncode, kGreedy, kForced, kBeam };
constexpr const char* kNames[] = {"encode", "greedy", "forced", "beam-5"};

struct Setting {
  Operation operation;
  std::size_t batch;
  std::size_t threads;
};

/// What a thread works on.
struct Desk {
  Scratch<float> scratch;
  TokenGrid source, target;
  Context<float> contexts;
};

/// Times of a setting, seconds of a round: by length, then by repetition.
struct Timed {
  Setting setting;
  std::vector<std::vector<double>> seconds;
};

std::vector<Sentence> sentences_of(const std::vector<TokenId>& pieces, std::size_t count, std::size_t length,
                                   Random random) {
  std::vector<Sentence> sentences(count, Sentence(length));
  for (Sentence& sentence : sentences) {
    for (TokenId& piece : sentence) piece = pieces[random.below(pieces.size())];
  }
  return sentences;
}

std::vector<TokenId> pieces_of(std::span<const Sentence> sentences, const char* side) {
  std::vector<TokenId> pieces;
  for (const Sentence& sentence : sentences) pieces.insert(pieces.end(), sentence.begin(), sentence.end());
  if (pieces.empty()) throw InputError(fmt::format("the cost study needs text: no {} has a piece", side));
  return pieces;
}

/// Does one batch.
void work(Laboratory& laboratory, Operation operation, std::size_t batch, std::size_t length, Desk& desk) {
  const Seq2Seq<float>& network = laboratory.network();
  if (operation == Operation::kEncode) {
    desk.contexts = network.encode(laboratory.values(), desk.source, desk.scratch);
    return;
  }
  if (operation == Operation::kForced) {
    network.score(laboratory.values(), desk.contexts, desk.target, desk.scratch);
    return;
  }
  SearchOptions options;
  options.beam = operation == Operation::kBeam ? 5 : 1;
  options.min_length = options.max_length_extra = static_cast<std::int64_t>(length);
  options.max_length_factor = 0;
  std::vector<Sentence> numbers;
  for (std::size_t i = 0; i < batch; ++i) numbers.push_back({static_cast<TokenId>(i)});
  ContextStepModel model(network, laboratory.model().weights, desk.contexts);
  search(model, numbers, options);
}

/// Times of a round in which each thread does one batch of sentences of a length.
std::vector<double> time_rounds(Laboratory& laboratory, ThreadPool& pool, const Setting& setting,
                                std::vector<Desk>& desks, std::size_t length, std::int64_t repetitions) {
  std::vector<double> seconds;
  double sum = 0;
  for (std::int64_t r = 0; r < repetitions && (r < kLeastRepetitions || sum < kEnoughSeconds); ++r) {
    if (interrupted()) throw Interrupted();
    const auto begin = std::chrono::steady_clock::now();
    pool.run(setting.threads, [&](std::size_t piece, std::size_t) {
      work(laboratory, setting.operation, setting.batch, length, desks[piece]);
    });
    const std::chrono::duration<double> took = std::chrono::steady_clock::now() - begin;
    seconds.push_back(took.count());
    sum += took.count();
  }
  return seconds;
}

/// All lengths and operations of a batch on so many threads.
std::vector<Timed> time_batch(Laboratory& laboratory, ThreadPool& pool, std::size_t batch,
                              const StudyOptions& options) {
  std::vector<Operation> operations{Operation::kEncode, Operation::kGreedy};
  if (pool.size() == 1) operations.push_back(Operation::kForced);
  if (pool.size() == 1 && batch == 1) operations.push_back(Operation::kBeam);
  std::vector<Timed> all;
  for (const Operation operation : operations) all.push_back({{operation, batch, pool.size()}, {}});
  const std::vector<TokenId> sources = pieces_of(laboratory.sources(), "source");
  const std::vector<TokenId> references = pieces_of(laboratory.references(), "reference");
  std::vector<Desk> desks(pool.size());
  for (const std::size_t length : kLengths) {
    for (std::size_t d = 0; d < desks.size(); ++d) {
      const Random random = Random(static_cast<std::uint64_t>(options.seed)).split(length).split(d);
      const Seq2Seq<float>& network = laboratory.network();
      desks[d].source = network.pack_source(sentences_of(sources, batch, length, random.split(0)));
      desks[d].target = network.pack_target(sentences_of(references, batch, length, random.split(1)));
    }
    for (Timed& timed : all) {
      timed.seconds.push_back(time_rounds(laboratory, pool, timed.setting, desks, length, options.cost.repetitions));
    }
    laboratory.advance();
  }
  return all;
}

double median(std::vector<double> values) {
  std::sort(values.begin(), values.end());
  const std::size_t half = values.size() / 2;
  return values.size() % 2 == 1 ? values[half] : (values[half - 1] + values[half]) / 2;
}

/// Line of the time of a sentence; `draw` gives the repetitions of a length, or as many that were drawn from them.
template <class Draw>
LineFit line_of(const Timed& timed, const Draw& draw) {
  std::vector<double> x, y;
  const auto sentences = static_cast<double>(timed.setting.batch * timed.setting.threads);
  for (std::size_t i = 0; i < timed.seconds.size(); ++i) {
    x.push_back(static_cast<double>(kLengths[i]));
    y.push_back(median(draw(timed.seconds[i])) / sentences);
  }
  return fit_line(x, y);
}

LineFit line_of(const Timed& timed) {
  return line_of(timed, [](const std::vector<double>& seconds) { return seconds; });
}

/// The slope of one, or by how much that of `over` is larger, with what resampled repetitions give.
Estimate slope_of(const Timed& timed, const Timed* over, const StudyOptions& options) {
  const auto value = [&](const auto& draw) {
    const double slope = line_of(timed, draw).slope;
    return over ? line_of(*over, draw).slope / slope : 1000 * slope;
  };
  const Random root(static_cast<std::uint64_t>(options.seed));
  std::vector<double> values;
  for (std::int64_t r = 0; r < options.resamples; ++r) {
    Random random = root.split(static_cast<std::uint64_t>(r));
    const double drawn = value([&](const std::vector<double>& seconds) {
      std::vector<double> sample;
      for (std::size_t i = 0; i < seconds.size(); ++i) sample.push_back(seconds[random.below(seconds.size())]);
      return sample;
    });
    if (!std::isnan(drawn)) values.push_back(drawn);
  }
  const double all = value([](const std::vector<double>& seconds) { return seconds; });
  if (values.empty()) return {all, std::nan(""), std::nan("")};
  const Interval interval = middle_95(std::move(values));
  return {all, interval.low, interval.high};
}

MeasurementRows rows_of(const std::vector<Timed>& all) {
  MeasurementRows rows{.table = "time_cost",
                       .columns = {"operation", "batch", "threads", "length", "repetitions", "seconds", "seconds_low",
                                   "seconds_high", "sentence_ms", "sentence_ms_low", "sentence_ms_high"}};
  for (const Timed& timed : all) {
    const double per_sentence = 1000 / static_cast<double>(timed.setting.batch * timed.setting.threads);
    for (std::size_t i = 0; i < timed.seconds.size(); ++i) {
      const std::vector<double>& seconds = timed.seconds[i];
      const double middle = median(seconds);
      const auto [low, high] = std::minmax_element(seconds.begin(), seconds.end());
      rows.rows.push_back({kNames[static_cast<std::size_t>(timed.setting.operation)],
                           static_cast<std::int64_t>(timed.setting.batch),
                           static_cast<std::int64_t>(timed.setting.threads), static_cast<std::int64_t>(kLengths[i]),
                           static_cast<std::int64_t>(seconds.size()), middle, *low, *high, per_sentence * middle,
                           per_sentence * *low, per_sentence * *high});
    }
  }
  return rows;
}

const Timed* find(const std::vector<Timed>& all, Operation operation, std::size_t batch, std::size_t threads) {
  for (const Timed& timed : all) {
    const Setting& one = timed.setting;
    if (one.operation == operation && one.batch == batch && one.threads == threads) return &timed;
  }
  return nullptr;
}

/// What the verdict speaks of, of encode or greedy.
struct Found {
  Estimate alone, batched, batch_gain, thread_gain;  // milliseconds a piece, times
};

Found find(const std::vector<Timed>& all, Operation operation, std::size_t threads, const StudyOptions& options) {
  const auto batch = static_cast<std::size_t>(options.cost.batch);
  const Timed* alone = find(all, operation, 1, 1);
  const Timed* batched = find(all, operation, batch, 1);
  const Timed* threaded = find(all, operation, batch, threads);
  Found found{.alone = slope_of(*alone, nullptr, options),
              .batched = slope_of(*batched, nullptr, options),
              .batch_gain = slope_of(*batched, alone, options),
              .thread_gain = {std::nan(""), std::nan(""), std::nan("")}};
  if (threads > 1) found.thread_gain = slope_of(*threaded, batched, options);
  return found;
}

std::string verdict_of(const Found& encode, const Found& greedy, std::size_t threads, double least_r_squared,
                       std::int64_t batch) {
  const std::string line =
      least_r_squared >= kStraight
          ? fmt::format("The time grows in a line with the length (R² {:.3f} or more)", least_r_squared)
          : fmt::format(
                "The time grows with the length, but not cleanly in a line (R² {:.3f} of "
                "the worst; was the machine busy?)",
                least_r_squared);
  std::string verdict = fmt::format(
      "Reading takes {} ms for every further piece of a sentence alone and {} ms in a batch of {}; writing takes {} "
      "and "
      "{} ms (greedy). {}: a step waits for the one before.",
      in_words(encode.alone, 3), in_words(encode.batched, 3), batch, in_words(greedy.alone, 3),
      in_words(greedy.batched, 3), line);
  if (threads > 1) {
    verdict += fmt::format(
        " {} threads have their own sentences each: {} times as many are written in the same time, and none sooner.",
        threads, in_words(greedy.thread_gain));
  }
  return verdict + " Times are of this machine at this moment.";
}

std::string meaning_of(const Found& greedy, std::int64_t batch) {
  if (!(greedy.batch_gain.low > 1)) {
    return "Batches gain nothing that could be told here: the model is small, or the machine was busy.";
  }
  return fmt::format(
      "For throughput translate many lines at once: a batch of {} writes {} times as fast as sentence by sentence. A "
      "quick answer to one sentence comes from a smaller beam or a smaller model, not from threads.",
      batch, in_words(greedy.batch_gain));
}

}  // namespace

LineFit fit_line(std::span<const double> x, std::span<const double> y) {
  const auto n = static_cast<double>(x.size());
  double x_mean = 0, y_mean = 0, xx = 0, xy = 0, yy = 0;
  for (std::size_t i = 0; i < x.size(); ++i) x_mean += x[i] / n, y_mean += y[i] / n;
  for (std::size_t i = 0; i < x.size(); ++i) {
    xx += (x[i] - x_mean) * (x[i] - x_mean);
    xy += (x[i] - x_mean) * (y[i] - y_mean);
    yy += (y[i] - y_mean) * (y[i] - y_mean);
  }
  if (!(xx > 0)) return {std::nan(""), std::nan(""), std::nan("")};
  const double slope = xy / xx;
  return {y_mean - slope * x_mean, slope, yy > 0 ? xy * xy / (xx * yy) : 1.0};
}

void describe(OptionVisitor& visit, CostOptions& options) {
  visit.group("Cost study");
  visit("cost-batch", options.batch, "sentences of a batch, whose time is compared with that of one alone",
        between(2, 10000));
  visit("cost-repetitions", options.repetitions, "times that a round is repeated, at most", between(1, 1000));
}

StudyResult study_cost(Laboratory& laboratory, const StudyOptions& options) {
  const std::size_t threads = laboratory.threads().size();
  const auto batch = static_cast<std::size_t>(options.cost.batch);
  ThreadPool one(1);
  std::vector<ThreadPool*> pools{&one};
  if (threads > 1) pools.push_back(&laboratory.threads());
  laboratory.begin("cost", static_cast<std::int64_t>(2 * pools.size() * std::size(kLengths)));
  std::vector<Timed> all;
  for (ThreadPool* pool : pools) {
    for (const std::size_t size : {std::size_t{1}, batch}) {
      for (Timed& timed : time_batch(laboratory, *pool, size, options)) all.push_back(std::move(timed));
    }
  }
  StudyResult result;
  result.tables = {rows_of(all)};
  double least_r_squared = 1;
  for (const Timed& timed : all) {
    if (timed.setting.threads > 1) continue;
    least_r_squared = std::min(least_r_squared, line_of(timed).r_squared);
    const char* name = kNames[static_cast<std::size_t>(timed.setting.operation)];
    result.findings.push_back(finding(fmt::format("{}_ms_per_piece_batch_{}", name, timed.setting.batch),
                                      "ms per piece", slope_of(timed, nullptr, options)));
  }
  const Found encode = find(all, Operation::kEncode, threads, options);
  const Found greedy = find(all, Operation::kGreedy, threads, options);
  result.findings.push_back(finding("encode_batch_gain", "times", encode.batch_gain));
  result.findings.push_back(finding("greedy_batch_gain", "times", greedy.batch_gain));
  if (threads > 1) {
    result.findings.push_back(finding("encode_thread_gain", "times", encode.thread_gain));
    result.findings.push_back(finding("greedy_thread_gain", "times", greedy.thread_gain));
  }
  result.findings.push_back(finding("least_r_squared", "of the lines", least_r_squared));
  result.verdict = verdict_of(encode, greedy, threads, least_r_squared, options.cost.batch);
  result.meaning = meaning_of(greedy, options.cost.batch);
  return result;
}

}  // namespace isthmus
