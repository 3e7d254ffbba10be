#include "core/options.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <nlohmann/json.hpp>
#include <utility>

#include "core/config_value.h"
#include "core/error.h"

namespace isthmus {
namespace {

using Json = nlohmann::ordered_json;

class JsonWriter : public OptionVisitor {
 public:
  void operator()(std::string_view name, bool& value, std::string_view) override { put(name, value); }
  void operator()(std::string_view name, std::int64_t& value, std::string_view, Range) override { put(name, value); }
  void operator()(std::string_view name, double& value, std::string_view, Range) override { put(name, value); }
  void operator()(std::string_view name, std::string& value, std::string_view) override { put(name, value); }
  void operator()(std::string_view name, std::vector<std::string>& value, std::string_view) override {
    put(name, value);
  }
  using OptionVisitor::operator();

  const Json& json() const { return json_; }

 private:
  void choice(std::string_view name, std::string_view, std::span<const std::string_view> names, std::size_t current,
              std::function<void(std::size_t)>) override {
    put(name, std::string(names[current]));
  }
  template <class Value>
  void put(std::string_view name, const Value& value) {
    json_[std::string(name)] = value;
  }

  Json json_ = Json::object();
};

class JsonReader : public OptionVisitor {
 public:
  JsonReader(Json json, std::string_view origin) : json_(std::move(json)), origin_(origin) {}

  void operator()(std::string_view name, bool& value, std::string_view) override {
    get(name, value, Json::value_t::boolean, "true or false");
  }
  void operator()(std::string_view name, std::int64_t& value, std::string_view, Range range) override {
    if (const Json* field = take(name)) {
      if (!field->is_number_integer()) throw wrong(name, "must be a whole number");
      if (field->is_number_unsigned() && !std::in_range<std::int64_t>(field->get<std::uint64_t>())) {
        throw wrong(name, fmt::format("is {}, which is too large", field->get<std::uint64_t>()));
      }
      check(name, field->get<double>(), range);
      value = field->get<std::int64_t>();
    }
  }
  void operator()(std::string_view name, double& value, std::string_view, Range range) override {
    if (const Json* field = take(name)) {
      if (!field->is_number()) throw wrong(name, "must be a number");
      check(name, field->get<double>(), range);
      value = field->get<double>();
    }
  }
  void operator()(std::string_view name, std::string& value, std::string_view) override {
    get(name, value, Json::value_t::string, "a string");
  }
  void operator()(std::string_view name, std::vector<std::string>& value, std::string_view) override {
    if (const Json* field = take(name)) {
      std::vector<std::string> items;
      if (!field->is_array()) throw wrong(name, "must be a list of strings");
      for (const Json& item : *field) {
        if (!item.is_string()) throw wrong(name, "must be a list of strings");
        items.push_back(item.get<std::string>());
      }
      value = std::move(items);
    }
  }
  using OptionVisitor::operator();

  /// Every name in the text must have been asked for.
  void finish() const {
    for (const auto& [name, value] : json_.items()) {
      if (!seen(name)) throw wrong(name, "is not an option that this version knows");
    }
  }

 private:
  void choice(std::string_view name, std::string_view, std::span<const std::string_view> names, std::size_t,
              std::function<void(std::size_t)> set) override {
    std::string chosen;
    if (const Json* field = take(name)) {
      if (field->is_string()) chosen = field->get<std::string>();
      for (std::size_t i = 0; i < names.size(); ++i) {
        if (names[i] == chosen) return set(i);
      }
      throw wrong(name, fmt::format("must be one of {}", fmt::join(names, ", ")));
    }
  }
  template <class Value>
  void get(std::string_view name, Value& value, Json::value_t type, std::string_view expected) {
    if (const Json* field = take(name)) {
      if (field->type() != type) throw wrong(name, fmt::format("must be {}", expected));
      value = field->template get<Value>();
    }
  }
  const Json* take(std::string_view name) {
    names_.emplace_back(name);
    const auto found = json_.find(std::string(name));
    return found == json_.end() ? nullptr : &*found;
  }
  bool seen(const std::string& name) const {
    for (const std::string& known : names_) {
      if (known == name) return true;
    }
    return false;
  }
  void check(std::string_view name, double value, const Range& range) const {
    if (!range.contains(value)) throw wrong(name, fmt::format("is {}, must be {}", value, range.text()));
  }
  InputError wrong(std::string_view name, std::string_view what) const {
    return InputError::in_file(origin_, fmt::format("option '{}' {}", name, what));
  }

  Json json_;
  std::string origin_;
  std::vector<std::string> names_;
};

class ConfigWriter : public OptionVisitor {
 public:
  void group(std::string_view title) override { text_ += fmt::format("\n## {}\n", title); }
  void operator()(std::string_view name, bool& value, std::string_view help) override {
    line(name, value ? "true" : "false", help);
  }
  void operator()(std::string_view name, std::int64_t& value, std::string_view help, Range) override {
    line(name, fmt::format("{}", value), help);
  }
  void operator()(std::string_view name, double& value, std::string_view help, Range) override {
    line(name, fmt::format("{}", value), help);
  }
  void operator()(std::string_view name, std::string& value, std::string_view help) override {
    line(name, value, help);
  }
  void operator()(std::string_view name, std::vector<std::string>& value, std::string_view help) override {
    text_ += fmt::format("# {}\n", help);
    for (const std::string& item : value) text_ += fmt::format("{} = {}\n", name, to_config_value(item));
    if (value.empty()) text_ += fmt::format("# {} =\n", name);
  }
  using OptionVisitor::operator();

  const std::string& text() const { return text_; }

 private:
  void choice(std::string_view name, std::string_view help, std::span<const std::string_view> names,
              std::size_t current, std::function<void(std::size_t)>) override {
    line(name, names[current], fmt::format("{} ({})", help, fmt::join(names, " | ")));
  }
  void line(std::string_view name, std::string_view value, std::string_view help) {
    text_ += fmt::format("# {}\n{} = {}\n", help, name, to_config_value(value));
  }

  std::string text_;
};

}  // namespace

bool Range::contains(double value) const {
  return (open_low ? value > low : value >= low) && (open_high ? value < high : value <= high);
}

std::string Range::text() const {
  const bool has_low = low != -std::numeric_limits<double>::infinity();
  const bool has_high = high != std::numeric_limits<double>::infinity();
  if (has_low && has_high) {
    return fmt::format("{} {} {} {}", open_low ? "above" : "from", low, open_high ? "to below" : "to", high);
  }
  if (has_low) return fmt::format("{} {}", open_low ? "more than" : "at least", low);
  if (has_high) return fmt::format("{} {}", open_high ? "less than" : "at most", high);
  return "";
}

namespace internal {

std::string to_json(const std::function<void(OptionVisitor&)>& describe) {
  JsonWriter writer;
  describe(writer);
  // The name of a file need not be UTF-8.
  return writer.json().dump(-1, ' ', false, Json::error_handler_t::replace);
}

void from_json(std::string_view json, std::string_view origin, const std::function<void(OptionVisitor&)>& describe) {
  Json parsed = Json::parse(json, nullptr, /*allow_exceptions=*/false);
  if (!parsed.is_object()) throw InputError::in_file(origin, "the options are not a JSON object");
  JsonReader reader(std::move(parsed), origin);  // a copy of deeply nested text would overflow the stack
  describe(reader);
  reader.finish();
}

std::string to_config(const std::function<void(OptionVisitor&)>& describe) {
  ConfigWriter writer;
  describe(writer);
  return writer.text();
}

}  // namespace internal
}  // namespace isthmus
