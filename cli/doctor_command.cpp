#include "cli/doctor_command.h"

#include <fmt/format.h>

#include <chrono>
#include <cstdint>
#include <filesystem>

#include "cli/command_line.h"
#include "cli/doctor_world.h"
#include "core/error.h"
#include "core/process_info.h"
#include "core/threads.h"
#include "distributed/world.h"
#include "model/gemm.h"

namespace isthmus::cli {
namespace {

struct DoctorOptions {
  std::string folder = ".";
};

void describe(OptionVisitor& visit, DoctorOptions& options) {
  visit("folder", options.folder, "where models and ledgers will be kept");
}

/// GFLOP/s of products of this size on `threads` threads at once, the best of several tries.
double product_speed(Index rows, Index columns, Index depth, std::size_t threads) {
  ThreadPool pool(threads);
  const Matrix<float> a = Matrix<float>::Random(rows, depth);
  const Matrix<float> b = Matrix<float>::Random(depth, columns);
  std::vector<Matrix<float>> c(threads, Matrix<float>::Zero(rows, columns));
  const double flops = 2.0 * static_cast<double>(rows) * static_cast<double>(columns) * static_cast<double>(depth);
  const int repeats = std::max(1, static_cast<int>(1e9 / flops));
  double best = 0.0;
  for (int round = 0; round < 5; ++round) {
    const auto start = std::chrono::steady_clock::now();
    pool.run(threads, [&](std::size_t piece, std::size_t) {
      for (int i = 0; i < repeats; ++i) gemm<float>(a, b, 0.0f, c[piece]);
    });
    const double seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
    best = std::max(best, flops * repeats * static_cast<double>(threads) / seconds / 1e9);
  }
  return best;
}

std::string processor_features() {
  std::string text;
  const auto add = [&text](const char* name, bool has) {
    if (has) text += std::string(text.empty() ? "" : " ") + name;
  };
#if defined(__x86_64__)
  add("avx2", __builtin_cpu_supports("avx2") != 0);
  add("fma", __builtin_cpu_supports("fma") != 0);
  add("avx512f", __builtin_cpu_supports("avx512f") != 0);
  add("avx512-vnni", __builtin_cpu_supports("avx512vnni") != 0);
#endif
  return text.empty() ? "none known" : text;
}

/// Bytes that may be written below the folder. Throws InputError when there is no such folder.
std::uintmax_t free_space(const std::string& folder) {
  std::error_code error;
  const auto space = std::filesystem::space(folder, error);
  if (error) throw InputError::in_file(folder, error.message(), "give --folder a folder that is there");
  if (!std::filesystem::is_directory(folder, error)) {
    throw InputError::in_file(folder, "not a folder", "give --folder the folder that it is in");
  }
  return space.available;
}

void row(std::string_view name, std::string_view value) { fmt::print("{:<22}{}\n", name, value); }

}  // namespace

int run_doctor(Arguments arguments) {
  DoctorOptions options;
  CommandLine line("doctor", "",
                   "Tells what will and what won't work on this machine: processor, speed of products, disk.",
                   {"isthmus doctor"});
  line.add(options);
  if (!line.parse(arguments)) return 0;
  Communicator world = join_world();
  if (!world.leads()) {
    examine_world(world);
    return 0;
  }
  const auto space = free_space(options.folder);
  row("isthmus", ISTHMUS_VERSION);
  row("build", build_json());
  const std::size_t processors = available_processors();
  row("processor", fmt::format("{}, {} usable", processor_name(), processors));
  row("vector instructions", processor_features());
  bool well = true;
  for (const std::size_t threads : {std::size_t{1}, processors}) {
    const double large = product_speed(2048, 2048, 2048, threads);
    row(fmt::format("products, {} thread{}", threads, threads == 1 ? "" : "s"),
        fmt::format("{:.0f} GFLOP/s at 2048 × 2048 × 2048, {:.0f} at 2048 × 32 × 512", large,
                    product_speed(2048, 32, 512, threads)));
    if (large < 20.0) {
      well = false;
      row("", "slow: expect training to take several times as long as the README says");
    }
    if (processors == 1) break;
  }
  row("memory", fmt::format("{:.1f} MB in use", static_cast<double>(resident_memory()) / 1e6));
  row("disk", fmt::format("{:.1f} GB free in {}", static_cast<double>(space) / 1e9, options.folder));
  if (space < 1'000'000'000) {
    well = false;
    row("", "little: a training run keeps a model and a state four times its size");
  }
  for (const auto& [name, value] : examine_world(world)) row(name, value);
  row("verdict", well ? "all well" : "usable, but see above");
  return 0;
}

}  // namespace isthmus::cli
