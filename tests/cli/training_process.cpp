#include "tests/cli/training_process.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/wait.h>
#include <unistd.h>

#include <atomic>
#include <csignal>
#include <filesystem>
#include <mutex>
#include <nlohmann/json.hpp>
#include <sstream>
#include <stdexcept>
#include <thread>
#include <vector>

#include "core/file.h"
#include "core/hash.h"
#include "core/random.h"
#include "core/section_file.h"
#include "model/model_file.h"
#include "tests/ledger/fixture.h"
#include "training/training_state.h"

namespace isthmus::test {
namespace {

constexpr const char* kState = "m.isthmus.state";
constexpr const char* kAlways =
    "train --source train.a --target train.b --valid-source dev.a --valid-target dev.b --model m.isthmus --ledger "
    "l.sqlite --log train.log --vocab 40 --embedding 8 --batch-sentences 16 --log-every 1";

/// Sentences whose translation is the same backwards.
void write_text(const testing::TemporaryFolder& folder, const std::string& name, int lines, Random random) {
  const std::vector<std::string> words = {"ka", "lomi", "tu", "seri", "no", "vaku", "peli", "dora"};
  std::string source;
  std::string target;
  for (int line = 0; line < lines; ++line) {
    std::string forwards;
    std::string backwards;
    for (std::size_t left = 1 + random.below(5); left > 0; --left) {
      const std::string& word = words[random.below(words.size())];
      forwards += (forwards.empty() ? "" : " ") + word;
      backwards = word + (backwards.empty() ? "" : " ") + backwards;
    }
    source += forwards + "\n";
    target += backwards + "\n";
  }
  folder.write(name + ".a", source);
  folder.write(name + ".b", target);
}

/// A state without the one number in it that is a time.
std::string without_time(const std::string& path) {
  std::string text;
  const Sections sections = read_sections(path, "state");
  for (const auto& [name, stored] : sections) {
    std::string bytes(stored);
    if (name == "progress") {
      auto progress = nlohmann::json::parse(bytes);
      progress.erase("seconds");
      bytes = progress.dump();
    }
    text += fmt::format("{} {}\n", name, bytes.size()) + bytes;
  }
  return text;
}

bool is_result(const std::string& name) {
  return name != "stderr" && name != "train.log" && !name.starts_with("l.sqlite");
}

std::vector<char*> pointers(std::vector<std::string>& texts) {
  std::vector<char*> pointers;
  for (std::string& text : texts) pointers.push_back(text.data());
  pointers.push_back(nullptr);
  return pointers;
}

}  // namespace

TrainingFolder::TrainingFolder() {
  write_text(folder_, "train", 200, Random(1));
  write_text(folder_, "dev", 12, Random(2));
}

pid_t TrainingFolder::start(const std::string& options, const std::string& fault) const {
  std::vector<std::string> arguments = {ISTHMUS_PROGRAM};
  for (const std::string& texts : {std::string(kAlways), options}) {
    std::istringstream words(texts);
    for (std::string word; words >> word;) arguments.push_back(word);
  }
  // What is there without a state was left by a run that was killed before its first.
  arguments.emplace_back(has(kState) ? "--resume" : "--force");
  std::vector<std::string> environment = {"PATH=/usr/bin:/bin"};
  if (!fault.empty()) {
    environment.push_back(std::string("LD_PRELOAD=") + ISTHMUS_FAULTS);
    environment.push_back("ISTHMUS_FAULT=" + fault);
  }
  const std::vector<char*> argv = pointers(arguments);
  const std::vector<char*> envp = pointers(environment);
  const std::string talk = folder_.path("stderr");
  const std::string folder = folder_.path("");
  const pid_t child = ::fork();
  if (child != 0) return child;
  const int file = ::open(talk.c_str(), O_WRONLY | O_CREAT | O_TRUNC, 0644);
  const int nothing = ::open("/dev/null", O_RDWR);
  ::dup2(nothing, STDIN_FILENO);
  ::dup2(nothing, STDOUT_FILENO);
  ::dup2(file, STDERR_FILENO);
  if (::chdir(folder.c_str()) == 0) ::execve(ISTHMUS_PROGRAM, argv.data(), envp.data());
  ::_exit(127);
}

int wait_for(pid_t process) {
  int status = 0;
  while (::waitpid(process, &status, 0) < 0 && errno == EINTR) {
  }
  return WIFEXITED(status) ? WEXITSTATUS(status) : -WTERMSIG(status);
}

int TrainingFolder::run(const std::string& options, const std::string& fault) const {
  return wait_for(start(options, fault));
}

int TrainingFolder::calls(const std::string& options) const {
  if (run(options, "count") != 0) throw std::runtime_error(talk());
  const int calls = std::stoi(read("calls"));
  std::filesystem::remove(path("calls"));
  return calls;
}

bool TrainingFolder::has(const std::string& name) const { return std::filesystem::exists(path(name)); }

std::map<std::string, std::string> TrainingFolder::results() const {
  std::map<std::string, std::string> results;
  for (const auto& entry : std::filesystem::directory_iterator(folder_.path(""))) {
    const std::string name = entry.path().filename().string();
    if (is_result(name)) results[name] = name == kState ? without_time(path(name)) : read(name);
  }
  return results;
}

void TrainingFolder::require_whole_files() const {
  for (const auto& entry : std::filesystem::directory_iterator(folder_.path(""))) {
    const std::string name = entry.path().filename().string();
    if (name.ends_with(".isthmus")) load_model(path(name));
    if (name == kState) StoredState::load(path(name));
  }
}

std::string differences(const std::map<std::string, std::string>& one,
                        const std::map<std::string, std::string>& other) {
  std::string names;
  for (const auto& [name, bytes] : one) {
    const auto found = other.find(name);
    if (found == other.end()) names += name + " (missing) ";
    if (found != other.end() && found->second != bytes) names += name + " ";
  }
  for (const auto& [name, bytes] : other) {
    if (!one.contains(name)) names += name + " (unexpected) ";
  }
  return names;
}

std::string faults_at_each_call(int calls, const std::function<std::string(int)>& trial) {
  std::atomic<int> next{1};
  std::mutex mutex;
  std::string faults;
  const auto work = [&] {
    while (true) {
      const int call = next++;
      if (call > calls) return;
      std::string found;
      try {
        found = trial(call);
      } catch (const std::exception& error) {
        found = error.what();
      }
      const std::lock_guard lock(mutex);
      if (!found.empty()) faults += fmt::format("call {}: {}\n", call, found);
    }
  };
  {
    std::vector<std::jthread> workers;
    for (int i = 0; i < 4; ++i) workers.emplace_back(work);
  }
  return faults;
}

std::string faults_of_ledger(const std::string& path, int finished) {
  if (!std::filesystem::exists(path)) return "";
  Sql sql(path);
  std::string faults;
  const auto none = [&](const std::string& what, const std::string& query) {
    if (const std::int64_t count = sql.integer("SELECT count(*) FROM (" + query + ")"); count > 0) {
      faults += fmt::format("{} {}; ", count, what);
    }
  };
  if (const std::string check = sql.text("PRAGMA integrity_check"); check != "ok") faults += check + "; ";
  if (sql.integer("SELECT count(*) FROM sqlite_master WHERE name = 'run'") == 0) return faults;  // killed before
  none("dangling rows", "SELECT * FROM pragma_foreign_key_check");
  none("runs without their texts",
       "SELECT id FROM run WHERE (SELECT count(*) FROM corpus_use WHERE corpus_use.run = run.id) <> 2");
  none("runs without configuration",
       "SELECT id FROM run WHERE NOT EXISTS (SELECT * FROM artifact WHERE artifact.run = run.id AND kind = 'config')");
  none("validations without all scores", "SELECT run FROM validation GROUP BY run, updates HAVING count(*) <> 3");
  none("holes in the log of a run",
       "SELECT run FROM train_log JOIN run ON run.id = run GROUP BY run "
       "HAVING max(train_log.updates) - min(train_log.updates) + 1 <> count(*) OR min(train_log.updates) <> "
       "coalesce(resumed_at, 0) + 1");
  if (finished == 0) return faults;
  const std::string last = "(SELECT max(id) FROM run)";
  const std::string end = fmt::format("{} updates done (--max-updates)", finished);
  none("runs with a wrong end", "SELECT run FROM runs WHERE status NOT IN ('interrupted', '" + end + "')");
  if (sql.text("SELECT status FROM runs WHERE run = " + last) != end) {
    faults += "the last run has no end; ";
  }
  none("updates missing from the last run's curve or twice in it",
       fmt::format("WITH RECURSIVE number(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM number WHERE n < {}) "
                   "SELECT n FROM number WHERE (SELECT count(*) FROM training_log WHERE run = {} AND updates = n) <> 1",
                   finished, last));
  const std::string model = (std::filesystem::path(path).parent_path() / "m.isthmus").string();
  if (sql.integer("SELECT count(*) FROM checkpoint WHERE hash = '" + hash128_hex(read_file(model)) + "'") == 0) {
    faults += "no checkpoint is the model; ";
  }
  return faults;
}

}  // namespace isthmus::test
