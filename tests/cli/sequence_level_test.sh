#!/usr/bin/env bash
# Training at sequence level as its users meet it.
source "$(dirname "$0")/harness.sh"
make_text
held_out=(--valid-source "$text/dev.en" --valid-target "$text/dev.ko")
train_tiny "$work/mle.isthmus" --max-updates 60 --learning-rate 0.01 2> /dev/null

# train_on MODEL OPTION…: goes on from the model of teacher forcing.
tiny=(--init-from "$work/mle.isthmus" --threads 2 --ledger "" --num-candidates 4 --learning-rate 1e-4 --max-updates 6)
train_on() { train_tiny "$@"; }

test_every_objective_trains() {
  local objective
  for objective in mrt risk reinforce scst seqnll maxmargin softmaxmargin mixer raml; do
    expect_exit 0 train_on "$objective.isthmus" --objective "$objective" --log-every 3
    expect_last_line err "6 updates done (--max-updates)"
    [[ $objective == raml ]] || expect_text err "$objective " "reward " "entropy " "candidates/s"
    expect_exit 0 "$isthmus" translate "$objective.isthmus" --input "$text/test.en"
  done
  for schedule in linear exponential inverse-sigmoid; do
    expect_exit 0 train_on "$schedule.isthmus" --scheduled-sampling "$schedule" --scheduled-k 0.5 --scheduled-least 0.2
  done
  expect_exit 0 train_on beam.isthmus --objective risk --candidates beam --include-reference --reward chrf
  expect_exit 0 train_on baseline.isthmus --objective reinforce --baseline linear --reward gleu --temperature 0.8
  expect_exit 0 train_on corpus.isthmus --objective scst --reward corpus-bleu
  expect_exit 0 train_on constant.isthmus --objective mrt --reward constant
}

test_threads_and_stops_change_nothing() {
  local options=(--objective risk --include-reference) # without held-out text, the model is the last
  expect_exit 0 train_on one.isthmus "${options[@]}" --threads 1
  expect_exit 0 train_on three.isthmus "${options[@]}" --threads 3
  expect_same one.isthmus three.isthmus "models of 1 and 3 threads"
  expect_exit 0 train_on parts.isthmus "${options[@]}" --max-updates 4
  expect_exit 0 "$isthmus" train --config parts.isthmus.config --resume --max-updates 6
  expect_same parts.isthmus one.isthmus "models of a run in two parts and in one"
}

test_a_cold_start_is_refused() {
  tiny=(--hidden 32 --embedding 32 --vocab 700 --ledger "")
  expect_exit 2 train_tiny cold.isthmus --objective mrt
  expect_text err "--objective mrt learns from what the model writes itself" "--init-from"
  [[ ! -e cold.isthmus ]] || fail "a model was written"
  expect_exit 0 train_tiny cold.isthmus --objective mrt --num-candidates 2 --max-updates 2 --force
}

test_what_does_not_fit_together_is_refused() {
  expect_exit 2 train_on x.isthmus --objective scst --candidates beam
  expect_text err "need samples"
  expect_exit 2 train_on x.isthmus --objective reinforce --include-reference
  expect_exit 2 train_on x.isthmus --objective reinforce --baseline loo --num-candidates 1
  local refused
  while read -r refused; do
    # shellcheck disable=SC2086
    expect_exit 2 train_on x.isthmus $refused
  done <<'END'
--objective mrt --baseline linear
--objective scst --baseline mean
--objective seqnll --mrt-alpha 3
--objective mle --reward chrf
--objective mle --candidates beam
--objective raml --include-reference
--objective risk --candidates beam --temperature 0.5
--objective mrt --num-candidates 1
--objective mrt --mle-weight 1
--objective mrt --candidate-length-factor 1e30
--objective mle --scheduled-k 0.1
END
  expect_exit 2 train_on x.isthmus --objective mrt --scheduled-sampling linear
  expect_exit 2 train_on x.isthmus --objective nonsense
  expect_text err "mrt" "raml"
  expect_exit 2 train_on x.isthmus --objective mrt --temperature 0
  expect_exit 2 train_on x.isthmus --objective mrt --mle-weight 1.5
}

test_the_model_to_start_from_stays_unless_there_is_a_better_one() {
  expect_exit 0 train_on same.isthmus --objective mrt "${held_out[@]}" --validate-every 3 --learning-rate 1e-12
  expect_text err "update       0  validation:"
}

test_candidates_are_in_the_ledger() {
  expect_exit 0 train_on logged.isthmus --objective mrt --ledger l.sqlite --log-candidates 1000 --log-every 2
  expect_equal "$(sqlite3 l.sqlite "SELECT count(DISTINCT updates) FROM candidates")" 6 "updates with candidates"
  expect_equal "$(sqlite3 l.sqlite "SELECT count(*) FROM (SELECT 1 FROM candidates GROUP BY updates, pair
    HAVING count(*) <> 4 OR abs(sum(q) - 1) > 1e-9 OR abs(sum(weight)) > 1e-9)")" 0 "sets without four candidates and a whole Q"
  expect_equal "$(sqlite3 l.sqlite "SELECT count(*) FROM train_log WHERE objective <> 'mrt' OR reward IS NULL OR entropy IS NULL
    OR candidates_per_s IS NULL")" 0 "rows of the log that lack something"
  expect_exit 0 "$isthmus" report candidates --ledger l.sqlite
  expect_text out "mrt" "sample"
}

run_tests
