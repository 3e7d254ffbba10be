#include "cli/line_editor.h"

#include <histedit.h>
#include <unistd.h>

#include <clocale>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <utility>

#include "core/error.h"
#include "core/file.h"

namespace isthmus::cli {
namespace {

constexpr int kHistoryLines = 1000;

struct EndEdit {
  void operator()(EditLine* edit) const { el_end(edit); }
};
struct EndHistory {
  void operator()(History* history) const { history_end(history); }
};

/// libedit reads characters by the locale; the C locale would cut UTF-8 into bytes.
void use_utf8_locale() {
  std::setlocale(LC_CTYPE, "");
  if (MB_CUR_MAX == 1) std::setlocale(LC_CTYPE, "C.UTF-8");
}

/// Where the line is drawn: translations may go into a file.
std::FILE* screen() { return ::isatty(STDERR_FILENO) != 0 ? stderr : stdout; }

}  // namespace

struct LineEditor::Impl {
  std::string prompt;
  std::string history_path;
  std::unique_ptr<EditLine, EndEdit> edit;
  std::unique_ptr<History, EndHistory> history;

  static char* prompt_of(EditLine* edit) {
    void* self = nullptr;
    el_get(edit, EL_CLIENTDATA, &self);
    return static_cast<Impl*>(self)->prompt.data();
  }

  static unsigned char on_interrupt(EditLine* edit, int) {
    const LineInfo* line = el_line(edit);
    std::fputs("^C\n", screen());
    std::fflush(screen());
    el_cursor(edit, static_cast<int>(line->lastchar - line->cursor));
    el_deletestr(edit, static_cast<int>(line->lastchar - line->buffer));
    return CC_REDISPLAY;
  }

  void record(const std::string& line) const {
    HistEvent event;
    ::history(history.get(), &event, H_ENTER, line.c_str());
    if (!history_path.empty()) ::history(history.get(), &event, H_SAVE, history_path.c_str());
  }
};

LineEditor::LineEditor(std::string prompt, std::string history_path) : impl_(std::make_unique<Impl>()) {
  use_utf8_locale();
  impl_->prompt = std::move(prompt);
  impl_->history_path = std::move(history_path);
  impl_->history.reset(history_init());
  HistEvent event;
  ::history(impl_->history.get(), &event, H_SETSIZE, kHistoryLines);
  ::history(impl_->history.get(), &event, H_SETUNIQUE, 1);
  if (!impl_->history_path.empty()) {
    std::error_code ignored;
    std::filesystem::create_directories(std::filesystem::path(impl_->history_path).parent_path(), ignored);
    ::history(impl_->history.get(), &event, H_LOAD, impl_->history_path.c_str());
  }
  impl_->edit.reset(el_init("isthmus", stdin, screen(), stderr));
  EditLine* edit = impl_->edit.get();
  el_set(edit, EL_CLIENTDATA, impl_.get());
  el_set(edit, EL_PROMPT, &Impl::prompt_of);
  el_set(edit, EL_EDITOR, "emacs");
  el_set(edit, EL_HIST, ::history, impl_->history.get());
  el_set(edit, EL_BIND, "^R", "em-inc-search-prev", nullptr);
  // Ctrl-C as a key, while a line is edited: as a signal it would end the program.
  el_set(edit, EL_ADDFN, "isthmus-interrupt", "Empties the line", &Impl::on_interrupt);
  el_set(edit, EL_SETTY, "-d", "-isig", nullptr);
  el_set(edit, EL_BIND, "^C", "isthmus-interrupt", nullptr);
}

LineEditor::~LineEditor() = default;

std::optional<std::string> LineEditor::read() {
  int length = 0;
  const char* text = el_gets(impl_->edit.get(), &length);
  if (text == nullptr || length <= 0) return std::nullopt;
  std::string line(text, static_cast<std::size_t>(length));
  while (!line.empty() && (line.back() == '\n' || line.back() == '\r')) line.pop_back();
  if (line.find_first_not_of(' ') != std::string::npos) impl_->record(line);
  return line;
}

std::string state_file(const std::string& name) {
  if (const char* state = std::getenv("XDG_STATE_HOME"); state != nullptr && state[0] == '/') {
    return std::string(state) + "/isthmus/" + name;
  }
  const char* home = std::getenv("HOME");
  return home == nullptr || home[0] == '\0' ? "" : std::string(home) + "/.local/state/isthmus/" + name;
}

}  // namespace isthmus::cli
