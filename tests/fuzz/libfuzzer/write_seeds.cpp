// write_seeds FOLDER: the seeds of each target as files FOLDER/TARGET/NUMBER.
#include <filesystem>
#include <fstream>

#include "core/log.h"
#include "tests/fuzz/targets.h"

int main(int, char** arguments) {
  isthmus::log_only_errors();
  const std::filesystem::path folder = arguments[1];
  for (const isthmus::fuzz::Target& target : isthmus::fuzz::kTargets) {
    std::filesystem::create_directories(folder / target.name);
    int number = 0;
    for (const std::string& seed : target.seeds()) {
      std::ofstream(folder / target.name / std::to_string(number++), std::ios::binary) << seed;
    }
  }
}
