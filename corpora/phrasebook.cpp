#include "corpora/phrasebook.h"

#include <filesystem>
#include <iterator>
#include <string_view>
#include <unordered_set>

#include "core/error.h"
#include "core/file.h"
#include "core/random.h"

namespace isthmus {
namespace {

/// Most pairs that a user may ask for. The grammar has some 8e19 derivations, but most draws repeat short sentences:
/// one in five is new after two million pairs. Pairs and the set of all sentences take 600 bytes a pair: four million
/// took 2.5 GB and a minute.
constexpr double kMostPairs = 4e6, kMostHeldOut = 1e5;

/// Draws in a row that bring nothing new, after which the grammar counts as exhausted.
constexpr std::int64_t kPatience = 20000;

std::vector<SentencePair> draw(const Grammar& grammar, std::size_t wanted, Random random) {
  std::vector<SentencePair> pairs;
  std::unordered_set<std::string> seen;
  seen.reserve(2 * wanted);
  for (std::int64_t vain = 0; pairs.size() < wanted; ++vain) {
    if (vain == kPatience) {
      throw InputError("the phrasebook gives only about " + std::to_string(pairs.size()) + " different pairs, not " +
                       std::to_string(wanted) + " for train, dev and test together; ask for fewer");
    }
    std::optional<SentencePair> pair = grammar.sample(random);
    // One set serves both sides: no sentence is English and Korean at once.
    if (!pair || seen.contains(pair->source) || seen.contains(pair->target)) continue;
    seen.insert(pair->source);
    seen.insert(pair->target);
    pairs.push_back(std::move(*pair));
    vain = 0;
  }
  return pairs;
}

void write_part(const std::filesystem::path& stem, const std::vector<SentencePair>& pairs) {
  std::string source, target;
  for (const SentencePair& pair : pairs) {
    source += pair.source + '\n';
    target += pair.target + '\n';
  }
  write_file_atomically(stem.string() + ".en", source);
  write_file_atomically(stem.string() + ".ko", target);
}

}  // namespace

void describe(OptionVisitor& visit, PhrasebookOptions& options) {
  visit("out", options.out, "folder for train.en, train.ko, dev.* and test.*; made when missing");
  visit("pairs", options.pairs, "pairs for training; a million take 600 MB of memory", between(1, kMostPairs));
  visit("dev", options.dev, "pairs for validation", between(0, kMostHeldOut));
  visit("test", options.test, "pairs held out for the final score", between(0, kMostHeldOut));
  visit("seed", options.seed, "another seed draws other sentences");
}

PhrasebookSplit draw_phrasebook(const Grammar& grammar, const PhrasebookOptions& options) {
  Random random(static_cast<std::uint64_t>(options.seed));
  const std::int64_t wanted = options.pairs + options.dev + options.test;
  std::vector<SentencePair> all = draw(grammar, static_cast<std::size_t>(wanted), random.split(0));
  // Late draws lack the short sentences that early draws used up; shuffled, the three parts are alike.
  Random order = random.split(1);
  order.shuffle(all);
  PhrasebookSplit split;
  auto next = std::make_move_iterator(all.begin());
  const auto take = [&next](std::vector<SentencePair>& part, std::int64_t count) {
    part.assign(next, next + count);
    next += count;
  };
  take(split.train, options.pairs);
  take(split.dev, options.dev);
  take(split.test, options.test);
  return split;
}

PhrasebookSplit write_phrasebook(const PhrasebookOptions& options) {
  PhrasebookSplit split = draw_phrasebook(Grammar::parse(phrasebook_files()), options);
  make_folder(options.out);
  const std::filesystem::path folder(options.out);
  write_part(folder / "train", split.train);
  write_part(folder / "dev", split.dev);
  write_part(folder / "test", split.test);
  return split;
}

}  // namespace isthmus
