// A page as one HTML file that needs nothing else: no network, no other file, no browser of this year.
#pragma once

#include <string>

#include "report/page.h"

namespace isthmus {

/// The same page gives the same bytes. What the page holds stands in it as JSON and nowhere else, and the script makes
/// text of it, never markup; a content-security policy lets run the script that was compiled in and nothing more.
/// Ill-formed UTF-8 becomes U+FFFD.
std::string html_page(const Page& page);

}  // namespace isthmus
