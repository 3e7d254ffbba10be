#!/usr/bin/env bash
# The studies that train, on models of a second: sweeps are kept, go on where they were, and lead to advice.
source "$(dirname "$0")/harness.sh"
make_text

# study NAME OPTION…: over models in the folder `sweep`. The options given take the place of these. `launch=exec` for a
# study that is to get signals.
launch=
study() {
  local name=$1 i options=() usual=(--train-source "$text/train.en" --train-target "$text/train.ko"
    --valid-source "$text/dev.en" --valid-target "$text/dev.ko" --source "$text/test.en" --reference "$text/test.ko"
    --ledger l.sqlite --vocab 700 --embedding 16 --batch-sentences 16 --max-updates 20 --threads 1 --resamples 50
    --min-sentences 2 --bin-width 2 --validate-sentences 5 --max-length-extra 5 --max-length-factor 1)
  shift
  for ((i = 0; i < ${#usual[@]}; i += 2)); do
    [[ " $* " == *" ${usual[i]} "* ]] || options+=("${usual[@]:i:2}")
  done
  $launch "$isthmus" analyze "$name" sweep "${options[@]}" "$@"
}
ask() { sqlite3 l.sqlite "$1"; }

test_a_sweep_is_trained_once_and_gives_advice() {
  expect_exit 1 "$isthmus" analyze advise --ledger l.sqlite
  expect_exit 0 study capacity --sizes 8,16
  expect_text err "model 1 of 2: lstm 8 (sweep/lstm-8.isthmus)" "model 2 of 2: lstm 16" "to go"
  expect_text out "BLEU by length and size" "from 8 to 16 units"
  expect_equal "$(ask "SELECT count(*) FROM capacities WHERE bleu IS NOT NULL AND updates = 20 AND decode IS NOT NULL
    AND target_tokens_per_s > 0")" 2 "models of the sweep"
  expect_equal "$(ask "SELECT group_concat(context_size) FROM capacities")" "16,32" "sizes of contexts"
  expect_equal "$(ask "SELECT count(DISTINCT hidden) FROM bleu_by_capacity")" 2 "sizes with BLEU by length"
  expect_equal "$(ask "SELECT count(*) FROM run AS train JOIN run AS study ON study.id = train.parent_run
    WHERE train.command = 'train' AND study.command = 'analyze capacity'")" 2 "training runs of the study"
  expect_equal "$(ask "SELECT count(*) FROM studies WHERE kind = 'length'")" 2 "studies of single models"
  local models
  models=$(cat sweep/*.isthmus | sha256sum)

  expect_exit 0 study capacity --sizes 8,16
  expect_text err "is there, trained with these options" "nothing was trained"
  expect_equal "$(ask "SELECT count(*) FROM run WHERE command = 'train'")" 2 "training runs after the second time"
  expect_equal "$(cat sweep/*.isthmus | sha256sum)" "$models" "models after the second time"

  expect_exit 1 study capacity --sizes 8,16 --dropout 0.3
  expect_text err "sweep/lstm-8.isthmus: was trained with --dropout 0.2 in run" "--force"
  expect_exit 1 study capacity --sizes 8,16 --ledger other.sqlite
  expect_text err "other.sqlite does not know its training"
  expect_exit 1 study capacity --sizes 8,16 --train-source "$text/dev.en" --train-target "$text/dev.ko"
  expect_text err "was trained with --source"
  expect_equal "$(cat sweep/*.isthmus | sha256sum)" "$models" "models after refusals"

  expect_exit 0 "$isthmus" analyze advise --ledger l.sqlite --bleu 99 --size 8
  expect_text out "From the sweep of study" "lstm of 8 units" "→ larger size: " "isthmus analyze cures"
  expect_exit 0 "$isthmus" analyze advise --ledger l.sqlite --format json
  expect_text out '"lengths"' '"suggestions"' '"rests_on"'
  expect_exit 2 "$isthmus" analyze advise --ledger l.sqlite --size 9
  expect_text err "has 8, 16"
  expect_exit 0 "$isthmus" report --ledger l.sqlite --html page.html
  expect_exit 0 study capacity --sizes 8 --force
  expect_equal "$(ask "SELECT count(*) FROM run WHERE command = 'train'")" 3 "training runs after --force"
}

test_cells_and_cures_share_models() {
  expect_exit 0 study cells --hidden 16
  expect_text out "Against the LSTM" "Cells at equal size"
  expect_equal "$(ask "SELECT count(*) FROM cells_compared")" 7 "rows of cells"
  expect_equal "$(ask "SELECT count(*) FROM cells_compared WHERE parameters > 0 AND peak_memory_mb > 0 AND bleu >= 0")" 7 \
    "rows of cells with figures"
  expect_equal "$(ask "SELECT count(*) FROM cell_differences WHERE quantity = 'BLEU' AND p > 0")" 5 "p-values"
  # At this size a unit more is a few per cent.
  expect_equal "$(ask "SELECT max(abs(a.parameters - b.parameters) * 1.0 / b.parameters) < 0.05 FROM cells_compared AS a
    JOIN cells_compared AS b ON b.analysis = a.analysis AND b.cell = 'lstm' AND b.matched = 'parameters'
    WHERE a.matched = 'parameters'")" 1 "models of equal parameters"
  expect_exit 0 study cures --hidden 16 --long 4
  expect_text err "sweep/lstm-16.isthmus) is there" "sweep/lstm-16-other-seed.isthmus) is there"
  expect_equal "$(ask "SELECT count(*) FROM cures_compared")" 7 "rows of cures"
  expect_equal "$(ask "SELECT count(*) FROM cures_compared WHERE role = 'cure' AND gain_p > 0 AND long_sentences > 0")" 5 \
    "cures with p"
  # One tokenizer for all: the vocabularies have one hash.
  local model
  for model in sweep/*.isthmus; do
    "$isthmus" inspect "$model" --format json | grep -c '"source-vocabulary": 700'
  done | sort -u > vocabularies
  expect_equal "$(cat vocabularies)" 1 "vocabularies"
}

test_what_is_interrupted_goes_on() {
  local pid
  launch=exec
  study capacity --sizes 8,16 --max-updates 3000 --validate-every 10 --patience 0 > out 2> err &
  pid=$!
  for _ in $(seq 200); do
    [[ -e sweep/lstm-8.isthmus.state ]] && break
    sleep 0.1
  done
  kill -TERM $pid || fail "the sweep was over before it could be interrupted"
  wait $pid && fail "an interrupted sweep succeeded"
  launch=
  expect_equal "$(ask "SELECT exit_reason FROM run WHERE command = 'analyze capacity'")" interrupted "end of the study"
  expect_exit 1 study capacity --sizes 8,16 --max-updates 40 --patience 0
  expect_text err "--max-updates 3000 in run"
  rm -r sweep l.sqlite*

  launch=exec
  study capacity --sizes 8,16 --validate-every 5 --save-every 1 --max-updates 60 > /dev/null 2> err &
  pid=$!
  for _ in $(seq 300); do
    [[ -e sweep/lstm-16.isthmus.state ]] && break
    sleep 0.05
  done
  kill -KILL $pid 2> /dev/null || fail "the sweep was over before it could be killed"
  wait $pid 2> /dev/null || true
  launch=
  expect_exit 0 study capacity --sizes 8,16 --validate-every 5 --save-every 1 --max-updates 60
  expect_text err "sweep/lstm-8.isthmus) is there" "model 2 of 2: lstm 16 (sweep/lstm-16.isthmus) goes on"
  expect_equal "$(ask "SELECT count(*) FROM capacities WHERE updates = 60")" 2 "models of the sweep"
  # The bytes are those of a sweep that nobody killed.
  mv sweep killed
  expect_exit 0 study capacity --sizes 8,16 --validate-every 5 --save-every 1 --max-updates 60 --ledger whole.sqlite
  expect_same killed/lstm-16.isthmus sweep/lstm-16.isthmus "the model that was killed"
}

test_nonsense_is_refused() {
  local refused
  while read -r refused; do
    # shellcheck disable=SC2086
    expect_exit 2 study $refused
    [[ ! -e sweep ]] || fail "something was written: $refused"
  done <<'END'
capacity --hidden 16
capacity --sizes 8,x
capacity --sizes 8,8
capacity --cells elman
capacity --long 10
cells --cell gru
cells --sizes 8
cells --objective mrt
cells --max-updates 0
cures --attention luong
cures --long 0
END
  expect_exit 2 "$isthmus" analyze cells
  expect_exit 2 "$isthmus" analyze --ledger l.sqlite cells sweep
  expect_text err "'cells' is written first"
  expect_exit 0 "$isthmus" analyze --help
  expect_text out cells capacity cures advise
  expect_exit 0 "$isthmus" analyze cures --help
  expect_text out "--train-source" "--max-minutes" "--control"
}

run_tests
