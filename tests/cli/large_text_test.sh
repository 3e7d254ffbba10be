#!/usr/bin/env bash
# Text may be larger than memory: what a run holds does not grow with it, nor does an update's time, and no line of it,
# however long, ends a run.
source "$(dirname "$0")/harness.sh"
make_text

# pairs N: that many pairs of TAB-separated sentences of 1 to 8 words, of words of three letters.
pairs() {
  awk -v pairs="$1" 'BEGIN {
    srand(1)
    for (i = 0; i < 400; ++i) word[i] = sprintf("%c%c%c", 97 + int(rand() * 26), 97 + int(rand() * 26), 97 + int(rand() * 26))
    for (n = 0; n < pairs; ++n) {
      line = ""
      for (left = 1 + n % 8; left > 0; --left) { i = int(rand() * 400); line = line word[i] " "; other = other word[399 - i] " " }
      print line "\t" other
      other = ""
    }
  }'
}

# train_on FILE: a few updates on it; its peak memory in kB and its speed are in the ledger.
train_on() {
  "$isthmus" train --source "$1" --model "$1.isthmus" --tokenizer word --vocab 420 --hidden 256 --embedding 256 --threads 2 \
    --ledger "$1.sqlite" --max-updates 60 --log-every 20 2> "$1.log"
}
of_run() { sqlite3 "$1.sqlite" "SELECT $2"; }

test_memory_and_speed_do_not_depend_on_the_amount_of_text() {
  pairs 50000 > small
  pairs 2000000 > large
  expect_exit 0 train_on small
  expect_exit 0 train_on large
  expect_text large.log "2,000,000 pairs to train on"
  local small large
  small=$(of_run small 'peak_memory_bytes FROM run')
  large=$(of_run large 'peak_memory_bytes FROM run')
  echo "peak memory: $small bytes with 50,000 pairs, $large with 2,000,000; text: $(stat -c %s large) bytes"
  ((large * 10 <= small * 11)) || fail "40 times the text takes $large bytes of memory instead of $small"
  # Generously, for other processes disturb: time by the corpus would be 40 times.
  small=$(of_run small 'max(target_tokens_per_s) FROM train_log')
  large=$(of_run large 'max(target_tokens_per_s) FROM train_log')
  echo "tokens/s: $small and $large"
  awk -v small="$small" -v large="$large" 'BEGIN { exit !(large > small / 2) }' || fail "$large tokens/s instead of $small"
}

test_one_monstrous_line_ends_no_run() {
  expect_exit 0 train_tiny plain.isthmus
  head -c 60000000 /dev/zero | tr '\0' 'x' > monster # one word of 60 million letters
  { cat monster; echo; cat "$text/train.en"; } > train.en
  { echo short; cat "$text/train.ko"; } > train.ko
  expect_exit 0 train_tiny monster.isthmus --source train.en --target train.ko
  expect_text err "300 pairs to train on (0 with an empty side and 1 too long left out"
  { echo short; cat "$text/train.en"; } > train.en
  { tr 'x' ' ' < monster | sed 's/  /a /g'; echo; cat "$text/train.ko"; } > train.ko # 30 million words
  expect_exit 0 train_tiny words.isthmus --source train.en --target train.ko
  expect_text err "300 pairs to train on (0 with an empty side and 1 too long left out"
  expect_exit 0 train_tiny cropped.isthmus --source train.en --target train.ko --long-pairs crop
  expect_text err "1 cropped"
}

test_a_monstrous_line_of_held_out_text_is_left_out() {
  { head -n 5 "$text/dev.en"; echo short; } > dev.en
  { head -n 5 "$text/dev.ko"; head -c 20000000 /dev/zero | tr '\0' ' ' | sed 's/  /a /g'; } > dev.ko
  local before=$SECONDS
  expect_exit 0 train_tiny plain.isthmus --valid-source dev.en --valid-target dev.ko --max-updates 4 --validate-every 2
  expect_text err "dev.en:6: this pair has a line of over 16 kB; it is not translated" "validation:"
  ((SECONDS - before < 30)) || fail "a validation took as long as its longest line is"
}

run_tests
