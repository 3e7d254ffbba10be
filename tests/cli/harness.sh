# Sourced by the tests of the program as its users meet it. A test is a function test_*; each runs in a folder of its
# own and fails when a command does that is not expected to. ISTHMUS_BINARY is the program. A script ends with run_tests.
set -euo pipefail

isthmus=$(realpath "${ISTHMUS_BINARY:?names the program under test}")
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

fail() {
  echo "  failed: $*" >&2
  exit 1
}

# expect_exit CODE COMMAND…: its output goes to the files out and err.
expect_exit() {
  local expected=$1 status=0
  shift
  "$@" > out 2> err || status=$?
  [[ $status -eq $expected ]] && return
  sed 's/^/  stderr: /' err >&2
  fail "exit code $status, not $expected: $*"
}

# expect_text FILE TEXT…: the file holds each text.
expect_text() {
  local file=$1 text
  shift
  for text in "$@"; do
    grep -qF -e "$text" "$file" && continue
    head -c 2000 "$file" | sed "s/^/  $file: /" >&2
    fail "$file has no '$text'"
  done
}

# The last line of a file, such as the reason why training stopped.
expect_last_line() {
  tail -n 1 "$1" > last
  shift
  expect_text last "$@"
}

# expect_same FILE FILE WHAT: byte for byte.
expect_same() { cmp -s "$1" "$2" || fail "$3: $(cmp "$1" "$2" 2>&1)"; }

# expect_equal VALUE VALUE WHAT
expect_equal() { [[ "$1" == "$2" ]] || fail "$3: '$1' is not '$2'"; }

# Lines as the program counts them: a last one without \n counts.
count_lines() {
  local newlines
  newlines=$(tr -cd '\n' < "$1" | wc -c)
  if [[ -s "$1" && "$(tail -c 1 "$1" | od -An -tx1)" != " 0a" ]]; then newlines=$((newlines + 1)); fi
  echo "$newlines"
}

# Makes $work/text: a small phrasebook.
make_text() {
  text=$work/text
  "$isthmus" corpus phrasebook --out "$text" --pairs 300 --dev 40 --test 40 --seed 1 2> /dev/null
}

# train_tiny MODEL OPTION…: a model of 32 units in a second or so. The options given take the place of these. `launcher`:
# what starts the program, such as mpirun.
launcher=()
tiny=(--hidden 32 --embedding 32 --vocab 700 --threads 1 --ledger "")
train_tiny() {
  local model=$1 i options=()
  local usual=(--source "$text/train.en" --target "$text/train.ko" --model "$model" "${tiny[@]}")
  [[ " ${tiny[*]} " == *" --max-updates "* ]] || usual+=(--max-updates 30)
  shift
  for ((i = 0; i < ${#usual[@]}; i += 2)); do
    [[ " $* " == *" ${usual[i]} "* ]] || options+=("${usual[@]:i:2}")
  done
  "${launcher[@]}" "$isthmus" train "${options[@]}" "$@"
}

# Whether script(1) can play a terminal here; some containers and roots have none.
has_terminals() {
  script -qec true /dev/null < /dev/null > /dev/null 2>&1 && return
  echo "SKIPPED: no pseudo-terminal, or no script(1)"
  return 1
}

run_tests() {
  local test status failed=0
  set +e
  for test in $(compgen -A function test_); do
    mkdir "$work/$test"
    (
      set -eE
      trap 'echo "  failed: line ${BASH_LINENO[0]}: $BASH_COMMAND" >&2' ERR
      cd "$work/$test"
      "$test"
    )
    status=$?
    if [[ $status -eq 0 ]]; then
      echo "ok: $test"
    else
      echo "FAILED: $test"
      failed=1
    fi
  done
  exit $failed
}
