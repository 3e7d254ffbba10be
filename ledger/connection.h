// One connection to a ledger's file: opening, migrations, transactions and statements. Private to the ledger; with
// connection.cpp the only place that knows SQLite.
#pragma once

#include <cmath>
#include <cstdint>
#include <functional>
#include <initializer_list>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <variant>

#include "ledger/rows.h"

namespace isthmus::internal {

/// Something to bind to a parameter: NULL, a whole number, a number, text or bytes. Borrows text and bytes.
class Value {
 public:
  using Bytes = std::span<const std::byte>;

  Value() = default;
  Value(std::string_view text) : value_(text) {}  // NOLINT(google-explicit-constructor): the point of the class
  Value(const std::string& text) : value_(std::string_view(text)) {}
  Value(const char* text) : value_(std::string_view(text)) {}
  Value(Bytes bytes) : value_(bytes) {}
  /// NaN becomes NULL, as in SQLite.
  Value(double number) {
    if (!std::isnan(number)) value_ = number;
  }
  template <class Integer>
  requires std::is_integral_v<Integer> || std::is_enum_v<Integer> Value(Integer number)
      : value_(static_cast<std::int64_t>(number)) {}
  template <class T>
  Value(const std::optional<T>& maybe) {
    if (maybe) *this = Value(*maybe);
  }

  const std::variant<std::monostate, std::int64_t, double, std::string_view, Bytes>& variant() const { return value_; }

 private:
  std::variant<std::monostate, std::int64_t, double, std::string_view, Bytes> value_;
};

/// A text that is NULL when it is empty.
inline Value text_or_null(std::string_view text) { return text.empty() ? Value() : Value(text); }

/// A number that is NULL when it is not finite.
inline Value finite_or_null(std::optional<double> number) {
  return number && std::isfinite(*number) ? Value(*number) : Value();
}

/// The row that a query stands at. Columns count from 0. NULL reads as 0, NaN or an empty text.
class Row {
 public:
  explicit Row(void* statement) : statement_(statement) {}
  bool is_null(int column) const;
  std::int64_t integer(int column) const;
  double number(int column) const;
  std::string text(int column) const;
  std::optional<std::int64_t> maybe_integer(int column) const;
  std::optional<double> maybe_number(int column) const;
  /// Of the type that the ledger has it in.
  MeasuredValue value(int column) const;
  template <class Id>
  Id id(int column) const {
    return static_cast<Id>(integer(column));
  }

 private:
  void* statement_;
};

/// Not thread-safe; other connections to the same file may read and write meanwhile.
class Connection {
 public:
  enum class Access { kWrite, kRead };

  /// Opens the file; to write, makes it where it is absent and brings it up to `steps` (see schema.h), each version in
  /// a transaction of its own. Throws InputError when it is no ledger, is newer, cannot be opened or stays locked.
  Connection(const std::string& path, Access access, std::span<const std::string_view> steps);
  ~Connection();
  Connection(const Connection&) = delete;
  Connection& operator=(const Connection&) = delete;

  const std::string& path() const;

  /// Runs a statement without results. Statements are prepared once and kept.
  void execute(std::string_view sql, std::initializer_list<Value> values = {});
  /// Inserts one row and returns its number. `verb` is "INSERT" or "INSERT OR REPLACE".
  std::int64_t insert(std::string_view table, std::span<const std::pair<std::string_view, Value>> columns,
                      std::string_view verb = "INSERT");
  std::int64_t insert(std::string_view table, std::initializer_list<std::pair<std::string_view, Value>> columns,
                      std::string_view verb = "INSERT") {
    return insert(table, std::span(columns.begin(), columns.size()), verb);
  }
  /// Calls `each` for every row of the result. `each` must not run the same statement.
  void query(std::string_view sql, std::initializer_list<Value> values, const std::function<void(const Row&)>& each);

  /// Runs `work` in a transaction: all of it is in the file afterwards, or nothing when it throws or the process dies.
  /// Inside another transaction it joins that one.
  void transaction(const std::function<void()>& work);

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace isthmus::internal
