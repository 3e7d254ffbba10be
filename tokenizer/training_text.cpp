#include "tokenizer/training_text.h"

#include <algorithm>

#include "core/utf8.h"

namespace isthmus {
namespace {

constexpr std::size_t kMaxBytes = 4000;
// SentencePiece's own sign for an unknown character: it drops lines that hold it.
constexpr std::string_view kReserved = "\u2585";
constexpr std::string_view kReplacement = "\uFFFD";

void replace_all(std::string_view what, std::string& text) {
  for (std::size_t at = text.find(what); at != std::string::npos; at = text.find(what, at)) {
    text.replace(at, what.size(), " ");
  }
}

}  // namespace

TrainingText::TrainingText(std::int64_t limit) : limit_(limit) {}

void TrainingText::add(std::string_view line) {
  const std::int64_t number = seen_++;
  if (line.size() > kMaxKeptBytes) line = line.substr(0, cut_position(line, kMaxKeptBytes));
  if (limit_ == 0 || number < limit_) {
    lines_.push_back({number, std::string(line)});
    return;
  }
  const std::uint64_t place = random_.below(static_cast<std::uint64_t>(seen_));
  if (place < lines_.size()) lines_[place] = {number, std::string(line)};
}

std::vector<std::string> TrainingText::take() {
  std::sort(lines_.begin(), lines_.end(), [](const Line& a, const Line& b) { return a.number < b.number; });
  std::vector<std::string> texts;
  texts.reserve(lines_.size());
  for (Line& line : lines_) texts.push_back(std::move(line.text));
  lines_.clear();
  seen_ = 0;
  return texts;
}

std::size_t cut_position(std::string_view text, std::size_t most) {
  const std::size_t space = text.rfind(' ', most);
  if (space != std::string_view::npos && space > 0) return space;
  for (std::size_t cut = most; cut > 0 && cut + 4 > most; --cut) {
    if ((static_cast<unsigned char>(text[cut]) & 0xC0) != 0x80) return cut;
  }
  return most;  // not UTF-8
}

void append_trainable(std::string_view line, std::vector<std::string>& lines) {
  std::string text = invalid_utf8_at(line) ? repair_utf8(line) : std::string(line);
  replace_all(kReplacement, text);
  replace_all(kReserved, text);
  std::replace_if(
      text.begin(), text.end(), [](char c) { return c == '\0' || c == '\t' || c == '\r' || c == '\n'; }, ' ');
  std::string_view rest = text;
  while (rest.size() > kMaxBytes) {
    const std::size_t cut = cut_position(rest, kMaxBytes);
    lines.emplace_back(rest.substr(0, cut));
    rest.remove_prefix(cut);
  }
  if (rest.find_first_not_of(' ') != std::string_view::npos) lines.emplace_back(rest);
}

}  // namespace isthmus
