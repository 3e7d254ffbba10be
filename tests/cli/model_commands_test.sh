#!/usr/bin/env bash
# The commands that take a model or a ledger, on one small run: stdout holds data and nothing else, and they agree.
source "$(dirname "$0")/harness.sh"
make_text
ledger=$work/ledger.sqlite
train_tiny "$work/model.isthmus" --valid-source "$text/dev.en" --valid-target "$text/dev.ko" --ledger "$ledger" 2> /dev/null
model=$work/model.isthmus

test_translate_talks_on_stderr_alone() {
  expect_exit 0 "$isthmus" translate "$model" --input "$text/test.en"
  expect_text err "sentences/s"
  expect_equal "$(count_lines out)" 40 "lines"
  mv out plain
  expect_exit 0 "$isthmus" translate "$model" --quiet --input "$text/test.en" --output file.ko
  [[ ! -s out && ! -s err ]] || fail "--quiet and --output are not silent"
  expect_same plain file.ko "stdout and --output"
  gzip -k < "$text/test.en" > test.en.gz
  "$isthmus" translate "$model" --quiet --input test.en.gz > out
  expect_same plain out "plain and compressed input"
}

test_nbest_lists() {
  "$isthmus" translate "$model" --quiet --beam 4 < "$text/test.en" > best
  expect_exit 0 "$isthmus" translate "$model" --quiet --beam 4 --nbest 3 --input "$text/test.en"
  expect_equal "$(count_lines out)" 120 "lines"
  expect_equal "$(cut -d ' ' -f 1 out | uniq -c | awk '$1 != 3' | wc -l)" 0 "sentences without three translations"
  awk -F ' [|][|][|] ' '$1 != last { print $2 } { last = $1 }' last=-1 out > first
  expect_same best first "the translation and the first of each list"
  awk -F ' [|][|][|] ' '$1 == last && $3 + 0 > score + 0 { bad = 1 } { last = $1; score = $3 } END { exit bad }' out ||
    fail "a list is not sorted by score"
}

test_an_ensemble_of_one_model_twice_is_the_model() {
  "$isthmus" translate "$model" --quiet < "$text/test.en" > one
  "$isthmus" translate "$model" "$model" --quiet < "$text/test.en" > two
  expect_same one two "translations"
}

test_ensembles_of_models_that_are_not_alike() {
  train_tiny gru.isthmus --cell gru --hidden 24 --layers 2 2> /dev/null  # the same text makes the same tokenizer
  local mean
  for mean in probability log-probability; do
    expect_exit 0 "$isthmus" translate "$model" gru.isthmus --quiet --ensemble-mean $mean --input "$text/test.en"
    expect_equal "$(count_lines out)" 40 "lines, mean of $mean"
    "$isthmus" translate "$model" gru.isthmus --quiet --ensemble-mean $mean --scores --input "$text/test.en" > many
    "$isthmus" translate "$model" gru.isthmus --quiet --ensemble-mean $mean --scores --batch 1 --input "$text/test.en" > one
    expect_same many one "scores in batches and alone, mean of $mean"
  done
  # Nearly all of the weight is nearly that model.
  "$isthmus" translate gru.isthmus --quiet --input "$text/test.en" > alone
  expect_exit 0 "$isthmus" translate "$model" gru.isthmus --quiet --ensemble-weights 0.000001,1 --input "$text/test.en"
  expect_same alone out "the model and one that hardly counts"
  expect_exit 2 "$isthmus" translate "$model" gru.isthmus --ensemble-weights 1 --input "$text/test.en"
  expect_text err "--ensemble-weights" "1 weight for 2 models"
  expect_exit 2 "$isthmus" translate "$model" gru.isthmus --ensemble-weights 1,x --input "$text/test.en"
  expect_text err "'1,x' is not numbers"
  expect_exit 2 "$isthmus" translate "$model" --ensemble-mean probability --input "$text/test.en"
  expect_text err "goes with several models"
}

test_alignments() {
  local kind
  for kind in bahdanau luong; do
    train_tiny $kind.isthmus --attention $kind 2> /dev/null
    { cat "$text/test.en"; echo; } > lines.en
    "$isthmus" translate $kind.isthmus --quiet --input lines.en > plain
    expect_exit 0 "$isthmus" translate $kind.isthmus --quiet --alignment hard --input lines.en
    awk -F ' [|][|][|] ?' 'NF != 2 || $2 !~ /^([0-9]+-[0-9]+( |$))*$/' out > odd
    [[ ! -s odd ]] || fail "$kind: not TEXT ||| PAIRS: $(head -n 1 odd)"
    sed 's/ ||| .*//' out > texts
    expect_same plain texts "$kind: the translations with and without alignments"
    [[ $(grep -c -- '[0-9]-[0-9]' out) -gt 20 ]] || fail "$kind: most lines have no pairs"
    expect_exit 0 "$isthmus" translate $kind.isthmus --quiet --batch 3 --threads 2 --alignment soft --nbest 2 --input lines.en
    expect_equal "$(count_lines out)" 81 "$kind: lines"
    expect_equal "$(tail -n 1 out)" "40 |||  ||| 0 ||| " "$kind: the empty line"
    head -n 80 out | awk -F ' [|][|][|] ' '{
      n = split($4, pieces, " ")
      for (i = 1; i <= n; ++i) {
        m = split(pieces[i], weights, ",")
        sum = 0
        for (j = 1; j <= m; ++j) sum += weights[j]
        if (sum < 0.99 || sum > 1.01) exit 1
      }
      if (n == 0) exit 1
    }' || fail "$kind: weights do not sum to 1"
  done
  expect_exit 2 "$isthmus" translate "$model" --alignment hard --input lines.en
  expect_text err "--alignment needs a model that looks back at its source" "--attention"
  expect_exit 0 "$isthmus" translate "$model" luong.isthmus --quiet --alignment hard --input lines.en
}

test_attention_refuses_what_would_do_nothing() {
  expect_exit 2 train_tiny refused.isthmus --attention luong --context every-step
  expect_text err "--attention" "use it with --context initial"
  expect_exit 2 train_tiny refused.isthmus --input-feeding
  expect_text err "--input-feeding is for --attention luong"
  expect_exit 2 train_tiny refused.isthmus --attention bahdanau --attention-score dot
  expect_text err "--attention-score is for --attention luong"
}

test_sampling() {
  expect_exit 0 "$isthmus" translate "$model" --quiet --sample --nbest 8 --seed 3 --input "$text/test.en"
  expect_equal "$(count_lines out)" 320 "samples"
  mv out drawn
  expect_exit 0 "$isthmus" translate "$model" --quiet --sample --nbest 8 --seed 3 --batch 1 --threads 2 --input "$text/test.en"
  expect_same drawn out "samples in batches of one"
  expect_exit 0 "$isthmus" translate "$model" --quiet --sample --nbest 8 --seed 4 --input "$text/test.en"
  ! cmp -s drawn out || fail "two seeds draw the same"
  "$isthmus" translate "$model" --quiet --beam 1 --input "$text/test.en" > greedy
  expect_exit 0 "$isthmus" translate "$model" --quiet --sample --top-k 1 --input "$text/test.en"
  expect_same greedy out "greedy search and the likeliest word drawn"
  expect_exit 0 "$isthmus" translate "$model" --quiet --sample --top-p 0.001 --input "$text/test.en"
  expect_same greedy out "greedy search and the smallest nucleus"
  expect_exit 2 "$isthmus" translate "$model" --top-k 5 --input "$text/test.en"
  expect_text err "--top-k goes with --sample"
  expect_exit 2 "$isthmus" translate "$model" --sample --beam 5 --input "$text/test.en"
  expect_text err "give one of them"
  expect_exit 2 "$isthmus" translate "$model" --sample --top-p 0 --input "$text/test.en"
  expect_text err --top-p
}

test_prefixes() {
  cut -d ' ' -f 1 "$text/test.ko" > begin.ko
  expect_exit 0 "$isthmus" translate "$model" --quiet --prefix begin.ko --input "$text/test.en"
  # Characters that the tokenizer does not know come out as that.
  paste -d '|' begin.ko out | awk -F '|' '!/⁇/ { ++count; if (index($2, $1) != 1) exit 1 } END { exit count < 30 }' ||
    fail "a translation begins otherwise"
  head -n 5 begin.ko > short.ko
  expect_exit 1 "$isthmus" translate "$model" --quiet --prefix short.ko --input "$text/test.en" --output new.ko
  expect_text err short.ko "5 lines"
  [[ ! -e new.ko ]] || fail "an output was left"
  expect_exit 1 "$isthmus" translate "$model" --quiet --prefix begin.ko --input "$text/test.en" --output begin.ko
  expect_exit 2 "$isthmus" translate "$model" --prefix -
  expect_text err "read once"
}

test_no_ngram_twice() {
  printf 'Good morning. %.0s' {1..40} > long.en
  "$isthmus" translate "$model" --quiet --min-length 60 --input long.en > free
  expect_exit 0 "$isthmus" translate "$model" --quiet --min-length 60 --no-repeat-ngram 2 --scores --input long.en
  ! cmp -s free <(awk -F ' [|][|][|] ' '{ print $2 }' out) || fail "nothing was blocked"
}

test_weights() {
  expect_exit 0 "$isthmus" inspect "$model" --weights arrays
  expect_equal "$(ls arrays | wc -l)" "$("$isthmus" inspect "$model" --tensors | grep -c ' × ')" "arrays"
  [[ -s arrays/encoder.embedding.npy ]] || fail "no encoder.embedding.npy"
  head -c 128 arrays/output.bias.npy > header
  expect_text header "'fortran_order': True" "'descr': '<f4'"
  expect_exit 1 "$isthmus" inspect "$model" --weights arrays
  expect_text err arrays "not empty"
}

test_encode_tsv() {
  expect_exit 0 "$isthmus" encode "$model" --input "$text/test.en"
  expect_equal "$(count_lines out)" 40 "rows"
  expect_equal "$(awk -F '\t' '{ print NF }' out | sort -u)" 32 "columns"
  expect_exit 0 "$isthmus" encode "$model" --state both --input "$text/test.en"
  expect_equal "$(awk -F '\t' '{ print NF }' out | sort -u)" 64 "columns of hidden state and memory"
}

test_encode_npy() {
  expect_exit 0 "$isthmus" encode "$model" --format npy --input "$text/test.en"
  expect_equal "$(head -c 8 out | od -An -tx1 | tr -d ' \n')" 934e554d50590100 "magic number and version"
  local header
  header=$((10 + $(od -An -tu2 --endian=little -j 8 -N 2 out)))
  expect_equal $((header % 64)) 0 "alignment of the rows"
  head -c "$header" out > header
  expect_text header "'descr': '<f4'" "'fortran_order': False" "'shape': (40, 32)"
  expect_equal "$(stat -c %s out)" $((header + 40 * 32 * 4)) "bytes"
  "$isthmus" encode "$model" --input "$text/test.en" > vectors
  head -n 1 vectors | cut -f 1-4 | tr '\t' '\n' > tsv
  od -An -v -tf4 -w4 -j "$header" -N 16 out > npy
  paste tsv npy | awk '{ d = $1 - $2; if (d < -1e-5 || d > 1e-5) exit 1 }' || fail "npy and tsv differ"
}

test_score() {
  expect_exit 0 "$isthmus" score "$model" --source "$text/test.en" --target "$text/test.ko"
  expect_equal "$(count_lines out)" 40 "lines"
  awk -F '\t' 'NF != 3 || $1 >= 0 || $2 < 1 || $3 < 1 { exit 1 }' out || fail "scores are not log-probability, pieces, perplexity"
  mv out many
  expect_exit 0 "$isthmus" score "$model" --source "$text/test.en" --target "$text/test.ko" --batch 1 --threads 2
  paste many out | awk -F '\t' '{ d = $1 - $4; if (d < -0.001 || d > 0.001 || $2 != $5) exit 1 }' ||
    fail "scores depend on the batch"
}

test_a_translation_has_the_score_that_the_search_gave_it() {
  # Text is cut into words in one way alone, so that what is scored is what was searched, piece by piece.
  train_tiny words.isthmus --tokenizer word --learning-rate 0.01 --max-updates 120 2> /dev/null
  local beam
  for beam in 1 4; do
    "$isthmus" translate words.isthmus --quiet --beam $beam --scores --input "$text/test.en" > found
    awk -F ' [|][|][|] ' '{ print $2 }' found > found.ko
    expect_exit 0 "$isthmus" score words.isthmus --source "$text/test.en" --target found.ko
    awk 'NR == FNR { log_prob[FNR] = $1; pieces[FNR] = $2; next }
         { d = $4 - log_prob[FNR]; n = split($6, parts, " ") }
         n != pieces[FNR] || d < -1e-4 || d > 1e-4 { print FNR ": " $4 " " log_prob[FNR] " " pieces[FNR]; bad = 1 }
         END { exit bad || FNR != 40 }' FS='\t' out FS=' [|][|][|] ' found || fail "score and translate differ, beam $beam"
  done
}

test_inspect() {
  expect_exit 0 "$isthmus" inspect "$model"
  expect_text out lstm parameters "updates" hidden
  [[ ! -s err ]] || fail "inspect talks"
  expect_exit 0 "$isthmus" inspect "$model" --format json --tensors
  expect_text out '"hidden": 32' '"cell": "lstm"' '"encoder.embedding"'
  if command -v python3 > /dev/null; then python3 -m json.tool out > /dev/null; fi
}

test_the_mean_of_one_model_is_the_model() {
  expect_exit 0 "$isthmus" average "$model" "$model" --output mean.isthmus
  [[ ! -s out ]] || fail "average writes to stdout"
  "$isthmus" translate "$model" --quiet < "$text/test.en" > one
  "$isthmus" translate mean.isthmus --quiet < "$text/test.en" > mean
  expect_same one mean "translations"
}

test_evaluate_model_is_translate_and_evaluate() {
  "$isthmus" translate "$model" --quiet --beam 3 < "$text/test.en" > test.ko
  expect_exit 0 "$isthmus" evaluate --hypothesis test.ko --reference "$text/test.ko" --metrics bleu,chrf --decimals 6
  mv out files
  expect_exit 0 "$isthmus" evaluate --model "$model" --source "$text/test.en" --reference "$text/test.ko" --beam 3 \
    --metrics bleu,chrf --decimals 6 --output again.ko --ledger "$ledger"
  expect_same test.ko again.ko "translations"
  expect_equal "$(grep -oE '[0-9]+\.[0-9]{6}' out | head -n 2)" "$(grep -oE '[0-9]+\.[0-9]{6}' files | head -n 2)" "BLEU and chrF"
  expect_exit 0 "$isthmus" evaluate --hypothesis "$text/test.ko" --reference "$text/test.ko"
  expect_text out 100.00
  expect_exit 2 "$isthmus" evaluate --hypothesis "$text/test.ko" --reference "$text/test.ko" --beam 3
  expect_text err --beam --model
}

test_no_output_takes_the_place_of_the_ledger() {
  cp "$ledger" ledger.sqlite
  expect_exit 1 "$isthmus" evaluate --model "$model" --source "$text/test.en" --reference "$text/test.ko" --output ./ledger.sqlite
  expect_text err "written over the ledger" --output
  expect_same "$ledger" ledger.sqlite "the ledger after a refusal"
  expect_exit 1 "$isthmus" encode "$model" --input "$text/test.en" --output ledger.sqlite --ledger ledger.sqlite
  expect_same "$ledger" ledger.sqlite "the ledger after a refusal"
  expect_exit 1 "$isthmus" average "$model" --output new.isthmus --ledger new.isthmus
  [[ ! -e new.isthmus ]] || fail "a ledger or a model was written"
}

test_a_ledger_that_did_not_see_the_training() {
  local updates
  updates=$("$isthmus" inspect "$model" | awk '$1 == "updates" { print $2 }')
  expect_exit 0 "$isthmus" evaluate --model "$model" --source "$text/test.en" --reference "$text/test.ko" --ledger new.sqlite
  expect_exit 0 "$isthmus" report --ledger new.sqlite
  expect_text out "elsewhere, $updates updates" model.isthmus
}

test_analyze_and_report() {
  expect_exit 0 "$isthmus" analyze length "$model" --source "$text/test.en" --reference "$text/test.ko" --beam 1 --ledger "$ledger"
  [[ -s out ]] || fail "analyze length prints nothing"
  expect_exit 0 "$isthmus" report --ledger "$ledger"
  expect_text out Runs train "analyze length" test.en model.isthmus
  [[ ! -s err ]] || fail "report talks"
  [[ ! -e "$ledger-wal" && ! -e "$ledger-shm" ]] || fail "report leaves files beside the ledger"
  expect_exit 1 "$isthmus" report --ledger "$work"
  expect_text err "is a folder" "$ledger"
  expect_exit 0 "$isthmus" report runs --ledger "$ledger" --format json
  if command -v python3 > /dev/null; then python3 -m json.tool out > /dev/null; fi
  expect_exit 0 "$isthmus" report cells curve scores length --ledger "$ledger" --format csv
}

run_tests
