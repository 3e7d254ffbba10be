#!/usr/bin/env bash
# A run goes on only with what it began with, and from a state that is whole; what is refused leaves all as it was.
source "$(dirname "$0")/harness.sh"
make_text
held_out=(--valid-source dev.en --valid-target dev.ko)
begin=(--validate-every 5 --validate-sentences 3 --source train.en --target train.ko)

# A folder with text and a run of ten updates.
begin_run() {
  cp "$text"/{train,dev}.{en,ko} .
  train_tiny m.isthmus "${begin[@]}" "${held_out[@]}" --max-updates 10 2> /dev/null
  mkdir before
  cp m.isthmus* before
}

# expect_refusal TEXT… -- OPTION…: the run does not go on with these options, for one reason, and nothing is changed.
expect_refusal() {
  local texts=() file
  while [[ "$1" != -- ]]; do
    texts+=("$1")
    shift
  done
  shift
  [[ " $* " == *" --valid-source "* ]] || set -- "${held_out[@]}" "$@"
  expect_exit 1 train_tiny m.isthmus "${begin[@]}" --max-updates 20 --resume "$@"
  grep '^error: ' err > error || fail "no error"
  expect_equal "$(count_lines error)" 1 "errors"
  expect_text error "${texts[@]}"
  for file in before/*; do expect_same "${file#before/}" "$file" "${file#before/}"; done
  expect_equal "$(find . -maxdepth 1 -name 'm.*' | wc -l)" "$(find before -type f | wc -l)" "files"
}

# The run still goes on, to the bytes of one that nobody disturbed.
expect_recovery() {
  expect_exit 0 train_tiny m.isthmus "${begin[@]}" "${held_out[@]}" --max-updates 20 --resume
  train_tiny whole.isthmus "${begin[@]}" "${held_out[@]}" --max-updates 20 2> /dev/null
  expect_same m.isthmus whole.isthmus "the model of a run that was refused before"
}

test_other_text() {
  local changed kept
  begin_run
  for changed in train.en:--source train.ko:--target dev.en:--valid-source dev.ko:--valid-target; do
    kept=${changed%:*}
    sed -i '3s/$/ more/' "$kept"
    expect_refusal "m.isthmus.state: cannot go on: the text of ${changed#*:} has changed; give --resume the options" \
      "--force" --
    cp "$text/$kept" .
  done
  head -n 200 "$text/train.en" > train.en
  head -n 200 "$text/train.ko" > train.ko
  expect_refusal "the text of --source, --target has changed" --
  cp "$text"/train.* .
  expect_refusal "m.isthmus.state: cannot go on: the text of --valid-source, --valid-target has changed" -- \
    --valid-source '' --valid-target ''
  rm train.en
  expect_refusal "train.en: cannot be read (No such file or directory); check the name" --
  cp "$text/train.en" .
  expect_recovery
}

test_other_options() {
  local changed
  begin_run
  for changed in "hidden 31" "cell gru" "learning-rate 0.1" "seed 2" "shards 3" "optimizer sgd" "batch-sentences 9" \
    "max-length 20" "label-smoothing 0.2" "select-by loss" "dropout 0.4"; do
    # shellcheck disable=SC2086
    expect_refusal "m.isthmus.state: cannot go on: --${changed% *} was " "give --resume the options" -- --$changed
  done
  expect_refusal "--vocab was " -- --vocab 650
  expect_recovery
}

test_damaged_states() {
  local size at
  begin_run
  size=$(stat -c %s m.isthmus.state)
  for at in 0 7 19 20 100 $((size / 3)) $((size / 2)) $((size - 9)) $((size - 1)); do
    head -c "$at" before/m.isthmus.state > m.isthmus.state
    cp m.isthmus.state before/damaged
    mv before/m.isthmus.state whole.state
    mv before/damaged before/m.isthmus.state
    expect_refusal "m.isthmus.state: is " "; use a backup, or start anew with --force or another --model" --
    mv whole.state before/m.isthmus.state
  done
  for at in 3 9 18 23 40 $((size / 5)) $((size / 2)) $((size * 4 / 5)) $((size - 12)) $((size - 3)); do
    cp before/m.isthmus.state whole.state
    printf '\xa5\x5a' | dd of=before/m.isthmus.state bs=1 seek="$at" conv=notrunc status=none
    cp before/m.isthmus.state .
    expect_refusal "m.isthmus.state: " "; use " --
    mv whole.state before/m.isthmus.state
  done
  cp before/m.isthmus.state .
  expect_recovery
}

test_a_state_that_is_something_else() {
  begin_run
  mv m.isthmus.state state
  rm before/m.isthmus.state
  expect_refusal "m.isthmus.state: there is no state to go on from; start anew, with --force instead of --resume" --
  cp m.isthmus m.isthmus.state
  cp m.isthmus before/m.isthmus.state
  expect_refusal "m.isthmus.state: holds a model, not a state; use a backup" --
  rm m.isthmus.state before/m.isthmus.state
  mkdir m.isthmus.state
  expect_exit 1 train_tiny m.isthmus "${begin[@]}" "${held_out[@]}" --max-updates 20 --resume
  expect_text err "m.isthmus.state: cannot be read (Is a directory)"
  rmdir m.isthmus.state
  mv state m.isthmus.state
  expect_recovery
}

test_a_run_without_a_state_is_told_how_to_start() {
  begin_run
  rm m.isthmus.state before/m.isthmus.state
  expect_exit 1 train_tiny m.isthmus "${begin[@]}"
  expect_text err "m.isthmus: is there already; --force overwrites it, --model NAME writes another"
  rm m.isthmus*
  expect_exit 1 train_tiny m.isthmus "${begin[@]}" --resume
  expect_text err "m.isthmus.state: there is no state to go on from; start without --resume"
}

run_tests
