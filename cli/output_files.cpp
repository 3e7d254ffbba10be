#include "cli/output_files.h"

#include <fmt/format.h>

#include <filesystem>
#include <system_error>

#include "core/error.h"

namespace isthmus::cli {
namespace {

namespace fs = std::filesystem;

fs::path on_disk(std::string_view name, std::string_view stream) { return name == "-" ? stream : name; }

}  // namespace

bool same_file(const std::string& one, const std::string& other) {
  std::error_code ignored;  // neither need exist
  const auto canonical = [&ignored](const fs::path& path) { return fs::weakly_canonical(fs::absolute(path), ignored); };
  return fs::equivalent(one, other, ignored) || canonical(one) == canonical(other);
}

void refuse_input_as_output(std::string_view output, std::span<const std::string> inputs, std::string_view remedy) {
  const fs::path written = on_disk(output, "/dev/stdout");
  std::error_code ignored;  // neither need exist
  if (!fs::is_regular_file(written, ignored)) return;
  for (const std::string& input : inputs) {
    if (!fs::equivalent(written, on_disk(input, "/dev/stdin"), ignored)) continue;
    throw InputError::in_file(output == "-" ? "standard output" : output, "would be written over what is read", remedy);
  }
}

void refuse_ledger_as_output(std::string_view output, const std::string& ledger, std::string_view option) {
  if (output.empty() || ledger.empty()) return;
  const std::string written = on_disk(output, "/dev/stdout").string();
  for (const char* ending : {"", "-wal", "-shm"}) {
    if (!same_file(written, ledger + ending)) continue;
    throw InputError::in_file(output == "-" ? "standard output" : output, "would be written over the ledger",
                              fmt::format("give another file to {}, or another --ledger", option));
  }
}

void refuse_to_overwrite(std::string_view path, bool force) {
  std::error_code ignored;  // it need not exist
  if (force || !fs::is_regular_file(fs::path(path), ignored)) return;
  throw InputError::in_file(path, "is there already", "--force overwrites it");
}

}  // namespace isthmus::cli
