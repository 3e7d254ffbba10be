#include "corpora/encoded_corpus.h"

#include <fmt/format.h>

#include <algorithm>
#include <cassert>
#include <cstring>

#include "core/error.h"
#include "core/hash.h"
#include "core/interrupt.h"
#include "corpora/corpus_format.h"

namespace isthmus {
namespace {

using namespace corpus_format;

/// How much is read before its pages are let go, in bytes and in records (of which each may touch a page of its own,
/// and the system maps that page's neighbours with it).
constexpr std::uint64_t kStretchBytes = std::uint64_t{2} << 20;
constexpr std::uint64_t kStretchRecords = 128;

template <class T>
T load(std::string_view bytes) {
  T value;
  std::memcpy(&value, bytes.data(), sizeof(value));
  return value;
}

std::string text_of(const Hash& hash) { return {hash.data(), hash.size()}; }

/// Takes what a record is made of off its front. After a step outside, all that it gives is empty.
class RecordReader {
 public:
  explicit RecordReader(std::string_view bytes) : rest_(bytes) {}
  bool failed() const { return failed_; }
  std::size_t left() const { return rest_.size(); }

  std::uint32_t size() {
    const std::string_view bytes = take(sizeof(std::uint32_t));
    return failed_ ? 0 : load<std::uint32_t>(bytes);
  }
  std::span<const TokenId> tokens(std::uint64_t count) {
    const std::string_view bytes = take(count * sizeof(TokenId));
    return {reinterpret_cast<const TokenId*>(bytes.data()), bytes.size() / sizeof(TokenId)};
  }
  std::string_view take(std::uint64_t bytes) {
    failed_ = failed_ || bytes > rest_.size();
    if (failed_) return {};
    const std::string_view taken = rest_.substr(0, bytes);
    rest_.remove_prefix(bytes);
    return taken;
  }

 private:
  std::string_view rest_;
  bool failed_ = false;
};

bool all_below(std::span<const TokenId> tokens, std::uint64_t vocabulary) {
  return std::all_of(tokens.begin(), tokens.end(),
                     [&](TokenId token) { return token >= 0 && static_cast<std::uint64_t>(token) < vocabulary; });
}

}  // namespace

struct EncodedCorpus::Record {
  std::span<const TokenId> source, target;
  std::string_view source_line, target_line;
};

EncodedCorpus::EncodedCorpus(const std::string& path) : file_(path) {
  read_trailer();
  check_checksum();
  check_records();
}

void EncodedCorpus::read_trailer() {
  const std::string_view bytes = file_.bytes();
  if (!bytes.starts_with(kMark)) throw InputError::in_file(file_.path(), "is not an encoded corpus");
  if (bytes.size() < sizeof(Head) + sizeof(Trailer)) throw InputError::in_file(file_.path(), "is cut short");
  const std::uint32_t version = load<Head>(bytes).version;
  if (version != kVersion) {
    throw InputError::in_file(file_.path(),
                              fmt::format("has format version {}; this program reads version {}", version, kVersion));
  }
  const std::uint64_t trailer_at = bytes.size() - sizeof(Trailer);
  const auto trailer = load<Trailer>(bytes.substr(trailer_at));
  const std::uint64_t places = (trailer_at - std::min(trailer_at, trailer.index)) / sizeof(std::uint64_t);
  if (trailer_at % kAlignment != 0 || trailer.index % kAlignment != 0 || places < 2 || places - 1 != trailer.pairs) {
    throw InputError::in_file(file_.path(), "is cut short or damaged: its sizes do not fit its length");
  }
  pairs_ = trailer.pairs;
  source_tokens_ = trailer.source_tokens;
  target_tokens_ = trailer.target_tokens;
  index_ = {reinterpret_cast<const std::uint64_t*>(bytes.data() + trailer.index), places};
  counts_ = {trailer.lines, trailer.skipped_empty, trailer.skipped_long, trailer.cropped};
  recipe_ = {.text = {trailer.lines, text_of(trailer.source_text), text_of(trailer.target_text)},
             .source_tokenizer = text_of(trailer.source_tokenizer),
             .target_tokenizer = text_of(trailer.target_tokenizer),
             .source_vocabulary = trailer.source_vocabulary,
             .target_vocabulary = trailer.target_vocabulary,
             .limits = {.max_source_tokens = trailer.max_source_tokens,
                        .max_target_tokens = trailer.max_target_tokens,
                        .too_long = trailer.crops != 0 ? TooLong::kCrop : TooLong::kSkip},
             .keeps_lines = trailer.keeps_lines != 0};
}

void EncodedCorpus::check_checksum() const {
  const std::string_view all = file_.bytes();
  std::string_view rest = all.substr(0, all.size() - sizeof(std::uint64_t));
  Hasher hasher;
  while (!rest.empty()) {
    if (interrupted()) throw Interrupted();
    file_.require_whole();
    const std::string_view stretch = rest.substr(0, kStretchBytes);
    hasher.update(stretch);
    rest.remove_prefix(stretch.size());
    file_.release();
  }
  if (hasher.digest64() != load<std::uint64_t>(all.substr(all.size() - sizeof(std::uint64_t)))) {
    throw InputError::in_file(file_.path(), "has a wrong checksum");
  }
}

void EncodedCorpus::check_records() {
  std::uint64_t source_tokens = 0, target_tokens = 0, stretch = 0;
  for (std::uint64_t number = 0; number < pairs_; ++number) {
    const std::optional<Record> found = record(number);
    if (!found) throw InputError::in_file(file_.path(), fmt::format("pair {} is damaged", number + 1));
    source_tokens += found->source.size();
    target_tokens += found->target.size();
    ++source_lengths_[found->source.size()];
    ++target_lengths_[found->target.size()];
    if (index_[number] - stretch < kStretchBytes) continue;
    if (interrupted()) throw Interrupted();
    file_.require_whole();
    file_.release();
    stretch = index_[number];
  }
  const auto index_at = static_cast<std::uint64_t>(reinterpret_cast<const char*>(index_.data()) - file_.bytes().data());
  if (index_.front() != sizeof(Head) || index_.back() != index_at || source_tokens != source_tokens_ ||
      target_tokens != target_tokens_) {
    throw InputError::in_file(file_.path(), "has sums that are wrong");
  }
  file_.release();
}

std::optional<EncodedCorpus::Record> EncodedCorpus::record(std::uint64_t number) const {
  const std::string_view bytes = file_.bytes();
  const std::uint64_t begin = index_[number], end = index_[number + 1];
  const bool inside = begin % kAlignment == 0 && begin >= sizeof(Head) && begin <= end && end <= bytes.size();
  RecordReader reader(inside ? bytes.substr(begin, end - begin) : std::string_view());
  Record record;
  const std::uint32_t source_size = reader.size(), target_size = reader.size();
  record.source = reader.tokens(source_size);
  record.target = reader.tokens(target_size);
  if (recipe_.keeps_lines) {
    const std::uint32_t source_bytes = reader.size(), target_bytes = reader.size();
    record.source_line = reader.take(source_bytes);
    record.target_line = reader.take(target_bytes);
  }
  const bool sound = !reader.failed() && reader.left() < kAlignment && !record.source.empty() &&
                     !record.target.empty() && record.source.size() <= recipe_.limits.max_source_tokens &&
                     record.target.size() <= recipe_.limits.max_target_tokens &&
                     all_below(record.source, recipe_.source_vocabulary) &&
                     all_below(record.target, recipe_.target_vocabulary);
  return sound ? std::optional(record) : std::nullopt;
}

template <class Take>
void EncodedCorpus::each_record(std::span<const std::uint64_t> pairs, const Take& take) const {
  for (std::size_t i = 0; i < pairs.size(); ++i) {
    assert(pairs[i] < pairs_);
    if (i % kStretchRecords == 0) {
      file_.release();
      file_.require_whole();
    }
    const std::optional<Record> found = record(pairs[i]);
    if (!found) {
      throw InputError::in_file(file_.path(), "was changed while it was read", "leave it alone, and run again");
    }
    take(*found);
  }
  file_.release();
}

TokenPairs EncodedCorpus::read(std::span<const std::uint64_t> pairs) const {
  TokenPairs read;
  // As much as so many pairs usually have, and a sixteenth: lists that double would hold twice that.
  const auto usual = [&](std::uint64_t all) {
    const double mean = static_cast<double>(all) / static_cast<double>(pairs_);
    return static_cast<std::size_t>(1.0625 * mean * static_cast<double>(pairs.size()));
  };
  read.source.reserve(pairs.size(), usual(source_tokens_));
  read.target.reserve(pairs.size(), usual(target_tokens_));
  each_record(pairs, [&](const Record& record) { read.add(record.source, record.target); });
  return read;
}

PairLines EncodedCorpus::read_lines(std::span<const std::uint64_t> pairs) const {
  assert(recipe_.keeps_lines);
  PairLines read;
  each_record(pairs, [&](const Record& record) {
    read.source.emplace_back(record.source_line);
    read.target.emplace_back(record.target_line);
  });
  return read;
}

}  // namespace isthmus
