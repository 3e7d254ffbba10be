// Boost.Program_options behind the options structs: parsing, --help, --config and messages for what is wrong.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "cli/command.h"
#include "core/options.h"

namespace isthmus::cli {

/// The command line of one subcommand.
///
///   CommandLine line("translate", "MODEL...", "Translates lines of text.");
///   line.add(options);                              // any struct with describe(OptionVisitor&, Options&)
///   line.positional("MODEL", models, 1, kMany);
///   if (!line.parse(arguments)) return 0;           // --help was printed
///
/// The structs must outlive parse(). Every value given is checked (type, range, choice); an unknown option is refused
/// with the nearest known one, and one that takes a single value when it is given twice; abbreviations are not guessed.
/// `--config FILE` reads `name = value` lines; the command line wins over the file. All errors are UsageError.
class CommandLine {
 public:
  static constexpr int kMany = 1 << 20;

  /// `usage` is what follows "isthmus NAME [options]"; `about` is one or more sentences; `examples` are whole lines.
  CommandLine(std::string name, std::string usage, std::string about, std::vector<std::string> examples = {});
  ~CommandLine();
  CommandLine(const CommandLine&) = delete;
  CommandLine& operator=(const CommandLine&) = delete;

  template <class Options>
  void add(Options& options) {
    add([&options](OptionVisitor& visit) { describe(visit, options); });
  }
  void add(std::function<void(OptionVisitor&)> describe);

  /// The same for options that say what to do this once, and are not part of effective_config().
  template <class Options>
  void add_once(Options& options) {
    add_once([&options](OptionVisitor& visit) { describe(visit, options); });
  }
  void add_once(std::function<void(OptionVisitor&)> describe);

  /// What is not an option, in order. Fewer than `least` or more than `most` is an error that calls it `name`.
  void positional(std::string name, std::vector<std::string>& values, int least, int most);

  /// False when --help was asked for and has been printed to stdout.
  bool parse(Arguments arguments);

  /// Whether the user gave the option (on the command line or in the config file) rather than leaving its default.
  bool given(std::string_view option) const;

  /// The options with their effective values, as a config file.
  std::string effective_config() const;

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

/// The known name that is nearest to a mistyped one; empty when none is near.
std::string nearest_name(std::string_view given, const std::vector<std::string>& known);

}  // namespace isthmus::cli
