#!/usr/bin/env python3
"""usage: page_test.py CAIRN-GATEWAY CAIRN GATEWAY-DEVICE FOLDER

The status page in headless Chromium: it shows what the gateway knows, in light and dark, at the
width of a phone; its plots have the points that /v1/status has; what devices are called is text.
Screenshots go to FOLDER.
"""

import base64
import json
import pathlib
import re
import shutil
import subprocess
import sys
import unittest
import urllib.request

import gateway as g

sys.path.insert(0, str(pathlib.Path(__file__).parents[1] / "anchors"))
import authority

SHOTS = pathlib.Path(sys.argv.pop(4))
DEVICE = sys.argv.pop(3)
CAIRN = sys.argv.pop(2)
GATEWAY = sys.argv.pop(1)
HOSTILE = "plant.example/<img/src=x/onerror=document.title='owned'>"

if not shutil.which("chromedriver"):
    print("left out: chromium-driver is not installed")
    sys.exit(77)


class Browser:
    """Chromium behind its WebDriver."""

    def __init__(self, folder, *switches):
        self.port = g.free_port()
        self.process = subprocess.Popen(["chromedriver", f"--port={self.port}"],
                                        stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        self.session = None
        g.wait_until(self.ready, "the driver", 30)
        options = {"args": ["--headless=new", "--no-sandbox", "--disable-gpu",
                            "--disable-dev-shm-usage", f"--user-data-dir={folder}", *switches]}
        self.session = self.call("POST", "/session", {"capabilities": {"alwaysMatch": {
            "goog:chromeOptions": options, "goog:loggingPrefs": {"browser": "ALL"}}}})["sessionId"]

    def ready(self):
        try:
            return self.call("GET", "/status", None)["ready"]
        except OSError:
            return False

    def call(self, method, path, body):
        data = None if body is None else json.dumps(body).encode()
        request = urllib.request.Request(f"http://127.0.0.1:{self.port}{path}", data, method=method)
        with urllib.request.urlopen(request, timeout=60) as answer:
            return json.load(answer)["value"]

    def do(self, path, body=None):
        method = "GET" if body is None else "POST"
        return self.call(method, f"/session/{self.session}{path}", body)

    def run(self, script):
        return self.do("/execute/sync", {"script": "return " + script, "args": []})

    def shot(self, name):
        image = base64.b64decode(self.do("/screenshot"))
        (SHOTS / name).write_bytes(image)
        return image

    def close(self):
        try:
            if self.session:
                self.call("DELETE", f"/session/{self.session}", None)
        finally:
            self.process.terminate()
            self.process.wait(20)


class PageCase(g.Case):
    def setUp(self):
        super().setUp()
        SHOTS.mkdir(parents=True, exist_ok=True)
        self.gateway = self.opened(g.Gateway(GATEWAY, self.folder / "gateway"))
        self.devices = []
        for index, origin in enumerate(["plant.example/press4", "plant.example/pump", HOSTILE]):
            device = g.Device(CAIRN, self.folder / f"device{index}", origin)
            self.gateway.device("enrol", "--vkey", device.vkey, "--owner",
                                "<b>plant</b>", "--role", "press")
            self.devices.append(device)
        self.start()
        for device in self.devices:
            device.append(["one", "two"])
            self.assertEqual(self.gateway.post("/add-checkpoint", device.request()).status, 200)
        g.wait_until(lambda: self.gateway.metric("log_leaves") == 3, "three leaves")

    def start(self):
        self.gateway.start()

    def status(self):
        return json.loads(self.gateway.get("/v1/status").text)

    def browser(self, *switches):
        browser = self.opened(Browser(self.folder / "profile", *switches))
        browser.do("/url", {"url": f"http://127.0.0.1:{self.gateway.port}/"})
        g.wait_until(lambda: browser.run("document.querySelectorAll('#devices tr').length") ==
                     len(self.devices), "its devices")
        return browser

    def texts(self, browser, selector):
        return browser.run(f"[...document.querySelectorAll('{selector}')]"
                           ".map(element => element.textContent)")

    def check_plot(self, browser, selector, values_now, least=1):
        """The plot has a point for each value, as high as it should be, and says the largest."""
        def agrees():
            values = values_now()
            path = browser.run(f"document.querySelector('{selector} path')?.getAttribute('d')")
            heights = [float(y) for y in re.findall(r"[ML][\d.]+,([\d.]+)", path or "")]
            most = max(least, *values)
            label = self.texts(browser, selector + " text")[0].split()
            return (len(heights) == len(values) and
                    all(abs(height - (96 - 80 * value / most)) < 0.06
                        for height, value in zip(heights, values)) and
                    abs(float(label[2]) - max(values)) <= (0.5 if max(values) >= 10 else 0.05001))
        g.wait_until(agrees, f"{selector} is what the gateway counted", 40)


class Page(PageCase):
    def test_light(self):
        browser = self.browser()
        browser.do("/window/rect", {"width": 1200, "height": 1000})
        self.assertEqual(browser.run("document.title"), "cairn gateway")
        self.assertEqual(browser.run("document.getElementById('state').textContent"), "ready")
        self.assertEqual(browser.run("document.getElementById('alarms').hidden"), True)
        names = self.texts(browser, "#devices td:first-child")
        self.assertEqual(sorted(names), sorted(device.origin for device in self.devices))
        self.assertEqual(browser.run("document.querySelectorAll('img, b').length"), 0)
        for part in ("anchoring", "witnessing"):  # there are none
            self.assertEqual(browser.run(f"document.getElementById('{part}').hidden"), True)
        self.assertGreater(len(browser.shot("light.png")), 5000)
        faults = [entry["message"] for entry in browser.do("/se/log", {"type": "browser"})
                  if "favicon" not in entry["message"]]
        self.assertEqual(faults, [])
        policy = self.gateway.get("/").headers["Content-Security-Policy"]
        self.assertIn("default-src 'none'", policy)
        self.assertNotIn("unsafe", policy)

    def test_dark_on_a_phone(self):
        browser = self.browser("--blink-settings=preferredColorScheme=0")
        browser.do("/window/rect", {"width": 500, "height": 900})
        browser.do("/goog/cdp/execute", {"cmd": "Emulation.setDeviceMetricsOverride", "params": {
            "width": 390, "height": 844, "deviceScaleFactor": 2, "mobile": True}})
        self.assertEqual(browser.run("matchMedia('(prefers-color-scheme: dark)').matches"), True)
        self.assertEqual(browser.run("innerWidth"), 390)
        self.assertLessEqual(browser.run("document.documentElement.scrollWidth"), 390)
        channels = browser.run("getComputedStyle(document.body).backgroundColor.match(/\\d+/g)")
        self.assertLess(max(int(value) for value in channels[:3]), 60)
        self.assertGreater(len(browser.shot("dark-phone.png")), 5000)

    def test_a_fork_is_an_alarm(self):
        device = self.devices[1]
        size = device.size()
        shutil.copytree(device.folder, self.folder / "twin")
        device.append(["three"])
        self.assertEqual(self.gateway.post("/add-checkpoint", device.request(old=size)).status, 200)
        device.folder = self.folder / "twin"
        device.append(["another"])
        self.gateway.post("/add-checkpoint", device.request(old=size))
        browser = self.browser()
        browser.do("/window/rect", {"width": 1200, "height": 1000})
        alarm = browser.run("document.getElementById('alarm-list').textContent")
        self.assertIn(f"{device.origin} signed two histories", alarm)
        browser.shot("alarm.png")
        link = browser.run("document.querySelector('#alarm-list a').getAttribute('href')")
        self.assertEqual(self.gateway.get(link).status, 200)
        more = browser.run("(showAlarms({forks: ['a', 'b'], next: 'b'}, {sequencer: 'ok'}), "
                           "document.querySelector('#alarm-list li:last-child a')"
                           ".getAttribute('href'))")
        self.assertEqual(more, "/v1/forks?after=b")


class Timed(PageCase):
    """The gateway's clock is three hours behind at first."""

    def start(self):
        self.clock = g.Clock(self.folder, "-3h")
        self.gateway.start(self.clock.environment())

    def lags(self, browser):
        names = self.texts(browser, "#devices td:nth-child(1)")
        return dict(zip(names, self.texts(browser, "#devices td:nth-child(4)")))

    def test_a_device_that_is_behind(self):
        self.clock.set("+0")
        device = self.devices[0]
        device.cosigned = device.size()
        device.append(["three"])
        self.assertEqual(self.gateway.post("/add-checkpoint", device.request()).status, 200)
        lags = self.lags(self.browser())
        self.assertRegex(lags.pop(device.origin), r"^\d+ s$")
        self.assertEqual(set(lags.values()), {"3 h"})

    def test_records_are_plotted(self):
        """A device that reports more each time, and samples as fast as the clock is set on."""
        device = g.Device(CAIRN, self.folder / "meter", "plant.example/meter")
        self.gateway.device("enrol", "--vkey", device.vkey, "--owner", "plant", "--role", "meter")
        self.devices.append(device)
        g.wait_until(lambda: self.status()["history"], "a sample")
        for number in range(1, 5):
            count = len(self.status()["history"])
            size = device.append([f"{number} {i}" for i in range(10 * number)])
            self.assertEqual(self.converse(DEVICE, self.gateway, device, "records"), size)
            self.clock.set(f"{10 * number - 10800:+d}")
            g.wait_until(lambda: len(self.status()["history"]) > count, "a sample")
        browser = self.browser()
        for name, column in (("cosigned", 1), ("records", 2)):
            self.assertGreater(max(self.rates(column)), 0)
            self.check_plot(browser, f"#plot-{name}", lambda: self.rates(column))
        browser.do("/window/rect", {"width": 1200, "height": 1000})
        self.assertGreater(len(browser.shot("records.png")), 5000)

    def rates(self, column):
        """A minute, between samples."""
        samples = self.status()["history"]
        return [(after[column] - before[column]) * 60 / (after[0] - before[0])
                for before, after in zip(samples, samples[1:])]


class Anchored(PageCase):
    """Anchors and further witnesses: one of each that answers, and one that does not."""

    def setUp(self):
        super().setUp()
        folder = self.folder / "tsa"
        folder.mkdir()
        self.tsa = self.opened(authority.Authority(folder))
        city = self.opened(g.Gateway(GATEWAY, self.folder / "city", name="city.example"))
        city.device("enrol", "--vkey", self.gateway.vkey("log"), "--owner", "x", "--role", "y")
        city.start()
        (self.gateway.folder / "witnesses.policy").write_text(
            f"log {self.gateway.vkey('log')}\n"
            f"witness city {city.vkey('witness')} http://127.0.0.1:{city.port}\n"
            f"witness gone {self.gateway.vkey('witness')} http://127.0.0.1:1/token\nquorum city\n")
        self.gateway.stop()
        self.gateway.configure(self.table("authority", self.tsa.url) +
                               self.table("down", "http://user:token@127.0.0.1:1/token") +
                               '[witnesses]\npolicy = "witnesses.policy"\ninterval_seconds = 1\n')
        self.gateway.start()
        g.wait_until(lambda: self.gateway.metric("witnessed_size") == 3, "the cosignature")
        g.wait_until(lambda: self.gateway.said("anchor.failed anchor=down"), "a failure")
        device = self.devices[0]
        for number in range(1, 4):  # something to plot
            g.wait_until(lambda: self.gateway.metric("anchor_receipts_total") >= number,
                         "a receipt", 60)
            device.cosigned = device.size()
            device.append([f"more {number}"])
            self.assertEqual(self.gateway.post("/add-checkpoint", device.request()).status, 200)

    def table(self, name, url):
        return f"""[[anchor]]
type = "rfc3161"
name = "{name}"
url = "{url}"
certificates = "{self.folder / 'tsa/ca.pem'}"
interval_seconds = 1
"""

    def test_they_are_shown(self):
        browser = self.browser()
        browser.do("/window/rect", {"width": 1200, "height": 1400})
        good, bad = "#anchors tr:nth-child(1) ", "#anchors tr:nth-child(2) "
        site = self.tsa.url.rstrip("/")
        self.assertEqual(self.texts(browser, good + "td")[0], f"authority (rfc3161, {site})")
        self.assertIn("not after 20", self.texts(browser, good + "td")[4])
        self.assertRegex(self.texts(browser, bad + "td")[1], r"failed \d+: http://127.0.0.1:1 ")
        page = browser.run("document.body.textContent")
        self.assertNotIn("token", page)
        self.assertNotIn("token", self.gateway.log_text())
        self.assertEqual(len(self.texts(browser, "#latencies figure")), 2)
        self.assertEqual(browser.run("document.querySelectorAll('#latencies path').length"), 1)
        self.assertRegex(self.texts(browser, "#latencies text")[0], r"at most [\d.]+ s")
        latencies = lambda: [seconds for _, seconds in self.status()["anchors"][0]["latencies"]]
        self.assertGreaterEqual(len(latencies()), 3)
        self.check_plot(browser, "#latencies figure:nth-child(1)", latencies, 0.1)
        self.assertIn("in order", self.texts(browser, "#witnesses tr:nth-child(1) td"))
        self.assertIn("failed", self.texts(browser, "#witnesses tr:nth-child(2) td")[1])
        for selector in (good + "a", "#witnesses a"):
            for href in browser.run(f"[...document.querySelectorAll('{selector}')]"
                                    ".map(link => link.getAttribute('href'))"):
                self.assertEqual(self.gateway.get(href).status, 200, href)
        self.assertGreater(len(browser.shot("anchors.png")), 5000)

    def test_they_fit_on_a_phone(self):
        browser = self.browser()
        browser.do("/goog/cdp/execute", {"cmd": "Emulation.setDeviceMetricsOverride", "params": {
            "width": 390, "height": 1600, "deviceScaleFactor": 2, "mobile": True}})
        self.assertLessEqual(browser.run("document.documentElement.scrollWidth"), 390)
        self.assertGreater(len(browser.shot("anchors-phone.png")), 5000)


unittest.main()
