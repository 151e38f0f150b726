"""Markdown on pages: what it may become, and what never."""

from __future__ import annotations

import pytest

from mentornet.web.ui.markdown import rendered


@pytest.mark.parametrize(
    ("text", "html"),
    [
        ("## One\n\nTwo **three** *four*.", "<h2>One</h2>\n<p>Two <strong>three</strong> <em>four</em>.</p>\n"),
        ("- a\n- b", "<ul>\n<li>a</li>\n<li>b</li>\n</ul>\n"),
        ("3. a\n4. b", '<ol start="3">\n<li>a</li>\n<li>b</li>\n</ol>\n'),
        ("> a", "<blockquote>\n<p>a</p>\n</blockquote>\n"),
        ("[a](https://example.org)", '<p><a href="https://example.org" rel="noopener noreferrer">a</a></p>\n'),
        ("[a](tel:112)", '<p><a href="tel:112" rel="noopener noreferrer">a</a></p>\n'),
        ("سلام **عليكم**", "<p>سلام <strong>عليكم</strong></p>\n"),
        ("", ""),
    ],
)
def test_text_becomes_html(text: str, html: str) -> None:
    assert rendered(text) == html


@pytest.mark.parametrize(
    "text",
    [
        "<script>alert(1)</script>",
        "<img src=x onerror=alert(1)>",
        "a <b onclick='x'>c</b>",
        "[a](javascript:alert(1))",
        "[a](JaVaScRiPt:alert(1))",
        "[a](data:text/html;base64,PHNjcmlwdD4=)",
        "[a](vbscript:x)",
        "![a](https://elsewhere.example/pixel.png)",
        '[a](https://example.org "onmouseover=x")',
        '<https://example.org/" onclick=x>',
        "<style>*{display:none}</style>",
        "<iframe src=//elsewhere.example></iframe>",
        "[a]: javascript:alert(1)\n\n[a]",
        "## <script>x</script>",
        "`<script>`",
    ],
)
def test_nothing_runs_and_nothing_is_fetched(text: str) -> None:
    html = rendered(text)
    for danger in ("<script", "<img", "<style", "<iframe", "<b ", 'href="javascript', 'href="data', 'href="vbscript'):
        assert danger not in html.casefold()
    assert " on" not in "".join(part.partition(">")[0] for part in html.split("<")[1:])


@pytest.mark.parametrize(("top", "levels"), [(2, ["h2", "h3", "h4"]), (3, ["h3", "h4", "h4"])])
def test_headings_stand_below_those_of_the_page(top: int, levels: list[str]) -> None:
    html = rendered("## a\n\n### b\n\n#### c\n\n##### d", top)
    assert [html[at + 1 : at + 3] for at in range(len(html)) if html[at : at + 2] == "<h"] == [*levels, "h4"]


def test_heading_of_the_page_itself_is_not_taken() -> None:
    # A chapter's title is the page's first heading; a ``#`` in its text becomes one beneath.
    assert rendered("# a") == "<h2>a</h2>\n"
