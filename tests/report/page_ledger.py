"""A ledger for the test of the page: small runs of the program, and a large corpus of hostile lines."""
import pathlib
import sqlite3
import subprocess

LINES = 10_000
HOSTILE = [
    "</script><script>window.hacked = 1</script>",
    "<script>alert(1)</script>",
    "<!-- <script>",
    "<img src=x onerror=alert(1)>",
    "a\u2028b\u2029c",
    "{{script}} ${window.hacked = 1} &lt;b&gt; &amp;",
    "\" onmouseover=\"alert(1)\" ' \\ \\u003cb>",
    "\u202eright to left\u202c مرحبا",
    "tab\there",
    "",
    "long " * 3000,
]
NAMES = ["lake", "road", "bridge", "house", "tree", "boat", "stone", "bird", "cloud", "field", "river", "lamp"]


def run(binary, folder, *arguments):
    """The program's standard output."""
    done = subprocess.run([binary, *arguments], cwd=folder, capture_output=True, text=True)
    assert done.returncode == 0, f"{arguments}: {done.stderr}"
    return done.stdout


def train(binary, folder):
    """Models of a second each, translated greedily and with a beam, and studies of them, one of them twice."""
    run(binary, folder, "corpus", "phrasebook", "--out", "text", "--pairs", "300", "--dev", "40", "--test", "40", "--seed", "1")
    text = ["--source", "text/test.en", "--reference", "text/test.ko", "--ledger", "ledger.sqlite"]
    for cell in "lstm", "gru":
        run(binary, folder, "train", "--source", "text/train.en", "--target", "text/train.ko", "--valid-source", "text/dev.en",
            "--valid-target", "text/dev.ko", "--model", f"{cell}.isthmus", "--cell", cell, "--hidden", "32", "--embedding",
            "32", "--vocab", "700", "--threads", "1", "--max-updates", "40", "--validate-every", "10", "--ledger",
            "ledger.sqlite")
        for beam in "1", "5":
            run(binary, folder, "evaluate", "--model", f"{cell}.isthmus", "--beam", beam, "--confidence", *text)
    run(binary, folder, "train", "--source", "text/train.en", "--target", "text/train.ko", "--model", "looking.isthmus",
        "--attention", "bahdanau", "--hidden", "16", "--embedding", "16", "--vocab", "700", "--threads", "1", "--max-updates",
        "10", "--ledger", "ledger.sqlite")
    for study, model in ("length", "lstm"), ("length", "gru"), ("length", "lstm"), ("attention", "looking"):
        run(binary, folder, "analyze", study, f"{model}.isthmus", "--beam", "1", *text)


def sentence(number, salt):
    """Five to nine words that depend on the numbers."""
    return " ".join(NAMES[(number * (salt + 3) + word * (word + salt)) % len(NAMES)] for word in range(5 + number % 5))


def source_of(line):
    return HOSTILE[line - 1] if line <= len(HOSTILE) else sentence(line, 0)


def add_hostile_corpus(path):
    """10,000 lines and three systems: one with a model of a hostile name, two that are files; the last leaves lines out."""
    ledger = sqlite3.connect(path)
    insert = lambda sql, *values: ledger.execute(sql, values).lastrowid
    run_id = insert("INSERT INTO run (uuid, command, config_json, version, build_json, process, ended, exit_reason) "
                    "VALUES ('hostile', '<b>evaluate</b>', '{}', '0', '{}', '', '2026-01-01T00:00:00Z', 'finished')")
    corpus = insert("INSERT INTO corpus (name, split, source_language, target_language, source_hash, target_hash, lines) "
                    "VALUES ('<img src=x onerror=alert(1)>.en', 'test', 'en', 'ko', 'h1', 'h2', ?)", LINES)
    insert("INSERT INTO corpus_use VALUES (?, ?, 'test')", run_id, corpus)
    checkpoint = insert("INSERT INTO checkpoint (run, updates, path, hash, is_best, provenance_json) VALUES (?, 1, ?, 'h', 0, '{}')",
                        run_id, '"><img src=x onerror=alert(1)>\'.isthmus')
    lines = range(1, LINES + 1)
    ledger.executemany("INSERT INTO sentence (corpus, line, source, reference, words, characters) VALUES (?, ?, ?, ?, ?, 1)",
                       ((corpus, line, source_of(line), sentence(line, 1), len(source_of(line).split())) for line in lines))
    # Bytes that are no UTF-8, which Python would not write.
    ledger.execute("UPDATE sentence SET source = CAST(x'66ff3c623efe67' AS TEXT) WHERE corpus = ? AND line = 12", (corpus,))
    first = ledger.execute("SELECT min(id) FROM sentence WHERE corpus = ?", (corpus,)).fetchone()[0]
    for system in range(3):
        decode = insert("INSERT INTO decode (run, checkpoint, corpus, method, beam, options_json, seconds, truncated, empty) "
                        "VALUES (?, ?, ?, ?, 5, '{}', 1, 0, 0)", run_id, checkpoint if system == 0 else None, corpus,
                        "beam" if system == 0 else "file")
        scoring = insert("INSERT INTO scoring (decode, metric, signature, value, low, high, seconds) "
                         "VALUES (?, 'bleu', '<b>signature</b>', ?, ?, ?, 1)", decode, 20 + system, 19 + system, 21 + system)
        kept = lines if system < 2 else [line for line in lines if line % 7]
        base = decode * 1_000_000
        ledger.executemany("INSERT INTO hypothesis (id, decode, sentence, rank, text) VALUES (?, ?, ?, 1, ?)",
                           ((base + line, decode, first + line - 1,
                             source_of(line) if line <= len(HOSTILE) else sentence(line, 1 if line % 3 == 0 else system + 1))
                            for line in kept))
        ledger.executemany("INSERT INTO bleu_statistics VALUES (?, ?, ?, ?, ?, ?, 8, 7, 6, 5, 8, 8)",
                           ((scoring, base + line, *(max(0, (line * (system + 2)) % 9 - order) for order in range(4)))
                            for line in kept))
    ledger.commit()
    ledger.close()


def make(binary, folder):
    """The path of the ledger."""
    train(binary, folder)
    path = pathlib.Path(folder) / "ledger.sqlite"
    add_hostile_corpus(path)
    return path
