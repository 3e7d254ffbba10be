// Training in processes of its own, as users run it: killed, resumed, on a disk that is full; and what it leaves.
#pragma once

#include <sys/types.h>

#include <functional>
#include <map>
#include <string>

#include "tests/corpora/temporary_folder.h"

namespace isthmus::test {

/// A folder with text (train.a, train.b, dev.a, dev.b) in which runs of the program write m.isthmus, its companions,
/// l.sqlite and train.log.
class TrainingFolder {
 public:
  TrainingFolder();

  /// Begins `isthmus train` with these options, beside those that all runs here have. `fault` is for faults.cpp:
  /// "kill:17", "full:17", "count" or nothing. With a state that is there the run goes on from it; otherwise it starts
  /// anew.
  pid_t start(const std::string& options, const std::string& fault = "") const;
  /// The same, to its end: the exit code, or minus the signal that killed it.
  int run(const std::string& options, const std::string& fault = "") const;

  bool has(const std::string& name) const;
  std::string path(const std::string& name) const { return folder_.path(name); }
  std::string read(const std::string& name) const { return folder_.read(name); }

  /// The calls that change files of such a run, from its beginning to its end.
  int calls(const std::string& options) const;

  /// What the last run wrote to stderr.
  std::string talk() const { return folder_.read("stderr"); }

  /// Names and bytes of all files that a run leaves, but those that bear times: the log and the ledger. The one time in
  /// the state, the seconds of training so far, is taken out of it.
  std::map<std::string, std::string> results() const;

  /// Throws InputError unless the model, its snapshots and its state are whole where they are there.
  void require_whole_files() const;

 private:
  testing::TemporaryFolder folder_;
};

/// The exit code, or minus the signal.
int wait_for(pid_t process);

/// Names of what differs between two runs' results; empty when nothing does.
std::string differences(const std::map<std::string, std::string>& one, const std::map<std::string, std::string>& other);

/// Tries each call from 1 to `calls`, four at once since most of the time is waiting for the disk. `trial` says what is
/// wrong, or throws; a line for each is returned.
std::string faults_at_each_call(int calls, const std::function<std::string(int)>& trial);

/// What is wrong with the ledger of runs that were killed, all of whose updates are logged; empty when nothing is.
/// `finished`: the last run came to its end, after so many updates.
std::string faults_of_ledger(const std::string& path, int finished = 0);

}  // namespace isthmus::test
