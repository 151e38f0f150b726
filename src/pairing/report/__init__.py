"""The printable page of a matching: summary, every pair with its bars, everyone without a mentor and what would help.

One self-contained HTML file: its style stands inside it, and a content security policy forbids it to fetch or run
anything. What is shown is decided in this package; the templates only loop over it.
"""

from __future__ import annotations

from functools import cache

from jinja2 import Environment, PackageLoader, StrictUndefined

from pairing.outcome import Outcome
from pairing.report.page import page_of
from reference.translation import Language, catalogue


@cache
def _environment(language: Language) -> Environment:
    environment = Environment(
        loader=PackageLoader("pairing", "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        extensions=["jinja2.ext.i18n"],
    )
    # The extension adds this method when it is loaded, so no type knows it.
    environment.install_gettext_translations(catalogue(language), newstyle=True)  # type: ignore[attr-defined]
    return environment


def render_report(outcome: Outcome, language: Language) -> str:
    """Return the whole page as HTML in ``language``: the same outcome gives the same text.

    Pairs stand by the mentee's division in Danish alphabetical order, longest wait first. Time and size grow in
    proportion to the number of mentees.
    """
    return _environment(language).get_template("report.html").render(page=page_of(outcome, language))
