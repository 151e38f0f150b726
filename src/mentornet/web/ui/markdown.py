"""Markdown as pages show it: headings, paragraphs, lists, emphasis, links. HTML in it is shown as it stands."""

from __future__ import annotations

from functools import lru_cache
from typing import Final

import nh3
from django.utils.safestring import SafeString, mark_safe
from markdown_it import MarkdownIt

_MARKDOWN: Final = MarkdownIt("commonmark", {"html": False})
LOWEST: Final = 4
_TAGS: Final = {"h2", "h3", "h4", "p", "ul", "ol", "li", "em", "strong", "a", "blockquote", "hr", "br", "code"}


@lru_cache(maxsize=256)
def rendered(text: str, top: int = 2) -> SafeString:
    """Return Markdown as HTML that holds nothing but the tags named above, and links to web pages, mail and phones.

    Args:
        text: Markdown.
        top: the level of the highest heading on the page it stands on; ``##`` becomes that one.
    """
    tokens = _MARKDOWN.parse(text)
    for token in tokens:
        if token.type in {"heading_open", "heading_close"}:
            level = max(int(token.tag[1:]), 2)
            token.tag = f"h{min(level + top - 2, LOWEST)}"
    html = nh3.clean(
        _MARKDOWN.renderer.render(tokens, _MARKDOWN.options, {}),
        tags=_TAGS,
        attributes={"a": {"href"}, "ol": {"start"}},
        url_schemes={"http", "https", "mailto", "tel"},
        link_rel="noopener noreferrer",
    )
    return mark_safe(html)  # noqa: S308 - cleaned above
