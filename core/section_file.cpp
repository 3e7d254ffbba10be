#include "core/section_file.h"

#include <fmt/format.h>

#include <boost/archive/binary_iarchive.hpp>
#include <boost/archive/binary_oarchive.hpp>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <streambuf>

#include "core/error.h"
#include "core/file.h"
#include "core/hash.h"

namespace isthmus {
namespace {

constexpr std::string_view kMark = "ISTHMUS\n";
constexpr std::size_t kKindBytes = 8;
constexpr std::uint32_t kVersion = 1;
constexpr std::size_t kHeaderBytes = kMark.size() + kKindBytes + sizeof(kVersion);
constexpr std::size_t kTrailerBytes = 2 * sizeof(std::uint64_t);
// Boost's own header would be read before its sizes could be checked.
constexpr unsigned kArchiveFlags = boost::archive::no_header;

/// Passes bytes on and adds them to a checksum. A failure to write is AtomicFile's to report, in commit(): it knows the
/// file and the reason, which Boost's exception for a short write would hide.
class HashingBuffer : public std::streambuf {
 public:
  explicit HashingBuffer(std::ostream& out) : out_(out) {}
  std::uint64_t count() const { return count_; }
  std::uint64_t hash() const { return hasher_.digest64(); }

 protected:
  int_type overflow(int_type c) override {
    const char byte = traits_type::to_char_type(c);
    xsputn(&byte, 1);
    return traits_type::not_eof(c);
  }
  std::streamsize xsputn(const char* data, std::streamsize size) override {
    hasher_.update(std::string_view(data, static_cast<std::size_t>(size)));
    count_ += static_cast<std::uint64_t>(size);
    out_.write(data, size);
    return size;
  }

 private:
  std::ostream& out_;
  Hasher hasher_;
  std::uint64_t count_ = 0;
};

/// Reads from memory that is not copied.
class ViewBuffer : public std::streambuf {
 public:
  explicit ViewBuffer(std::string_view bytes) {
    char* begin = const_cast<char*>(bytes.data());  // std::streambuf has no const get area; nothing writes to it
    setg(begin, begin, begin + bytes.size());
  }
  std::uint64_t left() const { return static_cast<std::uint64_t>(egptr() - gptr()); }
  /// The next bytes, which are read; at most left().
  std::string_view take(std::size_t size) {
    const std::string_view bytes(gptr(), size);
    setg(eback(), gptr() + size, egptr());
    return bytes;
  }
};

std::string header(std::string_view kind) {
  std::string bytes(kMark);
  bytes.append(kind).resize(kMark.size() + kKindBytes, '\0');
  bytes.append(reinterpret_cast<const char*>(&kVersion), sizeof(kVersion));
  return bytes;
}

std::uint64_t load_number(std::string_view bytes) {
  std::uint64_t number = 0;
  std::memcpy(&number, bytes.data(), sizeof(number));
  return number;
}

/// What is wrong with a file, and what to do.
class Complaint {
 public:
  Complaint(const std::string& path, std::string_view remedy) : path_(path), remedy_(remedy) {}

  InputError damaged(std::string_view what) const {
    return because(what, "the file is damaged; use a backup or an earlier checkpoint");
  }
  InputError because(std::string_view what, std::string_view usual_remedy) const {
    return InputError::in_file(path_, what, remedy_.empty() ? usual_remedy : remedy_);
  }
  const std::string& path() const { return path_; }

 private:
  const std::string& path_;
  std::string_view remedy_;
};

/// The archive inside the file, checked against mark, kind, version, size and checksum.
std::string_view checked_archive(std::string_view kind, std::string_view file, const Complaint& complaint) {
  if (!file.starts_with(kMark)) {
    throw complaint.because("is not a file that Isthmus wrote", "give the name of a file that ends in .isthmus");
  }
  if (file.size() < kHeaderBytes + kTrailerBytes) throw complaint.damaged("is cut short");
  const std::string_view found_kind = file.substr(kMark.size(), kKindBytes);
  if (file.substr(0, kMark.size() + kKindBytes) !=
      std::string_view(header(kind)).substr(0, kMark.size() + kKindBytes)) {
    const std::string_view word = found_kind.substr(0, found_kind.find('\0'));
    // A word alone is repeated: other bytes might be meant for the reader's terminal.
    if (word.empty() || word.find_first_not_of("abcdefghijklmnopqrstuvwxyz") != std::string_view::npos) {
      throw complaint.damaged("has a damaged header");
    }
    throw complaint.because(fmt::format("holds a {}, not a {}", word, kind), "give the other file");
  }
  std::uint32_t version = 0;
  std::memcpy(&version, file.data() + kMark.size() + kKindBytes, sizeof(version));
  if (version != kVersion) {
    throw InputError::in_file(complaint.path(),
                              fmt::format("has format version {}; this program reads version {}", version, kVersion),
                              "use the release of Isthmus that wrote it");
  }
  const std::string_view covered = file.substr(0, file.size() - sizeof(std::uint64_t));
  const std::uint64_t archive_bytes = load_number(file.substr(file.size() - kTrailerBytes));
  if (archive_bytes != file.size() - kHeaderBytes - kTrailerBytes)
    throw complaint.damaged("is cut short, or longer than it was");
  if (load_number(file.substr(covered.size())) != hash64(covered)) throw complaint.damaged("has a wrong checksum");
  return file.substr(kHeaderBytes, archive_bytes);
}

}  // namespace

void write_sections(const std::string& path, std::string_view kind, const std::vector<Section>& sections) {
  AtomicFile file(path);
  HashingBuffer buffer(file.stream());
  std::ostream out(&buffer);
  const std::string head = header(kind);
  out.write(head.data(), static_cast<std::streamsize>(head.size()));
  {
    boost::archive::binary_oarchive archive(buffer, kArchiveFlags);
    const auto put = [&](std::string_view bytes) {
      const std::uint64_t size = bytes.size();
      archive << size;
      archive.save_binary(bytes.data(), bytes.size());
    };
    const std::uint64_t count = sections.size();
    archive << count;
    for (const Section& section : sections) {
      put(section.name);
      put(section.bytes);
    }
  }
  const auto put_number = [&](std::uint64_t number) {
    out.write(reinterpret_cast<const char*>(&number), sizeof(number));
  };
  put_number(buffer.count() - kHeaderBytes);
  put_number(buffer.hash());
  file.commit();
}

bool is_section_file(const std::string& path) {
  std::error_code ignored;  // it need not exist
  if (!std::filesystem::is_regular_file(path, ignored)) return false;
  std::string start(kMark.size(), '\0');
  return std::ifstream(path, std::ios::binary).read(start.data(), std::ssize(start)) && start == kMark;
}

Sections read_sections(const std::string& path, std::string_view kind, std::string_view remedy) {
  const Complaint complaint(path, remedy);
  auto file = std::make_shared<const std::string>(read_file(path));
  ViewBuffer buffer(checked_archive(kind, *file, complaint));
  Sections::Map sections;
  try {
    boost::archive::binary_iarchive archive(buffer, kArchiveFlags);
    const auto get = [&] {
      std::uint64_t size = 0;
      archive >> size;
      if (size > buffer.left()) throw complaint.damaged("has a section that is longer than the file");
      return buffer.take(size);
    };
    std::uint64_t count = 0;
    archive >> count;
    for (std::uint64_t i = 0; i < count; ++i) {
      std::string name(get());
      sections.insert_or_assign(std::move(name), get());
    }
  } catch (const boost::archive::archive_exception&) {
    throw complaint.damaged("ends inside a section");
  }
  return {std::move(file), std::move(sections)};
}

}  // namespace isthmus
