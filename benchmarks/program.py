"""The program under measurement: what roofline and compare_pytorch have in common."""

import json
import os
import pathlib
import re
import sqlite3
import subprocess
import sys

ROOT = pathlib.Path(__file__).resolve().parent.parent
BATCH = 64
CONFIGS = {
    "lstm-256-512-1": {"cell": "lstm", "embedding": 256, "hidden": 512, "layers": 1},
    "gru-256-512-1": {"cell": "gru", "embedding": 256, "hidden": 512, "layers": 1},
    "lstm-512-1024-2": {"cell": "lstm", "embedding": 512, "hidden": 1024, "layers": 2},
}
GATES = {"lstm": 4, "gru": 3, "rnn": 1}
DROPOUT = 0.2


def fail(message):
    sys.exit(f"{pathlib.Path(sys.argv[0]).name}: {message}")


class Isthmus:
    """The programs of a build."""

    def __init__(self, build, work):
        self.program = build / "cli/isthmus"
        self.benchmarks = build / "benchmarks/isthmus_benchmarks"
        for program in (self.program, self.benchmarks):
            if not os.access(program, os.X_OK):
                fail(f"{program} is not there; cmake --preset release -DISTHMUS_BENCHMARKS=ON, then build")
        self.work = work
        self.model = work / "model.isthmus"

    def run(self, *words, **named):
        result = subprocess.run([self.program, *words], stdin=subprocess.DEVNULL, capture_output=True, text=True,
                                **named)
        if result.returncode != 0:
            fail(f"isthmus {' '.join(map(str, words))}:\n{result.stderr}")
        return result.stdout

    def peak(self, threads):
        """GFLOP/s of a product of two 2048 x 2048 matrices, single-threaded on each of so many threads."""
        output = subprocess.run(
            [self.benchmarks, f"--benchmark_filter=^gemm/square_2048/.*threads:{threads}$", "--benchmark_format=json",
             "--benchmark_min_time=1"], capture_output=True, text=True, check=True).stdout
        found = json.loads(output or "{}").get("benchmarks", [])
        if not found:
            fail(f"{self.benchmarks} measures products on 1 thread and on all processors, not on {threads}")
        return found[0]["GFLOP/s"]

    def train_words(self, text, config, vocabulary, threads, ledger):
        """A training run as a command line, without its end."""
        return ["train", "--force", "--source", text[0], "--target", text[1], "--model", self.model,
                "--ledger", ledger, "--vocab", str(vocabulary), "--cell", config["cell"],
                "--embedding", str(config["embedding"]), "--hidden", str(config["hidden"]),
                "--layers", str(config["layers"]), "--dropout", str(DROPOUT), "--label-smoothing", "0",
                "--batch-sentences", str(BATCH), "--bucket", "1000000", "--threads", str(threads), "--log-every", "1"]

    def train(self, text, config, vocabulary, threads, seconds):
        """Target tokens per second, counted over the updates alone, and the peak memory of a training run."""
        ledger = self.work / "ledger.sqlite"
        ledger.unlink(missing_ok=True)
        self.run(*self.train_words(text, config, vocabulary, threads, ledger), "--max-minutes", str(seconds / 60))
        with sqlite3.connect(ledger) as database:
            rows = database.execute(
                "SELECT target_tokens, target_tokens_per_s FROM train_log ORDER BY updates").fetchall()
            (memory,) = database.execute("SELECT peak_memory_bytes FROM run").fetchone()
        totals = [0] + [tokens for tokens, _ in rows]
        spent = [(after - before, (after - before) / rate)
                 for before, after, (_, rate) in zip(totals, totals[1:], rows)]
        spent = spent[3:]  # as with the peer, the first do not count
        if not spent:
            fail("too few updates for a measurement; raise --seconds")
        return sum(tokens for tokens, _ in spent) / sum(time for _, time in spent), memory

    def token_ids(self, side, text):
        lines = self.run("tokenizer", "encode", self.model, "--side", side, "--ids", "--input", text).splitlines()
        return [[int(piece) for piece in line.split()] for line in lines]

    def vocabulary(self):
        return json.loads(self.run("inspect", self.model, "--format", "json"))["model"]["target-vocabulary"]

    def translate(self, text, beam, batch, threads):
        """Sentences per second, without the program's start; peak memory; and the file of translations."""
        output = self.work / "translated"
        process = subprocess.Popen(
            [self.program, "translate", self.model, "--input", text, "--output", output, "--beam", str(beam),
             "--batch", str(batch), "--threads", str(threads)],
            stdin=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True)
        talk = process.stderr.read()
        _, status, usage = os.wait4(process.pid, 0)
        if status != 0:
            fail(f"isthmus translate:\n{talk}")
        speed = float(re.search(r"([0-9.]+) sentences/s", talk).group(1))
        return speed, usage.ru_maxrss * 1024, output

    def detokenize(self, sentences):
        """The text of lists of piece numbers, as a file."""
        ids, output = self.work / "pieces", self.work / "peer_translated"
        ids.write_text("".join(" ".join(map(str, sentence)) + "\n" for sentence in sentences))
        self.run("tokenizer", "decode", self.model, "--side", "target", "--ids", "--input", ids, "--output", output)
        return output

    def bleu(self, hypothesis, reference):
        return json.loads(self.run("evaluate", "--hypothesis", hypothesis, "--reference", reference, "--format",
                                   "json"))["score"]


def find_text(options, isthmus, work):
    """The training text's two sides; a phrasebook is made where none is given."""
    if options.data is None:
        isthmus.run("corpus", "phrasebook", "--out", work / "text", "--pairs", "20000")
        return work / "text/train.en", work / "text/train.ko"
    if options.languages:
        found = [options.data / f"train.{language}" for language in options.languages.split("-")]
    else:
        found = sorted(path for path in options.data.glob("train.*")
                       if path.suffix[1:].isalpha() and path.suffix != ".gz")
    if len(found) != 2 or not all(path.is_file() for path in found):
        fail(f"{options.data}: train.XX and train.YY are not there, or more than two; name them with --languages")
    return tuple(found)
