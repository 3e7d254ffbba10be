#!/usr/bin/env bash
# Training over a network: machines that are network namespaces, joined by a link of a given rate. What leaves a machine
# is counted by its interface and compared with the arithmetic.
source "$(dirname "$0")/harness.sh"
source "$(dirname "$0")/mpirun.sh"

skip() {
  echo "SKIPPED: $1"
  exit 0
}
[[ $(id -u) -eq 0 ]] || skip "network namespaces need root"
for tool in ip tc python3 taskset unshare; do command -v $tool > /dev/null || skip "no $tool"; done
ip netns add isthmus-probe 2> /dev/null || skip "no network namespaces here"
shaped=0
ip netns exec isthmus-probe tc qdisc add dev lo root tbf rate 1gbit burst 128k latency 100ms 2> /dev/null || shaped=$?
tap=0
ip netns exec isthmus-probe ip tuntap add dev probe mode tap 2> /dev/null || tap=$?
ip netns del isthmus-probe
[[ $shaped -eq 0 ]] || skip "the kernel has no token bucket (tc tbf)"
benchmarks=$(realpath "$(dirname "$0")/../../benchmarks")
build=$(dirname "$(dirname "$isthmus")")

# field NAME: a number of the row in the file out.
field() { sed -E "s/.*\"$1\": ([0-9]+).*/\1/" out; }

# The benchmark itself fails when the machines' model is not that of one process.
expect_traffic() {
  local least sent on_link
  expect_exit 0 "$benchmarks/namespaces.py" --build "$build" --machines 2 --links "$1" --pairs 300 --vocab 700 --embedding 32 \
    --hidden 64 --updates 20 --json
  least=$(field least_bytes) sent=$(field sent_bytes) on_link=$(field link_bytes)
  echo "$1: $sent bytes sent, $on_link on the link, $least at least"
  # Beside the gradient's there are the numbers of the loss.
  [[ $sent -ge $least && $sent -le $((least + 200)) ]] || fail "$sent bytes sent, not $least"
  # Headers, acknowledgements, the stop's sums; mpirun's own messages come and go.
  [[ $on_link -ge $sent && $on_link -le $((sent + sent / 8)) ]] || fail "$on_link bytes on the link, not $sent"
}

test_two_machines_send_what_arithmetic_says() { expect_traffic 1gbit; }

test_machines_far_apart() {
  [[ $tap -eq 0 ]] || skip "no tap devices here, which delay what they carry"
  expect_traffic 1gbit+0.5ms
}

# Open MPI asks an idle machine whether it is there, after five minutes unless it is told otherwise.
test_a_machine_that_vanishes_ends_the_job() {
  make_text
  cat > vanish.py << 'END'
import os
import subprocess
import sys
import threading
import time
from machines import Machines

with Machines(2) as machines:
    options = [word for name, value in (("time", 2), ("intvl", 1), ("probes", 3))
               for word in ("--mca", f"oob_tcp_keepalive_{name}", str(value))]
    done = []
    job = threading.Thread(target=lambda: done.append(machines.mpirun(*sys.argv[1:], options=options)))
    job.start()
    while not os.path.exists("model.isthmus.state") and job.is_alive():
        time.sleep(0.1)
    machines.on(2, "ip", "link", "set", "uplink", "down")
    job.join()
    sys.stderr.write(done[0].stderr)
    sys.exit(done[0].returncode)
END
  local launcher=(env "PYTHONPATH=$benchmarks" timeout 60 python3 vanish.py) status=0
  train_tiny model.isthmus --save-every 5 --max-updates 100000000 2> err || status=$?
  [[ $status -ne 0 && $status -ne 124 ]] || fail "exit code $status: $(tail -n 5 err)"
  expect_text err "lost communication with a remote daemon" "warning: rank 1 does not answer"
  launcher=()
  # Where it stands, beyond these updates.
  expect_exit 0 train_tiny model.isthmus --max-updates 5 --resume
}

run_tests
