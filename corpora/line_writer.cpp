#include "corpora/line_writer.h"

#include <boost/iostreams/filter/bzip2.hpp>
#include <boost/iostreams/filter/gzip.hpp>
#include <boost/iostreams/filter/lzma.hpp>
#include <boost/iostreams/filter/zstd.hpp>
#include <boost/iostreams/filtering_stream.hpp>
#include <cassert>
#include <iostream>
#include <optional>

#include "core/error.h"
#include "core/file.h"
#include "corpora/compression.h"

namespace isthmus {

namespace io = boost::iostreams;

struct LineWriter::Impl {
  explicit Impl(const std::string& path) : name(path == "-" ? "<stdout>" : path) {
    if (path != "-") file.emplace(path);
    const Compression compression = compression_by_name(path);
    if (compression == Compression::kNone) return;
    if (compression == Compression::kGzip) packed.push(io::gzip_compressor());
    if (compression == Compression::kXz) packed.push(io::lzma_compressor());
    if (compression == Compression::kZstd) packed.push(io::zstd_compressor());
    if (compression == Compression::kBzip2) packed.push(io::bzip2_compressor());
    packed.push(file->stream());
  }

  std::ostream& out() {
    if (!packed.empty()) return packed;
    return file ? file->stream() : std::cout;
  }

  void check() {
    if (!out()) throw InputError::in_file(name, "cannot write", "is the disk full, or the reader gone?");
  }

  std::string name;
  std::optional<AtomicFile> file;
  io::filtering_ostream packed;  // empty without compression; destroyed before the file that it writes to
};

LineWriter::LineWriter(const std::string& path) : impl_(std::make_unique<Impl>(path)) {}
LineWriter::~LineWriter() = default;
LineWriter::LineWriter(LineWriter&&) noexcept = default;
LineWriter& LineWriter::operator=(LineWriter&&) noexcept = default;

void LineWriter::write(std::string_view line) {
  assert(line.find('\n') == std::string_view::npos);
  impl_->out() << line << '\n';
  impl_->check();
}

void LineWriter::write_bytes(std::string_view bytes) {
  impl_->out().write(bytes.data(), static_cast<std::streamsize>(bytes.size()));
  impl_->check();
}

void LineWriter::flush() {
  if (impl_->file) return;
  impl_->out().flush();
  impl_->check();
}

void LineWriter::commit() {
  if (!impl_->file) return flush();
  if (!impl_->packed.empty()) {
    impl_->packed.reset();  // writes the end of the compressed stream
    impl_->check();
  }
  impl_->file->commit();
}

}  // namespace isthmus
