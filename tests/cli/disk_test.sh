#!/usr/bin/env bash
# Disks that are really full or read-only: small ones in memory, in a mount namespace of their own, so that nothing is
# left of them. Every call that writes is tried in full_disk_test.cpp; here the kernel and SQLite say no themselves.
if [[ -z "${ISTHMUS_NAMESPACE:-}" ]]; then
  for own in "unshare -m" "unshare -rm"; do
    # shellcheck disable=SC2086
    if $own mount -t tmpfs tmpfs /mnt 2> /dev/null; then exec env ISTHMUS_NAMESPACE=1 $own "$0"; fi
  done
  echo "SKIPPED: disks of our own cannot be mounted here"
  exit 0
fi
source "$(dirname "$0")/harness.sh"
trap 'umount -l "$work"/*/disk 2> /dev/null; rm -rf "$work"' EXIT
make_text
# The loss falls all the time, so each validation writes a model.
held_out=(--valid-source "$text/dev.en" --valid-target "$text/dev.ko" --validate-every 5 --validate-sentences 3
  --select-by loss)
train_tiny "$work/whole.isthmus" "${held_out[@]}" 2> /dev/null

make_disk() {
  mkdir disk
  mount -t tmpfs -o size=8m tmpfs disk
}

# fill LEFT: so many bytes of the disk are left.
fill() {
  rm -f disk/filler
  local free
  free=$(($(stat -f -c '%a * %S' disk)))
  head -c $((free - $1)) /dev/zero > disk/filler
}

# expect_error TEXT…: the last run failed with one error, which has each text.
expect_error() {
  grep '^error: ' err > error || fail "no error"
  expect_equal "$(count_lines error)" 1 "errors"
  expect_text error "$@"
}

# resume_full LEFT OPTION…: goes on with disk/model.isthmus, of which so much is left, and fails.
resume_full() {
  fill "$1"
  shift
  cp disk/model.isthmus before
  expect_exit 1 train_tiny disk/model.isthmus "${held_out[@]}" --resume "$@"
}

# The run goes on when there is room again, to the bytes of one that had it always.
expect_recovery() {
  rm disk/filler
  expect_exit 0 train_tiny disk/model.isthmus "${held_out[@]}" --resume
  expect_same disk/model.isthmus "$work/whole.isthmus" "a model after a full disk"
  expect_equal "$(find disk -name '*.tmp-*')" "" "temporary files"
}

test_no_room_for_the_model() {
  make_disk
  train_tiny disk/model.isthmus "${held_out[@]}" --max-updates 10 2> /dev/null
  # Enough for the configuration.
  resume_full $((64 * 1024))
  expect_error "disk/model.isthmus: cannot be written (No space left on device); free some disk space" \
    "disk/model.isthmus keeps the model of update 10" "--resume goes on from update 10"
  expect_same disk/model.isthmus before "the model on a full disk"
  expect_recovery
}

test_no_room_for_the_state() {
  make_disk
  train_tiny disk/model.isthmus "${held_out[@]}" --max-updates 10 2> /dev/null
  # As much as one more of the model, which is smaller.
  resume_full $(($(stat -c %s disk/model.isthmus) + 64 * 1024))
  expect_error "disk/model.isthmus.state: cannot be written (No space left on device); free some disk space" \
    "--resume goes on from update 10"
  expect_recovery
}

test_no_room_for_the_configuration() {
  make_disk
  train_tiny disk/model.isthmus "${held_out[@]}" --max-updates 10 2> /dev/null
  cp disk/model.isthmus.config config
  resume_full 0
  expect_error "disk/model.isthmus.config: cannot be written (No space left on device); free some disk space"
  expect_same disk/model.isthmus.config config "the configuration on a full disk"
  expect_recovery
}

test_no_room_for_the_ledger() {
  make_disk
  train_tiny model.isthmus "${held_out[@]}" --ledger disk/l.sqlite --max-updates 10 2> /dev/null
  fill 0
  expect_exit 1 train_tiny model.isthmus "${held_out[@]}" --ledger disk/l.sqlite --resume
  expect_error disk/l.sqlite "disk" "--ledger"
  expect_exit 1 train_tiny other.isthmus --ledger disk/new.sqlite
  expect_error disk/new.sqlite "disk" "--ledger"
  fill $((96 * 1024))
  expect_exit 1 train_tiny model.isthmus "${held_out[@]}" --ledger disk/l.sqlite --resume --log-every 1
  expect_error "disk/l.sqlite: the disk is full; make room" "--ledger ''" "--resume goes on from update"
  rm disk/filler
  expect_exit 0 train_tiny model.isthmus "${held_out[@]}" --ledger disk/l.sqlite --resume
  expect_same model.isthmus "$work/whole.isthmus" "a model after the ledger's disk was full"
  expect_exit 0 "$isthmus" report --ledger disk/l.sqlite
}

test_no_room_for_the_log() {
  make_disk
  fill 4096
  expect_exit 0 train_tiny model.isthmus "${held_out[@]}" --log disk/train.log --log-every 1
  expect_text err "warning: disk/train.log: cannot be written any more"
  expect_same model.isthmus "$work/whole.isthmus" "a model whose log was lost"
}

test_no_room_for_text() {
  make_disk
  fill 0
  expect_exit 1 "$isthmus" translate "$work/whole.isthmus" --quiet --input "$text/test.en" --output disk/out.ko
  expect_error "disk/out.ko: cannot be written (No space left on device); free some disk space"
  [[ ! -e disk/out.ko ]] || fail "half an output was left"
  expect_exit 1 "$isthmus" corpus phrasebook --out disk/more --pairs 300
  expect_error disk/more "No space left on device"
  expect_exit 1 "$isthmus" average "$work/whole.isthmus" --output disk/mean.isthmus
  expect_error "disk/mean.isthmus: cannot be written"
  expect_exit 1 "$isthmus" tokenizer train --vocab 700 --output disk/pieces.model "$text/train.en"
  expect_error "disk/pieces.model: cannot be written"
}

test_a_disk_that_is_read_only() {
  local refused
  make_disk
  train_tiny disk/model.isthmus --ledger disk/l.sqlite 2> /dev/null
  mount -o remount,ro disk
  expect_exit 1 train_tiny disk/model.isthmus --resume --max-updates 40
  expect_error "disk/model.isthmus: cannot be written (Read-only file system); choose a folder that you may write to"
  for refused in "disk/new.isthmus --ledger l.sqlite" "new.isthmus --ledger disk/l.sqlite" \
    "new.isthmus --ledger disk/new.sqlite" "new.isthmus --log disk/train.log"; do
    # shellcheck disable=SC2086
    expect_exit 1 train_tiny $refused
    expect_error ": " "; "
    grep -q '^error: disk/' err || fail "the error names no file: $(cat err)"
    ! grep -q tokenizer err || fail "a tokenizer was trained before $refused was refused"
    [[ ! -e new.isthmus.config ]] || fail "$refused left files"
  done
  # Reading needs no room.
  expect_exit 0 "$isthmus" translate disk/model.isthmus --quiet --input "$text/test.en"
  expect_exit 0 "$isthmus" inspect disk/model.isthmus
  expect_exit 0 "$isthmus" report --ledger disk/l.sqlite
}

run_tests
