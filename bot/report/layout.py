"""Lays the weekly report out as one page that needs nothing else, for browser and mail. Plain text: plain_text.py."""

from collections.abc import Callable
from functools import cache

import css_inline
from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from bot.drawing import as_svg
from bot.report.charts import Chart
from bot.report.telling import Telling
from bot.report.words import MOST_WAITING, cut, phrase, shown

Show = Callable[[Chart], Markup]


def drawn(chart: Chart) -> Markup:
    """A chart as a drawing inside the page."""
    return Markup(as_svg(chart.picture))  # noqa: S704 as_svg escapes


def as_html(telling: Telling, site: str = "", show: Show = drawn) -> str:
    """The report as one HTML page: no script, no other file, readable where a mail program drops the styles.

    With a `site` ("https://…") what asks for attention links to the page of the desk where something can be done.
    Styles stand at the elements themselves (css-inline): Outlook and many phones know no others.
    """
    page = _environment().get_template("page.html.j2").render(told=telling, site=site, show=show)
    return _inliner().inline(page) + "\n"


@cache
def _environment() -> Environment:
    environment = Environment(
        loader=PackageLoader("bot.texts", "report"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
        auto_reload=False,
    )
    environment.filters["shown"] = shown
    environment.filters["cut"] = lambda table: cut(table, MOST_WAITING)
    environment.globals["phrase"] = phrase
    return environment


@cache
def _inliner() -> css_inline.CSSInliner:
    # At-rules are for phones and paper; nothing is fetched from anywhere.
    return css_inline.CSSInliner(keep_at_rules=True, load_remote_stylesheets=False, minify_css=True)
