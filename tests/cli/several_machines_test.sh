#!/usr/bin/env bash
# Several processes, started by Open MPI's mpirun on this machine: they do what one does.
source "$(dirname "$0")/harness.sh"

command -v mpirun > /dev/null || { echo "SKIPPED: no mpirun; openmpi-bin has it"; exit 0; }
"$isthmus" doctor > "$work/doctor"
grep -q '^several machines *Open MPI' "$work/doctor" ||
  { echo "SKIPPED: built without MPI; libboost-mpi-dev has it"; exit 0; }
make_text

# ranks N COMMAND…: the program as N processes. Root and few processors are no reason to refuse; what Open MPI tries first
# to copy from process to process is forbidden in some containers.
as_root=()
[[ $(id -u) -ne 0 ]] || as_root=(--allow-run-as-root)
mpirun=(mpirun "${as_root[@]}" --oversubscribe --mca btl_vader_single_copy_mechanism none)
ranks() {
  local count=$1
  shift
  "${mpirun[@]}" -n "$count" "$isthmus" "$@"
}

# train_ranks N MODEL OPTION…: train_tiny as N processes, which share four shards.
train_ranks() {
  local launcher=("${mpirun[@]}" -n "$1")
  shift
  train_tiny "$@" --shards 4
}

test_doctor_knows_the_ranks() {
  expect_exit 0 ranks 2 doctor
  expect_text out "rank 0 " "rank 1 " "sum over the ranks" "verdict"
  expect_equal "$(grep -c '^verdict' out)" 1 "verdicts"
}

test_what_one_process_does_is_refused_to_several() {
  expect_exit 2 ranks 2 evaluate --hypothesis "$text/dev.ko" --reference "$text/dev.ko"
  expect_text err "error: isthmus evaluate" "without mpirun"
  [[ ! -s out ]] || fail "it was done all the same"
}

test_an_error_is_told_once() {
  expect_exit 2 ranks 3 translate
  expect_equal "$(grep -c 'MODEL is missing' err)" 1 "times that it is told"
}

test_translation_is_the_same_for_any_number_of_ranks() {
  local count
  train_tiny model.isthmus 2> /dev/null
  { cat "$text"/*.en; printf 'NUL \0 here\n\n \t\nbad \xff\xfe bytes\n<s>\r\nthe last, without an end'; } > lines
  expect_exit 0 "$isthmus" translate model.isthmus --input lines --output one
  expect_equal "$(count_lines one)" "$(count_lines lines)" "lines"
  expect_exit 0 "$isthmus" translate model.isthmus --input lines --output nbest --beam 3 --nbest 2 --scores
  for count in 2 3; do
    expect_exit 0 ranks $count translate model.isthmus --input lines --output several --batch 8
    expect_same one several "translations of one process and of $count"
    expect_text err sentences/s
    expect_equal "$(grep -c sentences/s err)" 1 "reports of speed"
    expect_exit 0 ranks $count translate model.isthmus --input lines --beam 3 --nbest 2 --scores --quiet
    expect_same nbest out "lists of one process and of $count"
  done
}

test_an_input_that_is_not_there_ends_all_ranks() {
  train_tiny model.isthmus --max-updates 1 2> /dev/null
  expect_exit 1 ranks 2 translate model.isthmus --input absent --output out.txt
  expect_text err "error: absent"
  [[ ! -e out.txt ]] || fail "there is an output"
}

test_ranks_with_other_models_are_refused() {
  mkdir 0 1
  train_tiny 0/model.isthmus --max-updates 1 2> /dev/null
  train_tiny 1/model.isthmus --max-updates 1 --seed 2 2> /dev/null
  # shellcheck disable=SC2016
  expect_exit 1 "${mpirun[@]}" -n 2 \
    sh -c 'cd "$OMPI_COMM_WORLD_RANK" && exec "$0" translate model.isthmus --input /dev/null' "$isthmus"
  expect_text err "the models of rank 1 on" "copy them"
}

test_training_gives_the_same_bytes_for_1_2_and_4_ranks() {
  local count
  local options=(--valid-source "$text/dev.en" --valid-target "$text/dev.ko" --validate-every 7 --keep-last 2
    --dropout 0.2 --average-decay 0.9 --tokenizer unigram --sampling-alpha 0.3 --decay plateau)
  expect_exit 0 train_tiny alone.isthmus --shards 4 "${options[@]}"
  for count in 1 2 4; do
    expect_exit 0 train_ranks $count $count.isthmus "${options[@]}"
    expect_same alone.isthmus $count.isthmus "models of one process and of $count ranks"
    expect_same alone.update-28.isthmus $count.update-28.isthmus "snapshots of one process and of $count ranks"
    expect_equal "$(grep -c '^stopped: ' err)" 1 "reports of the end"
  done
}

run_tests
