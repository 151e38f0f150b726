"""Makes a PDF: a program of its own, so that it can be stopped, and what it loads stays out of the server.

``python -m mentornet.web.ui.press < job.json > page.pdf``; the job is ``{"html", "css", "fonts"}``,
with the fonts' files by the names under which the style asks for them. Nothing else is fetched, wherever it may lie.
"""

from __future__ import annotations

import json
import resource
import sys
from pathlib import Path
from typing import Any, Final

from weasyprint import CSS, HTML  # type: ignore[import-untyped]  # it ships no types
from weasyprint.text.fonts import FontConfiguration  # type: ignore[import-untyped]
from weasyprint.urls import URLFetcher, URLFetcherResponse  # type: ignore[import-untyped]

SCHEME: Final = "own:"
MOST_SECONDS: Final = 60
MOST_BYTES: Final = 2 * 2**30


class OwnFilesOnly(URLFetcher):  # type: ignore[misc]  # WeasyPrint ships no types
    """Gives the fonts it was told of, and refuses every other address."""

    def __init__(self, fonts: dict[str, str]) -> None:
        super().__init__(allowed_protocols=(), fail_on_errors=True)
        self.fonts = fonts

    def fetch(self, url: str, headers: Any = None) -> Any:
        """Return a font.

        Raises:
            ValueError: anything else.
        """
        del headers
        name = url.removeprefix(SCHEME)
        if not url.startswith(SCHEME) or name not in self.fonts:
            raise ValueError(f"nothing is fetched from {url}")
        return URLFetcherResponse(url, Path(self.fonts[name]).read_bytes(), {"Content-Type": "font/woff2"})


def printed(job: dict[str, Any]) -> bytes:
    """Return a job's PDF, tagged so that it can be read aloud."""
    fetcher, fonts = OwnFilesOnly(job["fonts"]), FontConfiguration()
    style = CSS(string=job["css"], url_fetcher=fetcher, font_config=fonts, base_url=SCHEME)
    page = HTML(string=job["html"], url_fetcher=fetcher, base_url=SCHEME)
    pdf: bytes = page.write_pdf(stylesheets=[style], font_config=fonts, pdf_variant="pdf/ua-1")
    return pdf


def main() -> int:
    """Read a job, and write its PDF."""
    # Also where nobody waits for it any more.
    resource.setrlimit(resource.RLIMIT_CPU, (MOST_SECONDS, MOST_SECONDS))
    resource.setrlimit(resource.RLIMIT_AS, (MOST_BYTES, MOST_BYTES))
    sys.stdout.buffer.write(printed(json.load(sys.stdin)))
    return 0


if __name__ == "__main__":
    sys.exit(main())
