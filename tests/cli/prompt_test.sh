#!/usr/bin/env bash
# The prompt of `isthmus translate` as a person meets it, on a pseudo-terminal: completion, Ctrl-C, history.
source "$(dirname "$0")/harness.sh"
make_text
train_tiny "$work/model.isthmus" 2> /dev/null
export LC_ALL=C.UTF-8 TERM=xterm
export ISTHMUS_HISTORY=

# open_prompt OPTION…: what the terminal shows goes to the file screen, what is typed comes by way of `keys`. With exec,
# since a shell between would die of the Ctrl-C that the program outlives.
open_prompt() {
  rm -f typed
  mkfifo typed
  : > screen
  timeout 60 script -qefc "exec $(printf '%q ' "$isthmus" translate "$work/model.isthmus" "$@")" /dev/null < typed > screen 2>&1 &
  prompt=$!
  exec 3> typed
  shown=0
  wait_for ":help or :quit"
}

# wait_for TEXT: until the terminal shows it, behind what was waited for before.
wait_for() {
  local tries place
  for ((tries = 0; tries < 600; ++tries)); do
    place=$(tail -c "+$((shown + 1))" screen | grep -abF -m 1 -o -e "$1" | head -n 1 | cut -d : -f 1 || true)
    if [[ -n $place ]]; then
      shown=$((shown + place + ${#1}))
      return
    fi
    sleep 0.05
  done
  fail "the terminal does not show '$1': $(tail -c "+$((shown + 1))" screen | cat -v)"
}

keys() { printf '%b' "$1" >&3; }

close_prompt() {
  keys ':quit\r'
  exec 3>&-
  wait "$prompt" || fail "exit code $? of the prompt: $(cat -v screen)"
}

test_tab_completes_commands() {
  has_terminals || return 0
  open_prompt
  keys ':b\t8\r'
  wait_for "beam 8, nbest 1"
  keys ':\t'
  wait_for ":length-penalty A"
  wait_for ":scores"
  keys 'n\t3\r'
  wait_for "beam 8, nbest 3"
  keys ':sc\t\r'
  wait_for "scores on"
  # Nothing fits, and nothing happens.
  keys ':zz\t\r'
  wait_for ":zz is not a command"
  close_prompt
}

test_tab_in_a_sentence_is_a_space() {
  has_terminals || return 0
  ISTHMUS_HISTORY=$PWD/history open_prompt
  keys '\tone\ttwo \tthree\r'
  wait_for "> "
  close_prompt
  # As libedit writes spaces down.
  sed 's/\\040/ /g' history > plain
  expect_text plain "one two three"
}

test_ctrl_c_stops_a_translation_and_not_the_program() {
  has_terminals || return 0
  open_prompt --max-source-length 1000 --max-length-factor 2 --min-length 1000
  keys ':beam 1000\r'
  wait_for "beam 1000"
  keys "$(printf 'word %.0s' {1..400})\r"
  sleep 0.5
  keys '\003'
  wait_for "stopped"
  keys ':beam 2\r'
  wait_for "beam 2, nbest 1"
  close_prompt
}

test_ctrl_c_at_the_prompt_empties_the_line_and_tells_the_way_out() {
  has_terminals || return 0
  open_prompt
  keys '\003'
  wait_for "Ctrl-D or :quit leaves."
  keys ':quit\003'
  wait_for "^C"
  keys ':nbest 2\r'
  wait_for "nbest 2"
  close_prompt
}

test_ctrl_d_leaves() {
  has_terminals || return 0
  open_prompt
  keys ':beam 3\r'
  wait_for "beam 3"
  wait_for "> "
  sleep 0.2 # until the line is edited
  keys '\004'
  wait "$prompt" || fail "exit code $? of the prompt: $(cat -v screen)"
  exec 3>&-
}

test_history_is_kept_for_its_owner_alone() {
  has_terminals || return 0
  unset ISTHMUS_HISTORY
  export XDG_STATE_HOME=$PWD/state
  open_prompt
  keys ':beam 3\r'
  wait_for "beam 3"
  close_prompt
  expect_equal "$(stat -c %a state/isthmus state/isthmus/history | xargs)" "700 600" "modes of folder and file"
  # The arrow brings the last session's lines back; its last was :quit.
  open_prompt
  keys '\033[A\033[A\r'
  wait_for "beam 3, nbest 1"
  close_prompt
}

test_history_that_cannot_be_kept_is_no_matter() {
  has_terminals || return 0
  local path
  touch file
  mkfifo pipe
  for path in "" "$PWD/file/history" "$PWD/pipe" /dev/full; do
    ISTHMUS_HISTORY=$path XDG_STATE_HOME=$PWD/state open_prompt
    keys ':beam 3\r'
    wait_for "beam 3"
    close_prompt
    ! grep -qiE "error|warning" screen || fail "talk of '$path': $(cat -v screen)"
  done
  [[ ! -e state ]] || fail "a history that was switched off"
}

test_letters_of_several_bytes_are_edited_as_one() {
  has_terminals || return 0
  ISTHMUS_HISTORY=$PWD/history open_prompt
  # Backspace thrice: 를, 배 and ü go as letters, and none leaves bytes behind.
  keys 'grü배를\177\177\177n\r'
  wait_for "> "
  close_prompt
  expect_text history "grn"
}

test_lines_that_are_pasted_together_are_lines() {
  has_terminals || return 0
  open_prompt
  keys ':beam 4\r:nbest 2\r:beam 1000001\r'
  wait_for "beam 4, nbest 1"
  wait_for "beam 4, nbest 2"
  wait_for "not '1000001'"
  close_prompt
}

test_without_a_terminal_there_are_no_commands() {
  printf ':beam 8\n:quit\nx\n' > lines
  expect_exit 0 "$isthmus" translate "$work/model.isthmus" --quiet < lines
  expect_equal "$(count_lines out)" 3 "lines out"
}

run_tests
