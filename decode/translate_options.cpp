#include "decode/translate_options.h"

namespace isthmus {

void describe(OptionVisitor& visit, TranslateOptions& options) {
  visit.group("Batches");
  visit("batch", options.batch, "sentences translated together; changes the speed only", between(1, 100000));
  visit("threads", options.threads, "0 is one for each processor; changes the speed only", between(0, 1024));
  visit("max-source-length", options.max_source_length,
        "pieces of a line that are read; the rest is dropped with a warning", between(1, 100000));
}

}  // namespace isthmus
