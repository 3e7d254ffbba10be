#!/usr/bin/env bash
# Several processes, started by Open MPI's mpirun on this machine: they do what one does.
source "$(dirname "$0")/harness.sh"

source "$(dirname "$0")/mpirun.sh"
make_text

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
  expect_exit 1 each_rank 2 'exec "$0" translate model.isthmus --input /dev/null'
  expect_text err "the models of rank 1 on" "copy them"
}

run_tests
