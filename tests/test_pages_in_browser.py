"""On a telephone of 320 pixels wide nothing runs off a page, in any language, in a real browser where there is one."""

import re
import shutil
import subprocess
from html import escape
from importlib.resources import files
from pathlib import Path

import pytest

from bot.letters import LANGUAGES
from bot.story import Story
from bot.web.app import make_app
from tests.page_samples import sample_pages

WIDTH = 320
BROWSERS = ("chromium", "chromium-browser", "google-chrome")
PATIENCE = 120  # seconds, also on a busy machine
MEASURE = (
    "onload = () => { for (const frame of document.querySelectorAll('iframe'))"
    " frame.title = frame.contentDocument.documentElement.scrollWidth; }"
)
TOO_WIDE = '<html dir="rtl"><body><div style="width: 500px">x</div></body></html>'
OFF_THE_PAGE = '<html dir="rtl"><body><div style="position: absolute; left: -600px">x</div></body></html>'


def widths(pages: list[str], folder: Path) -> list[int]:
    """How wide each page becomes in a window of WIDTH pixels, each in a frame of one page."""
    program = next((found for name in BROWSERS if (found := shutil.which(name))), None)
    if program is None:
        pytest.skip("no Chromium is installed: this test did NOT run. Install it with: apt-get install chromium")
    frame = f'<iframe style="width: {WIDTH}px; height: 600px; border: 0" srcdoc="{{}}"></iframe>'
    frames = "\n".join(frame.format(escape(page)) for page in pages)
    (folder / "pages.html").write_text(f"<!doctype html><body>{frames}<script>{MEASURE}</script>", encoding="utf-8")
    shown = subprocess.run(
        [program, "--headless", "--no-sandbox", "--disable-gpu", f"--user-data-dir={folder / 'profile'}",
         "--dump-dom", (folder / "pages.html").as_uri()],
        capture_output=True, text=True, timeout=PATIENCE, check=True,
    )  # fmt: skip
    return [int(found) for found in re.findall(r'<iframe [^>]*title="(\d+)"', shown.stdout)]


def test_nothing_runs_off_a_narrow_page(story: Story, tmp_path: Path) -> None:
    site = make_app(story.wiring, story.shelf, lambda: story.now).state.site
    style = files("bot.web").joinpath("stijl.css").read_text(encoding="utf-8")
    link = '<link rel="stylesheet" href="/stijl.css">'
    named = {
        f"{language} {name}": page.replace(link, f"<style>{style}</style>").replace('http-equiv="refresh"', "")
        for language in LANGUAGES
        for name, page in sample_pages(site, language).items()
    }
    measured = widths([*named.values(), TOO_WIDE, OFF_THE_PAGE], tmp_path)
    assert len(measured) == len(named) + 2
    assert min(measured[-2:]) > WIDTH  # so that the measuring itself is seen to work
    assert {name: width for name, width in zip(named, measured, strict=False) if width > WIDTH} == {}


def test_the_style_knows_no_left_or_right() -> None:
    style = files("bot.web").joinpath("stijl.css").read_text(encoding="utf-8")
    assert not re.findall(r"[\w-]*\b(?:left|right)\b[\w-]*", style)
