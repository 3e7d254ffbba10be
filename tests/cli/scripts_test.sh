#!/usr/bin/env bash
# The scripts that watch over the sources, on small copies of the tree that are no git checkouts.
source "$(dirname "$0")/harness.sh"
scripts=$(realpath "$(dirname "$0")/../../scripts")

# tree FOLDER…: sources of these folders in tree/, with the scripts.
tree() {
  local folder
  mkdir -p tree
  cp -r "$scripts" tree/
  for folder in "$@"; do
    mkdir -p "tree/$folder"
    echo "isthmus_library($folder)" > "tree/$folder/CMakeLists.txt"
    echo 'int one() { return 1; }' > "tree/$folder/one.cpp"
  done
}

test_layers_hold() {
  tree core model tests
  echo '#include "core/one.h"' > tree/model/two.cpp
  expect_exit 0 tree/scripts/check-layers
  echo '#include "model/one.h"' > tree/core/two.cpp
  expect_exit 1 tree/scripts/check-layers
  expect_text out "core/two.cpp:1: core/ may not include model/"
  rm tree/core/two.cpp
  echo '#include "one.h"' > tree/model/two.h
  expect_exit 1 tree/scripts/check-layers
  expect_text out "model/two.h:1: include from the repository root"
  echo '#include <sentencepiece_processor.h>' > tree/model/two.h
  expect_exit 1 tree/scripts/check-layers
  expect_text out "model/two.h: includes <sentencepiece"
}

# A folder that nobody had entered into the table used to be free to include everything.
test_a_folder_without_a_layer_is_refused() {
  tree core cellar tests benchmarks
  expect_exit 1 tree/scripts/check-layers
  expect_text out "cellar/: its place among the layers is not known"
  expect_equal "$(count_lines out)" 1 "complaints"
}

# Outside of a git checkout there was nothing to check, and so nothing was wrong.
test_format_needs_no_git() {
  command -v clang-format-14 > /dev/null || { echo "SKIPPED: no clang-format-14"; return; }
  tree core
  cp "$scripts/../.clang-format" tree/
  mkdir -p tree/build/ci
  echo 'int   made( ) ;' > tree/build/ci/made.cpp
  expect_exit 0 tree/scripts/check-format
  echo 'int   two( ) ;' > tree/core/two.cpp
  expect_exit 1 tree/scripts/check-format
  expect_text err "core/two.cpp" "--fix"
  expect_exit 0 tree/scripts/check-format --fix
  expect_equal "$(< tree/core/two.cpp)" 'int two();' "what was formatted"
  expect_exit 0 tree/scripts/check-format
}

test_format_without_sources_is_a_failure() {
  command -v clang-format-14 > /dev/null || { echo "SKIPPED: no clang-format-14"; return; }
  tree
  expect_exit 1 tree/scripts/check-format
  expect_text err "no source files"
}

run_tests
