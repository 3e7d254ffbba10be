// What a command may not do to files that are there already.
#pragma once

#include <span>
#include <string>
#include <string_view>

namespace isthmus::cli {

/// Whether two names are one file, by links too; of files that are not there yet, by their names.
bool same_file(const std::string& one, const std::string& other);

/// Throws InputError when `output` is the same file as one of `inputs`, also by another name or a link: writing would
/// lose it. "-" is the file behind standard input or output, if any; empty names are skipped. Devices and pipes are
/// never refused. `remedy` ends the message.
void refuse_input_as_output(std::string_view output, std::span<const std::string> inputs,
                            std::string_view remedy = "give another file to --output");

/// Throws InputError when `output` is the ledger's file, or one that SQLite keeps beside it: it would lose all runs.
/// They need not be there yet. Empty names are no files. `option` names the output.
void refuse_ledger_as_output(std::string_view output, const std::string& ledger, std::string_view option = "--output");

/// Throws InputError when there is such a file already and not `force`. Devices and pipes are never refused.
void refuse_to_overwrite(std::string_view path, bool force);

}  // namespace isthmus::cli
