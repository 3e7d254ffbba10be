// Pairs of lines that translate each other: from two files, from one file of tab-separated columns, from stdin.
#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <vector>

namespace isthmus {

/// Where the pairs are. Any of the files may be compressed (see LineReader), any one may be "-", standard input.
struct ParallelInput {
  std::string source;              ///< file of source lines, or of tab-separated columns when `target` is empty
  std::string target;              ///< file of target lines; empty: `source` holds both
  std::int64_t source_column = 1;  ///< of a tab-separated file, from 1
  std::int64_t target_column = 2;  ///< other columns are ignored
};

/// Reads pairs one by one, in little memory. All errors are InputError: those of LineReader, a row with too few
/// columns, files of different length (the message has both counts and the first line that looks out of step). Not
/// thread-safe.
class ParallelReader {
 public:
  /// What to do with a row of too few columns, and when one file ends before the other.
  enum class Faults { kThrow, kReport };

  explicit ParallelReader(ParallelInput input, Faults faults = Faults::kThrow);
  ~ParallelReader();
  ParallelReader(ParallelReader&&) noexcept;
  ParallelReader& operator=(ParallelReader&&) noexcept;

  /// False at the end of both files, or of the shorter one (Faults::kReport).
  bool next(std::string& source, std::string& target);

  /// Of the pair that next() gave last, from 1; 0 before the first.
  std::int64_t line_number() const;

  /// Tab-separated columns of the row that next() gave last; 0 when the sides come from two files.
  std::int64_t columns() const;

  /// With Faults::kReport: whether that row has too few of them; both sides are then empty.
  bool malformed() const;

  /// After the end with Faults::kReport: what the error would have said; empty when the lengths agree.
  const std::string& mismatch() const;

  /// What errors call each side; the same for both when one file holds them.
  const std::string& source_name() const;
  const std::string& target_name() const;

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

/// A whole corpus in memory. source[i] and target[i] are a pair.
struct ParallelText {
  std::vector<std::string> source;
  std::vector<std::string> target;
  std::string source_name;  ///< of the file, for messages
  std::string target_name;
  std::size_t malformed_rows = 0;  ///< left out, since they have too few columns

  std::size_t size() const { return source.size(); }
};

/// All pairs. Errors as ParallelReader's; with Faults::kReport malformed rows are left out and counted, but files of
/// different length are an error all the same.
ParallelText read_parallel(const ParallelInput& input, ParallelReader::Faults faults = ParallelReader::Faults::kThrow);

/// Where two files of different length fall out of step, from 0: the best single place to leave out the surplus lines
/// of the longer file, judged by how well the lengths of the lines on both sides then agree. One pass.
/// Returns the shorter length when the surplus is best left out at the end.
std::size_t first_suspicious_line(std::span<const std::uint32_t> source_lengths,
                                  std::span<const std::uint32_t> target_lengths);

}  // namespace isthmus
