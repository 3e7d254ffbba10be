// What is fuzzed. A target takes any bytes and throws when a promise is broken; libfuzzer/ feeds it what a
// coverage-guided fuzzer makes up, replay_test.cpp the seeds and all that was ever found.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

namespace isthmus::fuzz {

/// A broken promise.
struct Finding : std::logic_error {
  using std::logic_error::logic_error;
};

inline void require(bool holds, const std::string& promise) {
  if (!holds) throw Finding(promise);
}

/// `isthmus translate`, from the bytes of a file to the bytes of the translations. Four bytes choose model, search and
/// batches, the rest is the text. As many lines come out as go in, in order and in well-formed UTF-8; blank lines stay
/// empty; neither the batch size nor a line's neighbours change its translation.
void translate(std::string_view bytes);

/// A model file: it is refused with an InputError, or loads and translates.
void model_file(std::string_view bytes);

/// `isthmus evaluate`: five bytes choose options, the rest is hypotheses and references in turns. All metrics take any
/// text, their scores stay in their range, are those of the sums of the sentences' statistics, and are perfect for the
/// references themselves.
void evaluate(std::string_view bytes);

/// Changes bytes in place, of which there may be up to `capacity`, and returns how many there are then.
using ChangeBytes = std::function<std::size_t(std::uint8_t* bytes, std::size_t size, std::size_t capacity)>;

/// Changes a section, or the sections there are, and gives the file the sizes and the checksum that go with it: most of
/// what a fuzzer changes without knowing them would be refused at the door. Some results are damaged all the same.
/// At most `capacity` bytes.
std::string mutated_model_file(std::string_view file, std::size_t capacity, std::uint64_t seed,
                               const ChangeBytes& change);

struct Target {
  std::string_view name;
  void (*run)(std::string_view bytes);
  /// Inputs that lead far into the program.
  std::vector<std::string> (*seeds)();
};

std::vector<std::string> translate_seeds();
std::vector<std::string> model_file_seeds();
std::vector<std::string> evaluate_seeds();

inline constexpr Target kTargets[] = {{"translate", translate, translate_seeds},
                                      {"model_file", model_file, model_file_seeds},
                                      {"evaluate", evaluate, evaluate_seeds}};

}  // namespace isthmus::fuzz
