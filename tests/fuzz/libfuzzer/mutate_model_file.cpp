// What changes model files: libFuzzer's own changes, on sections.
#include <algorithm>

#include "tests/fuzz/targets.h"

extern "C" std::size_t LLVMFuzzerMutate(std::uint8_t* bytes, std::size_t size, std::size_t capacity);

extern "C" std::size_t LLVMFuzzerCustomMutator(std::uint8_t* bytes, std::size_t size, std::size_t capacity,
                                               unsigned seed) {
  const std::string file =
      isthmus::fuzz::mutated_model_file({reinterpret_cast<const char*>(bytes), size}, capacity, seed, LLVMFuzzerMutate);
  std::copy(file.begin(), file.end(), bytes);
  return file.size();
}
