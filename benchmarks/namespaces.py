#!/usr/bin/env python3
"""Trains on machines that are network namespaces of this one, joined by links of some rate and delay, and prints what
an update takes and sends, beside what arithmetic expects: the time of a machine's share of the work, measured alone,
and that of 2 (n - 1) / n of the parameters on the link. docs/scaling.md has the results.

Needs root, Open MPI, and ip and tc (Debian's iproute2). Machines beyond the number of processors take turns on them.
Nothing else should run meanwhile.
"""

import argparse
import json
import os
import pathlib
import shutil
import sqlite3
import subprocess
import sys
import tempfile

from machines import Machines, bits_per_second

ROOT = pathlib.Path(__file__).resolve().parent.parent
# One way between machines: twice the delay of a link. A sum over the ranks is two ways, and an update has three sums:
# the gradient, the loss, and whether to stop.
WAYS = 6


def fail(message):
    sys.exit(f"namespaces: {message}")


def link_of(text):
    """RATE+DELAYms, either or both: "none", "1gbit", "1gbit+0.5ms", "0.5ms"."""
    rate, delay = None, 0.0
    for part in text.split("+"):
        if part.endswith("ms"):
            delay = float(part[:-2]) / 1000
        elif part != "none":
            bits_per_second(part)
            rate = part
    return rate, delay


def arguments():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--build", type=pathlib.Path, default=ROOT / "build/release", help="[build/release]")
    parser.add_argument("--machines", default="2,4", help="numbers of machines [2,4]")
    parser.add_argument("--links", default="none,1gbit,1gbit+0.5ms,200mbit",
                        help="of a machine to the switch: rate as tc writes it, delay one way [%(default)s]")
    parser.add_argument("--pairs", type=int, default=8000, help="of a generated phrasebook [8000]")
    parser.add_argument("--vocab", type=int, default=2000, help="[2000]")
    parser.add_argument("--embedding", type=int, default=256, help="[256]")
    parser.add_argument("--hidden", type=int, default=512, help="[512]")
    parser.add_argument("--batch", type=int, default=64, help="sentences, of all machines together [64]")
    parser.add_argument("--shards", type=int, default=4, help="[4]")
    parser.add_argument("--updates", type=int, default=60, help="of a measurement, from the tenth on [60]")
    parser.add_argument("--json", action="store_true", help="an object a line instead of a table")
    options = parser.parse_args()
    try:
        options.machines = [int(count) for count in options.machines.split(",")]
        options.links = [(link, *link_of(link)) for link in options.links.split(",")]
    except (ValueError, AttributeError):
        parser.error("--machines are numbers such as 2,4, and --links such as none,1gbit,200mbit+0.5ms")
    if any(options.shards % count != 0 or not 2 <= count <= 16 for count in options.machines):
        parser.error("--machines are 2 to 16 and divide --shards")
    if options.updates < 20:
        parser.error("--updates: at least 20")
    return options


class Training:
    """Runs of one model on one text."""

    def __init__(self, options, work):
        self.options, self.work = options, work
        self.program = options.build.resolve() / "cli/isthmus"
        if not os.access(self.program, os.X_OK):
            fail(f"{self.program} is not there; scripts/build makes it")
        self.run_program("corpus", "phrasebook", "--out", work / "text", "--pairs", options.pairs,
                         "--dev", 1, "--test", 1)
        # The runs start from a model, so that only this one trains a tokenizer.
        self.start = work / "start.isthmus"
        self.run_program(*self.command(self.start, 1, options.batch, options.shards),
                         "--vocab", options.vocab, "--embedding", options.embedding, "--hidden", options.hidden)
        tensors = json.loads(self.run_program("inspect", self.start, "--format", "json"))
        self.parameters = tensors["parameters"]

    def run_program(self, *words):
        done = subprocess.run([str(word) for word in (self.program, *words)], stdin=subprocess.DEVNULL,
                              capture_output=True, text=True)
        if done.returncode != 0:
            fail(done.stderr)
        return done.stdout

    def command(self, model, updates, batch, shards):
        text = self.work / "text"
        return ["train", "--force", "--source", text / "train.en", "--target", text / "train.ko", "--model", model,
                "--ledger", model.with_suffix(".sqlite"), "--log-every", 10, "--max-updates", updates,
                "--max-epochs", 0, "--batch-sentences", batch, "--shards", shards, "--threads", 1, "--seed", 1]

    def run(self, machines, updates, share=1):
        """Seconds of an update, bytes that rank 0 sent in it, and the model. With `share`, machine 1 alone does that
        part of each batch."""
        options, model = self.options, self.work / "model.isthmus"
        model.with_suffix(".sqlite").unlink(missing_ok=True)
        command = [self.program, *self.command(model, updates, options.batch // share, options.shards // share),
                   "--init-from", self.start]
        done = machines.alone(*command) if share > 1 or machines.count == 1 else machines.mpirun(*command)
        if done.returncode != 0:
            fail(done.stderr)
        with sqlite3.connect(model.with_suffix(".sqlite")) as ledger:
            rows = ledger.execute("SELECT updates, wall_s, sent_bytes FROM train_log ORDER BY updates").fetchall()
        (first, begin, _), (last, end, sent) = rows[0], rows[-1]
        return (end - begin) / max(1, last - first), sent, model.read_bytes()


def measure(training, count, link, share_seconds):
    """One world on one kind of link."""
    name, rate, delay = link
    updates = training.options.updates
    with Machines(count, rate, delay) as machines:
        # The beginning and the end of a run send bytes too: those of one update are the difference of two runs.
        counters = [machines.bytes_sent(1)]
        training.run(machines, 10)
        counters.append(machines.bytes_sent(1))
        seconds, sent, model = training.run(machines, updates)
        counters.append(machines.bytes_sent(1))
    least = 2 * (count - 1) / count * 4 * training.parameters
    on_link = (counters[2] - counters[1] - (counters[1] - counters[0])) / (updates - 10)
    turns = -(-count // os.cpu_count())
    wire = 0.0 if rate is None else least / (bits_per_second(rate) / 8)
    return {"machines": count, "processors": os.cpu_count(), "link": name, "parameters": training.parameters,
            "milliseconds": 1000 * seconds, "share_milliseconds": 1000 * share_seconds,
            "expected_milliseconds": 1000 * (share_seconds * turns + wire + WAYS * 2 * delay), "sent_bytes": sent,
            "link_bytes": on_link, "least_bytes": least}, model


def main():
    options = arguments()
    if os.geteuid() != 0:
        fail("network namespaces need root")
    for tool in ("mpirun", "ip", "tc", "taskset", "unshare"):
        if shutil.which(tool) is None:
            fail(f"no {tool}; the packages openmpi-bin, iproute2 and util-linux have it")
    with tempfile.TemporaryDirectory() as folder:
        training = Training(options, pathlib.Path(folder))
        with Machines(1) as machine:
            alone, _, expected = training.run(machine, options.updates)
            shares = {count: training.run(machine, options.updates, share=count)[0] for count in options.machines}
        if not options.json:
            print(f"{training.parameters:,} parameters; batches of {options.batch} sentences in {options.shards} "
                  f"shards; one machine takes {1000 * alone:.1f} ms an update\n\n"
                  "| machines | link | update | its share alone | expected | speed | sent | on the link | 2(n-1)/n |\n"
                  "| ---: | --- | ---: | ---: | ---: | ---: | ---: | ---: | ---: |")
        for count in options.machines:
            for link in options.links:
                row, model = measure(training, count, link, shares[count])
                if model != expected:
                    fail(f"{count} machines gave another model than one")
                row["alone_milliseconds"] = 1000 * alone
                row["speed"] = 1000 * alone / row["milliseconds"]
                if options.json:
                    print(json.dumps(row), flush=True)
                    continue
                print(f"| {count} | {row['link']} | {row['milliseconds']:.1f} ms | {row['share_milliseconds']:.1f} ms "
                      f"| {row['expected_milliseconds']:.1f} ms | {row['speed']:.2f}× | {row['sent_bytes']:,} "
                      f"| {row['link_bytes']:,.0f} | {row['least_bytes']:,.0f} |", flush=True)


if __name__ == "__main__":
    main()
