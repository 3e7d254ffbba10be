// The fuzzers' targets without a fuzzer: on their seeds, on changes made blindly, and on all that was ever found.
#include <filesystem>
#include <fstream>
#include <iterator>

#include "core/hash.h"
#include "core/log.h"
#include "core/random.h"
#include "tests/catch.h"
#include "tests/fuzz/targets.h"

namespace isthmus::fuzz {
namespace {

// Else a warning for each long line of each run.
const bool quiet = (log_only_errors(), true);

/// Overwrites some bytes, and cuts or lengthens.
std::size_t change_blindly(std::uint8_t* bytes, std::size_t size, std::size_t capacity, Random& random) {
  for (std::uint64_t n = random.below(4); n > 0 && size > 0; --n) {
    bytes[random.below(size)] = static_cast<std::uint8_t>(random.below(256));
  }
  if (random.below(4) == 0) size = random.below(size + 1);
  while (size < capacity && random.below(3) == 0) bytes[size++] = static_cast<std::uint8_t>(random.below(256));
  return size;
}

TEST_CASE("the promises that are fuzzed hold on the seeds") {
  for (const Target& target : kTargets) {
    for (const std::string& seed : target.seeds()) {
      INFO(target.name << ", seed " << hash128_hex(seed));
      CHECK_NOTHROW(target.run(seed));
    }
  }
}

TEST_CASE("the promises that are fuzzed hold on seeds with a few bytes changed") {
  Random random(5);
  for (const Target& target : {kTargets[0], kTargets[2]}) {
    for (std::string seed : target.seeds()) {
      const std::size_t size = seed.size();
      seed.resize(size + 8);
      seed.resize(change_blindly(reinterpret_cast<std::uint8_t*>(seed.data()), size, size + 8, random));
      INFO(target.name << ": " << Catch::StringMaker<std::string>::convert(seed));
      CHECK_NOTHROW(target.run(seed));
    }
  }
}

TEST_CASE("model files with a section changed and the right checksum are refused or work") {
  Random random(6);
  const auto change = [&](std::uint8_t* bytes, std::size_t size, std::size_t capacity) {
    return change_blindly(bytes, size, capacity, random);
  };
  for (const std::string& file : model_file_seeds()) {
    for (std::uint64_t seed = 0; seed < 40; ++seed) {
      INFO("seed " << seed);
      CHECK_NOTHROW(model_file(mutated_model_file(file, 2 * file.size(), seed, change)));
    }
  }
}

TEST_CASE("what the fuzzers found stays mended") {
  for (const Target& target : kTargets) {
    const std::filesystem::path folder =
        std::filesystem::path(ISTHMUS_SOURCE_DIR) / "tests/fuzz/findings" / target.name;
    if (!std::filesystem::exists(folder)) continue;
    for (const auto& entry : std::filesystem::directory_iterator(folder)) {
      std::ifstream file(entry.path(), std::ios::binary);
      const std::string bytes{std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
      INFO(entry.path());
      CHECK_NOTHROW(target.run(bytes));
    }
  }
}

}  // namespace
}  // namespace isthmus::fuzz
