#!/usr/bin/python3
"""The HTML report in headless Chromium: what one sees, clicks and types, and what hostile text must not do.

ISTHMUS_BINARY is the program; ISTHMUS_SCREENSHOTS a folder for pictures, if any. Exit code 77: no Chromium starts here.
"""
import functools
import http.server
import json
import os
import pathlib
import re
import subprocess
import sys
import tempfile
import threading
import time
import unittest

from selenium import webdriver
from selenium.common.exceptions import WebDriverException
from selenium.webdriver.common.action_chains import ActionChains
from selenium.webdriver.chrome.service import Service
from selenium.webdriver.common.by import By
from selenium.webdriver.common.keys import Keys

import page_charts
import page_ledger

SKIPPED = 77


def start_browser():
    options = webdriver.ChromeOptions()
    for argument in ("--headless=new", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--window-size=1280,900",
                     "--hide-scrollbars", "--force-color-profile=srgb"):
        options.add_argument(argument)
    options.set_capability("goog:loggingPrefs", {"browser": "ALL", "performance": "ALL"})
    browser = webdriver.Chrome(options=options, service=Service("/usr/bin/chromedriver"))
    browser.set_script_timeout(30)
    return browser


def on_charts(test):
    """The test has the page of page_charts.py before it."""
    test.on_charts = True
    return test


class Page(unittest.TestCase):
    """Each test has the page fresh from its file."""

    @classmethod
    def setUpClass(cls):
        cls.folder = tempfile.TemporaryDirectory()
        binary = os.path.realpath(os.environ["ISTHMUS_BINARY"])
        cls.ledger = page_ledger.make(binary, cls.folder.name)
        cls.program = functools.partial(page_ledger.run, binary, cls.folder.name)
        cls.file = pathlib.Path(cls.folder.name) / "report.html"
        cls.program("report", "--ledger", "ledger.sqlite", "--html", "report.html")
        cls.html = cls.file.read_bytes().decode("utf-8")
        cls.data = {id: json.loads(text) for id, text in
                    re.findall(r'<script type="application/json" id="([^"]+)">(.*?)</script>', cls.html)}
        cls.large = max((data for id, data in cls.data.items() if id != "page-data"), key=lambda data: len(data["line"]))

    @classmethod
    def tearDownClass(cls):
        cls.folder.cleanup()

    def setUp(self):
        browser.execute_cdp_cmd("Emulation.clearDeviceMetricsOverride", {})
        browser.execute_cdp_cmd("Emulation.setEmulatedMedia", {"features": [{"name": "prefers-color-scheme", "value": "light"}]})
        if hasattr(getattr(self, self._testMethodName), "on_charts"):
            self.open_charts()
        else:
            self.open()

    def tearDown(self):
        self.assertEqual(self.errors(), [])

    def open(self, file=None):
        browser.get((file or self.file).as_uri())
        browser.execute_script("localStorage.clear()")
        browser.get((file or self.file).as_uri())

    def errors(self):
        return [entry["message"] for entry in browser.get_log("browser") if entry["level"] in ("SEVERE", "WARNING")]

    def js(self, script, *arguments):
        return browser.execute_script(script, *arguments)

    def all(self, selector):
        return browser.find_elements(By.CSS_SELECTOR, selector)

    def one(self, selector):
        return browser.find_element(By.CSS_SELECTOR, selector)

    def show(self, selector):
        self.js("document.querySelector(arguments[0]).scrollIntoView({behavior: 'instant'})", selector)
        # Two frames: what comes into sight is drawn then.
        browser.execute_async_script("const done = arguments[0];"
                                     "requestAnimationFrame(() => requestAnimationFrame(() => setTimeout(done, 50)))")

    def picture(self, name):
        folder = os.environ.get("ISTHMUS_SCREENSHOTS")
        if folder:
            pathlib.Path(folder).mkdir(parents=True, exist_ok=True)
            browser.save_screenshot(str(pathlib.Path(folder) / f"{name}.png"))

    def choose_large_corpus(self):
        self.show("#sentences")
        self.js("""const choice = [...document.querySelectorAll('#sentences select')][0];
                   choice.value = [...choice.options].find(option => option.text.includes('img')).value;
                   choice.dispatchEvent(new Event('change'));""")

    def count(self):
        return self.one(".count").text

    def lines(self):
        """The lines of the rows that are in the page."""
        return self.js("return [...document.querySelectorAll('.list .row')].map(row => Number(row.id.split('-')[1]))")

    def test_sections_and_contents(self):
        titles = [link.text for link in self.all("nav a")]
        for title in "Runs", "Learning curves", "Scores", "BLEU by length", "Sentences":
            self.assertIn(title, titles)
        self.assertTrue(any(title.startswith("Study") for title in titles))
        for link in self.all("nav a"):
            self.assertEqual(len(self.all("#" + link.get_attribute("href").partition("#")[2])), 1)
        self.assertIn("sentences", self.one(".verdict").text)
        self.picture("top")

    def test_studies_are_listed_and_compared(self):
        contents = [link.text for link in self.all("#contents a")]
        self.assertIn("Studies", contents)
        self.assertIn("Studies compared", contents)
        self.assertFalse([title for title in contents if title.startswith("Study ")])  # the list has them
        headings = [heading.text for heading in self.all("#studies .list-of-sections h3")]
        self.assertEqual([heading.partition(":")[0] for heading in headings], ["length", "attention"])
        links = self.all("#studies .list-of-sections a")
        self.assertEqual([link.get_attribute("href").partition("#")[2] for link in links], ["study-2", "study-3", "study-4"])
        self.assertIn("one is earlier", self.one("#studies").text)
        self.show("#compared")
        table = self.all("#compared figure")[-1]
        table.find_element(By.TAG_NAME, "summary").click()
        time.sleep(0.1)
        self.assertRegex(table.find_element(By.TAG_NAME, "tbody").text, r"gru [\s\S]*lstm ")
        self.assertIn("length on test.en", self.one("#compared figure h3").text)
        legend = self.one("#compared .legend").text
        self.assertIn("lstm", legend)
        self.assertIn("gru", legend)
        self.picture("compared")
        self.show("#studies")
        self.picture("studies")

    # Pixels of each canvas that are painted.
    PAINTED = """return [...document.querySelectorAll('canvas')].map(canvas => {
          const pixels = canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height).data;
          let count = 0;
          for (let p = 3; p < pixels.length; p += 4) count += pixels[p] > 0;
          return count;
        })"""

    def open_charts(self):
        file = self.file.with_name("charts.html")
        if not file.exists():
            file.write_text(page_charts.page_of(self.html), encoding="utf-8")
        self.open(file)

    def draw_all(self):
        for name in page_charts.figures():
            self.show(f"#{name}")

    @on_charts
    def test_every_kind_of_chart_is_drawn_on_any_screen(self):
        seen = {}
        for name, width, dark in ("desktop", 1280, False), ("phone", 360, False), ("dark", 1280, True):
            browser.execute_cdp_cmd("Emulation.setDeviceMetricsOverride",
                                    {"width": width, "height": 900, "deviceScaleFactor": 1, "mobile": width < 600})
            browser.execute_cdp_cmd("Emulation.setEmulatedMedia",
                                    {"features": [{"name": "prefers-color-scheme", "value": "dark" if dark else "light"}]})
            self.open_charts()
            self.draw_all()
            painted = self.js(self.PAINTED)
            self.assertEqual(len(painted), 5)
            self.assertGreater(min(painted), 2000, name)
            self.assertEqual(self.js("return document.documentElement.scrollWidth"), width)
            for section in page_charts.figures():
                self.show(f"#{section}")
                self.picture(f"charts-{name}-{section}")
            seen[name] = browser.get_screenshot_as_png()
            self.assertGreater(len(seen[name]), 15_000, name)  # as a PNG, one colour takes a tenth of that
        self.assertEqual(len(set(seen.values())), 3)

    def point_at(self, section, dataset, index):
        """Moves the pointer to a point of a chart; the lines of the box that opens there."""
        self.show(f"#{section}")
        canvas = self.one(f"#{section} canvas")
        x, y = self.js("""const chart = Chart.getChart(arguments[0]);
                          const {x, y} = chart.getDatasetMeta(arguments[1]).data[arguments[2]].getCenterPoint();
                          return [x - chart.width / 2, y - chart.height / 2]""", canvas, dataset, index)
        before = self.js("return arguments[0].toDataURL()", canvas)
        ActionChains(browser).move_to_element_with_offset(canvas, round(x), round(y)).perform()
        time.sleep(0.2)
        self.assertNotEqual(self.js("return arguments[0].toDataURL()", canvas), before, "no box is drawn")
        return self.js("return Chart.getChart(arguments[0]).tooltip.body.flatMap(item => item.lines)", canvas)

    @on_charts
    def test_points_say_what_they_are(self):
        for index, (_, y, phrase) in enumerate(page_charts.SCATTER):
            self.assertEqual(self.point_at("scatter", 0, index), [f"y: {y:.2f}", phrase])
        self.assertEqual(self.point_at("line", 1, 2), ["b: 7.00 (6.50 – 7.70)"])
        self.assertEqual(self.point_at("bar", 1, 0), ["majority: 0.50"])
        self.assertEqual(self.point_at("dot", 0, 1), ["y: 2.00 (1.50 – 2.40)"])
        self.assertIsNone(self.js("return window.hacked ?? null"))
        self.assertEqual(self.js("return document.querySelectorAll('img, [onerror]').length"), 0)

    @on_charts
    def test_a_logarithmic_axis_spaces_powers_evenly(self):
        self.show("#log")
        heights = self.js("""const chart = Chart.getChart(document.querySelector('#log canvas'));
                             return chart.getDatasetMeta(0).data.map(point => point.y)""")
        steps = [b - a for a, b in zip(heights, heights[1:])]
        self.assertGreater(min(steps), 10)
        self.assertAlmostEqual(min(steps), max(steps), delta=1)

    @on_charts
    def test_a_heat_map_is_read_by_pointer_and_keys(self):
        self.show("#heat")
        names, pieces = list(page_charts.MATRICES), page_charts.PIECES
        cell = lambda t, s: self.all("#heat tbody tr")[t].find_elements(By.TAG_NAME, "td")[s]
        reading = lambda: self.one("#heat .reading").text
        self.assertEqual(len(self.all("#heat td.heat")), 6)
        strength = lambda t, s: float(self.js("return getComputedStyle(arguments[0], '::before').opacity", cell(t, s)))
        self.assertAlmostEqual(strength(0, 0), 1, places=2)
        self.assertAlmostEqual(strength(1, 1), 0.6 / 0.9, places=2)
        color = lambda t, s: self.js("return getComputedStyle(arguments[0], '::before').backgroundColor", cell(t, s))
        self.assertNotEqual(color(0, 0), color(1, 1))  # that is below 0
        light = color(0, 0)

        ActionChains(browser).move_to_element(cell(0, 1)).perform()
        self.assertEqual(reading(), f"▁▁the ← {pieces[1]}: 0.100")
        cell(0, 1).send_keys(Keys.ARROW_DOWN)
        self.assertEqual(reading(), f"▁{pieces[1]} ← {pieces[1]}: -0.600")
        browser.switch_to.active_element.send_keys(Keys.ARROW_RIGHT)
        self.assertEqual(reading(), f"▁{pieces[1]} ← </s>: 0.400")
        browser.switch_to.active_element.send_keys(Keys.ARROW_RIGHT)  # there is no more
        self.assertEqual(reading(), f"▁{pieces[1]} ← </s>: 0.400")
        self.assertEqual(self.js("return document.querySelectorAll('#heat td[tabindex=\"0\"]').length"), 1)

        buttons = self.all("#heat .tools button")
        self.assertEqual([button.is_enabled() for button in buttons], [False, True])
        buttons[1].click()
        self.assertEqual(self.one("#heat select").get_attribute("value"), "1")
        self.assertEqual([option.text for option in self.all("#heat option")], names)
        self.assertEqual([button.is_enabled() for button in buttons], [True, False])
        ActionChains(browser).move_to_element(cell(1, 2)).perform()
        self.assertEqual(reading(), f"▁{pieces[1]} ← </s>: no value")
        self.one("#heat summary").click()
        time.sleep(0.1)
        self.assertEqual(len(self.all("#heat details tbody tr")), 12)
        self.one("#theme").click()
        self.one("#theme").click()
        self.assertNotEqual(color(0, 0), light)

    @on_charts
    def test_a_verdict_stands_out_and_its_meaning_follows(self):
        section = self.one("#line")
        self.assertEqual(section.find_element(By.CSS_SELECTOR, ".meaning").text,
                         "What this means for you: Beware of " + page_charts.HOSTILE)
        size = lambda selector: float(self.js("return parseFloat(getComputedStyle(document.querySelector(arguments[0])).fontSize)",
                                              selector))
        self.assertGreater(size("#line .verdict"), size("#line .meaning"))
        self.assertEqual(self.one("#studies .list-of-sections .note").text, "A verdict.")

    def test_charts_are_drawn_and_have_their_tables(self):
        figures = self.all("figure:has(canvas)")
        self.assertGreaterEqual(len(figures), 6)
        for i in range(len(self.all("canvas"))):
            self.js("document.querySelectorAll('canvas')[arguments[0]].scrollIntoView({block: 'center'})", i)
            time.sleep(0.1)
            painted = self.js("""const canvas = document.querySelectorAll('canvas')[arguments[0]];
                const pixels = canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height).data;
                let count = 0;
                for (let p = 3; p < pixels.length; p += 4) count += pixels[p] > 0;
                return count;""", i)
            self.assertGreater(painted, 2000, f"chart {i} is blank")
        for figure in figures:
            label = figure.find_element(By.TAG_NAME, "canvas").get_attribute("aria-label")
            self.assertIn("Chart: ", label)
            lid = figure.find_element(By.CSS_SELECTOR, "details")
            self.assertEqual(lid.find_elements(By.TAG_NAME, "table"), [])
            lid.find_element(By.TAG_NAME, "summary").send_keys(Keys.ENTER)
            time.sleep(0.05)
            self.assertGreater(len(lid.find_elements(By.CSS_SELECTOR, "tbody tr")), 0)
        for name in "curve", "scores", "length":
            self.show(f"#{name}")
            self.picture(name)

    def test_intervals_are_in_the_table(self):
        figure = self.one("#scores figure")
        figure.find_element(By.TAG_NAME, "summary").click()
        time.sleep(0.1)
        self.assertRegex(figure.find_element(By.TAG_NAME, "table").text, r"\d\.\d\d – \d+\.\d\d")

    def test_signatures_do_not_share_a_figure(self):
        notes = [note.text for note in self.all("#scores figure .note")]
        signatures = [note for note in notes if note.startswith("Signature")]
        self.assertEqual(len(signatures), len(set(signatures)))
        self.assertIn("Signature: <b>signature</b>", signatures)

    def test_a_legend_hides_series(self):
        self.show("#curve")
        pixels = "return document.querySelector('#curve canvas').toDataURL()"
        before = self.js(pixels)
        box = self.one("#curve .legend input")
        box.send_keys(Keys.SPACE)
        self.assertNotEqual(self.js(pixels), before)
        box.send_keys(Keys.SPACE)
        self.assertEqual(self.js(pixels), before)

    def test_headers_sort_tables(self):
        column = lambda: [cell.text for cell in self.all("#runs tbody td:nth-child(2)")]
        header = self.one("#runs th:nth-child(2) button")
        before = column()
        self.assertNotEqual(before, sorted(before))
        header.click()
        self.assertEqual(column(), sorted(before, key=str.lower))
        self.assertEqual(self.one("#runs th:nth-child(2)").get_attribute("aria-sort"), "ascending")
        header.send_keys(Keys.ENTER)
        self.assertEqual(column(), sorted(before, key=str.lower, reverse=True))
        self.assertEqual(self.one("#runs th:nth-child(2)").get_attribute("aria-sort"), "descending")

    def test_hostile_text_stays_text(self):
        self.choose_large_corpus()
        self.assertEqual(self.lines()[:11], list(range(1, 12)))
        for line, text in enumerate(page_ledger.HOSTILE[:9], 1):
            shown = self.js("return document.querySelector(arguments[0]).textContent", f"#sentence-{line} [data-name=source] .text")
            self.assertEqual(shown, text)
        self.one("body").send_keys("j" * 12)
        self.assertEqual(self.js("return document.querySelector('#sentence-12 [data-name=source] .text').textContent"),
                         "f\ufffd<b>\ufffdg")
        self.assertIn("more)", self.js("return document.querySelector('#sentence-11 [data-name=source] .text').textContent"))
        self.assertIsNone(self.js("return window.hacked ?? null"))
        self.assertEqual(self.js("return document.querySelectorAll('img, svg, b, [onerror], [onmouseover]').length"), 0)
        self.assertEqual(self.js("return document.querySelectorAll('script').length"), 2 + len(self.data))
        self.picture("hostile")

    def test_the_policy_holds_and_nothing_is_loaded(self):
        class Listener(http.server.BaseHTTPRequestHandler):
            def do_GET(self):
                asked.append(self.path)
                self.send_response(200)
                self.end_headers()

            def log_message(self, *_):
                pass

        asked = []
        browser.get_log("performance")
        self.open()
        self.choose_large_corpus()
        events = [json.loads(entry["message"])["message"] for entry in browser.get_log("performance")]
        urls = [event["params"]["request"]["url"] for event in events if event["method"] == "Network.requestWillBeSent"]
        self.assertTrue(urls)
        self.assertEqual({url.partition("#")[0] for url in urls}, {self.file.as_uri()})

        policy = self.one("meta[http-equiv=Content-Security-Policy]").get_attribute("content")
        self.assertTrue(policy.startswith("default-src 'none'; script-src 'sha256-"))
        self.assertNotIn("unsafe", policy)
        self.assertEqual(self.errors(), [])
        server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Listener)
        threading.Thread(target=server.serve_forever, daemon=True).start()
        address = f"http://127.0.0.1:{server.server_port}/"
        blocked = browser.execute_async_script("""const [address, done] = arguments;
            const script = document.createElement('script');
            script.textContent = 'window.hacked = 1';
            document.body.append(script);
            const button = document.createElement('div');
            button.setAttribute('onclick', 'window.hacked = 2');
            document.body.append(button);
            button.click();
            new Image().src = address + 'image';
            const style = document.createElement('style');
            style.textContent = 'body { display: none }';
            document.head.append(style);
            setTimeout('window.hacked = 3');
            fetch(address + 'fetch').then(() => done('fetched'), () => setTimeout(() => done([window.hacked ?? null,
                getComputedStyle(document.body).display]), 200));""", address)
        server.shutdown()
        server.server_close()
        self.assertEqual(blocked, [None, "block"])
        self.assertEqual(asked, [])
        time.sleep(0.5)
        self.assertTrue(any("Content Security Policy" in error for error in self.errors()))  # what was tried here

    # Milliseconds until what was asked for is on the screen.
    LIMITS = {"typing": 200, "scrolling": 100, "sorting": 300}
    TIMES = """const done = arguments[0];
            const [search, scroller] = [document.querySelector('#sentences input[type=search]'),
                                        document.querySelector('.sentences')];
            const frame = () => new Promise(next => requestAnimationFrame(() => setTimeout(next)));
            const timed = async work => {
              const start = performance.now();
              work();
              await frame();
              return performance.now() - start;
            };
            (async () => {
              const times = {typing: [], scrolling: [], sorting: []};
              for (const text of ['r', 'ri', 'riv', 'rive', 'river', 'river l', '']) {
                times.typing.push(await timed(() => {
                  search.value = text;
                  search.dispatchEvent(new Event('input'));
                }));
              }
              for (let i = 1; i <= 20; ++i) {
                times.scrolling.push(await timed(() => scroller.scrollTop = scroller.scrollHeight * (i * 7 % 20) / 20));
                const box = element => element.getBoundingClientRect();
                const rows = [...document.querySelectorAll('.list .row')];
                const [from, to] = [box(document.querySelector('.head')).bottom, box(scroller).bottom];
                if (box(rows[0]).top > from + 5 || box(rows[rows.length - 1]).bottom < to - 5) return done('a gap');
              }
              const by = [...document.querySelectorAll('#sentences select')][1];
              for (const value of ['words', '0', '1', 'line']) {
                times.sorting.push(await timed(() => {
                  by.value = value;
                  by.dispatchEvent(new Event('change'));
                }));
              }
              done(times);
            })();"""

    def test_ten_thousand_sentences_without_lag(self):
        self.choose_large_corpus()
        self.assertEqual(self.count(), "10,000 sentences")
        self.assertLess(len(self.all(".list .row")), 60)
        times = None
        for _ in range(3):  # the machine may be busy with something else
            times = browser.execute_async_script(self.TIMES)
            self.assertIsInstance(times, dict, times)
            medians = {name: sorted(values)[len(values) // 2] for name, values in times.items()}
            print(", ".join(f"{name}: median {medians[name]:.0f} ms, longest {max(times[name]):.0f} ms" for name in times))
            if all(medians[name] < limit for name, limit in self.LIMITS.items()):
                break
        for name, limit in self.LIMITS.items():
            self.assertLess(medians[name], limit, name)
        self.js("document.querySelector('.sentences').scrollTop = 1e9")
        time.sleep(0.3)
        self.assertEqual(self.lines()[-1], page_ledger.LINES)

    def test_search(self):
        self.choose_large_corpus()
        search = self.one("#sentences input[type=search]")
        for query in "river lamp", "RIVER", "<script>", "no such words":
            search.clear()
            search.send_keys(query)
            data = self.large
            texts = [[data["source"][i], data["reference"][i], *(system[i] or "" for system in data["hypotheses"])]
                     for i in range(len(data["line"]))]
            found = sum(any(query.lower() in text.lower() for text in row) for row in texts)
            self.assertEqual(self.count(), f"{found:,} of 10,000 sentences")
        self.assertEqual(self.lines(), [])
        self.assertEqual(self.one(".count").get_attribute("aria-live"), "polite")

    def test_sort_by_difference(self):
        self.choose_large_corpus()
        selects = self.all("#sentences select")
        for select, value in (selects[1], "1"), (selects[2], "0"):
            self.js("arguments[0].value = arguments[1]; arguments[0].dispatchEvent(new Event('change'))", select, value)
        first, second = self.large["bleu"][1], self.large["bleu"][0]
        differences = [a - b for a, b in zip(first, second)]
        shown = [differences[line - 1] for line in self.lines()]
        self.assertEqual(shown, sorted(shown, reverse=True))
        self.assertAlmostEqual(shown[0], max(differences))
        self.assertRegex(self.one(".list .row").text, r"BLEU [\d.]+ \(\+[\d.]+\)")
        self.one(".direction").click()
        self.assertAlmostEqual(differences[self.lines()[0] - 1], min(differences))
        self.one(".head [data-by=words] button").click()
        words = [self.large["words"][line - 1] for line in self.lines()]
        self.assertEqual(words, sorted(words, reverse=True))
        self.assertEqual(self.one(".head [data-by=words]").get_attribute("aria-sort"), "descending")

    def test_systems_and_differences(self):
        self.choose_large_corpus()
        self.js("document.querySelector('.sentences').scrollTop = 12000")
        time.sleep(0.3)
        row = self.js("""return [...document.querySelectorAll('.list .row')].map(row => [row.id,
            [...row.querySelectorAll('mark.extra')].map(mark => mark.textContent).join(' '),
            [...row.querySelectorAll('mark.missed')].map(mark => mark.textContent).join(' ')])""")
        exact = [entry for entry in row if int(entry[0].split("-")[1]) % 3 == 0]
        self.assertTrue(exact)
        self.assertTrue(all(entry[1:] == ["", ""] for entry in exact))  # the systems say what the reference says
        self.assertTrue(any(entry[1] for entry in row))
        decoration = self.js("return getComputedStyle(document.querySelector('mark.extra')).textDecorationLine")
        self.assertEqual(decoration, "underline")
        boxes = self.all(".systems input")
        self.assertEqual(len(boxes), 4)
        columns = len(self.all(".head > div"))
        boxes[0].click()
        self.assertEqual(len(self.all(".head > div")), columns - 1)
        boxes[3].click()
        hypotheses = self.large["hypotheses"][1:]
        differ = sum(a != b for a, b in zip(*hypotheses))
        self.assertEqual(self.count(), f"{differ:,} of 10,000 sentences")

    def test_keyboard(self):
        self.choose_large_corpus()
        body = self.one("body")
        active = lambda: self.js("return document.activeElement.type ?? document.activeElement.className")
        current = lambda: self.js("return document.querySelector('[aria-current]')?.id ?? null")
        body.send_keys("/")
        self.assertEqual(active(), "search")
        browser.switch_to.active_element.send_keys("jk/")
        self.assertEqual(self.one("#sentences input[type=search]").get_attribute("value"), "jk/")
        browser.switch_to.active_element.send_keys(Keys.ESCAPE)
        self.assertEqual(self.count(), "10,000 sentences")
        self.assertEqual(active(), "sentences")
        browser.switch_to.active_element.send_keys("jj")
        self.assertEqual(current(), "sentence-2")
        browser.switch_to.active_element.send_keys("k")
        browser.switch_to.active_element.send_keys(Keys.ARROW_DOWN * 30)
        self.assertEqual(current(), "sentence-31")
        grid = self.one(".sentences")
        self.assertEqual(grid.get_attribute("aria-activedescendant"), "sentence-31")
        seen = self.js("""const [row, view] = [document.querySelector('[aria-current]').getBoundingClientRect(),
                              document.querySelector('.sentences').getBoundingClientRect()];
                          return row.top >= view.top && row.bottom <= view.bottom + 1""")
        self.assertTrue(seen)
        self.assertEqual(self.js("return getComputedStyle(document.activeElement).outlineStyle"), "solid")
        unnamed = self.js("""return [...document.querySelectorAll('button, select, input')].filter(control =>
            !control.textContent.trim() && !control.closest('label')?.textContent.trim()).length""")
        self.assertEqual(unnamed, 0)

    def test_theme(self):
        color = "return getComputedStyle(document.body).backgroundColor"
        chart = "return document.querySelector('#curve canvas').toDataURL()"
        self.show("#curve")
        light, chart_in_light = self.js(color), self.js(chart)
        button = self.one("#theme")
        button.click()
        self.assertEqual(self.js(color), light)
        button.click()
        self.assertEqual(button.text, "Theme: dark")
        dark = self.js(color)
        self.assertNotEqual(dark, light)
        self.assertNotEqual(self.js(chart), chart_in_light)
        self.picture("dark")
        browser.get(self.file.as_uri())
        self.assertEqual(self.js(color), dark)  # it was remembered
        self.one("#theme").click()
        self.assertEqual(self.js(color), light)
        browser.execute_cdp_cmd("Emulation.setEmulatedMedia", {"features": [{"name": "prefers-color-scheme", "value": "dark"}]})
        self.show("#curve")
        self.assertEqual(self.js(color), dark)

    def test_phone(self):
        browser.execute_cdp_cmd("Emulation.setDeviceMetricsOverride",
                                {"width": 360, "height": 740, "deviceScaleFactor": 2, "mobile": True})
        self.open()
        self.choose_large_corpus()
        for name in "runs", "curve", "scores", "length", "studies", "compared", "study-3", "study-4", "sentences":
            self.show(f"#{name}")
            self.picture(f"phone-{name}")
            self.assertEqual(self.js("return document.documentElement.scrollWidth"), 360)
        inside = self.js("return document.querySelector('.sentences').scrollWidth <= document.querySelector('.sentences').clientWidth")
        self.assertTrue(inside)
        smallest = self.js("return Math.min(...[...document.querySelectorAll('button, select')].filter(b => b.offsetParent)"
                           ".map(b => b.getBoundingClientRect().height))")
        self.assertGreaterEqual(smallest, 24)

    def test_an_empty_ledger_has_a_page(self):
        self.program("train", "--source", "text/train.en", "--target", "text/train.ko", "--model", "x.isthmus", "--hidden", "8",
                     "--embedding", "8", "--vocab", "700", "--threads", "1", "--max-updates", "1", "--ledger", "empty.sqlite")
        subprocess.run(["sqlite3", str(self.ledger.parent / "empty.sqlite"), "PRAGMA foreign_keys = ON; DELETE FROM run"],
                       check=True)
        self.program("report", "--ledger", "empty.sqlite", "--html", "empty.html")
        self.open(self.ledger.parent / "empty.html")
        self.assertIn("This ledger has no runs yet", self.one("#runs").text)
        self.picture("empty")


if __name__ == "__main__":
    try:
        browser = start_browser()
    except WebDriverException as error:
        print(f"SKIPPED: Chromium does not start here; scripts/packages installs it ({error.msg})")
        sys.exit(SKIPPED)
    try:
        result = unittest.main(exit=False, verbosity=2).result
    finally:
        browser.quit()
    sys.exit(0 if result.wasSuccessful() else 1)
