"""Whether others can read the file with the settings is told at the desk too, but not where that file stands."""

from __future__ import annotations

from dataclasses import replace
from html import unescape
from pathlib import Path

import pytest
from starlette.testclient import TestClient

from bot.commands import run
from bot.serving import Service
from bot.story import Story
from bot.web.app import make_app
from bot.wiring import Wiring
from tests import command_line
from tests.at_the_desk import press, sign_in
from tests.command_line import Mixmatch

mixmatch = command_line.mixmatch


@pytest.mark.parametrize(
    ("mode", "told"),
    [(0o600, "<strong>Goed:</strong> Rechten: het bestand met instellingen is niet voor anderen."),
     (0o644, "<strong>Fout:</strong> Rechten: anderen kunnen bij de instellingen, met de wachtwoorden."),
     (None, "<strong>Fout:</strong> Rechten: het bestand met instellingen is niet te vinden")],
)  # fmt: skip
def test_whether_others_can_read_the_settings_is_told_without_telling_where_they_stand(
    story: Story, tmp_path: Path, mode: int | None, told: str
) -> None:
    path = tmp_path / "open" / "geheime-plek.toml"
    path.parent.mkdir()
    path.parent.chmod(0o755)
    if mode is not None:
        path.touch()
        path.chmod(mode)
    app = make_app(replace(story.wiring, settings_file=path), story.shelf, lambda: story.now)
    with TestClient(app, follow_redirects=False) as browser:
        sign_in(story, browser)
        page = press(browser, "/bureau/toestand", "/bureau/toestand").text
    assert told in unescape(page)
    assert "geheime-plek" not in page


def test_the_service_knows_which_file_it_was_given(
    mixmatch: Mixmatch, wiring: Wiring, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen: list[Path | None] = []

    def pages(service: Service) -> None:
        seen.append(service.wiring.settings_file)

    monkeypatch.setattr(run, "wire", lambda settings, _: replace(wiring, settings=settings))
    monkeypatch.setattr(run, "serve_pages", pages)
    for name in ("LMTP", "WEB"):
        monkeypatch.setenv(f"MIXMATCH_{name}_PORT", "0")
    (tmp_path / "eigen.toml").write_text("", encoding="utf-8")
    assert mixmatch("--config", "eigen.toml", "run").code == 0
    assert mixmatch("run").code == 0
    assert seen == [tmp_path / "eigen.toml", None]
