#!/usr/bin/env bash
# Where the text of a training comes from does not matter: the same pairs give the same model, byte for byte.
source "$(dirname "$0")/harness.sh"
make_text
held_out=(--valid-source "$text/dev.en" --valid-target "$text/dev.ko" --validate-every 10 --validate-sentences 5)
train_tiny "$work/plain.isthmus" "${held_out[@]}" 2> /dev/null

expect_plain() { expect_same "$1" "$work/plain.isthmus" "the model of plain files and of $2"; }

test_tab_separated_columns() {
  paste "$text/train.en" "$text/train.ko" > train.tsv
  paste "$text/dev.en" "$text/dev.ko" "$text/dev.en" > dev.tsv  # more columns are ignored
  expect_exit 0 train_tiny tsv.isthmus --source train.tsv --target '' --valid-source dev.tsv --validate-every 10 \
    --validate-sentences 5
  expect_plain tsv.isthmus "tab-separated columns"
}

test_standard_input() {
  expect_exit 0 train_tiny one.isthmus --source - "${held_out[@]}" < "$text/train.en"
  expect_plain one.isthmus "a source from standard input"
  expect_exit 0 train_tiny other.isthmus --target - "${held_out[@]}" < <(cat "$text/train.ko")
  expect_plain other.isthmus "a target from a pipe"
  expect_exit 0 train_tiny both.isthmus --source - --target '' "${held_out[@]}" \
    < <(paste "$text/train.en" "$text/train.ko")
  expect_plain both.isthmus "columns from a pipe"
}

test_pipes() {
  expect_exit 0 train_tiny pipe.isthmus --source <(cat "$text/train.en") --target <(cat "$text/train.ko") "${held_out[@]}"
  expect_plain pipe.isthmus "two pipes"
}

test_compressed_files() {
  gzip < "$text/train.en" > train.en.gz
  gzip < "$text/train.ko" > train.ko.gz
  gzip < "$text/dev.en" > dev.en.gz
  expect_exit 0 train_tiny gz.isthmus --source train.en.gz --target train.ko.gz --valid-source dev.en.gz \
    --valid-target "$text/dev.ko" --validate-every 10 --validate-sentences 5
  expect_plain gz.isthmus "compressed files"
  paste "$text/train.en" "$text/train.ko" | gzip > train.tsv.gz
  expect_exit 0 train_tiny columns.isthmus --source train.tsv.gz --target '' "${held_out[@]}"
  expect_plain columns.isthmus "compressed columns"
  expect_exit 0 train_tiny piped.isthmus --source - --target '' "${held_out[@]}" < train.tsv.gz
  expect_plain piped.isthmus "compressed columns from standard input"
}

test_other_text_is_another_model() {
  tac "$text/train.en" > train.en
  tac "$text/train.ko" > train.ko
  expect_exit 0 train_tiny tac.isthmus --source train.en --target train.ko "${held_out[@]}"
  ! cmp -s tac.isthmus "$work/plain.isthmus" || fail "pairs in another order gave the same bytes"
}

run_tests
