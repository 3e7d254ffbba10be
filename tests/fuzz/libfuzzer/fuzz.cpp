// One target as a libFuzzer program; ISTHMUS_FUZZ_TARGET is its name in namespace fuzz.
#include "core/log.h"
#include "tests/fuzz/targets.h"

extern "C" int LLVMFuzzerInitialize(int*, char***) {
  isthmus::log_only_errors();  // else a warning for each long line
  return 0;
}

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
  isthmus::fuzz::ISTHMUS_FUZZ_TARGET({reinterpret_cast<const char*>(bytes), size});
  return 0;
}
