// The files of report/html and Chart.js, as they were when the program was built.
#pragma once

#include <string_view>

namespace isthmus {

/// A text and the SHA-256 of its bytes in hexadecimal.
struct PageAsset {
  std::string_view text;
  std::string_view sha256;
};

struct PageAssets {
  PageAsset page;      ///< HTML with {{name}} where something is to be put
  PageAsset style;     ///< CSS
  PageAsset script;    ///< all of report/html/*.js
  PageAsset chart_js;  ///< https://www.chartjs.org, MIT licence
};

const PageAssets& page_assets();

}  // namespace isthmus
