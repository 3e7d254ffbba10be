# cmake -DOUTPUT=F.cpp -DFOLDER=D -DCHART_JS=F.js -P EmbedPage.cmake: D/page.html, D/page.css, D/*.js and Chart.js as the C++
# source F.cpp that defines isthmus::page_assets() (report/page_assets.h).
set(delimiter "page_asset")

# What stands in an element must not end it, nor the literal; and its hash is of what the browser sees, so no \r.
function(check name text)
  foreach(bad ")${delimiter}\"" "</script" "</style" "<!--" "\r")
    string(FIND "${text}" "${bad}" at)
    if(NOT at EQUAL -1)
      message(FATAL_ERROR "${name} holds '${bad}' and cannot be embedded in a page")
    endif()
  endforeach()
endfunction()

file(READ ${FOLDER}/page.html page)
file(READ ${FOLDER}/page.css style)
file(READ ${CHART_JS} chart_js)
file(GLOB scripts ${FOLDER}/*.js)
list(SORT scripts)
set(script "'use strict';\n")
foreach(path ${scripts})
  file(READ ${path} text)
  string(APPEND script "${text}")
endforeach()
check(page.css "${style}")
check(page.js "${script}")
check(${CHART_JS} "${chart_js}")

set(entries "")
foreach(name page style script chart_js)
  string(SHA256 hash "${${name}}")
  string(APPEND entries "    .${name} = {R\"${delimiter}(${${name}})${delimiter}\", \"${hash}\"},\n")
endforeach()
file(WRITE ${OUTPUT} "// Made from report/html by cmake/EmbedPage.cmake.
#include \"report/page_assets.h\"

namespace isthmus {
namespace {

constexpr PageAssets kAssets = {
${entries}};

}  // namespace

const PageAssets& page_assets() { return kAssets; }

}  // namespace isthmus
")
