#!/usr/bin/env bash
# The runner of the README's blocks, on small documents.
source "$(dirname "$0")/../cli/harness.sh"
run_blocks=$(realpath "$(dirname "$0")/run_blocks.sh")

# document LINE…: writes doc.md. Fences are written ''' here.
document() { printf '%s\n' "$@" | sed "s/'''/\`\`\`/" > doc.md; }

test_runs_blocks_in_order_in_one_folder() {
  document '# Title' "'''sh" 'echo one > made' "'''" 'text' '## Part' "'''sh" 'grep one made' 'isthmus --help | head -n 1' "'''"
  expect_exit 0 "$run_blocks" doc.md
  expect_text out 'ok: doc.md:2 (Title)' 'ok: doc.md:7 (Part)'
  [[ ! -e made ]] || fail "a block ran outside its folder"
}

test_other_blocks_are_not_run() {
  document "'''console" 'false' "'''" "'''sh" 'true' "'''" "'''" 'false' "'''sh" 'false' "'''"
  expect_exit 0 "$run_blocks" doc.md
  expect_equal "$(grep -c . out)" 1 "blocks run"
}

test_a_failing_block_is_named_with_its_output() {
  document '# Title' "'''sh" 'echo first' "'''" "'''sh" 'echo said' 'false | true' 'echo unreached > never' "'''"
  expect_exit 1 "$run_blocks" doc.md
  expect_text out 'FAILED: doc.md:5 (Title): exit code 1' '| echo said' '> said'
  ! grep -q '> unreached' out || fail "a block went on after a failure"
}

test_an_unset_variable_is_a_failure() {
  document "'''sh" 'echo $nothing_of_this_name' "'''"
  expect_exit 1 "$run_blocks" doc.md
}

test_skipped_blocks_are_named() {
  document '<!-- test: skip (needs the network) -->' '' "'''sh" 'false' "'''" "'''sh" 'true' "'''"
  expect_exit 0 "$run_blocks" doc.md
  expect_text out 'SKIPPED: doc.md:3: needs the network' 'ok: doc.md:6'
}

test_skip_holds_for_the_next_block_alone() {
  document '<!-- test: skip (why) -->' 'text between' "'''sh" 'false' "'''"
  expect_exit 1 "$run_blocks" doc.md
}

test_blocks_in_lists_lose_their_indent() {
  document '- item' "  '''sh" '  cat > made <<EOF' '  text' '  EOF' '  grep -x text made' "  '''"
  expect_exit 0 "$run_blocks" doc.md
}

test_nothing_to_run_is_a_failure() {
  document "'''console" 'true' "'''"
  expect_exit 1 "$run_blocks" doc.md
  expect_text out 'has no ```sh block'
  document "'''sh" 'true'
  expect_exit 1 "$run_blocks" doc.md
  expect_text err 'is not closed'
}

run_tests
