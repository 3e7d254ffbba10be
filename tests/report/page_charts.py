"""A page with a chart of each kind, for the test of the page: a report whose data is another."""
import json
import re

HOSTILE = "<img src=x onerror=alert(1)>"
SCATTER = [(0.5, 2.0, "near"), (3.0, 1.0, HOSTILE), (4.5, 3.5, "far")]
MATRICES = {"first": [[0.9, 0.1, 0.0], [0.2, -0.6, 0.4]], "second " + HOSTILE: [[0.0, 0.0, 0.3], [0.1, 0.2, None]]}
PIECES = ["▁the", HOSTILE, "</s>"]


def table(title, columns, rows):
    return {"title": title, "notes": ["A note."],
            "columns": [{"key": key, "title": key.replace("_", " "), "decimals": 2, "shown": True, "name": False, "path": False}
                        for key in columns],
            "rows": rows}


def chart(kind, title, x, series, **more):
    plain = {"group": "", "label": "", "row": "", "xLabel": "", "rowLabel": "", "xTitle": x, "yTitle": "value", "logX": False,
             "logY": False, "fromZero": False}
    return {"kind": kind, "title": title, "x": x, "series": series, **plain, **more}


def one(y, interval=False, title=""):
    return {"y": y, "low": y + "_low" if interval else "", "high": y + "_high" if interval else "", "title": title}


def figures():
    """By name."""
    lines = [[model, x, height + x, height + x - 0.5, height + x + 0.7] for model, height in (("a", 2), ("b", 5)) for x in range(6)]
    bars = [[name, 3.0 - i, 2.5 - i, 3.4 - i, 0.5] for i, name in enumerate(["content", "shift", "order"])]
    decay = [[x, 1000 * 0.1 ** x] for x in range(6)]
    weights = [[name, t, s, PIECES[s], "▁" + PIECES[t], value]
               for name, matrix in MATRICES.items() for t, row in enumerate(matrix) for s, value in enumerate(row)]
    return {
        "line": (table("lines", ["model", "x", "y", "y_low", "y_high"], lines),
                 chart("line", "Lines with intervals", "x", [one("y", True)], group="model")),
        "bar": (table("bars", ["task", "y", "y_low", "y_high", "control"], bars),
                chart("bar", "Bars with their control", "task", [one("y", True), one("control", title="majority")])),
        "dot": (table("dots", ["task", "y", "y_low", "y_high", "control"], bars),
                chart("dot", "Dots", "task", [one("y", True), one("control")])),
        "scatter": (table("points", ["x", "y", "phrase"], [list(point) for point in SCATTER]),
                    chart("scatter", "Points with names", "x", [one("y")], label="phrase")),
        "log": (table("decay", ["x", "y"], decay), chart("line", "A decay", "x", [one("y")], logY=True)),
        "heat": (table("weights", ["sentence", "t", "s", "source", "target", "weight"], weights),
                 chart("heat", "Weights", "s", [one("weight")], group="sentence", row="t", xLabel="source", rowLabel="target",
                       xTitle="source", yTitle="target")),
    }


def page_of(report):
    """The HTML of a report with these figures in the place of what it holds."""
    sections = [{"id": name, "title": f"Study of {name}", "text": ["A question?"], "verdict": "A verdict. Another sentence.",
                 "meaning": "Beware of " + HOSTILE, "figures": [{"table": data, "charts": [drawn]}], "under": "studies",
                 "heading": f"kind {name}", "name": ""} for name, (data, drawn) in figures().items()]
    studies = {"id": "studies", "title": "Studies", "text": [], "verdict": "", "meaning": "", "figures": [], "under": "",
               "heading": "", "name": ""}
    data = json.dumps({"title": "Charts", "subtitle": "", "sections": [studies, *sections]}).replace("<", "\\u003c")
    begin = re.search(r'<script type="application/json" id="page-data">', report).end()
    rest = report[report.index("</script>", begin):]
    rest = re.sub(r'<script type="application/json" id="sentences-.*?</script>\n', "", rest, flags=re.S)
    return report[:begin] + data + rest
