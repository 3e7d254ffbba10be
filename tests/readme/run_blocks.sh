#!/usr/bin/env bash
# run_blocks.sh FILE.md: runs the ```sh blocks of a Markdown file one after the other, so that what readers are told to
# type works. Blocks share one fresh folder, which is deleted at the end; each is a bash of its own (-euo pipefail, no
# standard input), so variables and cd do not carry over. ISTHMUS_BINARY is what `isthmus` means in them.
#
# Blocks of another kind (```console, ```text) are not run. A block after a line <!-- test: skip (reason) --> is named
# and not run. A block that fails ends the run with exit code 1, its place, its text and its output. A file without a
# block to run fails too: it means that the blocks are not found.
set -euo pipefail

document=$(realpath "$1")
name=$(basename "$document")
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
mkdir "$work/bin" "$work/blocks" "$work/folder"
ln -s "$(realpath "${ISTHMUS_BINARY:?names the program that isthmus stands for}")" "$work/bin/isthmus"

# Writes each block to blocks/N.sh, and its place and why it is to be skipped to blocks/N.place and blocks/N.skip.
extract() {
  local line number=0 count=0 state=text heading="" skip="" indent=""
  while IFS= read -r line || [[ -n "$line" ]]; do
    number=$((number + 1))
    line=${line%$'\r'}
    case $state in
      text)
        if [[ "$line" =~ ^\ *'```'(.*)$ ]]; then
          indent=${line%%'`'*}
          if [[ "${BASH_REMATCH[1]}" == sh ]]; then
            state=block
            count=$((count + 1))
            printf '%s:%d%s\n' "$name" "$number" "${heading:+ ($heading)}" > "$work/blocks/$count.place"
            : > "$work/blocks/$count.sh"
            [[ -z "$skip" ]] || printf '%s\n' "$skip" > "$work/blocks/$count.skip"
          else
            state=other
          fi
          skip=""
        elif [[ "$line" =~ ^'#'+' '(.*)$ ]]; then
          heading=${BASH_REMATCH[1]}
        elif [[ "$line" =~ ^\ *'<!-- test: skip ('(.*)') -->'$ ]]; then
          skip=${BASH_REMATCH[1]}
        elif [[ -n "${line// /}" ]]; then
          skip=""
        fi
        ;;
      *)
        if [[ "$line" =~ ^\ *'```'\ *$ ]]; then
          state=text
        elif [[ $state == block ]]; then
          printf '%s\n' "${line#"$indent"}" >> "$work/blocks/$count.sh"
        fi
        ;;
    esac
  done < "$document"
  [[ $state == text ]] || { echo "$name: a \`\`\` block is not closed" >&2; return 1; }
  echo "$count"
}

count=$(extract)
ran=0
for ((i = 1; i <= count; ++i)); do
  place=$(< "$work/blocks/$i.place")
  if [[ -e "$work/blocks/$i.skip" ]]; then
    echo "SKIPPED: $place: $(< "$work/blocks/$i.skip")"
    continue
  fi
  start=$SECONDS
  status=0
  (cd "$work/folder" && PATH="$work/bin:$PATH" bash -euo pipefail "$work/blocks/$i.sh") \
    < /dev/null > "$work/output" 2>&1 || status=$?
  if [[ $status -ne 0 ]]; then
    echo "FAILED: $place: exit code $status"
    sed 's/^/  | /' "$work/blocks/$i.sh"
    echo "its output:"
    sed 's/^/  > /' "$work/output"
    exit 1
  fi
  echo "ok: $place, $((SECONDS - start)) s"
  ran=$((ran + 1))
done
[[ $ran -gt 0 ]] || { echo "FAILED: $name has no \`\`\`sh block that is to be run"; exit 1; }
