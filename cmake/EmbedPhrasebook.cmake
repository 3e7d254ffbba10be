# cmake -DOUTPUT=F.cpp -DFOLDER=D -P EmbedPhrasebook.cmake: D/*.txt, in the order of their names, as the C++ source F.cpp that
# defines isthmus::phrasebook_files() (corpora/phrasebook.h).
file(GLOB files ${FOLDER}/*.txt)
list(SORT files)
set(entries "")
foreach(path ${files})
  get_filename_component(name ${path} NAME)
  file(READ ${path} text)
  if(text MATCHES "\\)phrasebook\"")
    message(FATAL_ERROR "${path} holds )phrasebook\", which ends the literal that it is embedded in")
  endif()
  string(APPEND entries "    {\"phrasebook/${name}\", R\"phrasebook(${text})phrasebook\"},\n")
endforeach()
file(WRITE ${OUTPUT} "// Made from the grammar files by cmake/EmbedPhrasebook.cmake.
#include \"corpora/phrasebook.h\"

namespace isthmus {
namespace {

constexpr GrammarFile kFiles[] = {
${entries}};

}  // namespace

std::span<const GrammarFile> phrasebook_files() { return kFiles; }

}  // namespace isthmus
")
