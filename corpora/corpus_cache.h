// An encoded corpus that is made once and used again.
#pragma once

#include <string>

#include "corpora/encoded_corpus.h"

namespace isthmus {

/// What is to be encoded, and how. References outlive the call.
struct CorpusRequest {
  StreamedText& text;
  const TextIdentity& identity;  ///< of the text, as an earlier reading found it
  const TokenizerPair& tokenizers;
  EncodingLimits limits;
  bool keeps_lines = false;
};

/// The encoded corpus in the file `path`: the one that is there when it is whole and made by the same recipe, else it
/// is written, in memory that does not grow with it. Says on stderr which of the two it was, how long it took, and why
/// what was there did not serve.
///
/// Throws InputError when no pair can be trained on, when the text has changed since `identity` was found, and when the
/// file cannot be written (in its place stays what was there); Interrupted.
EncodedCorpus open_or_encode(const std::string& path, const CorpusRequest& request, ThreadPool& threads);

/// Whether a file that is there may be taken for a cache and overwritten: it begins as one, or is empty.
bool is_corpus_file(const std::string& path);

}  // namespace isthmus
