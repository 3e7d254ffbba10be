#include "cli/line_editor.h"

#include <fcntl.h>
#include <histedit.h>
#include <sys/stat.h>
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
constexpr std::size_t kMaxHistoryLine = 4096;

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

/// Makes the file and its folder where they are missing, for their owner alone: what is translated may be private.
/// False where that cannot be, or something else than a file is there.
bool prepare_history(const std::string& path) {
  const std::filesystem::path folder = std::filesystem::path(path).parent_path();
  std::error_code error;
  if (!folder.empty() && std::filesystem::create_directories(folder, error)) {
    std::filesystem::permissions(folder, std::filesystem::perms::owner_all, error);
  }
  // A pipe would keep open() waiting.
  const int file = ::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC | O_NONBLOCK, 0600);
  if (file < 0) return false;
  struct stat status {};
  const bool good = ::fstat(file, &status) == 0 && S_ISREG(status.st_mode) && ::fchmod(file, 0600) == 0;
  ::close(file);
  return good;
}

}  // namespace

struct LineEditor::Impl {
  LineEditorOptions options;
  std::unique_ptr<EditLine, EndEdit> edit;
  std::unique_ptr<History, EndHistory> history;

  static Impl& of(EditLine* edit) {
    void* self = nullptr;
    el_get(edit, EL_CLIENTDATA, &self);
    return *static_cast<Impl*>(self);
  }

  static char* prompt_of(EditLine* edit) { return of(edit).options.prompt.data(); }

  static unsigned char on_interrupt(EditLine* edit, int) {
    const LineInfo* line = el_line(edit);
    std::fputs("^C\n", screen());
    const std::string& hint = of(edit).options.interrupt_hint;
    if (line->lastchar == line->buffer && !hint.empty()) std::fputs((hint + "\n").c_str(), screen());
    std::fflush(screen());
    el_cursor(edit, static_cast<int>(line->lastchar - line->cursor));
    el_deletestr(edit, static_cast<int>(line->lastchar - line->buffer));
    return CC_REDISPLAY;
  }

  static unsigned char on_tab(EditLine* edit, int) {
    const auto& complete = of(edit).options.complete;
    if (!complete) return CC_NORM;
    const LineInfo* line = el_line(edit);
    const auto before = static_cast<std::size_t>(line->cursor - line->buffer);
    const Completion completion = complete({line->buffer, before});
    if (!completion.insert.empty()) return el_insertstr(edit, completion.insert.c_str()) == 0 ? CC_REFRESH : CC_ERROR;
    if (completion.choices.empty()) return CC_NORM;
    std::fputs("\n", screen());
    for (const std::string& choice : completion.choices) std::fputs((choice + "\n").c_str(), screen());
    std::fflush(screen());
    return CC_REDISPLAY;
  }

  void record(const std::string& line) const {
    if (line.size() > kMaxHistoryLine) return;
    HistEvent event;
    ::history(history.get(), &event, H_ENTER, line.c_str());
    if (!options.history_path.empty()) ::history(history.get(), &event, H_SAVE, options.history_path.c_str());
  }
};

LineEditor::LineEditor(LineEditorOptions options) : impl_(std::make_unique<Impl>()) {
  use_utf8_locale();
  impl_->options = std::move(options);
  impl_->history.reset(history_init());
  HistEvent event;
  ::history(impl_->history.get(), &event, H_SETSIZE, kHistoryLines);
  ::history(impl_->history.get(), &event, H_SETUNIQUE, 1);
  std::string& path = impl_->options.history_path;
  if (!path.empty() && !prepare_history(path)) path.clear();
  if (!path.empty()) ::history(impl_->history.get(), &event, H_LOAD, path.c_str());
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
  el_set(edit, EL_ADDFN, "isthmus-complete", "Completes a command", &Impl::on_tab);
  el_set(edit, EL_BIND, "^I", "isthmus-complete", nullptr);
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

std::string history_file() {
  if (const char* path = std::getenv("ISTHMUS_HISTORY"); path != nullptr) return path;
  if (const char* state = std::getenv("XDG_STATE_HOME"); state != nullptr && state[0] == '/') {
    return std::string(state) + "/isthmus/history";
  }
  const char* home = std::getenv("HOME");
  return home == nullptr || home[0] == '\0' ? "" : std::string(home) + "/.local/state/isthmus/history";
}

}  // namespace isthmus::cli
