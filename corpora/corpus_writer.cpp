#include "corpora/corpus_writer.h"

#include <array>
#include <cassert>
#include <filesystem>
#include <span>
#include <utility>

#include "corpora/corpus_format.h"
#include "tokenizer/training_text.h"

namespace isthmus {
namespace {

using namespace corpus_format;

template <class T>
std::string_view bytes_of(const T& value) {
  return {reinterpret_cast<const char*>(&value), sizeof(value)};
}

void append_size(std::string& record, std::size_t size) { record += bytes_of(static_cast<std::uint32_t>(size)); }

void append_tokens(std::string& record, std::span<const TokenId> tokens) {
  record.append(reinterpret_cast<const char*>(tokens.data()), tokens.size_bytes());
}

std::string_view kept(std::string_view line) {
  const std::size_t most = CorpusWriter::kMaxKeptBytes;
  return line.size() <= most ? line : line.substr(0, cut_position(line, most));
}

Hash hash_digits(const std::string& digits) {
  Hash hash{};
  assert(digits.size() == hash.size());
  digits.copy(hash.data(), hash.size());
  return hash;
}

Trailer trailer_of(const CorpusRecipe& recipe, const EncodingCounts& counts) {
  Trailer trailer{};
  trailer.source_text = hash_digits(recipe.text.source_hash);
  trailer.target_text = hash_digits(recipe.text.target_hash);
  trailer.source_tokenizer = hash_digits(recipe.source_tokenizer);
  trailer.target_tokenizer = hash_digits(recipe.target_tokenizer);
  trailer.source_vocabulary = recipe.source_vocabulary;
  trailer.target_vocabulary = recipe.target_vocabulary;
  trailer.max_source_tokens = recipe.limits.max_source_tokens;
  trailer.max_target_tokens = recipe.limits.max_target_tokens;
  trailer.crops = recipe.limits.too_long == TooLong::kCrop ? 1 : 0;
  trailer.keeps_lines = recipe.keeps_lines ? 1 : 0;
  trailer.lines = counts.lines;
  trailer.skipped_empty = counts.skipped_empty;
  trailer.skipped_long = counts.skipped_long;
  trailer.cropped = counts.cropped;
  return trailer;
}

}  // namespace

CorpusWriter::CorpusWriter(std::string path, CorpusRecipe recipe)
    : recipe_(std::move(recipe)), file_(path), index_(std::filesystem::path(path).parent_path().string()) {
  Head head{.mark = {}, .version = kVersion, .zero = 0};
  kMark.copy(head.mark.data(), head.mark.size());
  put(bytes_of(head));
}

void CorpusWriter::put(std::string_view bytes) {
  hasher_.update(bytes);
  written_ += bytes.size();
  if (!file_.stream().write(bytes.data(), std::ssize(bytes))) file_.commit();  // throws, with the reason
}

void CorpusWriter::add(const EncodedPair& pair) {
  index_.write(bytes_of(written_));
  ++pairs_;
  source_tokens_ += pair.source.size();
  target_tokens_ += pair.target.size();
  record_.clear();
  append_size(record_, pair.source.size());
  append_size(record_, pair.target.size());
  append_tokens(record_, pair.source);
  append_tokens(record_, pair.target);
  if (recipe_.keeps_lines) {
    const std::string_view source = kept(pair.source_line), target = kept(pair.target_line);
    append_size(record_, source.size());
    append_size(record_, target.size());
    record_ += source;
    record_ += target;
  }
  record_.resize((record_.size() + kAlignment - 1) / kAlignment * kAlignment, '\0');
  put(record_);
}

void CorpusWriter::commit(const EncodingCounts& counts) {
  Trailer trailer = trailer_of(recipe_, counts);
  trailer.pairs = pairs_;
  trailer.source_tokens = source_tokens_;
  trailer.target_tokens = target_tokens_;
  trailer.index = written_;
  index_.write(bytes_of(written_));
  index_.rewind();
  for (std::array<char, sizeof(std::uint64_t)> place{}; index_.read(place);) put({place.data(), place.size()});
  put(bytes_of(trailer).substr(0, sizeof(trailer) - sizeof(trailer.checksum)));
  trailer.checksum = hasher_.digest64();
  put(bytes_of(trailer.checksum));
  file_.commit();
}

}  // namespace isthmus
