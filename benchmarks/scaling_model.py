#!/usr/bin/env python3
"""The time of an update on several machines, by arithmetic: the numbers of docs/scaling.md. It reads what namespaces.py
--json measured, shows how well the arithmetic fits it, and goes on beyond this machine.

    update = share of the work + optimiser + exchange
    exchange = max(bytes / rate of the link, bytes × processor's time for a byte) + 6 × delay between two machines
    bytes = 2 (n - 1) / n × bytes of the gradient, which each machine sends
"""

import argparse
import dataclasses
import json
import pathlib
import random
import statistics

HERE = pathlib.Path(__file__).resolve().parent
WAYS = 6  # an update has three sums over the machines: gradient, loss, whether to stop; each goes there and back
BYTE_SECONDS = 0.8e-9  # of a processor, to send, receive and add up a byte; calibrated by the link "none" below
CORE_FLOPS = 187e9  # that training reaches on one core: docs/performance.md, lstm_1024_two_layers
PARAMETER_SECONDS = 1.2e-9  # the optimiser's, for each parameter: about 28 bytes from and to memory
GRADIENT_SHARE = 0.29  # of the work, that a gradient's products take once all shards are through


@dataclasses.dataclass
class Model:
    """An encoder and a decoder of LSTM layers with one vocabulary."""
    vocabulary: int = 8000
    embedding: int = 512
    hidden: int = 1024
    layers: int = 2

    def recurrent(self):
        inputs = [self.embedding] + [self.hidden] * (self.layers - 1)
        return sum(4 * self.hidden * (size + self.hidden + 1) for size in inputs)

    def output(self):
        return (self.hidden + 1) * self.vocabulary

    def parameters(self):
        return 2 * self.vocabulary * self.embedding + 2 * self.recurrent() + self.output()

    def flops(self, tokens):
        """Of a pair of sentences with so many tokens each: forward once, backward twice."""
        return 6 * tokens * (2 * self.recurrent() + self.output())


@dataclasses.dataclass
class Cluster:
    machines: int
    cores: int = 16
    gbit: float = 10.0
    delay: float = 25e-6  # seconds, one way, of a switched local network with TCP
    gradient_bytes: int = 4  # of a number on its way


def exchange(cluster, parameters):
    n = cluster.machines
    if n == 1:
        return 0.0
    size = 2 * (n - 1) / n * cluster.gradient_bytes * parameters
    return max(8 * size / (1e9 * cluster.gbit), BYTE_SECONDS * size) + WAYS * cluster.delay


def compute(cluster, model, sentences, tokens):
    """A machine's share of a batch, and the optimiser."""
    return (model.flops(tokens) * sentences / cluster.machines / (CORE_FLOPS * cluster.cores)
            + PARAMETER_SECONDS * model.parameters())


def update(cluster, model, sentences, tokens=25):
    return compute(cluster, model, sentences, tokens) + exchange(cluster, model.parameters())


def table(*columns):
    print("\n| " + " | ".join(columns) + " |\n|" + " ---: |" * len(columns))
    return lambda *cells: print("| " + " | ".join(cells) + " |")


def show_fit(path):
    print("\n## Measured and computed")
    row = table("machines", "link", "share of the work", "measured", "computed", "difference")
    errors = []
    for line in path.read_text().splitlines():
        m = json.loads(line)
        rate, delay = float("inf"), 0.0
        for part in m["link"].split("+"):
            if part.endswith("mbit"):
                rate = float(part[:-4]) / 1000
            elif part.endswith("gbit"):
                rate = float(part[:-4])
            elif part.endswith("ms"):
                delay = 2e-3 * float(part[:-2])  # to the switch, and from there
        turns = -(-m["machines"] // m["processors"])
        cluster = Cluster(m["machines"], gbit=rate, delay=delay)
        # Machines that share a processor take turns with the work and with the exchange's.
        cpu = turns * BYTE_SECONDS * m["least_bytes"]
        wire = exchange(cluster, m["parameters"])
        computed = turns * m["share_milliseconds"] + 1000 * max(wire, cpu + WAYS * delay)
        errors.append(abs(computed / m["milliseconds"] - 1))
        row(str(m["machines"]), m["link"], f"{m['share_milliseconds']:.1f} ms", f"{m['milliseconds']:.1f} ms",
            f"{computed:.1f} ms", f"{100 * (computed / m['milliseconds'] - 1):+.0f} %")
    print(f"\nmean error {100 * statistics.mean(errors):.0f} %")


def show_strong(model, sentences):
    print(f"\n## One batch of {sentences} sentences on n machines of 16 cores: speed, as a multiple of one machine's")
    counts = (1, 2, 4, 8, 16, 32, 64, 128)
    row = table("link", *(f"n = {n}" for n in counts), "under 50 % efficiency from", "never above")
    alone = update(Cluster(1), model, sentences)
    for gbit in (1, 10, 25, 100):
        speeds = [alone / update(Cluster(n, gbit=gbit), model, sentences) for n in counts]
        half = next(n for n in range(2, 4097) if alone / update(Cluster(n, gbit=gbit), model, sentences) < n / 2)
        limit = alone / update(Cluster(10**9, gbit=gbit), model, sentences)
        row(f"{gbit} Gbit/s", *(f"{speed:.2f}" for speed in speeds), f"n = {half}", f"{limit:.1f}")


def show_accumulation(model, sentences):
    print(f"\n## {sentences} sentences a machine and exchange: efficiency on 16 machines of 16 cores")
    row = table("link", *(f"{sentences * a} ({a} accumulated)" if a > 1 else f"{sentences}" for a in (1, 2, 4, 8, 16)))
    for gbit in (1, 10, 25):
        cells = []
        for accumulated in (1, 2, 4, 8, 16):
            cluster = Cluster(16, gbit=gbit)
            batch = sentences * accumulated * cluster.machines
            work = model.flops(25) * batch / cluster.machines / (CORE_FLOPS * cluster.cores)
            cells.append(f"{100 * work / update(cluster, model, batch):.0f} %")
        row(f"{gbit} Gbit/s", *cells)


def show_remedies(model, sentences):
    print(f"\n## What else would help: {sentences} sentences on 16 machines of 16 cores")
    row = table("link", "now", "overlap with the gradient's products", "gradients of 16 bits", "both", "no exchange")
    for gbit in (1, 10, 25):
        times = []
        work = compute(Cluster(16), model, sentences, 25)
        hidden = GRADIENT_SHARE * model.flops(25) * sentences / 16 / (CORE_FLOPS * 16)
        for size, overlapped in ((4, False), (4, True), (2, False), (2, True)):
            way = exchange(Cluster(16, gbit=gbit, gradient_bytes=size), model.parameters())
            times.append(work + (max(way - hidden, 0) if overlapped else way))
        row(f"{gbit} Gbit/s", *(f"{1000 * time:.0f} ms" for time in (*times, work)))


def show_delay(model, sentences):
    print(f"\n## Delay between two machines of 16 cores, 10 Gbit/s, {sentences} sentences")
    row = table("one way", "exchange", "efficiency")
    for delay in (5e-6, 25e-6, 100e-6, 1e-3, 10e-3):
        cluster = Cluster(2, delay=delay)
        whole = update(cluster, model, sentences)
        way = exchange(cluster, model.parameters())
        row(f"{1000 * delay:g} ms", f"{1000 * way:.0f} ms", f"{100 * (1 - way / whole):.0f} %")


def show_stragglers():
    """All wait for the slowest: the mean of the largest of n times, of 20,000 draws."""
    print("\n## Machines whose time varies: what an update takes, as a multiple of the mean time")
    counts = (2, 4, 16, 64)
    row = table("deviation", *(f"n = {n}" for n in counts))
    source = random.Random(1)
    for deviation in (0.02, 0.05, 0.1):
        means = [statistics.fmean(max(source.gauss(1, deviation) for _ in range(n)) for _ in range(20_000 // n))
                 for n in counts]
        row(f"{100 * deviation:.0f} %", *(f"{mean:.2f}" for mean in means))


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--measured", type=pathlib.Path, default=HERE / "namespaces.jsonl",
                        help="lines of namespaces.py --json [those of docs/scaling.md]")
    parser.add_argument("--sentences", type=int, default=1024, help="of a batch [1024]")
    options = parser.parse_args()
    model = Model()
    print(f"LSTM 512/1024, 2 layers, {model.vocabulary:,} pieces: {model.parameters():,} parameters, "
          f"{4e-6 * model.parameters():.0f} MB; {model.flops(25) / 1e9:.1f} GFLOP a pair of 25 + 25 tokens; one machine of "
          f"16 cores takes {1000 * update(Cluster(1), model, options.sentences):.0f} ms for {options.sentences} pairs")
    show_fit(options.measured)
    show_strong(model, options.sentences)
    show_strong(model, 16 * options.sentences)
    show_accumulation(model, 64)
    show_remedies(model, options.sentences)
    show_delay(model, options.sentences)
    show_stragglers()


if __name__ == "__main__":
    main()
