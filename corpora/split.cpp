#include "corpora/split.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <filesystem>
#include <numeric>
#include <unordered_map>
#include <unordered_set>

#include "core/error.h"
#include "core/file.h"
#include "core/random.h"
#include "corpora/line_traits.h"
#include "corpora/line_writer.h"

namespace isthmus {
namespace {

constexpr std::array kPartNames = {"train", "dev", "test"};

/// Disjoint sets with path halving (Tarjan & van Leeuwen 1984).
class Families {
 public:
  explicit Families(std::size_t size) : parent_(size) { std::iota(parent_.begin(), parent_.end(), std::size_t{0}); }

  std::size_t find(std::size_t i) {
    while (parent_[i] != i) i = parent_[i] = parent_[parent_[i]];
    return i;
  }
  /// The lower number becomes the root, so that the order of calls does not matter.
  void join(std::size_t a, std::size_t b) {
    a = find(a);
    b = find(b);
    parent_[std::max(a, b)] = std::min(a, b);
  }

 private:
  std::vector<std::size_t> parent_;
};

struct Keys {
  std::uint64_t source, target;
  bool operator==(const Keys&) const = default;
};
struct KeysHash {
  std::size_t operator()(const Keys& keys) const { return keys.source * 31 + keys.target; }
};

std::string part_path(const std::string& folder, std::string_view part, const std::string& language) {
  return (std::filesystem::path(folder) / fmt::format("{}.{}", part, language)).string();
}

/// The families of the pairs in `members`, in the order of their first pairs.
std::vector<std::vector<std::size_t>> families_of(const std::vector<Keys>& keys,
                                                  const std::vector<std::size_t>& members) {
  Families families(keys.size());
  std::unordered_map<std::uint64_t, std::size_t> source_owner, target_owner;
  for (std::size_t i : members) {
    families.join(i, source_owner.try_emplace(keys[i].source, i).first->second);
    families.join(i, target_owner.try_emplace(keys[i].target, i).first->second);
  }
  std::unordered_map<std::size_t, std::size_t> place;
  std::vector<std::vector<std::size_t>> groups;
  for (std::size_t i : members) {
    const auto [found, is_new] = place.try_emplace(families.find(i), groups.size());
    if (is_new) groups.emplace_back();
    groups[found->second].push_back(i);
  }
  return groups;
}

}  // namespace

void describe(OptionVisitor& visit, SplitOptions& options) {
  visit.group("Split");
  visit("dev", options.dev, "pairs for dev, at most a tenth of all", at_least(0));
  visit("test", options.test, "pairs for test, at most a tenth of all", at_least(0));
  visit("pairs", options.pairs, "pairs of all parts together, drawn at random; 0 takes all", at_least(0));
  visit("seed", options.seed, "of the random choice", at_least(0));
}

std::vector<Part> split_parts(const ParallelText& text, const SplitOptions& options) {
  Random random = Random(static_cast<std::uint64_t>(options.seed)).split(0x5917);
  std::vector<Keys> keys(text.size());
  std::vector<std::size_t> members;
  std::unordered_set<Keys, KeysHash> seen;
  for (std::size_t i = 0; i < text.size(); ++i) {
    keys[i] = {line_key(text.source[i]), line_key(text.target[i])};
    if (seen.insert(keys[i]).second) members.push_back(i);
  }
  const auto wanted = static_cast<std::size_t>(options.pairs);
  if (wanted > 0 && wanted < members.size()) {
    random.shuffle(members);
    members.resize(wanted);
    std::sort(members.begin(), members.end());
  }
  std::vector<Part> parts(text.size(), Part::kNone);
  for (std::size_t i : members) parts[i] = Part::kTrain;

  auto families = families_of(keys, members);
  random.shuffle(families);
  auto family = families.begin();
  const auto fill = [&](Part part, std::int64_t asked) {
    const std::size_t size = std::min(static_cast<std::size_t>(asked), members.size() / 10);
    const std::size_t largest = std::max<std::size_t>(1, size / 100);
    for (std::size_t room = size; room > 0 && family != families.end(); ++family) {
      if (family->size() > std::min(largest, room)) continue;
      for (std::size_t i : *family) parts[i] = part;
      room -= family->size();
    }
  };
  // Test first: it stays the same when the size of dev changes.
  fill(Part::kTest, options.test);
  fill(Part::kDev, options.dev);
  return parts;
}

SplitCounts write_split(const std::string& folder, const std::string& source_language,
                        const std::string& target_language, const ParallelText& text, const SplitOptions& options) {
  const std::vector<Part> parts = split_parts(text, options);
  std::array<std::size_t, 4> counts{};
  for (Part part : parts) ++counts[static_cast<std::size_t>(part)];
  if (counts[0] == 0) throw InputError("there are no pairs to write to " + folder);
  make_folder(folder);
  for (std::size_t part = 0; part < kPartNames.size(); ++part) {
    LineWriter source(part_path(folder, kPartNames[part], source_language));
    LineWriter target(part_path(folder, kPartNames[part], target_language));
    for (std::size_t i = 0; i < text.size(); ++i) {
      if (static_cast<std::size_t>(parts[i]) != part) continue;
      source.write(text.source[i]);
      target.write(text.target[i]);
    }
    source.commit();
    target.commit();
  }
  return {.train = counts[0], .dev = counts[1], .test = counts[2], .left_out = counts[3]};
}

std::vector<std::string> split_files(const std::string& folder, const std::string& source_language,
                                     const std::string& target_language) {
  std::vector<std::string> files;
  for (std::string_view part : kPartNames) {
    files.push_back(part_path(folder, part, source_language));
    files.push_back(part_path(folder, part, target_language));
  }
  return files;
}

}  // namespace isthmus
