# Sourced after harness.sh by the tests of several ranks on this machine; ends a script whose machine has no MPI.
command -v mpirun > /dev/null || { echo "SKIPPED: no mpirun; openmpi-bin has it"; exit 0; }
"$isthmus" doctor > "$work/doctor"
grep -q '^several machines *Open MPI' "$work/doctor" ||
  { echo "SKIPPED: built without MPI; libboost-mpi-dev has it"; exit 0; }

# Root and few processors are no reason to refuse; what Open MPI tries first to copy from process to process is forbidden
# in some containers.
mpirun=(mpirun --oversubscribe --mca btl_vader_single_copy_mechanism none)
[[ $(id -u) -ne 0 ]] || mpirun+=(--allow-run-as-root)

# ranks N COMMAND…: the program as N processes.
ranks() {
  local count=$1
  shift
  "${mpirun[@]}" -n "$count" "$isthmus" "$@"
}

# train_ranks N MODEL OPTION…: train_tiny as N processes, which share four shards.
train_ranks() {
  local launcher=("${mpirun[@]}" -n "$1")
  shift
  [[ " $* " == *" --shards "* ]] || set -- "$@" --shards 4
  train_tiny "$@"
}

# each_rank N SCRIPT: N processes, each of which runs the script in the folder of its number. The program is $0.
each_rank() {
  # shellcheck disable=SC2016
  "${mpirun[@]}" -n "$1" sh -c 'cd "$OMPI_COMM_WORLD_RANK" && '"$2" "$isthmus"
}

# rank_of MPIRUN RANK: the process of a rank.
rank_of() {
  local process
  for process in $(pgrep -P "$1"); do
    if tr '\0' '\n' < "/proc/$process/environ" | grep -qx "OMPI_COMM_WORLD_RANK=$2"; then echo "$process"; fi
  done
}
