#include "training/snapshots.h"

#include "tests/catch.h"
#include "tests/corpora/temporary_folder.h"

namespace isthmus {
namespace {

TEST_CASE("the names of snapshots follow from the model's") {
  CHECK(snapshot_path("dir/m.isthmus", 12) == "dir/m.update-12.isthmus");
  CHECK(snapshot_path("m.v1.isthmus", 3) == "m.v1.update-3.isthmus");
}

TEST_CASE("snapshots are found and the old ones removed; other files stay") {
  const testing::TemporaryFolder folder;
  for (const char* name : {"m.update-2.isthmus", "m.update-10.isthmus", "m.update-4.isthmus", "m.update-x.isthmus",
                           "m.update-.isthmus", "n.update-3.isthmus", "m.update-5.isthmus.bak"}) {
    folder.write(name, "");
  }
  const std::string model = folder.path("m.isthmus");
  CHECK(find_snapshots(model) == std::vector<std::int64_t>{2, 4, 10});
  remove_old_snapshots(model, 4, 1);
  CHECK(find_snapshots(model) == std::vector<std::int64_t>{4, 10});
  CHECK(folder.read("m.update-x.isthmus").empty());
  remove_old_snapshots(model, 10, 0);
  CHECK(find_snapshots(model).empty());
  CHECK(find_snapshots(folder.path("none/m.isthmus")).empty());
}

}  // namespace
}  // namespace isthmus
