#include "corpora/streamed_text.h"

#include <cstring>
#include <filesystem>
#include <utility>

#include "core/error.h"
#include "core/interrupt.h"

namespace isthmus {
namespace {

void write_line(ScratchFile& file, std::string_view line) {
  const std::uint64_t size = line.size();
  file.write({reinterpret_cast<const char*>(&size), sizeof(size)});
  file.write(line);
}

bool read_line(ScratchFile& file, std::string& line) {
  std::uint64_t size = 0;
  if (!file.read({reinterpret_cast<char*>(&size), sizeof(size)})) return false;
  line.resize(size);
  return file.read(line);
}

/// Standard input, a pipe, a process substitution, a terminal.
bool comes_once(const std::string& path) {
  std::error_code ignored;
  return path == "-" || (std::filesystem::exists(path, ignored) && !std::filesystem::is_regular_file(path, ignored));
}

}  // namespace

StreamedText::StreamedText(ParallelInput input, std::string scratch_folder)
    : input_(std::move(input)), scratch_folder_(std::move(scratch_folder)), name_(input_.source) {
  if (name_ == "-") name_ = "<stdin>";
}

void StreamedText::read(const TakePair& take) {
  if (copy_) return read_copy(take);
  if (!comes_once(input_.source) && !comes_once(input_.target)) return read_files(take);
  ScratchFile copy(scratch_folder_);
  read_files([&](std::string_view source, std::string_view target) {
    write_line(copy, source);
    write_line(copy, target);
    take(source, target);
  });
  copy_ = std::move(copy);
}

void StreamedText::read_files(const TakePair& take) {
  ParallelReader reader(input_);
  for (std::string source, target; reader.next(source, target);) {
    if (interrupted()) throw Interrupted();
    take(source, target);
  }
}

void StreamedText::read_copy(const TakePair& take) {
  copy_->rewind();
  for (std::string source, target; read_line(*copy_, source) && read_line(*copy_, target);) {
    if (interrupted()) throw Interrupted();
    take(source, target);
  }
}

void TextHasher::add(std::string_view source, std::string_view target) {
  ++pairs_;
  source_.update(source);
  source_.update("\n");
  target_.update(target);
  target_.update("\n");
}

}  // namespace isthmus
