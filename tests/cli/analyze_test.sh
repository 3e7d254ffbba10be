#!/usr/bin/env bash
# isthmus analyze as its users meet it: what a killed or repeated study leaves in the ledger, and what is no study's fault.
source "$(dirname "$0")/harness.sh"
make_text
train_tiny "$work/plain.isthmus" --layers 2 --max-updates 10 2> /dev/null
train_tiny "$work/looking.isthmus" --attention bahdanau --max-updates 10 2> /dev/null
for i in $(seq 60); do cat "$text/test.en" >> "$work/long.en" && cat "$text/test.ko" >> "$work/long.ko"; done
command -v sqlite3 > /dev/null || { echo "SKIPPED: no sqlite3, which reads the ledger"; exit 0; }

# study NAME MODEL OPTION…: on the small text.
study() {
  local name=$1 model=$2
  shift 2
  "$isthmus" analyze "$name" "$work/$model.isthmus" --source "$text/test.en" --reference "$text/test.ko" --beam 1 \
    --ledger l.sqlite "$@"
}
ask() { sqlite3 l.sqlite "$1"; }

test_what_does_not_apply_is_left_out_without_alarm() {
  expect_exit 0 study all plain
  expect_text err "was left out: this model has no attention"
  ! grep -q "warning: attention" err || fail "a model without attention is a warning"
  expect_equal "$(ask "SELECT count(*) FROM studies WHERE kind = 'attention'")" 0 "studies of attention"
  expect_exit 1 study attention plain
  expect_text err "error: this model has no attention"
}

test_attention_is_in_the_ledger_and_in_the_terminal() {
  expect_exit 0 study attention looking --attention-sentences 5
  expect_text out "entropy" "uniform" "most weight" "→ "
  expect_equal "$(ask 'SELECT count(DISTINCT line) FROM attention_weights')" 5 "lines with weights"
  expect_equal "$(ask 'SELECT count(*) FROM (SELECT sum(weight) AS all_of_it FROM attention_weight GROUP BY line, t)
                       WHERE abs(all_of_it - 1) > 1e-4')" 0 "pieces whose weights do not sum to 1"
  "$isthmus" report studies --ledger l.sqlite > report
  ! grep -q "target piece" report || fail "thousands of weights are printed"
}

test_a_study_done_again_is_added_and_the_last_is_the_latest() {
  study attention looking > first 2> err
  study attention looking > second 2> err
  study attention looking --attention-target translation > third 2> err
  expect_same first second "the same study twice"
  expect_equal "$(ask 'SELECT count(*) FROM studies')" 3 "studies"
  expect_equal "$(ask 'SELECT analysis FROM latest_studies')" 3 "the latest study"
  expect_equal "$(ask 'SELECT count(DISTINCT verdict) FROM studies WHERE analysis < 3')" 1 "verdicts of one study"
}

test_an_interrupted_run_keeps_the_studies_that_were_done() {
  local job status=0 rows
  "$isthmus" analyze all "$work/looking.isthmus" --source "$work/long.en" --reference "$work/long.ko" --beam 1 \
    --ledger l.sqlite > out 2> err &
  job=$!
  while ! grep -q "^length (1 of" err; do
    kill -0 "$job" 2> /dev/null || fail "ended before it was interrupted: $(cat err)"
    sleep 0.02
  done
  kill -INT "$job"
  wait "$job" || status=$?
  expect_equal "$status" 130 "the exit code"
  expect_equal "$(ask "SELECT status FROM runs")" interrupted "the run's status"
  expect_equal "$(ask "SELECT kind FROM studies WHERE kind = 'length'")" length "the study that was done"
  expect_equal "$(ask "SELECT count(*) FROM studies WHERE kind = 'attention'")" 0 "studies that were not"
  expect_equal "$(ask 'PRAGMA integrity_check')" ok "the ledger"
  expect_equal "$(ask 'PRAGMA foreign_key_check')" "" "references"
  rows=$(ask 'SELECT count(*) FROM length_quality')
  "$isthmus" analyze length "$work/looking.isthmus" --source "$work/long.en" --reference "$work/long.ko" --beam 1 \
    --ledger l.sqlite > out 2> err
  expect_equal "$(ask 'SELECT count(*) FROM length_quality')" $((2 * rows)) "rows of a whole study and of that one"
  expect_equal "$(ask 'SELECT count(DISTINCT verdict) FROM studies')" 1 "verdicts"
}

test_context_vectors_in_the_ledger_are_those_that_encode_prints() {
  command -v python3 > /dev/null || { echo "SKIPPED: no python3"; return; }
  head -n 20 "$text/test.en" > lines
  "$isthmus" encode "$work/plain.isthmus" --input lines --ledger l.sqlite > vectors.tsv 2> err
  "$isthmus" encode "$work/plain.isthmus" --input lines --format npy --output vectors.npy 2> err
  python3 - << 'END' || fail "a BLOB is not what was printed"
import sqlite3, struct
printed = [[float(number) for number in line.split("\t")] for line in open("vectors.tsv")]
kept = {}
query = "SELECT line, dim, norm, vector FROM contexts WHERE kind = 'hidden' ORDER BY line, layer"
for line, dim, norm, vector in sqlite3.connect("l.sqlite").execute(query):
    numbers = struct.unpack(f"<{dim}f", vector)
    assert abs(sum(x * x for x in numbers) ** 0.5 - norm) < 1e-4 * norm
    kept.setdefault(line, []).extend(numbers)
as_float = lambda numbers: struct.pack(f"<{len(numbers)}f", *numbers)
assert len(printed) == 20 and len(kept) == 20 and len(printed[0]) == 64  # two layers
for line, numbers in enumerate(printed, 1):
    assert as_float(numbers) == as_float(kept[line]), f"line {line}"
try:
    import numpy
    assert (numpy.load("vectors.npy") == numpy.array([kept[line + 1] for line in range(20)], dtype="float32")).all()
except ImportError:
    print("SKIPPED: the NumPy file, there is no numpy")
END
}

run_tests
