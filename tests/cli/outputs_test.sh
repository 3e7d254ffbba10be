#!/usr/bin/env bash
# What is written where: no command loses what it reads, and a terminal's lines go to --output.
source "$(dirname "$0")/harness.sh"
make_text
train_tiny "$work/model.isthmus" 2> /dev/null
model=$work/model.isthmus

# expect_refusal FILE COMMAND…: the command says that it would lose the file, and does not.
expect_refusal() {
  local file=$1
  shift
  cp "$file" before
  expect_exit 1 "$@"
  expect_text err "would be written over what is read"
  expect_same before "$file" "what was read by $*"
}

test_no_output_takes_the_place_of_an_input() {
  local name
  cp "$text/test.en" in
  cp "$model" m.isthmus
  ln -s in link
  ln in hard
  "$isthmus" tokenizer train --vocab 300 --output pieces.model in 2> /dev/null
  for name in in ./in "$PWD/in" link hard; do
    expect_refusal in "$isthmus" translate m.isthmus --input in --output "$name"
    expect_refusal in "$isthmus" translate m.isthmus --input "$name" --output in --nbest 2
    expect_refusal in "$isthmus" encode m.isthmus --input in --output "$name"
    expect_refusal in "$isthmus" score m.isthmus --source in --target "$text/test.ko" --output "$name"
    expect_refusal in "$isthmus" score m.isthmus --source "$text/test.ko" --target in --output "$name"
    expect_refusal in "$isthmus" tokenizer encode pieces.model --input in --output "$name"
    expect_refusal in "$isthmus" tokenizer decode pieces.model --input in --output "$name"
  done
  expect_refusal m.isthmus "$isthmus" translate m.isthmus --input in --output m.isthmus
  expect_refusal m.isthmus "$isthmus" average "$model" m.isthmus --output m.isthmus --force
  expect_exit 0 "$isthmus" translate m.isthmus --quiet --input in --output /dev/null
  expect_exit 0 "$isthmus" translate m.isthmus --quiet --input /dev/null --output /dev/null
}

test_the_file_behind_standard_input_and_output_counts() {
  local status=0
  cp "$text/test.en" in
  cp in before
  "$isthmus" translate "$model" --output in < in 2> err || status=$?
  expect_equal $status 1 "exit code"
  expect_text err "in: would be written over what is read"
  "$isthmus" translate "$model" --input in >> in 2> err && fail "a file was appended to while it was read"
  expect_same before in "the text"
}

# on_a_terminal COMMAND, whose lines are typed from standard input. `script` ends its input as Ctrl-D does.
on_a_terminal() { timeout 60 script -qec "$1" /dev/null > screen 2>&1; }

test_lines_typed_on_a_terminal_go_to_the_output() {
  has_terminals || return 0
  printf 'Thank you.\nWhere is the station?\n' > typed
  "$isthmus" translate "$model" --quiet < typed > expected
  on_a_terminal "'$isthmus' translate '$model' --output out.ko" < typed || fail "exit code $?: $(cat screen)"
  expect_same expected out.ko "typed lines"
  expect_text screen "Ctrl-D"
  "$isthmus" translate "$model" --quiet --nbest 2 --beam 2 < typed > expected
  on_a_terminal "'$isthmus' translate '$model' --nbest 2 --beam 2 --output out.nbest" < typed || fail "exit code $?"
  expect_same expected out.nbest "an n-best list of typed lines"
}

test_a_terminal_alone_is_a_prompt() {
  has_terminals || return 0
  printf 'Thank you.\n:quit\n' > typed
  HOME=$PWD on_a_terminal "'$isthmus' translate '$model' --scores" < typed || fail "exit code $?: $(cat screen)"
  expect_text screen "Type a sentence" "log-probability"
}

run_tests
