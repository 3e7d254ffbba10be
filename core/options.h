// Options are plain structs whose initialisers are the only place where a default lives. Each struct has one function
//
//   void describe(OptionVisitor& visit, TranslateOptions& options) {
//     visit.group("Search");
//     visit("beam", options.beam, "hypotheses kept per sentence; 1 is greedy search", at_least(1));
//   }
//
// and the command line, --help, the config file, the model file and the ledger are all made from it.
#pragma once

#include <cstdint>
#include <functional>
#include <limits>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace isthmus {

/// The numbers an option accepts; both ends are included unless `open_*` says otherwise.
struct Range {
  double low = -std::numeric_limits<double>::infinity();
  double high = std::numeric_limits<double>::infinity();
  bool open_low = false;
  bool open_high = false;

  bool contains(double value) const;
  /// "at least 1", "from 0 up to but not including 1", …; empty for the whole line.
  std::string text() const;
};

inline Range at_least(double low) { return {.low = low}; }
inline Range more_than(double low) { return {.low = low, .open_low = true}; }
inline Range between(double low, double high) { return {.low = low, .high = high}; }
/// [low, high): e.g. a dropout probability.
inline Range from_below(double low, double high) { return {.low = low, .high = high, .open_high = true}; }

/// The names of an enum's values, in the order of their numbers (0, 1, …). Specialise for each enum that is an option:
///   template <> struct EnumNames<CellType> { static constexpr std::string_view names[] = {"rnn", "gru", "lstm"}; };
template <class Enum>
struct EnumNames;

template <class Enum>
std::string_view name_of(Enum value) {
  return EnumNames<Enum>::names[static_cast<std::size_t>(value)];
}

/// A view of one option that forgets its type but keeps its meaning. Valid only during the visit, unless the options
/// struct outlives it.
class OptionVisitor {
 public:
  virtual ~OptionVisitor() = default;

  /// Titles the options that follow, in --help and in the config file.
  virtual void group(std::string_view title) { (void)title; }

  virtual void operator()(std::string_view name, bool& value, std::string_view help) = 0;
  virtual void operator()(std::string_view name, std::int64_t& value, std::string_view help, Range range = {}) = 0;
  virtual void operator()(std::string_view name, double& value, std::string_view help, Range range = {}) = 0;
  virtual void operator()(std::string_view name, std::string& value, std::string_view help) = 0;
  virtual void operator()(std::string_view name, std::vector<std::string>& value, std::string_view help) = 0;

  template <class Enum>
  requires std::is_enum_v<Enum>
  void operator()(std::string_view name, Enum& value, std::string_view help) {
    choice(name, help, EnumNames<Enum>::names, static_cast<std::size_t>(value),
           [&value](std::size_t index) { value = static_cast<Enum>(index); });
  }

 protected:
  /// One of several names; `set` stores the chosen one.
  virtual void choice(std::string_view name, std::string_view help, std::span<const std::string_view> names,
                      std::size_t current, std::function<void(std::size_t)> set) = 0;
};

/// The options as `name = value` lines with their help as comments: the format of `--config` files.
template <class Options>
std::string to_config(Options& options);

/// The options as one JSON object, names to values: the format inside model files and the ledger.
template <class Options>
std::string to_json(const Options& options);

/// Reads what to_json wrote. Options the text lacks keep their values; unknown names, wrong types and values out of
/// range throw InputError, which names `origin`.
template <class Options>
void from_json(std::string_view json, std::string_view origin, Options& options);

namespace internal {
std::string to_json(const std::function<void(OptionVisitor&)>& describe);
void from_json(std::string_view json, std::string_view origin, const std::function<void(OptionVisitor&)>& describe);
std::string to_config(const std::function<void(OptionVisitor&)>& describe);
}  // namespace internal

template <class Options>
std::string to_json(const Options& options) {
  Options copy = options;
  return internal::to_json([&copy](OptionVisitor& visit) { describe(visit, copy); });
}

template <class Options>
void from_json(std::string_view json, std::string_view origin, Options& options) {
  internal::from_json(json, origin, [&options](OptionVisitor& visit) { describe(visit, options); });
}

template <class Options>
std::string to_config(Options& options) {
  return internal::to_config([&options](OptionVisitor& visit) { describe(visit, options); });
}

}  // namespace isthmus
