#include "corpora/interface_text.h"

#include <string>
#include <vector>

#include "tests/catch.h"

namespace isthmus {

using Names = std::vector<std::string>;

TEST_CASE("Accelerators are taken out, names are not touched") {
  CHECK(interface_text("&File") == "File");
  CHECK(interface_text("Save &As...") == "Save As...");
  CHECK(interface_text("E&xit") == "Exit");
  CHECK(interface_text("_File") == "File");
  CHECK(interface_text("Sa_ve") == "Save");
  CHECK(interface_text("파일(_F)") == "파일");
  CHECK(interface_text("ファイル(&F)...") == "ファイル...");
  CHECK(interface_text("&Ändern") == "Ändern");
  CHECK(interface_text("Copy && paste") == "Copy & paste");
  for (const char* kept : {"AT&T syntax", "Creation & Editing", "&lt; key", "Increase max_files now",
                           "Stream_LF format", "__init__ failed", "Trailing _", "&", "_", ""}) {
    CHECK(interface_text(kept) == kept);
  }
}

TEST_CASE("A message becomes one line") {
  CHECK(interface_text("  two\n\tlines \n") == "two lines");
  CHECK(interface_text("\n").empty());
}

TEST_CASE("Placeholders of printf and Python are found") {
  CHECK(placeholders("%d of %s") == Names{"%d", "%s"});
  CHECK(placeholders("%2$s vor %1$-10d") == Names{"%d", "%s"});
  CHECK(placeholders("%lu %5.2f %*.*s %zu") == Names{"%f", "%lu", "%s", "%zu"});
  CHECK(placeholders("%(name)s {0} {} {key}") == Names{"%(name)s", "{0}", "{key}", "{}"});
  CHECK(placeholders("100 % sure, 5%% off, 50%, {not this}, %(x %").empty());
  CHECK(placeholders("%%d").empty());
  CHECK(placeholders(std::string(1 << 20, '%')).empty());
  CHECK(placeholders("%(" + std::string(1 << 20, 'a')).empty());
  CHECK(placeholders("%" + std::string(1 << 20, '1')).empty());
}

TEST_CASE("A message of placeholders alone has no words") {
  CHECK(has_words("%d files"));
  CHECK(has_words("50 % sure"));
  for (const char* text : {"%d", "%s: %lu", "{name}", "%(count)d", "12 %%", ""}) CHECK_FALSE(has_words(text));
}

TEST_CASE("Names for programs are told from English") {
  for (const char* name : {"org.app.Title", "ERR_OPEN", "file_name", "Stock::Item"}) CHECK(is_identifier(name));
  for (const char* text : {"Open", "e-mail", "and/or", "Wait...", "Sa_ve", "_File", "End.", "a file_name here", ""}) {
    CHECK_FALSE(is_identifier(text));
  }
}

}  // namespace isthmus
