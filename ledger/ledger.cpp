#include "ledger/ledger.h"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <random>

#include "core/hash.h"
#include "core/utf8.h"
#include "evaluation/text.h"
#include "ledger/connection.h"
#include "ledger/process.h"
#include "ledger/schema.h"

namespace isthmus {
namespace {

using internal::Connection;
using internal::finite_or_null;
using internal::Row;
using internal::text_or_null;
using internal::Value;

/// Random, version 4 (RFC 4122).
std::string new_uuid() {
  std::random_device device;
  const auto word = [&device] { return static_cast<std::uint32_t>(device()); };
  const std::uint32_t a = word(), b = word(), c = word(), d = word();
  return fmt::format("{:08x}-{:04x}-4{:03x}-{:04x}-{:04x}{:08x}", a, b >> 16, b & 0xfff, 0x8000 | (c >> 18), c & 0xffff,
                     d);
}

/// Hash of lines as a file of them would have.
std::string hash_of_lines(std::span<const std::string> lines) {
  Hasher hasher;
  for (const std::string& line : lines) {
    hasher.update(line);
    hasher.update("\n");
  }
  return hasher.hex();
}

/// Whether two names are written for one file, "./a" and "a".
bool is_same_path(const std::filesystem::path& one, const std::filesystem::path& other) {
  return one.lexically_normal() == other.lexically_normal();
}

}  // namespace

Ledger::Ledger(std::unique_ptr<Connection> connection) : connection_(std::move(connection)) {}
Ledger::~Ledger() = default;
Ledger::Ledger(Ledger&&) noexcept = default;
Ledger& Ledger::operator=(Ledger&&) noexcept = default;

Ledger Ledger::open(const std::string& path) {
  return Ledger(std::make_unique<Connection>(path, Connection::Access::kWrite, internal::migrations()));
}

const std::string& Ledger::path() const { return connection_->path(); }

void Ledger::transaction(const std::function<void()>& work) { connection_->transaction(work); }

RunId Ledger::begin_run(const RunRecord& run) {
  return RunId(connection_->insert("run", {{"uuid", new_uuid()},
                                           {"command", run.command},
                                           {"config_json", run.config_json},
                                           {"version", run.version},
                                           {"build_json", run.build_json},
                                           {"seed", run.seed},
                                           {"threads", run.threads},
                                           {"process", internal::this_process()},
                                           {"parameters", run.parameters},
                                           {"parent_run", run.parent},
                                           {"resumed_at", run.resumed_at}}));
}

void Ledger::set_parameters(RunId run, std::int64_t parameters) {
  connection_->execute("UPDATE run SET parameters = ? WHERE id = ?", {parameters, run});
}

void Ledger::end_run(RunId run, const RunEnd& end) {
  connection_->execute(
      "UPDATE run SET ended = strftime('%Y-%m-%dT%H:%M:%fZ', 'now'), exit_reason = ?, updates = ?, target_tokens = ?, "
      "peak_memory_bytes = ? WHERE id = ?",
      {end.reason, end.updates, end.target_tokens, end.peak_memory_bytes, run});
}

std::optional<RunId> Ledger::run_of_model(const std::string& hash, const std::string& path) {
  std::optional<RunId> run;
  bool same_path = false;
  connection_->query("SELECT run, path FROM checkpoint WHERE hash = ? AND provenance_json IS NULL ORDER BY run", {hash},
                     [&](const Row& row) {
                       const bool same = is_same_path(row.text(1), path);
                       if (same_path && !same) return;
                       same_path = same;
                       run = row.id<RunId>(0);
                     });
  return run;
}

void Ledger::add(const ArtifactRow& artifact) {
  transaction([&] {
    connection_->execute("DELETE FROM artifact WHERE run = ? AND kind = ? AND path = ?",
                         {artifact.run, artifact.kind, artifact.path});
    connection_->insert("artifact", {{"run", artifact.run},
                                     {"kind", artifact.kind},
                                     {"path", artifact.path},
                                     {"hash", text_or_null(artifact.hash)},
                                     {"bytes", artifact.bytes}});
  });
}

std::optional<RunId> Ledger::run_of_state(const std::string& hash, const std::string& config) {
  std::optional<RunId> run;
  connection_->query("SELECT run FROM artifact WHERE kind = 'state' AND hash = ? ORDER BY run", {hash},
                     [&run](const Row& row) { run = row.id<RunId>(0); });
  return run ? run : run_of_config(config);
}

std::optional<RunId> Ledger::run_of_config(const std::string& config) {
  std::optional<RunId> run;
  connection_->query("SELECT run, path FROM artifact WHERE kind = 'config' ORDER BY run", {}, [&](const Row& row) {
    if (is_same_path(row.text(1), config)) run = row.id<RunId>(0);
  });
  return run;
}

CorpusId Ledger::add_corpus(RunId run, const CorpusRow& corpus, const std::string& role) {
  std::optional<CorpusId> id;
  transaction([&] {
    connection_->query("SELECT id FROM corpus WHERE source_hash = ? AND target_hash = ?",
                       {corpus.source_hash, corpus.target_hash}, [&id](const Row& row) { id = row.id<CorpusId>(0); });
    if (!id) {
      id = CorpusId(connection_->insert("corpus", {{"name", corpus.name},
                                                   {"split", corpus.split},
                                                   {"source_language", corpus.source_language},
                                                   {"target_language", corpus.target_language},
                                                   {"source_hash", corpus.source_hash},
                                                   {"target_hash", corpus.target_hash},
                                                   {"lines", corpus.lines}}));
    }
    connection_->insert("corpus_use", {{"run", run}, {"corpus", *id}, {"role", role}}, "INSERT OR IGNORE");
  });
  return *id;
}

CorpusId Ledger::add_corpus(RunId run, CorpusRow corpus, const std::string& role, std::span<const std::string> sources,
                            std::span<const std::string> references) {
  if (corpus.source_hash.empty()) corpus.source_hash = hash_of_lines(sources);
  if (corpus.target_hash.empty()) corpus.target_hash = references.empty() ? "" : hash_of_lines(references);
  corpus.lines = static_cast<std::int64_t>(sources.size());
  CorpusId id{};
  transaction([&] {
    id = add_corpus(run, corpus, role);
    bool known = false;
    connection_->query("SELECT 1 FROM sentence WHERE corpus = ? LIMIT 1", {id}, [&known](const Row&) { known = true; });
    if (known) return;
    const bool any_source =
        std::any_of(sources.begin(), sources.end(), [](const std::string& line) { return !line.empty(); });
    const std::span<const std::string> measured = any_source || references.empty() ? sources : references;
    for (std::size_t i = 0; i < sources.size(); ++i) {
      connection_->insert("sentence", {{"corpus", id},
                                       {"line", i + 1},
                                       {"source", sources[i]},
                                       {"reference", references.empty() ? Value() : Value(references[i])},
                                       {"words", split_words(measured[i]).size()},
                                       {"characters", to_code_points(measured[i]).size()}});
    }
  });
  return id;
}

CheckpointId Ledger::add(const CheckpointRow& checkpoint) {
  CheckpointId id{};
  transaction([&] {
    id = CheckpointId(
        connection_->insert("checkpoint", {{"run", checkpoint.run},
                                           {"updates", checkpoint.updates},
                                           {"epoch", checkpoint.epoch},
                                           {"target_tokens", checkpoint.target_tokens},
                                           {"path", checkpoint.path},
                                           {"hash", checkpoint.hash},
                                           {"is_best", false},
                                           {"provenance_json", text_or_null(checkpoint.provenance_json)}}));
    if (checkpoint.is_best) mark_best(id);
  });
  return id;
}

CheckpointId Ledger::find_or_add(const CheckpointRow& checkpoint) {
  std::optional<CheckpointId> id;
  transaction([&] {
    connection_->query(
        "SELECT id FROM checkpoint WHERE hash = ? "
        "ORDER BY provenance_json IS NULL DESC, path = ? DESC, is_best DESC, id DESC LIMIT 1",
        {checkpoint.hash, checkpoint.path}, [&id](const Row& row) { id = row.id<CheckpointId>(0); });
    if (!id) id = add(checkpoint);
  });
  return *id;
}

void Ledger::mark_best(CheckpointId checkpoint) {
  connection_->execute(
      "UPDATE checkpoint SET is_best = (id = ?1) WHERE run = (SELECT run FROM checkpoint WHERE id = ?1)", {checkpoint});
}

void Ledger::add(const TrainLogRow& row) {
  connection_->insert("train_log",
                      {{"run", row.run},
                       {"updates", row.updates},
                       {"epoch", row.epoch},
                       {"objective", row.objective},
                       {"loss", row.loss},
                       {"grad_norm", row.grad_norm},
                       {"clipped", row.clipped},
                       {"learning_rate", row.learning_rate},
                       {"target_tokens_per_s", row.target_tokens_per_s},
                       {"target_tokens", row.target_tokens},
                       {"wall_s", row.wall_s},
                       {"rss_bytes", row.rss_bytes},
                       {"ranks", row.ranks},
                       {"sent_bytes", row.sent_bytes},
                       {"sequence_loss", finite_or_null(row.sequence_loss)},
                       {"reward", finite_or_null(row.reward)},
                       {"entropy", finite_or_null(row.entropy)},
                       {"top1", finite_or_null(row.top1)},
                       {"unique_share", finite_or_null(row.unique_share)},
                       {"effective_size", finite_or_null(row.effective_size)},
                       {"candidates_per_s", finite_or_null(row.candidates_per_s)}},
                      "INSERT OR REPLACE");
}

void Ledger::add(const ValidationRow& row) {
  connection_->insert("validation", {{"run", row.run},
                                     {"updates", row.updates},
                                     {"checkpoint", row.checkpoint},
                                     {"corpus", row.corpus},
                                     {"metric", row.metric},
                                     {"signature", row.signature},
                                     {"value", row.value},
                                     {"low", row.low},
                                     {"high", row.high},
                                     {"seconds", row.seconds},
                                     {"length_ratio", finite_or_null(row.length_ratio)}});
}

}  // namespace isthmus
