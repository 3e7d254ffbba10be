// BLEU and chrF against scores that sacreBLEU 2.6.0 gave. The cases in data/ are texts of our own (data/README.md);
// many more, of texts that may not be copied, lie in a folder beside the checkout.
#include <iostream>

#include "tests/catch.h"
#include "tests/evaluation/vector_checks.h"

using namespace isthmus;

namespace {

int check_folder(const std::filesystem::path& folder) {
  int cases = 0;
  for (const auto& entry : std::filesystem::directory_iterator(folder)) {
    if (!entry.is_directory()) continue;
    vectors::check_case(vectors::read_case(entry.path()));
    ++cases;
  }
  return cases;
}

}  // namespace

TEST_CASE("BLEU and chrF equal sacreBLEU on our own sentences") {
  CHECK(check_folder(ISTHMUS_SOURCE_DIR "/tests/evaluation/data") >= 6);
}

TEST_CASE("BLEU and chrF equal sacreBLEU on all reference vectors", "[golden]") {
  const std::filesystem::path folder = ISTHMUS_SOURCE_DIR "/../shared/bleu_vectors/cases";
  if (!std::filesystem::exists(folder)) {
    std::cout << "SKIPPED: BLEU and chrF equal sacreBLEU on all reference vectors: no " << folder << "\n";
    return;
  }
  CHECK(check_folder(folder) == 30);
}
