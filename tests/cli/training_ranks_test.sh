#!/usr/bin/env bash
# Several processes, started by Open MPI's mpirun on this machine, train as one does.
source "$(dirname "$0")/harness.sh"
source "$(dirname "$0")/mpirun.sh"
make_text
held_out=(--valid-source "$text/dev.en" --valid-target "$text/dev.ko" --validate-every 7)

# begin COMMAND…: in the background, as $job, until the model has a state; $mpirun_process is then mpirun.
begin() {
  local waited=0
  "$@" 2> job.log &
  job=$!
  until [[ -s model.isthmus.state ]]; do
    waited=$((waited + 1))
    [[ $waited -lt 3000 ]] || fail "no state in a minute"
    kill -0 "$job" || fail "ended without a state: $(cat job.log)"
    sleep 0.02
  done
  mpirun_process=$(pgrep -P "$job" -x mpirun)
}

# expect_end CODE: of the job; its talk is then in the file err.
expect_end() {
  local status=0
  wait "$job" || status=$?
  cp job.log err
  [[ $status -eq $1 ]] && return
  sed 's/^/  stderr: /' err >&2
  fail "exit code $status, not $1"
}

test_worlds_of_1_2_and_4_write_the_same_bytes() {
  local count
  local options=("${held_out[@]}" --keep-last 2 --dropout 0.2 --average-decay 0.9 --tokenizer unigram
    --sampling-alpha 0.3 --decay plateau)
  expect_exit 0 train_tiny alone.isthmus --shards 4 "${options[@]}"
  for count in 1 2 4; do
    expect_exit 0 train_ranks $count $count.isthmus "${options[@]}"
    expect_same alone.isthmus $count.isthmus "models of one process and of $count ranks"
    expect_same alone.update-28.isthmus $count.update-28.isthmus "snapshots of one process and of $count ranks"
    expect_equal "$(grep -c '^stopped: ' err)" 1 "reports of the end"
  done
}

test_a_world_of_3_writes_the_same_bytes_twice() {
  expect_exit 0 train_ranks 3 one.isthmus --shards 6
  expect_exit 0 train_ranks 3 two.isthmus --shards 6
  expect_same one.isthmus two.isthmus "models of two runs of 3 ranks"
}

test_another_world_goes_on() {
  local options=("${held_out[@]}" --dropout 0.2)
  train_tiny whole.isthmus --shards 4 "${options[@]}" --max-updates 28 2> /dev/null
  expect_exit 0 train_ranks 4 model.isthmus "${options[@]}" --max-updates 7
  expect_exit 0 train_ranks 2 model.isthmus "${options[@]}" --max-updates 14 --resume
  expect_exit 0 train_tiny model.isthmus --shards 4 "${options[@]}" --max-updates 21 --resume
  expect_exit 0 train_ranks 4 model.isthmus "${options[@]}" --max-updates 28 --resume
  expect_same whole.isthmus model.isthmus "models of a run that never stopped and of one in four worlds"
}

test_the_clock_stops_all_ranks() {
  expect_exit 0 train_ranks 2 model.isthmus --max-updates 0 --max-minutes 0.01
  expect_last_line err "stopped: 0.01 minutes are over (--max-minutes)"
}

test_ranks_start_from_a_model() {
  train_tiny first.isthmus --max-updates 5 2> /dev/null
  expect_exit 0 train_tiny one.isthmus --shards 4 --init-from first.isthmus
  expect_exit 0 train_ranks 2 two.isthmus --init-from first.isthmus
  expect_same one.isthmus two.isthmus "models of one process and of 2 ranks"
}

test_the_bytes_sent_are_told() {
  expect_exit 0 train_ranks 2 model.isthmus "${held_out[@]}" --ledger l.sqlite --log-every 10
  expect_text err "2 ranks"
  grep '^each update sent ' err > sent || fail "bytes are not told"
  # Of a float for each parameter, and for n = 2 once 2 (n − 1) / n = 1.
  local parameters sent
  parameters=$(sed -n 's/.* pieces: \([0-9,]*\) parameters.*/\1/p' err | tr -d ,)
  sent=$(sed -n 's/^each update sent \([0-9,]*\) bytes.*/\1/p' sent | tr -d ,)
  [[ $sent -ge $((4 * parameters)) && $sent -le $((4 * parameters + 600)) ]] || fail "$sent bytes of $parameters numbers"
  command -v sqlite3 > /dev/null || { echo "SKIPPED: no sqlite3, which reads the ledger"; return 0; }
  expect_equal "$(sqlite3 l.sqlite 'SELECT DISTINCT ranks, sent_bytes FROM training_log')" "2|$sent" "the ledger's bytes"
}

# The end of one rank is the end of the job. What was saved stays, and goes on in a world of another size.
test_a_rank_that_dies_ends_the_job() {
  local rank
  train_tiny whole.isthmus --shards 4 --max-updates 800 2> /dev/null
  for rank in 0 1; do
    begin train_ranks 2 model.isthmus --save-every 5 --max-updates 800
    kill -KILL "$(rank_of "$mpirun_process" "$rank")"
    expect_end 137
    expect_text err "process rank $rank" "signal 9"
    [[ $rank -eq 0 ]] || expect_text err "warning: rank 1 does not answer"
    expect_exit 0 train_ranks 4 model.isthmus --max-updates 800 --resume
    expect_same whole.isthmus model.isthmus "models of a run that was killed and of one that was not"
    rm model.isthmus*
  done
}

test_a_signal_to_one_rank_stops_all() {
  local signal
  train_tiny whole.isthmus --shards 4 --max-updates 800 2> /dev/null
  for signal in TERM USR1; do
    begin train_ranks 2 model.isthmus --save-every 5 --max-updates 800
    kill "-$signal" "$(rank_of "$mpirun_process" 1)"
    expect_end 130
    expect_text err "stopped: interrupted; --resume goes on"
    [[ $(grep -c 'interrupted' err) -eq 1 ]] || fail "told more than once"
    expect_exit 0 train_tiny model.isthmus --shards 4 --max-updates 800 --resume
    expect_same whole.isthmus model.isthmus "models of a run that was stopped and of one that was not"
    rm model.isthmus*
  done
}

# Upon Ctrl-C mpirun waits a while, sends all ranks SIGTERM, waits again and sends SIGKILL; SIGUSR1 it hands on.
test_a_signal_to_mpirun_stops_all() {
  local signal
  mpirun+=(--mca odls_base_sigkill_timeout 3)
  for signal in INT USR1; do
    begin train_ranks 2 model.isthmus --save-every 5 --max-updates 100000000
    kill "-$signal" "$mpirun_process"
    wait "$job" && fail "mpirun tells of no end"
    grep '^stopped: ' job.log > end || fail "no end: $(tail -n 5 job.log)"
    expect_text end "interrupted; --resume goes on"
    # Where it stands, beyond these updates.
    expect_exit 0 train_tiny model.isthmus --shards 4 --max-updates 5 --resume
    rm model.isthmus*
  done
}

test_a_loss_that_is_not_a_number_ends_all_ranks() {
  expect_exit 1 train_ranks 2 model.isthmus --optimizer sgd --learning-rate 1e30 --clip-norm 0
  expect_text err "error: stopped: " "try a lower --learning-rate"
  expect_equal "$(grep -c 'error: ' err)" 1 "errors"
  [[ ! -e model.isthmus && ! -e model.isthmus.config ]] || fail "something is left"
}

test_what_ranks_cannot_do_is_refused() {
  expect_exit 2 train_ranks 3 model.isthmus
  expect_text err "error: --shards 4: 3 ranks cannot have the same number of them; give --shards 6, or another multiple"
  expect_exit 2 train_ranks 2 model.isthmus --source -
  expect_text err "error: standard input reaches one rank only; give all of them a file"
  train_tiny model.isthmus 2> /dev/null
  cp model.isthmus before
  expect_exit 1 train_ranks 2 model.isthmus
  expect_text err "error: model.isthmus: is there already"
  expect_equal "$(grep -c 'error: ' err)" 1 "errors"
  expect_same before model.isthmus "the model before and after"
  expect_exit 1 train_ranks 2 absent.isthmus --source absent.en
  expect_text err "error: absent.en: "
  expect_equal "$(grep -c 'error: ' err)" 1 "errors"
}

test_ranks_that_differ_are_refused() {
  # shellcheck disable=SC2016
  local train='exec "$0" train --source train.en --target train.ko --model model.isthmus --ledger ""'
  mkdir 0 1
  cp "$text"/train.{en,ko} 0
  cp "$text"/train.{en,ko} 1
  # shellcheck disable=SC2016
  expect_exit 1 each_rank 2 "$train"' --seed "$OMPI_COMM_WORLD_RANK" --max-updates 1'
  expect_text err "the options of rank 1 on" "give all ranks the same command line"
  sed -i '3s/$/ more/' 1/train.ko
  expect_exit 1 each_rank 2 "$train --max-updates 1"
  expect_text err "the texts of rank 1 on" "so that all machines have the same files"
  [[ -z $(find . -name '*.isthmus*' ! -name '*.lock') ]] || fail "something is left: $(ls 0 1)"
}

run_tests
