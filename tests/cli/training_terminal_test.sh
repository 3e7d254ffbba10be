#!/usr/bin/env bash
# What a person sees who trains on a terminal: a bar with the share done, the speed and the time left.
source "$(dirname "$0")/harness.sh"
make_text

# on_a_terminal COMMAND…: what the terminal got goes to the file screen, a line for each time the bar was drawn.
on_a_terminal() {
  timeout 60 script -qefc "$(printf '%q ' "$@")" /dev/null < /dev/null > typescript 2>&1 || fail "exit code $?: $(cat typescript)"
  tr -s '\r' '\n' < typescript > screen
}

# A training that is longer than the tenth of a second between two drawings of the bar.
command=("$isthmus" train --source "$text/train.en" --target "$text/train.ko" --vocab 700 --hidden 96 --embedding 96
  --threads 1 --ledger "" --log-every 15)

test_a_bar_shows_share_speed_and_time_left() {
  has_terminals || return 0
  on_a_terminal "${command[@]}" --model model.isthmus --max-updates 40
  grep -aE 'training +[0-9]+% ▕.*▏ [0-9:]+ left · epoch [0-9.]+' screen > bars || fail "no bar: $(cat screen)"
  local shares
  shares=$(grep -oE '[0-9]+%' bars | tr -d %)
  sort -nc <<< "$shares" || fail "the share falls: $shares"
  awk '$1 < 0 || $1 > 100 { exit 1 }' <<< "$shares" || fail "shares beyond 100%: $shares"
  [[ $(sort -u <<< "$shares" | wc -l) -gt 1 ]] || fail "the bar does not move: $shares"
  grep -qE ' [0-9]+:[0-9][0-9] left · epoch [0-9.]+ · loss [0-9.]+ · [0-9]+ tokens/s' bars || fail "no loss, speed and time left: $(cat bars)"
  # Log lines stand among the bars, and the last line says why the run ended; the bar is gone by then.
  expect_text screen "update      15" "update      30"
  expect_last_line screen "stopped: 40 updates done"
}

test_the_bar_fits_a_narrow_terminal() {
  has_terminals || return 0
  on_a_terminal bash -c 'stty cols 40; "$@"' bash "${command[@]}" --model model.isthmus --max-updates 30
  grep -aE 'training +[0-9]+% ▕' screen > bars || fail "no bar: $(cat screen)"
  local line
  while IFS= read -r line; do
    line=${line//$'\x1b[K'/} # the code that erases a line
    [[ $(LC_ALL=C.UTF-8 wc -m <<< "$line") -le 40 ]] || fail "wider than the terminal: $line" # 39, and the newline
  done < bars
}

test_without_an_end_in_sight_the_bar_counts_up() {
  has_terminals || return 0
  on_a_terminal "${command[@]}" --model model.isthmus --valid-source "$text/dev.en" --valid-target "$text/dev.ko" \
    --validate-sentences 2 --patience 1 --learning-rate 1e-12 --max-updates 0
  grep -aE 'training, epoch [0-9.]+ .*tokens/s · [0-9]+:[0-9][0-9]' screen > bars || fail "no status: $(cat screen)"
  ! grep -q left bars || fail "a time left of a run without end: $(cat bars)"
  expect_last_line screen --patience
}

test_without_a_terminal_there_is_no_bar() {
  expect_exit 0 "${command[@]}" --model model.isthmus --max-updates 16
  ! grep -qE '▕|'$'\r''|'$'\x1b' err || fail "a bar in a log file"
  expect_text err "update      15"
}

run_tests
