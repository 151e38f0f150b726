"""The mirrored language finds every text that was forgotten, and nothing else."""

from __future__ import annotations

import pytest
from django.template import engines
from django.test import Client
from django.utils import translation
from django.utils.translation import gettext, ngettext

from mentornet.config.mirrored import mirrored
from pages import UnbalancedError, untranslated


@pytest.mark.parametrize(
    ("html", "found"),
    [
        ("<p>⟦Waiting list⟧ 12</p>", []),
        ("<p>Waiting list</p>", ["Waiting list"]),
        ("<p>⟦All⟧ and some <b>⟦more⟧</b></p>", ["and some"]),
        ("<p>⟦See <a href='/'>the list</a> of <bdi>Amina</bdi>⟧</p>", []),
        ("<p dir='auto'>as she <b>wrote</b> it</p><br><p>forgotten</p>", ["forgotten"]),
        ("<span data-as-written>B2</span><code translate='no'>MENTORNET</code>", []),
        ("<html lang='xb'><body lang='xb'>here<p lang='da'>dansk</p></body></html>", ["here"]),
        ("<script>var a</script><style>p {}</style><template><p>no</p></template>", []),
        ("<button aria-label='Close' title='⟦Close⟧'>×</button>", ["Close"]),
        ("<input type='submit' value='Send'><input value='typed' placeholder='Search'>", ["Send", "Search"]),
        ("<textarea dir='auto' placeholder='Write'>written</textarea>", ["Write"]),
        ("<img src='a.png' alt='A chart'><svg><title>A leaf</title></svg>", ["A chart", "A leaf"]),
        ("<ul><li>⟦one⟧<li>two</ul>", ["two"]),
    ],
)
def test_untranslated_finds_what_is_shown_outside_the_brackets(html: str, found: list[str]) -> None:
    assert untranslated(html) == found


@pytest.mark.parametrize("html", ["<p>⟦cut…</p>", "<p>half⟧</p>", "<a title='⟦cut'>⟦a⟧</a>"])
def test_cut_text_is_an_error(html: str) -> None:
    with pytest.raises(UnbalancedError):
        untranslated(html)


def test_mirrored_text_keeps_its_placeholders() -> None:
    assert mirrored("%(count)s of %(all)s") == "⟦%(count)s of %(all)s⟧"
    assert mirrored("yes,no,maybe") == "⟦yes⟧,⟦no⟧,⟦maybe⟧"
    assert mirrored(" – ") == " – "


def test_mirrored_language_runs_from_right_to_left_and_knows_our_texts_and_the_libraries() -> None:
    with translation.override("xb"):
        assert translation.get_language_bidi()
        assert gettext("mentor bank") == "mentor bank"
        assert gettext("first name") == "⟦first name⟧"
        assert gettext("This field is required.") == "⟦This field is required.⟧"
        assert ngettext("%(num)d day", "%(num)d days", 2) == "⟦%(num)d days⟧"
        page = engines["django"].from_string("{% translate 'people' %} {% translate 'forgotten' %}")
        assert untranslated(page.render()) == ["forgotten"]
    with translation.override("en"):
        assert not translation.get_language_bidi()
        assert gettext("first name") == "first name"


@pytest.mark.django_db
def test_page_is_shown_mirrored_to_who_asks_for_it(client: Client) -> None:
    client.cookies["django_language"] = "xb"
    page = client.get("/accounts/login/").content.decode()
    assert '<html lang="xb" dir="rtl"' in page
    assert untranslated(page) == []
    english = Client().get("/accounts/login/", headers={"accept-language": "en"}).content.decode()
    assert '<html lang="en" dir="ltr"' in english
    assert untranslated(english) != []
