#!/usr/bin/env bash
# Exit codes, and errors that name the file or the option: 0 ok, 1 failure, 2 usage. Nothing of an error on stdout.
source "$(dirname "$0")/harness.sh"
make_text
train_tiny "$work/model.isthmus" 2> /dev/null
model=$work/model.isthmus
commands=(train translate evaluate score corpus tokenizer encode analyze report inspect average doctor)

# expect_error CODE TEXT… -- COMMAND…: no output, and each text in one line of stderr that begins with "error: ". A crash
# or a hang is another exit code.
expect_error() {
  local code=$1 texts=()
  shift
  while [[ "$1" != -- ]]; do
    texts+=("$1")
    shift
  done
  shift
  expect_exit "$code" in_a_minute "$@" < /dev/null
  [[ ! -s out ]] || fail "stdout is not empty: $*"
  grep -a '^error: ' err > error || { cat err >&2; fail "no error: $*"; }
  expect_equal "$(count_lines error)" 1 "errors of $*"
  expect_text error "${texts[@]}"
}

# in_a_minute COMMAND…: the program, or train_tiny, ends in a minute.
in_a_minute() {
  if [[ "$1" == train_tiny ]]; then "$@"; else timeout 60 "$@"; fi
}

test_help_is_data() {
  local command
  for command in "" "${commands[@]}"; do
    expect_exit 0 "$isthmus" $command --help
    [[ ! -s err ]] || fail "$command --help writes to stderr"
    expect_text out "Usage: isthmus"
  done
  "$isthmus" --help > help
  expect_text help "${commands[@]}"
}

test_help_that_nobody_asked_for_is_talk() {
  local command
  for command in "" corpus; do
    expect_exit 2 "$isthmus" $command
    [[ ! -s out ]] || fail "stdout is not empty: isthmus $command"
    expect_text err "Usage: isthmus $command"
  done
  expect_exit 0 "$isthmus" --help
  expect_text out "130 interrupted"
}

test_wrong_usage() {
  local command
  expect_error 2 tarnslate -- "$isthmus" tarnslate
  for command in train translate evaluate score encode report inspect average doctor "analyze length" "corpus check" \
    "corpus phrasebook" "tokenizer train"; do
    expect_error 2 --no-such-option -- "$isthmus" $command --no-such-option
  done
  expect_error 2 --beam 0 1000 -- "$isthmus" translate "$model" --beam 0
  expect_error 2 --beam five -- "$isthmus" translate "$model" --beam five
  expect_error 2 --bea -- "$isthmus" translate "$model" --bea 5
  expect_error 2 --cell lstn rnn gru lstm -- "$isthmus" train --source a --target b --cell lstn
  expect_error 2 --dropout 1.5 -- "$isthmus" train --source a --target b --dropout 1.5
  expect_error 2 --hidden --bidirectional -- "$isthmus" train --source a --target b --hidden 31 --bidirectional
  expect_error 2 --source -- "$isthmus" train
  expect_error 2 --max-updates -- "$isthmus" train --source a --target b
  expect_error 2 --model .isthmus -- "$isthmus" train --source a --target b --model name
  expect_error 2 MODEL -- "$isthmus" translate
  expect_error 2 --nbest --beam -- "$isthmus" translate "$model" --beam 2 --nbest 3
  expect_error 2 --reference -- "$isthmus" evaluate --hypothesis "$text/test.ko"
  expect_error 2 "--beam is given twice" -- "$isthmus" translate "$model" --beam 5 --beam 5
  expect_error 2 --output .isthmus -- "$isthmus" average "$model" --output mean
}

test_missing_files() {
  expect_error 1 absent.isthmus -- "$isthmus" translate absent.isthmus
  expect_error 1 absent.isthmus -- "$isthmus" inspect absent.isthmus
  expect_error 1 absent.en -- "$isthmus" translate "$model" --input absent.en
  expect_error 1 absent/out.ko -- "$isthmus" translate "$model" --input "$text/test.en" --output absent/out.ko
  expect_error 1 absent.en -- "$isthmus" train --max-updates 1 --source absent.en --target "$text/train.ko" \
    --model new.isthmus
  expect_error 1 absent.ko -- "$isthmus" evaluate --hypothesis "$text/test.ko" --reference absent.ko
  expect_error 1 absent.config -- "$isthmus" train --config absent.config
  expect_error 1 absent.sqlite -- "$isthmus" report --ledger absent.sqlite
  expect_error 1 "absent: " --folder -- "$isthmus" doctor --folder absent
  expect_error 1 "test.en: not a folder" -- "$isthmus" doctor --folder "$text/test.en"
  expect_error 1 new.isthmus.state -- "$isthmus" train --max-updates 1 --source "$text/train.en" \
    --target "$text/train.ko" --model new.isthmus --resume
  [[ ! -e new.isthmus && ! -e absent.sqlite ]] || fail "an error left files"
}

test_damaged_models() {
  local size at command
  size=$(stat -c %s "$model")
  : > empty.isthmus
  head -c 5000 /dev/zero > zeros.isthmus
  cp "$text/train.en" text.isthmus
  mkdir folder.isthmus
  { cat "$model"; echo more; } > longer.isthmus
  for at in 1 15 16 100 $((size / 2)) $((size - 1)); do
    head -c "$at" "$model" > "cut-$at.isthmus"
  done
  # one byte changed: in the header, in the sections, in the checksum
  for at in 0 9 17 40 $((size / 3)) $((size / 2)) $((size - 3)); do
    cp "$model" "changed-$at.isthmus"
    printf '\xa5\x5a\xa5' | dd of="changed-$at.isthmus" bs=1 seek="$at" conv=notrunc status=none
  done
  for damaged in *.isthmus; do
    for command in translate inspect encode; do
      expect_error 1 "$damaged" -- "$isthmus" "$command" "$damaged"
    done
  done
  expect_error 1 cut-100.isthmus -- "$isthmus" average "$model" cut-100.isthmus --output mean.isthmus
  [[ ! -e mean.isthmus ]] || fail "a failure left a model"
}

test_texts_that_do_not_fit() {
  head -n 5 "$text/test.ko" > short.ko
  expect_error 1 short.ko -- "$isthmus" train --max-updates 1 --source "$text/test.en" --target short.ko \
    --model new.isthmus
  expect_error 1 short.ko -- "$isthmus" score "$model" --source "$text/test.en" --target short.ko
  expect_error 1 short.ko -- "$isthmus" evaluate --hypothesis "$text/test.ko" --reference short.ko
  : > empty.en
  expect_error 1 "empty.en: has no lines" -- "$isthmus" train --max-updates 1 --source empty.en --target empty.en --model new.isthmus
}

test_texts_without_a_pair_to_learn_from() {
  sed 's/.*//' "$text/train.ko" > blank.ko
  expect_error 1 "$text/train.en: none of its 300 pairs can be trained on (300 with an empty side, 0 too long)" \
    "isthmus corpus check" "--max-length" -- "$isthmus" train --max-updates 1 --source "$text/train.en" --target blank.ko \
    "${tiny[@]}" --model new.isthmus
  : > empty.ko
  expect_error 1 "$text/train.en has 300 lines but empty.ko has 0" -- "$isthmus" train --max-updates 1 \
    --source "$text/train.en" --target empty.ko --model new.isthmus
  head -n 40 blank.ko > blank.dev
  expect_error 1 "$text/dev.en: has no pair to validate on" "not empty" -- train_tiny new.isthmus \
    --valid-source "$text/dev.en" --valid-target blank.dev
  expect_error 1 "empty.ko: has no lines; give held-out text" -- train_tiny new.isthmus \
    --valid-source empty.ko --valid-target empty.ko
  expect_error 1 "$text/dev.en has 40 lines but $text/train.ko has 300" -- train_tiny new.isthmus \
    --valid-source "$text/dev.en" --valid-target "$text/train.ko"
  [[ "$(echo new.*)" == "new.*" ]] || fail "a failure left $(echo new.*)"
  # One line is little, but it is held-out text.
  head -n 1 "$text/dev.en" > one.en
  head -n 1 "$text/dev.ko" > one.ko
  expect_exit 0 train_tiny new.isthmus --max-updates 3 --valid-source one.en --valid-target one.ko
  expect_text err "validation:" "best so far"
}

test_a_full_disk_is_an_error() {
  [[ -c /dev/full ]] || { echo "SKIPPED: no /dev/full"; return; }
  local status=0
  "$isthmus" translate "$model" --quiet < "$text/test.en" > /dev/full 2> err || status=$?
  expect_equal $status 1 "exit code"
  expect_text err "error: "
}

test_bad_config_files() {
  echo 'beam = 5' > bad.config
  expect_error 2 bad.config beam -- "$isthmus" train --config bad.config --source "$text/train.en"
  echo 'hidden' > bad.config
  expect_error 2 bad.config -- "$isthmus" train --config bad.config --source "$text/train.en"
  expect_error 2 "$model: this is a model" MODEL.isthmus.config -- "$isthmus" train --config "$model"
}

run_tests
