#!/usr/bin/env bash
# isthmus context: vectors are changed, and what is decoded from them is data on stdout.
source "$(dirname "$0")/harness.sh"
make_text
train_tiny "$work/model.isthmus" --max-updates 60 --learning-rate 0.01 2> /dev/null
model=$work/model.isthmus
train_tiny "$work/deep.isthmus" --cell gru --layers 2 2> /dev/null

test_the_ends_of_the_way_are_the_translations() {
  sed -n '1p;2p' "$text/test.en" > ends.en
  "$isthmus" translate "$model" --quiet --input ends.en > ends.ko
  expect_exit 0 "$isthmus" context interpolate "$model" --from "$(sed -n 1p ends.en)" --to "$(sed -n 2p ends.en)" --steps 5
  [[ ! -s err ]] || fail "interpolate talks"
  expect_equal "$(cut -f 1 out | tr '\n' ' ')" "0.000 0.250 0.500 0.750 1.000 " "shares"
  cut -f 2- out | sed -n '1p;5p' > found
  expect_same ends.ko found "the ends and the translations"
  expect_exit 0 "$isthmus" context interpolate "$model" --from "$(sed -n 1p ends.en)" --to "$(sed -n 2p ends.en)" --spherical
  expect_equal "$(count_lines out)" 9 "steps"
  cut -f 2- out | sed -n '1p;9p' > found
  expect_same ends.ko found "the ends of the arc and the translations"
}

test_interpolate_refuses_what_is_no_way() {
  expect_exit 2 "$isthmus" context interpolate "$model" --from "Good morning."
  expect_text err "--to is missing"
  expect_exit 2 "$isthmus" context interpolate "$model" --from " " --to "Good morning."
  expect_text err "--from is missing"
  expect_exit 2 "$isthmus" context interpolate "$model" --from a --to b --steps 1
  expect_text err --steps "from 2"
  expect_exit 2 "$isthmus" context interpolate "$model" --from a --to b --beam 4 --nbest 2
  expect_text err --nbest
}

test_all_parts_swapped_are_the_other_sentence() {
  expect_exit 0 "$isthmus" context swap "$model" --source "Good morning." --with "The train is late." --units 0-63
  cut -f 1 out | tr '\n' '|' > names
  expect_text names "source|with|units 0-63|"
  expect_equal "$(sed -n 2p out | cut -f 2-)" "$(sed -n 3p out | cut -f 2-)" "all units of the other"
  expect_exit 0 "$isthmus" context swap "$model" --source "Good morning." --with "The train is late."
  expect_equal "$(cut -f 1 out | tr '\n' ' ')" "source with hidden memory " "parts of an LSTM"
  expect_exit 0 "$isthmus" context swap "$model" --source "Good morning." --with "Good morning." --part memory
  expect_equal "$(cut -f 2- out | sort -u | wc -l)" 1 "translations of a sentence swapped with itself"
  expect_exit 0 "$isthmus" context swap "$work/deep.isthmus" --source "Good morning." --with "The train is late."
  expect_equal "$(cut -f 1 out | tr '\n' ' ')" "source with layer:0 layer:1 " "parts of two layers"
  expect_exit 2 "$isthmus" context swap "$model" --source a --with b --part layer:3
  expect_text err "layer:3" "hidden, memory"
  expect_exit 2 "$isthmus" context swap "$model" --source a --with b --part hidden --units 3
  expect_text err "give one of them"
  expect_exit 2 "$isthmus" context swap "$model" --source a --with b --units 60-64
  expect_text err "no unit 64" "64 units, 0 to 63"
}

test_erase_gives_as_many_lines_as_it_gets() {
  { head -n 10 "$text/test.en"; echo; printf 'no last newline'; } > lines.en
  expect_exit 0 "$isthmus" context erase "$model" --units 0-63 --input lines.en
  expect_equal "$(count_lines out)" 12 "lines"
  expect_equal "$(sed -n 11p out)" "" "the blank line"
  [[ ! -s err ]] || fail "erase talks"
  # Without any unit all sentences are one, but for the bound of their lengths.
  mv out none
  "$isthmus" translate "$model" --quiet --input lines.en > own
  ! cmp -s none own || fail "erasing all units changes nothing"
  expect_exit 0 "$isthmus" context erase "$model" --units 0 --batch 1 --threads 2 < lines.en
  mv out one
  expect_exit 0 "$isthmus" context erase "$model" --units 0 < lines.en
  expect_same one out "erased in batches of one and of many"
  printf '' > empty
  expect_exit 0 "$isthmus" context erase "$model" --units 0 --input empty
  [[ ! -s out ]] || fail "lines from nothing"
}

test_erase_by_importance() {
  head -n 8 "$text/test.en" > lines.en
  expect_exit 0 "$isthmus" context erase "$model" --top 2 --input lines.en
  expect_equal "$(count_lines out)" 8 "lines"
  expect_equal "$(grep -c '^unit [0-9]*: \(hidden\|memory\), layer 0, importance' err)" 2 "units on stderr"
  mv out top
  units=$(sed -n 's/^unit \([0-9]*\):.*/\1/p' err | paste -sd ,)
  expect_exit 0 "$isthmus" context erase "$model" --units "$units" --input lines.en
  expect_same top out "--top and its units by name"
  expect_exit 0 "$isthmus" context erase "$model" --top 2 --filling mean --input lines.en
  expect_exit 2 "$isthmus" context erase "$model" --top 65 --input lines.en
  expect_text err "--top 65" "64 units"
  expect_exit 2 "$isthmus" context erase "$model" --input lines.en
  expect_text err --units --top
  expect_exit 2 "$isthmus" context erase "$model" --units 1 --top 1 --input lines.en
  expect_text err "one of them"
  expect_exit 2 "$isthmus" context erase "$model" --units 5-3 --input lines.en
  expect_text err "is not units"
  expect_exit 2 "$isthmus" context erase "$model" --units 1 --importance-lines 3 --input lines.en
  expect_text err "goes with --top"
  printf '\n \n' > blank
  expect_exit 1 "$isthmus" context erase "$model" --top 1 --input blank
  expect_text err "nothing but blank lines"
}

test_a_line_is_its_own_nearest_neighbour() {
  line=$(sed -n 7p "$text/test.en")
  expect_exit 0 "$isthmus" context neighbours "$model" --input "$text/test.en" --query "$line" --neighbours 3
  [[ ! -s err ]] || fail "neighbours talks"
  expect_equal "$(count_lines out)" 3 "neighbours"
  expect_equal "$(head -n 1 out)" "$(printf '1.0000\t7\t%s' "$line")" "the nearest"
  cut -f 1 out | sort -rg | cmp -s - <(cut -f 1 out) || fail "not the nearest first"
  expect_exit 0 "$isthmus" context neighbours "$model" --input "$text/test.en" --query "$line" --centred
  expect_equal "$(count_lines out)" 5 "neighbours"
  expect_equal "$(head -n 1 out | cut -f 2)" 7 "the nearest of centred vectors"
  expect_exit 2 "$isthmus" context neighbours "$model" --query "$line"
  expect_text err "--input is missing"
  expect_exit 2 "$isthmus" context neighbours "$model" --input "$text/test.en"
  expect_text err "--query is missing"
}

test_noise() {
  head -n 12 "$text/test.en" > lines.en
  "$isthmus" translate "$model" --quiet --input lines.en > own
  expect_exit 0 "$isthmus" context noise "$model" --sigma 0 --input lines.en
  [[ ! -s err ]] || fail "noise talks"
  expect_same own out "translations without noise"
  expect_exit 0 "$isthmus" context noise "$model" --sigma 3 --seed 4 --samples 2 --input lines.en
  expect_equal "$(count_lines out)" 24 "lines"
  mv out noisy
  expect_exit 0 "$isthmus" context noise "$model" --sigma 3 --seed 4 --samples 2 --batch 1 --threads 2 --input lines.en
  expect_same noisy out "the same seed"
  expect_exit 0 "$isthmus" context noise "$model" --sigma 3 --seed 5 --samples 2 --input lines.en
  ! cmp -s noisy out || fail "two seeds make the same noise"
  expect_exit 0 "$isthmus" context noise "$model" --sigma 0.1 --absolute --samples 3 <<< "Good morning."
  expect_equal "$(count_lines out)" 3 "samples of a line"
  expect_exit 1 "$isthmus" context noise "$model" --sigma 0.1 <<< "Good morning."
  expect_text err "no standard deviation" --absolute
  expect_exit 2 "$isthmus" context noise "$model" --sigma -1 --input lines.en
  expect_text err --sigma
}

test_actions_are_listed_and_explained() {
  expect_exit 2 "$isthmus" context turn "$model"
  expect_text err "unknown action 'context turn'" "interpolate, swap, erase, neighbours, noise"
  expect_exit 2 "$isthmus" context nois "$model"
  expect_text err "did you mean 'noise'"
  expect_exit 2 "$isthmus" context
  expect_exit 0 "$isthmus" context --help
  expect_text out interpolate swap erase neighbours noise
  for action in interpolate swap erase neighbours noise; do
    expect_exit 0 "$isthmus" context $action --help
    expect_text out "isthmus context $action" --beam
    expect_exit 2 "$isthmus" context $action
    expect_text err MODEL
  done
}

test_what_is_no_model_is_refused() {
  expect_exit 1 "$isthmus" context neighbours "$text/test.en" --input "$text/test.en" --query a
  expect_text err test.en
  expect_exit 1 "$isthmus" context erase "$model" --units 1 --input absent.en
  expect_text err absent.en
}

run_tests
