"""A browser, the program, and a page that tells on whatever should not happen."""

import os
import pathlib
import shutil

import pytest
from playwright.sync_api import sync_playwright

from served import Served, write_plane, write_waves


def pytest_addoption(parser):
    parser.addoption("--program", required=True, help="the nadaraya program to test")
    parser.addoption("--screenshots", default=None, help="a folder for pictures of the page")


@pytest.fixture(scope="session")
def program(request):
    return request.config.getoption("--program")


@pytest.fixture(scope="session")
def data(tmp_path_factory):
    folder = tmp_path_factory.mktemp("data")
    write_waves(folder / "waves.csv")
    write_plane(folder / "plane.csv")
    return folder


@pytest.fixture(scope="session")
def served(program, data):
    """The explorer on waves.csv."""
    served = Served(program, str(data / "waves.csv"))
    yield served
    assert served.stop() == 0


@pytest.fixture(scope="session")
def browser():
    chromium = os.environ.get("CHROMIUM") or shutil.which("chromium") or shutil.which("google-chrome")
    with sync_playwright() as playwright:
        # The sandbox needs rights that containers lack, and only this machine's page is opened.
        browser = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
        yield browser
        browser.close()


class Opened:
    """A page in a fresh profile, and what it did that it should not."""

    def __init__(self, browser, served, refusals=(), **options):
        self.context = browser.new_context(**{"viewport": {"width": 1280, "height": 900}, **options})
        self.page = self.context.new_page()
        self.page.set_default_timeout(20_000)
        self.faults = []
        self.served = served

        def heard(message):
            # A refused request is a line of its own in the console, whoever handles it.
            expected = any(f"status of {status}" in message.text for status in refusals)
            if message.type in ("error", "warning") and not expected:
                self.faults.append(f"{message.type}: {message.text}")

        def asked(request):
            if not request.url.startswith((served.address + "/", "blob:", "data:")):
                self.faults.append(f"asked elsewhere: {request.url}")

        # Counts requests for frames from their start to their end, abortion included.
        self.page.add_init_script("""{
            const fetch = window.fetch;
            let flying = 0;
            window.mostFrames = 0;
            window.fetch = async (...request) => {
                const isFrame = String(request[0]).includes("/fit?");
                flying += isFrame;
                mostFrames = Math.max(mostFrames, flying);
                try { return await fetch(...request); } finally { flying -= isFrame; }
            };
        }""")
        self.page.on("console", heard)
        self.page.on("pageerror", lambda error: self.faults.append(f"uncaught: {error}"))
        self.page.on("request", asked)

    def open(self, path="/"):
        self.page.goto(self.served.address + path)
        return self.settle()

    def settle(self):
        """Waits until nothing is under way any more and the address is written."""
        # Functions, not expressions: the page's policy forbids what Playwright does with those.
        self.page.wait_for_function("""() => document.querySelector("#fit .picture > svg")
            && document.querySelector("#criterion .marker")
            && document.querySelector("main").getAttribute("aria-busy") === "false" """)
        self.page.wait_for_timeout(120)
        return self


@pytest.fixture
def opened(browser, served):
    """Opens pages; each is held to its silence when the test ends."""
    pages = []

    def make(path="/", on=None, **options):
        pages.append(Opened(browser, on or served, **options))
        return pages[-1].open(path) if path is not None else pages[-1]

    yield make
    for each in pages:
        each.context.close()
        assert each.faults == []


@pytest.fixture
def shoot(request):
    """Takes a picture of a page where a folder for them is given."""
    folder = request.config.getoption("--screenshots")

    def take(page, name, full_page=True):
        if folder:
            pathlib.Path(folder).mkdir(parents=True, exist_ok=True)
            page.screenshot(path=f"{folder}/{name}.png", full_page=full_page)

    return take
