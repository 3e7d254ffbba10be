#include "ledger/connection.h"

#include <SQLiteCpp/SQLiteCpp.h>
#include <fmt/format.h>
#include <sqlite3.h>

#include <chrono>
#include <cstring>
#include <filesystem>
#include <thread>
#include <unordered_map>

#include "core/error.h"
#include "ledger/schema.h"

namespace isthmus::internal {
namespace {

/// How long a writer waits for another one. Transactions last milliseconds, the largest some seconds.
constexpr int kBusyMilliseconds = 60'000;

/// What a failure of SQLite means to the user. What writes a ledger can also go without one.
InputError explain(const std::string& path, Connection::Access access, const SQLite::Exception& error) {
  const auto or_without = [access](std::string remedy) {
    if (access == Connection::Access::kWrite) remedy += "; where a command can, --ledger '' goes without a ledger";
    return remedy;
  };
  switch (error.getErrorCode() & 0xff) {
    case SQLITE_NOTADB:
      return InputError::in_file(path, "is not a ledger (not a SQLite file)", "give another --ledger");
    case SQLITE_CORRUPT:
      return InputError::in_file(path, "is damaged", "sqlite3's .recover may save its rows");
    case SQLITE_BUSY:
    case SQLITE_LOCKED:
      return InputError::in_file(path, "stays locked by another program", "close it, or give another --ledger");
    case SQLITE_READONLY:
      return InputError::in_file(path, "cannot be written",
                                 or_without("check the permissions of the file and its folder"));
    case SQLITE_CANTOPEN:
      return InputError::in_file(path, "cannot be opened", or_without("check the path and its permissions"));
    case SQLITE_FULL:
      return InputError::in_file(path, "the disk is full", or_without("make room, or give a --ledger on another disk"));
    case SQLITE_IOERR:
      return InputError::in_file(
          path, fmt::format("cannot be read or written ({})", error.what()),
          or_without("see whether the disk is full or fails, or give a --ledger on another disk"));
    default:
      return InputError::in_file(path, error.what());
  }
}

void refuse_folder(const std::string& path) {
  std::error_code ignored;
  if (!std::filesystem::is_directory(path, ignored)) return;
  const std::filesystem::path inside = std::filesystem::path(path) / "ledger.sqlite";
  throw InputError::in_file(
      path, "is a folder, not a ledger",
      std::filesystem::exists(inside, ignored) ? fmt::format("give {}", inside.string()) : "give the name of a file");
}

/// The file as it is, without a look at what writers have beside it.
SQLite::Database open_alone(const std::string& path) {
  std::string uri = "file:";
  for (const unsigned char byte : std::filesystem::absolute(path).string()) uri += fmt::format("%{:02x}", byte);
  return SQLite::Database(uri + "?immutable=1", SQLite::OPEN_READONLY | SQLite::OPEN_URI);
}

/// Readers, too, need the write-ahead log's files beside a ledger, and only a connection that might write takes them
/// away again. So a reader is a writer that is held back. Where it cannot be one (a file or a folder without permission
/// to write) and no log is left over from a writer, the file alone is whole.
SQLite::Database open_to_read(const std::string& path) {
  const bool has_log = std::filesystem::exists(path + "-wal");
  SQLite::Database database(path, SQLite::OPEN_READWRITE, kBusyMilliseconds);
  if (!has_log && sqlite3_db_readonly(database.getHandle(), "main") != 0) return open_alone(path);
  const int trial = database.tryExec("SELECT count(*) FROM sqlite_master") & 0xff;
  if (!has_log && (trial == SQLITE_CANTOPEN || trial == SQLITE_READONLY)) return open_alone(path);
  database.exec("PRAGMA query_only = ON");
  return database;
}

SQLite::Database open_file(const std::string& path, Connection::Access access) {
  refuse_folder(path);
  if (access == Connection::Access::kWrite) {
    return SQLite::Database(path, SQLite::OPEN_READWRITE | SQLite::OPEN_CREATE, kBusyMilliseconds);
  }
  if (!std::filesystem::exists(path)) {
    throw InputError::in_file(path, "no such ledger", "`isthmus train --ledger FILE` writes one");
  }
  return open_to_read(path);
}

/// Switching to the write-ahead log needs the file for oneself, and SQLite does not wait for that by itself.
void use_write_ahead_log(SQLite::Database& database) {
  const auto deadline = std::chrono::steady_clock::now() + std::chrono::milliseconds(kBusyMilliseconds);
  while (true) {
    const int result = database.tryExec("PRAGMA journal_mode = WAL");
    if (result == SQLITE_OK) return;
    if (result != SQLITE_BUSY || std::chrono::steady_clock::now() > deadline) {
      throw SQLite::Exception(database.getHandle(), result);
    }
    std::this_thread::sleep_for(std::chrono::milliseconds(5));
  }
}

int pragma(SQLite::Database& database, const char* sql) { return database.execAndGet(sql).getInt(); }

void check_version(SQLite::Database& database, const std::string& path, int newest) {
  const int tables = pragma(database, "SELECT count(*) FROM sqlite_master");
  if (pragma(database, "PRAGMA application_id") != kApplicationId && tables > 0) {
    throw InputError::in_file(path, "is a SQLite file of another program", "give another --ledger");
  }
  if (const int version = pragma(database, "PRAGMA user_version"); version > newest) {
    throw InputError::in_file(
        path, fmt::format("is a ledger of version {}; this program knows versions up to {}", version, newest),
        "use a newer isthmus");
  }
}

/// Does the steps that the file lacks. Another process may do the same at the same time.
void migrate(SQLite::Database& database, const std::string& path, std::span<const std::string_view> steps) {
  const int newest = static_cast<int>(steps.size());
  if (pragma(database, "PRAGMA user_version") == newest) return;
  SQLite::Transaction transaction(database, SQLite::TransactionBehavior::IMMEDIATE);
  check_version(database, path, newest);
  const int version = pragma(database, "PRAGMA user_version");
  std::string drop_views;
  {
    SQLite::Statement old(database, "SELECT name FROM sqlite_master WHERE type = 'view'");
    while (old.executeStep()) drop_views += fmt::format("DROP VIEW \"{}\";\n", old.getColumn(0).getString());
  }
  database.exec(drop_views);
  for (int step = version; step < newest; ++step) database.exec(std::string(steps[static_cast<std::size_t>(step)]));
  database.exec(std::string(views()));
  database.exec(std::string(study_views()));
  database.exec(fmt::format("PRAGMA application_id = {}", kApplicationId));
  database.exec(fmt::format("PRAGMA user_version = {}", newest));
  transaction.commit();
}

SQLite::Database open(const std::string& path, Connection::Access access, std::span<const std::string_view> steps) {
  const int newest = static_cast<int>(steps.size());
  SQLite::Database database = open_file(path, access);
  check_version(database, path, newest);
  if (access == Connection::Access::kWrite) {
    use_write_ahead_log(database);
    // With the log, a crash of the program loses nothing; one of the machine at most the last transactions.
    database.exec("PRAGMA synchronous = NORMAL");
    database.exec("PRAGMA foreign_keys = ON");
    migrate(database, path, steps);
    return database;
  }
  const int version = pragma(database, "PRAGMA user_version");
  if (version == newest) return database;
  if (version == 0)
    throw InputError::in_file(path, "is empty, not a ledger", "`isthmus train --ledger FILE` writes one");
  open(path, Connection::Access::kWrite,
       steps);  // views are of the newest version, so even a reader brings it up to date
  return open_file(path, access);
}

void bind(SQLite::Statement& statement, int index, const Value& value) {
  struct Binder {
    SQLite::Statement& statement;
    int index;
    void operator()(std::monostate) const { statement.bind(index); }
    void operator()(std::int64_t number) const { statement.bind(index, number); }
    void operator()(double number) const { statement.bind(index, number); }
    void operator()(std::string_view text) const { statement.bind(index, std::string(text)); }
    void operator()(Value::Bytes bytes) const {
      // A null pointer would bind NULL instead of an empty blob.
      statement.bind(index, bytes.empty() ? static_cast<const void*>("") : bytes.data(),
                     static_cast<int>(bytes.size()));
    }
  };
  std::visit(Binder{statement, index}, value.variant());
}

}  // namespace

struct Connection::Impl {
  Impl(const std::string& file, Access mode, std::span<const std::string_view> steps)
      : path(file), access(mode), database(open(file, mode, steps)) {}

  SQLite::Statement& prepare(std::string_view sql) {
    const auto found = statements.find(std::string(sql));
    SQLite::Statement& statement =
        found != statements.end()
            ? found->second
            : statements.emplace(std::string(sql), SQLite::Statement(database, std::string(sql))).first->second;
    statement.tryReset();
    statement.clearBindings();
    return statement;
  }

  std::string path;
  Access access;
  SQLite::Database database;
  std::unordered_map<std::string, SQLite::Statement> statements;
  bool in_transaction = false;
};

bool Row::is_null(int column) const { return static_cast<SQLite::Statement*>(statement_)->isColumnNull(column); }
std::int64_t Row::integer(int column) const {
  return static_cast<SQLite::Statement*>(statement_)->getColumn(column).getInt64();
}
double Row::number(int column) const {
  return is_null(column) ? std::nan("") : static_cast<SQLite::Statement*>(statement_)->getColumn(column).getDouble();
}
std::string Row::text(int column) const {
  return static_cast<SQLite::Statement*>(statement_)->getColumn(column).getString();
}
std::optional<std::int64_t> Row::maybe_integer(int column) const {
  return is_null(column) ? std::nullopt : std::optional(integer(column));
}
std::optional<double> Row::maybe_number(int column) const {
  return is_null(column) ? std::nullopt : std::optional(number(column));
}

MeasuredValue Row::value(int column) const {
  const SQLite::Column cell = static_cast<SQLite::Statement*>(statement_)->getColumn(column);
  if (cell.isInteger()) return cell.getInt64();
  if (cell.isFloat()) return cell.getDouble();
  if (cell.isText()) return cell.getString();
  if (cell.isNull()) return std::monostate{};
  std::vector<float> vector(static_cast<std::size_t>(cell.getBytes()) / sizeof(float));
  if (!vector.empty()) std::memcpy(vector.data(), cell.getBlob(), vector.size() * sizeof(float));
  return vector;
}

Connection::Connection(const std::string& path, Access access, std::span<const std::string_view> steps) {
  try {
    impl_ = std::make_unique<Impl>(path, access, steps);
  } catch (const SQLite::Exception& error) {
    throw explain(path, access, error);
  }
}

Connection::~Connection() = default;

const std::string& Connection::path() const { return impl_->path; }

void Connection::execute(std::string_view sql, std::initializer_list<Value> values) {
  query(sql, values, [](const Row&) {});
}

std::int64_t Connection::insert(std::string_view table, std::span<const std::pair<std::string_view, Value>> columns,
                                std::string_view verb) {
  std::string names;
  std::string marks;
  for (const auto& [name, value] : columns) {
    names.append(names.empty() ? "" : ", ").append(name);
    marks.append(marks.empty() ? "?" : ", ?");
  }
  try {
    SQLite::Statement& statement =
        impl_->prepare(fmt::format("{} INTO {} ({}) VALUES ({})", verb, table, names, marks));
    int index = 0;
    for (const auto& [name, value] : columns) bind(statement, ++index, value);
    statement.exec();
    statement.reset();
    return impl_->database.getLastInsertRowid();
  } catch (const SQLite::Exception& error) {
    throw explain(impl_->path, impl_->access, error);
  }
}

void Connection::query(std::string_view sql, std::initializer_list<Value> values,
                       const std::function<void(const Row&)>& each) {
  try {
    SQLite::Statement& statement = impl_->prepare(sql);
    // A statement left in the middle would hold its view of the file.
    const auto reset = [](SQLite::Statement* unfinished) { unfinished->tryReset(); };
    const std::unique_ptr<SQLite::Statement, decltype(reset)> guard(&statement, reset);
    int index = 0;
    for (const Value& value : values) bind(statement, ++index, value);
    while (statement.executeStep()) each(Row(&statement));
  } catch (const SQLite::Exception& error) {
    throw explain(impl_->path, impl_->access, error);
  }
}

void Connection::transaction(const std::function<void()>& work) {
  if (impl_->in_transaction) return work();
  try {
    // Immediate: waits for other writers here, where waiting is safe, and not in the middle.
    SQLite::Transaction transaction(impl_->database, SQLite::TransactionBehavior::IMMEDIATE);
    impl_->in_transaction = true;
    try {
      work();
    } catch (...) {
      impl_->in_transaction = false;
      throw;
    }
    impl_->in_transaction = false;
    transaction.commit();
  } catch (const SQLite::Exception& error) {
    throw explain(impl_->path, impl_->access, error);
  }
}

}  // namespace isthmus::internal
