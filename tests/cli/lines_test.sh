#!/usr/bin/env bash
# As many lines out as in, in their order, for any bytes; and a translation does not depend on its neighbours.
source "$(dirname "$0")/harness.sh"
make_text
train_tiny "$work/model.isthmus" 2> /dev/null
model=$work/model.isthmus

# random_lines COUNT: lines of 0 to 39 random bytes other than \n, always the same (a linear congruential generator).
random_lines() {
  printf '%b' "$(random_escapes "$1")"
}
random_escapes() {
  local seed=20140910 line i length byte
  for ((line = 0; line < $1; ++line)); do
    seed=$(((seed * 1103515245 + 12345) & 0x7fffffff))
    length=$(((seed >> 16) % 40))
    for ((i = 0; i < length; ++i)); do
      seed=$(((seed * 1103515245 + 12345) & 0x7fffffff))
      byte=$(((seed >> 16) & 0xff))
      printf '\\x%02x' $((byte == 10 ? 0 : byte))
    done
    printf '\\n'
  done
}

# Both kinds of search on the file `in`; leaves the lines of the beam in `out`.
expect_as_many_lines() {
  local beam
  for beam in 1 3; do
    expect_exit 0 "$isthmus" translate "$model" --quiet --beam $beam --max-length-factor 1 < in
    expect_equal "$(count_lines out)" "$(count_lines in)" "lines, beam $beam, $1"
  done
}

test_hostile_bytes() {
  local kind
  local -A bytes=(
    [no bytes]=''
    [one newline]='\n'
    [empty lines]='\n\nGood morning.\n\n\n'
    [no last newline]='Good morning.\nThank you.'
    [NUL]='a\x00b\n\x00\nThank you.\x00\n'
    [invalid UTF-8]='\xff\xfe\n\xc3\n\xe2\x82\nabc\x80def\n\xed\xa0\x80\n\xf8\x88\x80\x80\x80\n'
    [other line ends of Unicode]='one\xe2\x80\xa8two\xe2\x80\xa9three\xc2\x85four\x0bfive\x0csix\n'
    [carriage returns]='one\r\ntwo\rthree\r\n\r\n\r\r\n'
    [byte order mark]='\xef\xbb\xbfGood morning.\n'
    [white space]='   \n\t\n\xe3\x80\x80\n\xc2\xa0\n'
    [pieces of the tokenizer]='<unk> <s> </s>\n</s>\n\xe2\x96\x81\n<0x0A>\n'
    [text like a compressed file]='BZh is a name.\n\x1f\x8b is not.\n'
  )
  for kind in "${!bytes[@]}"; do
    printf '%b' "${bytes[$kind]}" > in
    expect_as_many_lines "$kind"
  done
}

test_random_bytes() {
  random_lines 1000 > in
  expect_equal "$(count_lines in)" 1000 "lines of the input"
  expect_as_many_lines "random bytes"
}

test_a_long_line_is_cropped_with_a_warning_that_names_it() {
  { echo "Thank you."; printf 'station %.0s' {1..12500}; printf '\nThank you.\n'; } > in
  expect_equal "$(sed -n 2p in | wc -c)" 100001 "bytes of the long line"
  expect_exit 0 "$isthmus" translate "$model" --input in --beam 2 --max-length-factor 0
  expect_equal "$(count_lines out)" 3 "lines"
  expect_text err 'in:2: ' '--max-source-length'
  expect_equal "$(sed -n 1p out)" "$(sed -n 3p out)" "the lines around it"
}

test_empty_lines_stay_empty_in_their_places() {
  printf '\nThank you.\n\n  \nThank you.\n' > in
  expect_exit 0 "$isthmus" translate "$model" < in
  expect_equal "$(grep -n '^$' out | tr '\n' ' ')" "1: 3: 4: " "empty lines"
}

test_a_final_carriage_return_and_a_missing_newline_change_nothing() {
  printf 'Thank you.\nWhere is the station?\n' > in
  "$isthmus" translate "$model" --quiet < in > plain
  printf 'Thank you.\r\nWhere is the station?' | "$isthmus" translate "$model" --quiet > other
  expect_same plain other "translations"
}

test_batches_threads_and_order_do_not_matter() {
  local beam batch threads
  cp "$text/test.en" in
  for beam in 1 4; do
    "$isthmus" translate "$model" --quiet --beam $beam --scores --batch 32 --threads 1 --input in > expected
    for batch in 1 2 7 64; do
      for threads in 1 2; do
        "$isthmus" translate "$model" --quiet --beam $beam --scores --batch $batch --threads $threads < in > out
        expect_same expected out "beam $beam, batch $batch, $threads threads"
      done
    done
    "$isthmus" translate "$model" --quiet --beam $beam --input in > expected
    tac in | "$isthmus" translate "$model" --quiet --beam $beam | tac > out
    expect_same expected out "beam $beam, lines in reverse order"
  done
}

test_every_command_on_lines_keeps_them() {
  { random_lines 200; printf '\n\n\r\n\x00\nlast'; } > in
  local lines
  lines=$(count_lines in)
  expect_exit 0 "$isthmus" encode "$model" --input in
  expect_equal "$(count_lines out)" "$lines" "context vectors"
  expect_exit 0 "$isthmus" score "$model" --source in --target in
  expect_equal "$(count_lines out)" "$lines" "scores"
  expect_exit 0 "$isthmus" evaluate --hypothesis in --reference in --sentence-level
  expect_equal "$(count_lines out)" "$lines" "scores of sentences"
  "$isthmus" tokenizer train --vocab 300 --output pieces.model "$text/train.en" 2> /dev/null
  expect_exit 0 "$isthmus" tokenizer encode pieces.model < in
  expect_equal "$(count_lines out)" "$lines" "lines in pieces"
  mv out pieces
  expect_exit 0 "$isthmus" tokenizer decode pieces.model < pieces
  expect_equal "$(count_lines out)" "$lines" "lines put together"
}

run_tests
