#!/usr/bin/env bash
# Training as its users meet it: the same seed gives the same bytes, a killed run goes on, nothing is overwritten.
source "$(dirname "$0")/harness.sh"
make_text

test_same_seed_same_bytes_for_any_threads() {
  train_tiny one.isthmus 2> /dev/null
  train_tiny two.isthmus --threads 2 2> /dev/null
  train_tiny other.isthmus --seed 2 2> /dev/null
  expect_same one.isthmus two.isthmus "one and two threads"
  ! cmp -s one.isthmus other.isthmus || fail "another seed gives the same model"
}

test_config_of_a_run_gives_the_run() {
  train_tiny first.isthmus --cell gru --dropout 0.1 --bidirectional --learning-rate 0.005 2> /dev/null
  expect_exit 0 "$isthmus" train --config first.isthmus.config --model second.isthmus
  expect_same first.isthmus second.isthmus "model made from the configuration"
  expect_exit 0 "$isthmus" train --config first.isthmus.config --model third.isthmus --learning-rate 0.001
  ! cmp -s first.isthmus third.isthmus || fail "the command line does not win over the configuration"
}

test_nothing_is_overwritten_without_force() {
  train_tiny model.isthmus 2> /dev/null
  cp model.isthmus before
  expect_exit 1 train_tiny model.isthmus --seed 2
  expect_text err model.isthmus --force --resume
  expect_same model.isthmus before "the model after a refusal"
  rm model.isthmus
  expect_exit 1 train_tiny model.isthmus --seed 2
  expect_text err model.isthmus.state
  expect_exit 0 train_tiny model.isthmus --seed 2 --force
  ! cmp -s model.isthmus before || fail "--force did not train"
}

test_nothing_of_an_earlier_run_is_overwritten_without_force() {
  train_tiny model.isthmus --valid-source "$text/dev.en" --valid-target "$text/dev.ko" --validate-every 15 \
    --validate-sentences 5 --keep-last 1 2> /dev/null
  rm model.isthmus model.isthmus.state
  expect_exit 1 train_tiny model.isthmus
  expect_text err model.isthmus.config --force
  rm model.isthmus.config
  expect_exit 1 train_tiny model.isthmus
  expect_text err model.update-30.isthmus --force
}

test_the_log_is_also_a_file() {
  echo before > train.log
  expect_exit 0 train_tiny model.isthmus --log train.log
  expect_equal "$(head -n 1 train.log)" before "first line of a log that was there"
  tail -n +2 train.log > lines
  expect_same lines err "the log in the file"
  expect_exit 1 train_tiny other.isthmus --log nowhere/train.log
  expect_text err nowhere/train.log --log
}

test_a_log_that_cannot_be_written_any_more_ends_alone() {
  [[ -c /dev/full ]] || { echo "SKIPPED: no /dev/full"; return; }
  expect_exit 0 train_tiny model.isthmus --log /dev/full
  expect_equal "$(grep -c '^warning: /dev/full: cannot be written any more' err)" 1 "warnings"
  expect_last_line err "stopped: 30 updates"
}

test_stdout_is_silent_and_the_last_line_says_why_it_stopped() {
  expect_exit 0 train_tiny model.isthmus --max-updates 7
  [[ ! -s out ]] || fail "train writes to stdout"
  expect_last_line err stopped: --max-updates "7 updates"
  expect_exit 0 train_tiny epochs.isthmus --max-updates 0 --max-epochs 2
  expect_last_line err stopped: --max-epochs
}

test_a_terminated_run_saves_and_goes_on_bit_for_bit() {
  local status=0 waited=0 updates total
  "$isthmus" train --source "$text/train.en" --target "$text/train.ko" --model killed.isthmus "${tiny[@]}" \
    --max-updates 100000000 --log-every 1 2> killed.log &
  local training=$!
  until grep -q 'update *3 ' killed.log 2> /dev/null; do
    sleep 0.05
    waited=$((waited + 1))
    [[ $waited -lt 600 ]] || { kill "$training"; fail "no update in 30 seconds"; }
  done
  kill -TERM "$training"
  wait "$training" || status=$?
  expect_equal $status 130 "exit code of a terminated run"
  expect_last_line killed.log interrupted --resume
  updates=$(tail -n 1 killed.log | sed -E 's/.*; ([0-9,]+) updates.*/\1/; s/,//g')
  total=$((updates + 11))
  "$isthmus" translate killed.isthmus --quiet < "$text/test.en" > /dev/null

  train_tiny killed.isthmus --max-updates "$total" --resume 2> resumed.log
  train_tiny whole.isthmus --max-updates "$total" 2> /dev/null
  expect_same killed.isthmus whole.isthmus "a run of $updates + 11 updates and one of $total"
  expect_text resumed.log "$total updates"
}

test_resume_refuses_other_options() {
  train_tiny model.isthmus 2> /dev/null
  cp model.isthmus before
  expect_exit 1 train_tiny model.isthmus --resume --max-updates 40 --learning-rate 0.5
  expect_text err learning-rate
  expect_same model.isthmus before "the model after a refusal"
}

test_outputs_are_tried_before_anything_is_trained() {
  local refused
  mkdir folder
  for refused in "--model nowhere/model.isthmus" "--ledger nowhere/l.sqlite" "--ledger folder"; do
    # shellcheck disable=SC2086
    expect_exit 1 train_tiny model.isthmus $refused
    ! grep -q tokenizer err || fail "a tokenizer was trained before $refused was refused"
  done
}

test_no_output_takes_the_place_of_a_text() {
  train_tiny first.isthmus 2> /dev/null
  cp "$text/train.en" mine.isthmus
  expect_exit 1 "$isthmus" train --source mine.isthmus --target "$text/train.ko" --model mine.isthmus --force
  expect_same mine.isthmus "$text/train.en" "the text after a refusal"
  expect_exit 1 "$isthmus" train --source mine.isthmus --target "$text/train.ko" --model x.isthmus --ledger mine.isthmus
  expect_exit 1 train_tiny first.isthmus --force --init-from ./first.isthmus
  expect_text err first.isthmus "another --model"
}

test_two_runs_do_not_write_one_model() {
  local waited=0
  "$isthmus" train --source "$text/train.en" --target "$text/train.ko" --model model.isthmus "${tiny[@]}" \
    --max-updates 100000000 2> first.log &
  local first=$!
  until [[ -e model.isthmus.lock ]]; do
    sleep 0.05
    waited=$((waited + 1))
    [[ $waited -lt 600 ]] || { kill "$first"; fail "no lock in 30 seconds"; }
  done
  expect_exit 1 train_tiny model.isthmus --cell gru --force
  expect_text err model.isthmus.lock "another run"
  kill -KILL "$first"
  wait "$first" 2> /dev/null || true
  expect_exit 0 train_tiny model.isthmus --force --max-updates 2
  [[ ! -e model.isthmus.lock ]] || fail "the lock stayed"
}

test_outputs_are_files_of_their_own() {
  local refused
  for refused in "--ledger model.isthmus" "--ledger ./model.isthmus.state" "--log model.isthmus.config"; do
    # shellcheck disable=SC2086
    expect_exit 2 train_tiny model.isthmus $refused
    expect_text err "one file"
  done
}

test_a_diverged_run_does_not_block_the_next() {
  expect_exit 1 train_tiny model.isthmus --learning-rate 1e38
  expect_text err --learning-rate
  expect_exit 0 train_tiny model.isthmus
}

test_a_configuration_keeps_odd_names() {
  cp "$text/train.en" ' a#1 "b".en'
  expect_exit 0 "$isthmus" train --source ' a#1 "b".en' --target "$text/train.ko" "${tiny[@]}" --max-updates 3 \
    --model 'm #2.isthmus'
  expect_exit 0 "$isthmus" train --config 'm #2.isthmus.config' --resume --max-updates 4
  [[ ! -e ledger.sqlite ]] || fail "an empty --ledger became the default"
}

test_init_from_brings_shape_and_tokenizers() {
  train_tiny first.isthmus --cell gru --layers 2 2> /dev/null
  local data=(--source "$text/train.en" --target "$text/train.ko" --ledger '')
  expect_exit 0 "$isthmus" train "${data[@]}" --init-from first.isthmus --model second.isthmus --max-updates 3
  expect_text err "starting from first.isthmus" "2 layers"
  expect_exit 2 "$isthmus" train "${data[@]}" --init-from first.isthmus --model third.isthmus --layers 3
  expect_text err --layers first.isthmus
  # What it was started with is in its configuration, which a resumed run takes as it is.
  rm first.isthmus
  expect_exit 0 "$isthmus" train --config second.isthmus.config --resume --max-updates 5
  expect_text err "5 updates"
}

test_keep_last_and_average() {
  train_tiny model.isthmus --valid-source "$text/dev.en" --valid-target "$text/dev.ko" --validate-every 5 \
    --keep-last 2 --validate-sentences 5 2> /dev/null
  expect_equal "$(echo model.update-*.isthmus)" "model.update-25.isthmus model.update-30.isthmus" "kept models"
  expect_exit 0 "$isthmus" average model.update-*.isthmus --output mean.isthmus
  expect_exit 0 "$isthmus" translate mean.isthmus --quiet --input "$text/test.en"
  expect_equal "$(count_lines out)" 40 "lines translated by the mean"
  expect_exit 1 "$isthmus" average model.update-*.isthmus --output mean.isthmus
  expect_text err mean.isthmus --force
}

test_every_cell_and_context_trains_and_translates() {
  local cell context
  for cell in rnn gru lstm; do
    for context in initial every-step; do
      train_tiny "$cell-$context.isthmus" --cell $cell --context $context --layers 2 --max-updates 3 2> /dev/null
      expect_exit 0 "$isthmus" translate "$cell-$context.isthmus" --quiet --input "$text/dev.en"
      expect_equal "$(count_lines out)" 40 "lines of $cell, $context"
    done
  done
}

run_tests
