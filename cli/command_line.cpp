#include "cli/command_line.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <boost/program_options.hpp>
#include <cerrno>
#include <cmath>
#include <cstdlib>
#include <map>
#include <optional>
#include <set>
#include <sstream>

#include "core/config_value.h"
#include "core/error.h"
#include "core/file.h"
#include "core/log.h"
#include "core/section_file.h"
#include "core/utf8.h"

namespace isthmus::cli {
namespace {

namespace po = boost::program_options;
using Values = std::vector<std::string>;

// Boost wants a name for what is not an option, and an empty one would mean none; nobody can type this one.
constexpr const char* kRest = " rest";
constexpr std::size_t kMaxHelpWidth = 100;
constexpr std::size_t kHelpColumn = 34;

/// One option, as far as the command line is concerned.
struct Option {
  std::string group;
  std::string name;
  std::string argument;      ///< what stands for the value in --help; empty for a flag
  std::string help;          ///< with range or choices
  std::string default_text;  ///< empty when there is none to show
  bool many = false;
  std::function<void(const Values&)> set;
};

[[noreturn]] void refuse(std::string_view name, std::string_view value, std::string_view must) {
  throw UsageError(fmt::format("--{}: '{}' is not valid; it must be {}", name, value, must));
}

std::string must_be(std::string_view what, const Range& range) {
  const std::string text = range.text();
  return text.empty() ? std::string(what) : fmt::format("{}, {}", what, text);
}

std::int64_t to_integer(const std::string& name, const std::string& text, const Range& range) {
  errno = 0;
  char* end = nullptr;
  const long long value = std::strtoll(text.c_str(), &end, 10);
  const bool whole =
      !text.empty() && *end == '\0' && errno == 0 && std::isspace(static_cast<unsigned char>(text[0])) == 0;
  if (!whole || !range.contains(static_cast<double>(value))) refuse(name, text, must_be("a whole number", range));
  return value;
}

double to_real(const std::string& name, const std::string& text, const Range& range) {
  errno = 0;
  char* end = nullptr;
  const double value = std::strtod(text.c_str(), &end);
  const bool number =
      !text.empty() && *end == '\0' && std::isfinite(value) && std::isspace(static_cast<unsigned char>(text[0])) == 0;
  if (!number || !range.contains(value)) refuse(name, text, must_be("a number", range));
  return value;
}

bool to_bool(const std::string& name, const std::string& text) {
  if (text == "true" || text == "yes" || text == "1") return true;
  if (text == "false" || text == "no" || text == "0") return false;
  refuse(name, text, "true or false");
}

/// Makes an Option of every field that is described to it.
class OptionCollector : public OptionVisitor {
 public:
  explicit OptionCollector(std::vector<Option>& options) : options_(options) {}

  void group(std::string_view title) override { group_ = title; }
  void operator()(std::string_view name, bool& value, std::string_view help) override {
    Option& option = append(name, "", help, value ? "true" : "");
    option.set = [&value, id = option.name](const Values& given) { value = to_bool(id, given.back()); };
  }
  void operator()(std::string_view name, std::int64_t& value, std::string_view help, Range range) override {
    Option& option = append(name, "N", with_range(help, range), fmt::format("{}", value));
    option.set = [&value, range, id = option.name](const Values& given) {
      value = to_integer(id, given.back(), range);
    };
  }
  void operator()(std::string_view name, double& value, std::string_view help, Range range) override {
    Option& option = append(name, "X", with_range(help, range), fmt::format("{}", value));
    option.set = [&value, range, id = option.name](const Values& given) { value = to_real(id, given.back(), range); };
  }
  void operator()(std::string_view name, std::string& value, std::string_view help) override {
    Option& option = append(name, "TEXT", help, value);
    option.set = [&value](const Values& given) { value = given.back(); };
  }
  void operator()(std::string_view name, std::vector<std::string>& value, std::string_view help) override {
    Option& option = append(name, "TEXT...", help, fmt::format("{}", fmt::join(value, " ")));
    option.many = true;
    option.set = [&value](const Values& given) { value = given; };
  }
  using OptionVisitor::operator();

 private:
  void choice(std::string_view name, std::string_view help, std::span<const std::string_view> names,
              std::size_t current, std::function<void(std::size_t)> set) override {
    Option& option = append(name, fmt::format("{}", fmt::join(names, "|")), help, std::string(names[current]));
    option.set = [set = std::move(set), id = option.name,
                  known = std::vector<std::string>(names.begin(), names.end())](const Values& given) {
      const auto found = std::find(known.begin(), known.end(), given.back());
      if (found == known.end()) refuse(id, given.back(), fmt::format("one of {}", fmt::join(known, ", ")));
      set(static_cast<std::size_t>(found - known.begin()));
    };
  }
  static std::string with_range(std::string_view help, const Range& range) {
    const std::string text = range.text();
    return text.empty() ? std::string(help) : fmt::format("{} ({})", help, text);
  }
  Option& append(std::string_view name, std::string argument, std::string_view help, std::string default_text) {
    Option option;
    option.group = group_;
    option.name = name;
    option.argument = std::move(argument);
    option.help = help;
    option.default_text = std::move(default_text);
    options_.push_back(std::move(option));
    return options_.back();
  }

  std::vector<Option>& options_;
  std::string group_ = "Options";
};

std::size_t edit_distance(std::string_view a, std::string_view b) {
  std::vector<std::size_t> row(b.size() + 1);
  for (std::size_t j = 0; j <= b.size(); ++j) row[j] = j;
  for (std::size_t i = 1; i <= a.size(); ++i) {
    std::size_t diagonal = std::exchange(row[0], i);
    for (std::size_t j = 1; j <= b.size(); ++j) {
      const std::size_t substitute = diagonal + (a[i - 1] != b[j - 1]);
      diagonal = row[j];
      row[j] = std::min({substitute, row[j] + 1, row[j - 1] + 1});
    }
  }
  return row[b.size()];
}

/// The words of `text` in lines of at most `width` columns, from `column` on.
std::string wrap(std::string_view text, std::size_t column, std::size_t width) {
  std::string wrapped;
  std::size_t used = column;
  std::istringstream words{std::string(text)};
  for (std::string word; words >> word;) {
    const std::size_t size = display_width(word);
    if (used > column && used + 1 + size > width) {
      wrapped += "\n" + std::string(column, ' ');
      used = column;
    }
    if (used > column) wrapped += ' ', ++used;
    wrapped += word;
    used += size;
  }
  return wrapped;
}

std::size_t help_width();

/// Each line of `text` by itself; a line that begins with a blank, as of a list, stays as it is.
std::string wrap_lines(const std::string& text) {
  std::string wrapped, line;
  for (std::istringstream lines(text); std::getline(lines, line);) {
    if (!wrapped.empty()) wrapped += '\n';
    wrapped += line.starts_with(' ') ? line : wrap(line, 0, help_width());
  }
  return wrapped;
}

std::size_t help_width() {
  const std::size_t terminal = output_width();
  return terminal == 0 ? kMaxHelpWidth : std::clamp<std::size_t>(terminal - 1, kHelpColumn + 20, kMaxHelpWidth);
}

std::string help_entry(const std::string& head, const std::string& text) {
  std::string entry = "  " + head;
  if (display_width(entry) + 2 > kHelpColumn) {
    entry += "\n" + std::string(kHelpColumn, ' ');
  } else {
    entry += std::string(kHelpColumn - display_width(entry), ' ');
  }
  return entry + wrap(text, kHelpColumn, help_width()) + "\n";
}

/// The lines of a --config file, without a byte order mark.
std::string config_text(const std::string& path) {
  constexpr std::string_view kByteOrderMark = "\xef\xbb\xbf";
  if (is_section_file(path)) {
    throw UsageError(
        fmt::format("--config {0}: this is a model or a state, not a text of options; the options of "
                    "MODEL.isthmus are in MODEL.isthmus.config",
                    path));
  }
  std::string text = read_file(path, 1 << 20);
  if (text.starts_with(kByteOrderMark)) text.erase(0, kByteOrderMark.size());
  return text;
}

}  // namespace

std::string nearest_name(std::string_view given, const std::vector<std::string>& known) {
  std::string best;
  std::size_t best_distance = given.size() / 3 + 2;
  for (const std::string& name : known) {
    const std::size_t distance = edit_distance(given, name);
    if (distance < best_distance) {
      best_distance = distance;
      best = name;
    }
  }
  return best;
}

struct CommandLine::Impl {
  std::string name;
  std::string usage;
  std::string about;
  std::vector<std::string> examples;
  std::vector<std::function<void(OptionVisitor&)>> described;
  std::vector<Option> options;
  std::string positional_name;
  std::vector<std::string>* positional_values = nullptr;
  int least = 0;
  int most = 0;
  std::set<std::string, std::less<>> given;

  po::options_description description() const {
    po::options_description all;
    for (const Option& option : options) {
      auto* value = po::value<Values>();
      if (option.many) value->multitoken()->composing();
      all.add_options()(option.name.c_str(), value);
    }
    all.add_options()("help,h", "")("config", po::value<Values>());
    return all;
  }

  [[noreturn]] void unknown_option(const std::string& option, const std::string& where) const {
    std::vector<std::string> known = {"help", "config"};
    for (const Option& candidate : options) known.push_back(candidate.name);
    const std::string bare = option.substr(std::min(option.find_first_not_of('-'), option.size()));
    const std::string nearest = nearest_name(bare, known);
    throw UsageError(fmt::format("{}unknown option '{}'{}; isthmus {} --help lists the options", where, option,
                                 nearest.empty() ? "" : fmt::format("; did you mean --{}?", nearest), name));
  }

  /// --flag as --flag=true, since Boost's own optional values would take a MODEL that follows for the flag's value; and
  /// --option= as two arguments, the second of them empty, since Boost refuses it as one.
  std::vector<std::string> with_values(Arguments arguments) const {
    std::vector<std::string> result;
    bool ended = false;
    for (const std::string& argument : arguments) {
      ended |= argument == "--";
      result.push_back(argument);
      if (ended) continue;
      for (const Option& option : options) {
        if (option.argument.empty() && argument == "--" + option.name) result.back() += "=true";
        if (argument != "--" + option.name + "=") continue;
        result.back().pop_back();
        result.emplace_back();
      }
    }
    return result;
  }

  /// The values of each option by name. One that takes a single value may be given once; `where` begins the message.
  std::map<std::string, Values> values_by_name(const po::parsed_options& parsed, const std::string& where) const {
    std::map<std::string, Values> values;
    for (const auto& option : parsed.options) {
      const auto [found, is_first] = values.try_emplace(option.string_key, option.value);
      if (is_first) continue;
      if (!takes_many(option.string_key)) {
        throw UsageError(fmt::format("{}--{} is given twice; give it once", where, option.string_key));
      }
      found->second.insert(found->second.end(), option.value.begin(), option.value.end());
    }
    return values;
  }

  bool takes_many(const std::string& key) const {
    return key == kRest || key == "help" || std::any_of(options.begin(), options.end(), [&](const Option& option) {
             return option.many && option.name == key;
           });
  }

  po::parsed_options parse_arguments(Arguments arguments, const po::options_description& all) const {
    namespace style = po::command_line_style;
    po::positional_options_description positions;
    positions.add(kRest, -1);
    po::options_description with_rest(all);
    with_rest.add_options()(kRest, po::value<Values>());
    return po::command_line_parser(with_values(arguments))
        .options(with_rest)
        .positional(positions)
        .style(style::unix_style & ~style::allow_guessing)
        .run();
  }

  void read_config(const std::string& path, const po::options_description& all, std::map<std::string, Values>& values) {
    std::istringstream text(config_text(path));
    po::parsed_options parsed(nullptr);
    try {
      parsed = po::parse_config_file(text, all, /*allow_unregistered=*/false);
    } catch (const po::unknown_option& error) {
      unknown_option(error.get_option_name(), path + ": ");
    } catch (const po::error& error) {
      throw UsageError(fmt::format("{}: {}; each line must be 'name = value'", path, error.what()));
    }
    for (auto& [key, list] : values_by_name(parsed, path + ": ")) {
      for (std::string& value : list) {
        const std::optional<std::string> meant = from_config_value(value);
        if (!meant) {
          throw UsageError(
              fmt::format("{}: {} = {}: the quotes do not end with the value; inside them, \\\" is a quote, "
                          "\\\\ a backslash and \\x23 a #",
                          path, key, value));
        }
        value = *meant;
      }
      values.try_emplace(key, list);
    }
  }

  void print_help() const {
    std::string text = fmt::format("Usage: isthmus {} [options] {}\n\n{}\n", name, usage, wrap_lines(about));
    std::string group;
    for (const Option& option : options) {
      if (option.group != group) text += fmt::format("\n{}:\n", group = option.group);
      const bool on = option.argument.empty() && !option.default_text.empty();
      const std::string head = fmt::format("--{}{}{}{}", option.name, option.argument.empty() ? "" : " ",
                                           option.argument, on ? "[=false]" : "");
      text += help_entry(
          head, option.default_text.empty() ? option.help : fmt::format("{} [{}]", option.help, option.default_text));
    }
    text += "\nGeneral:\n" + help_entry("--config TEXT",
                                        "read options from a file of 'name = value' lines; the command "
                                        "line wins");
    text += help_entry("--help", "print this help");
    if (!examples.empty()) text += "\nExamples:\n";
    for (const std::string& example : examples) text += "  " + example + "\n";
    fmt::print("{}", text);
  }
};

CommandLine::CommandLine(std::string name, std::string usage, std::string about, std::vector<std::string> examples)
    : impl_(std::make_unique<Impl>()) {
  impl_->name = std::move(name);
  impl_->usage = std::move(usage);
  impl_->about = std::move(about);
  impl_->examples = std::move(examples);
}

CommandLine::~CommandLine() = default;

void CommandLine::add(std::function<void(OptionVisitor&)> describe) {
  add_once(describe);
  impl_->described.push_back(std::move(describe));
}

void CommandLine::add_once(std::function<void(OptionVisitor&)> describe) {
  OptionCollector collector(impl_->options);
  describe(collector);
}

void CommandLine::positional(std::string name, std::vector<std::string>& values, int least, int most) {
  impl_->positional_name = std::move(name);
  impl_->positional_values = &values;
  impl_->least = least;
  impl_->most = most;
}

bool CommandLine::parse(Arguments arguments) {
  const po::options_description all = impl_->description();
  po::parsed_options parsed(nullptr);
  try {
    parsed = impl_->parse_arguments(arguments, all);
  } catch (const po::unknown_option& error) {
    impl_->unknown_option(error.get_option_name(), "");
  } catch (const po::error& error) {
    throw UsageError(fmt::format("{}; isthmus {} --help lists the options", error.what(), impl_->name));
  }
  std::map<std::string, Values> values = impl_->values_by_name(parsed, "");
  Values rest = std::move(values[kRest]);
  if (values.contains("help")) {
    impl_->print_help();
    return false;
  }
  if (const auto config = values.find("config"); config != values.end()) {
    impl_->read_config(config->second.back(), all, values);
  }
  for (const Option& option : impl_->options) {
    const auto found = values.find(option.name);
    if (found == values.end()) continue;
    option.set(found->second);
    impl_->given.insert(option.name);
  }
  const int count = static_cast<int>(rest.size());
  if (count > impl_->most) {
    const std::string& extra = rest[static_cast<std::size_t>(impl_->most)];
    throw UsageError(
        fmt::format("unexpected argument '{}'; usage: isthmus {} [options] {}", extra, impl_->name, impl_->usage));
  }
  if (count < impl_->least) {
    throw UsageError(fmt::format("{} is missing; usage: isthmus {} [options] {}", impl_->positional_name, impl_->name,
                                 impl_->usage));
  }
  if (impl_->positional_values != nullptr) *impl_->positional_values = std::move(rest);
  return true;
}

bool CommandLine::given(std::string_view option) const { return impl_->given.contains(option); }

std::string CommandLine::effective_config() const {
  std::string text = fmt::format("# isthmus {} --config THIS_FILE\n", impl_->name);
  for (const auto& describe : impl_->described) text += internal::to_config(describe);
  return text;
}

}  // namespace isthmus::cli
