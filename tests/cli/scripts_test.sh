#!/usr/bin/env bash
# The scripts that watch over the sources and the quickstart, on small copies of the tree that are no git checkouts.
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

# A quickstart whose program only writes down what it is asked, to tree/asked, and fails at the training.
quickstart_tree() {
  tree
  printf '#!/bin/sh\n' > tree/scripts/packages
  printf '#!/bin/sh\n' > tree/scripts/build
  mkdir -p tree/build/release/cli
  printf '#!/bin/sh\necho "$@" >> "%s/tree/asked"\n[ "$1" != train ]\n' "$PWD" > tree/build/release/cli/isthmus
  chmod +x tree/build/release/cli/isthmus
}

# A relative FOLDER was one of the repository, and --force was given for it, too.
test_quickstart_in_a_folder_of_the_user() {
  quickstart_tree
  expect_exit 1 tree/scripts/quickstart "my folder"
  expect_text tree/asked "corpus phrasebook --out $PWD/my folder " "--model $PWD/my folder/en-ko.isthmus"
  ! grep -q -e --force tree/asked || fail "--force in a folder of the user"
  rm tree/asked
  echo mine > "my folder/notes"
  expect_exit 1 tree/scripts/quickstart "my folder"
  expect_text err "my folder: is not empty"
  [[ ! -e tree/asked ]] || fail "something was run in a folder that is not empty"
  expect_exit 2 tree/scripts/quickstart --help
  expect_exit 2 tree/scripts/quickstart one two
}

test_quickstart_in_its_own_folder() {
  quickstart_tree
  mkdir -p tree/runs/quickstart
  echo old > tree/runs/quickstart/train.en
  expect_exit 1 tree/scripts/quickstart
  expect_equal "$(grep -c -e ' --force' tree/asked)" 2 "commands that overwrite what is there"
  expect_text tree/asked "--model runs/quickstart/en-ko.isthmus"
}

# A quickstart that is over at once and whose ledger has one score.
test_check_quickstart_wants_a_good_score() {
  command -v sqlite3 > /dev/null || { echo "SKIPPED: no sqlite3"; return; }
  local score
  quickstart_tree
  for score in 92.5 60 59.99 "no score"; do
    cat > tree/scripts/quickstart <<END
#!/bin/sh
mkdir "\$1"
sqlite3 "\$1/ledger.sqlite" "CREATE TABLE bleu (corpus, method, beam, bleu, decode);
  INSERT INTO bleu VALUES ('test.en', 'greedy', 1, 99, 1), ('dev.en', 'beam', 5, 99, 2)"
[ "$score" = "no score" ] || sqlite3 "\$1/ledger.sqlite" "INSERT INTO bleu VALUES ('test.en', 'beam', 5, $score, 3)"
END
    case $score in
      92.5 | 60) expect_exit 0 tree/scripts/check-quickstart ;;
      *) expect_exit 1 tree/scripts/check-quickstart ;;
    esac
  done
  expect_text out "BLEU none"
}

run_tests
