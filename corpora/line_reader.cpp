#include "corpora/line_reader.h"

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <boost/iostreams/categories.hpp>
#include <boost/iostreams/filter/bzip2.hpp>
#include <boost/iostreams/filter/gzip.hpp>
#include <boost/iostreams/filter/lzma.hpp>
#include <boost/iostreams/filter/zstd.hpp>
#include <boost/iostreams/filtering_streambuf.hpp>
#include <cerrno>
#include <cstring>
#include <ios>
#include <string_view>
#include <utility>

#include "core/error.h"
#include "core/interrupt.h"
#include "core/log.h"
#include "corpora/compression.h"
#include "corpora/zstd_frames.h"

namespace isthmus {
namespace {

namespace io = boost::iostreams;

constexpr std::size_t kChunkBytes = std::size_t{1} << 16;

/// The bytes of a file as they are on disk.
class RawFile {
 public:
  RawFile(const std::string& path, const std::string& name) : name_(name), is_stdin_(path == "-") {
    descriptor_ = is_stdin_ ? STDIN_FILENO : ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
    if (descriptor_ < 0) fail();
    // Only as much as tells the format: a reader on the other end of a pipe may wait for our answer to a short line.
    char chunk[64];
    while (may_become_compressed(head_)) {
      const std::size_t count = read_descriptor(chunk, sizeof chunk);
      if (count == 0) break;
      head_.append(chunk, count);
    }
    compression_ = compression_by_magic(head_);
    const Compression named = compression_by_name(path);
    if (named == compression_) return;
    if (head_.empty())
      throw InputError::in_file(name_, "empty, not even a compressed file of no lines", "make it anew");
    if (compression_ == Compression::kNone) {
      throw InputError::in_file(name_, "named as if compressed with " + std::string(name_of(named)) + ", but it is not",
                                "rename it or make it anew");
    }
  }
  ~RawFile() {
    if (!is_stdin_ && descriptor_ >= 0) ::close(descriptor_);
  }
  RawFile(const RawFile&) = delete;
  RawFile& operator=(const RawFile&) = delete;

  Compression compression() const { return compression_; }

  /// At least one byte; 0 only at the end.
  std::size_t read(char* to, std::size_t most) {
    std::size_t count = std::min(most, head_.size());
    if (count > 0) {
      head_.copy(to, count);
      head_.erase(0, count);
    } else {
      count = read_descriptor(to, most);
    }
    if (compression_ == Compression::kZstd) {
      if (count == 0 && !frames_.whole()) throw std::ios_base::failure("unexpected end");
      frames_.feed({to, count});
    }
    return count;
  }

 private:
  [[noreturn]] void fail() const {
    const int error = errno;
    throw InputError::in_file(name_, "cannot be read (" + std::string(std::strerror(error)) + ")",
                              error == ENOENT ? "check the name" : "check the name and its permissions");
  }

  std::size_t read_descriptor(char* to, std::size_t most) const {
    for (;;) {
      const ssize_t count = ::read(descriptor_, to, most);
      if (count >= 0) return static_cast<std::size_t>(count);
      if (errno != EINTR) fail();
      if (interrupted()) throw Interrupted();
    }
  }

  const std::string& name_;
  bool is_stdin_;
  int descriptor_;
  std::string head_;
  Compression compression_ = Compression::kNone;
  ZstdFrames frames_;
};

/// RawFile as Boost.Iostreams wants its devices.
class RawSource {
 public:
  using char_type = char;
  using category = io::source_tag;

  explicit RawSource(RawFile& file) : file_(&file) {}

  std::streamsize read(char* to, std::streamsize most) {
    const std::size_t count = file_->read(to, static_cast<std::size_t>(most));
    return count == 0 ? -1 : static_cast<std::streamsize>(count);
  }

 private:
  RawFile* file_;
};

}  // namespace

struct LineReader::Impl {
  explicit Impl(const std::string& path) : name(path == "-" ? "<stdin>" : path), file(path, name) {
    switch (file.compression()) {
      case Compression::kGzip:
        text.push(io::gzip_decompressor());
        break;
      case Compression::kXz:
        text.push(io::lzma_decompressor());
        break;
      case Compression::kZstd:
        text.push(io::zstd_decompressor());
        break;
      case Compression::kBzip2:
        text.push(io::bzip2_decompressor());
        break;
      case Compression::kNone:
        break;
    }
    text.push(RawSource(file));
  }

  /// More bytes into `chunk`; false at the end.
  bool refill() {
    begin = end = 0;
    if (at_end) return false;
    try {
      at_end = text.sgetc() == std::char_traits<char>::eof();
      if (at_end) return false;
      const std::streamsize offered = std::clamp<std::streamsize>(text.in_avail(), 1, kChunkBytes);
      end = static_cast<std::size_t>(text.sgetn(chunk.data(), offered));
    } catch (const std::ios_base::failure&) {
      throw InputError::in_file(name, "corrupt or cut short (" + std::string(name_of(file.compression())) + ")",
                                "copy or make it anew");
    }
    return end > 0;
  }

  /// Appends to `line` what still fits.
  void append(std::string& line, std::string_view bytes) {
    const std::size_t room = kMaxLineBytes - line.size();
    if (bytes.size() > room) {
      cropped = true;
      bytes = bytes.substr(0, room);
    }
    line += bytes;
  }

  std::string name;
  RawFile file;
  io::filtering_streambuf<io::input> text;
  std::string chunk = std::string(kChunkBytes, '\0');
  std::size_t begin = 0, end = 0;
  bool at_end = false;
  std::int64_t line_number = 0;
  bool cropped = false;
};

LineReader::LineReader(const std::string& path) : impl_(std::make_unique<Impl>(path)) {}
LineReader::~LineReader() = default;
LineReader::LineReader(LineReader&&) noexcept = default;
LineReader& LineReader::operator=(LineReader&&) noexcept = default;

std::int64_t LineReader::line_number() const { return impl_->line_number; }
bool LineReader::cropped() const { return impl_->cropped; }
const std::string& LineReader::name() const { return impl_->name; }

bool LineReader::next(std::string& line) {
  Impl& in = *impl_;
  line.clear();
  in.cropped = false;
  bool any = false, ended = false;
  while (!ended) {
    if (in.begin == in.end && !in.refill()) break;
    any = true;
    const std::string_view rest(in.chunk.data() + in.begin, in.end - in.begin);
    const std::size_t newline = rest.find('\n');
    ended = newline != std::string_view::npos;
    in.append(line, rest.substr(0, newline));
    in.begin = ended ? in.begin + newline + 1 : in.end;
  }
  if (!any) return false;
  ++in.line_number;
  if (in.cropped) {
    // Not in the middle of a character.
    while (!line.empty() && (static_cast<unsigned char>(line.back()) & 0xc0) == 0x80) line.pop_back();
    if (!line.empty() && static_cast<unsigned char>(line.back()) >= 0xc0) line.pop_back();
    log_warning("{}:{}: longer than {} MiB; the rest of the line is dropped", in.name, in.line_number,
                kMaxLineBytes >> 20);
  } else if (line.ends_with('\r')) {
    line.pop_back();
  }
  return true;
}

std::vector<std::string> read_lines(const std::string& path) {
  LineReader reader(path);
  std::vector<std::string> lines;
  for (std::string line; reader.next(line);) lines.push_back(line);
  return lines;
}

}  // namespace isthmus
