"""The components that take arguments: one tag each, with its template of the same name in ``ui/components``.

A page loads them with ``{% load ui %}``. What each takes stands in its template's first comment; the page
``desk/styleguide`` shows all of them.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any, Final

from django import forms, template
from django.contrib.messages.storage.base import Message
from django.core.paginator import Page
from django.forms import BaseForm, BoundField
from django.template.context import RequestContext
from django.template.loader import render_to_string
from django.templatetags.static import static
from django.utils.formats import number_format
from django.utils.html import escape, format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from mentornet.common.moments import dated_words
from mentornet.web.ui import charts, clocks, toasts
from mentornet.web.ui.markdown import rendered

register = template.Library()

_PARTS: Final = "ui/components"
_LONG_ADDRESS: Final = 20
_TONE_ICONS: Final = {
    "good": "check-circle",
    "info": "info",
    "warn": "warning",
    "bad": "danger",
    "warm": "heart",
    "quiet": "minus",
}
# Who sees a field (the levels of the field registry), from everybody to named staff.
_LEVELS: Final = {
    "open": ("eye", gettext_lazy("Everyone"), gettext_lazy("Everyone may see this.")),
    "introduction": (
        "proposal",
        gettext_lazy("The other side"),
        gettext_lazy("The other side of a sent proposal sees this."),
    ),
    "partner": ("agreement", gettext_lazy("Partner"), gettext_lazy("The partner sees this once both have accepted.")),
    "casework": (
        "people",
        gettext_lazy("Coordinators"),
        gettext_lazy("The coordinators of the division see this."),
    ),
    "restricted": (
        "lock",
        pgettext_lazy("who sees a field", "Named staff"),
        gettext_lazy("Only named staff see this, and each reading is recorded."),
    ),
}


# Small marks --------------------------------------------------------------------------------------------------------


@register.simple_tag
def icon(name: str, *, label: str = "", size: str = "") -> SafeString:
    """Draw an icon of the sprite; silent beside words, named by ``label`` where it stands alone."""
    classes = f"icon icon-{size}" if size else "icon"
    if name.endswith(("-start", "-end")) or name in {"import", "sign-out", "proposal", "undo", "list"}:
        classes += " icon-turns"
    source = f"{static('vendor/icons/icons.svg')}#{name}"
    if label:
        return format_html(
            '<svg class="{}" width="20" height="20" role="img" aria-label="{}"><use href="{}"/></svg>',
            classes,
            label,
            source,
        )
    return format_html(
        '<svg class="{}" width="20" height="20" aria-hidden="true" focusable="false"><use href="{}"/></svg>',
        classes,
        source,
    )


@register.filter
def markdown(text: str, top: int = 2) -> SafeString:
    """Return Markdown as HTML, its highest headings at level ``top``."""
    return rendered(text, top)


@register.filter
def initials(name: str) -> str:
    """Return the first letters of a name's first and last word."""
    words = [word for word in str(name).split() if word[0].isalnum()]
    letters = [words[0][0], words[-1][0]] if len(words) > 1 else [word[0] for word in words]
    # Arabic letters would join: the non-joiner keeps them apart.
    return "\u200c".join(letters).upper()


@register.filter
def breakable(address: str) -> SafeString | str:
    """Let an address too long for a telephone's line break before a sign, not in the middle of a word.

    That of a mail box before its at sign; that of a page before its dots and behind its strokes.
    """
    scheme, stroke, rest = str(address).partition("://")
    if stroke and len(address) > _LONG_ADDRESS:
        # Escaped it holds neither of the two signs that it did not hold before.
        return SafeString(f"{escape(scheme)}://" + escape(rest).replace(".", "<wbr>.").replace("/", "/<wbr>"))
    name, at, host = str(address).partition("@")
    return format_html("{}<wbr>@{}", name, host) if at and len(address) > _LONG_ADDRESS else address


@register.filter
def undo_address(message: Message) -> str:
    """Return the address that takes back what a message tells; empty where there is none."""
    return toasts.undo_address(message)


@register.filter
def tone(message: Message) -> str:
    """Return a message's tone."""
    return toasts.tone_of(message)


@register.filter
def tone_icon(name: str) -> str:
    """Return the icon that goes with a tone: a colour never stands alone."""
    return _TONE_ICONS.get(name, "info")


@register.filter
def item(things: Sequence[Any], number: int) -> Any:
    """Return one of ``things`` by its place, for two lists that belong together."""
    return things[number]


@register.filter
def dated(day: date) -> str:
    """Write a day with its weekday and year, as a letter does: Monday 9 March 2026."""
    return dated_words(day)


@register.filter
def points(value: float) -> str:
    """Write a share of a score as points of a hundred, with at most one decimal."""
    rounded = round(float(value), 1)
    return number_format(rounded, decimal_pos=0 if rounded == int(rounded) else 1)


@register.inclusion_tag(f"{_PARTS}/_badge.html")
def badge(text: str, tone: str = "quiet", *, icon: str = "") -> dict[str, object]:
    """Show a state: colour, icon and word together."""
    return {"text": text, "tone": tone, "icon": icon or _TONE_ICONS.get(tone, "info")}


@register.inclusion_tag(f"{_PARTS}/_level_badge.html")
def level_badge(level: str) -> dict[str, object]:
    """Say who sees a field."""
    name, word, sentence = _LEVELS[str(level)]
    return {"level": level, "icon": name, "word": word, "sentence": sentence}


@register.inclusion_tag(f"{_PARTS}/_level_legend.html")
def level_legend() -> dict[str, object]:
    """Explain the signs of the levels, for a page that shows them beside its facts."""
    return {"levels": [(name, sentence) for key, (name, _word, sentence) in _LEVELS.items() if key != "open"]}


@register.inclusion_tag(f"{_PARTS}/_person.html")
def person(
    name: str, *, role: str = "", division: str = "", url: str = "", is_protected: bool = False, size: str = ""
) -> dict[str, object]:
    """Show a person: initials, name, role and division."""
    return {
        "name": name,
        "role": role,
        "division": division,
        "url": url,
        "is_protected": is_protected,
        "size": size,
    }


# Buttons ------------------------------------------------------------------------------------------------------------


@register.inclusion_tag(f"{_PARTS}/_button.html")
def button(
    text: str,
    tone: str = "plain",
    *,
    icon: str = "",
    name: str = "",
    value: str = "",
    type: str = "submit",  # noqa: A002 - the attribute's own name
    form: str = "",
    opens: str = "",
    closes: bool = False,
    small: bool = False,
    disabled: bool = False,
    hides_text: bool = False,
) -> dict[str, object]:
    """Show a button that does something."""
    return dict(locals())


@register.inclusion_tag(f"{_PARTS}/_link_button.html")
def link_button(
    text: str,
    href: str,
    tone: str = "plain",
    *,
    icon: str = "",
    opens: str = "",
    small: bool = False,
    hides_text: bool = False,
) -> dict[str, object]:
    """Show a link in the form of a button; it leads somewhere, or opens a dialog."""
    return dict(locals())


@register.inclusion_tag(f"{_PARTS}/_copy.html")
def copy_button(text: str, *, what: str = "") -> dict[str, object]:
    """Show a text, such as an e-mail address, with a button that copies it."""
    return {"text": text, "what": what or _("Copy")}


# Forms --------------------------------------------------------------------------------------------------------------


def _kind(bound: BoundField) -> str:
    widget = bound.field.widget
    if isinstance(widget, forms.CheckboxSelectMultiple | forms.RadioSelect):
        return "choices"
    return "checkbox" if isinstance(widget, forms.CheckboxInput) else "input"


@register.inclusion_tag(f"{_PARTS}/_field.html")
def field(
    bound: BoundField,
    *,
    combobox: bool = False,
    keep: str = "",
    writes: bool = False,
    hides_label: bool = False,
    level: str = "",
    bare: bool = False,
    sometimes: bool = False,
    needed: bool = False,
) -> dict[str, object]:
    """Show a form's field with its label, help and errors."""
    attributes: dict[str, Any] = {}
    kind = _kind(bound)
    if kind == "input":
        attributes["class"] = f"{bound.field.widget.attrs.get('class', '')} control".strip()
    if bare:
        attributes["placeholder"] = ""
        bound.help_text = ""
    if combobox:
        attributes["data-combobox"] = True
    if keep:
        attributes["data-keep"] = keep
    if writes:
        attributes["dir"] = "auto"
    return {
        "bound": bound,
        "widget": bound.as_widget(attrs=attributes) if kind != "choices" else "",
        "kind": kind,
        "hides_label": hides_label,
        "level": level,
        "is_needed": needed,
        "is_optional": not (bound.field.required or sometimes) and kind == "input",
    }


@register.inclusion_tag(f"{_PARTS}/_form_fields.html")
def form_fields(form: BaseForm, *, bare: bool = False) -> dict[str, object]:
    """Show all fields of a form, one under the other, hidden ones included."""
    return {"form": form, "bare": bare}


@register.inclusion_tag(f"{_PARTS}/_error_summary.html")
def error_summary(*of: BaseForm, signs_in: bool = False) -> dict[str, object]:
    """Gather what must be put right; it takes the focus when the page opens. Of a sign-in it says that it failed."""
    bound = [field for form in of for field in form if field.errors]
    general = [error for form in of if form.is_bound for error in form.non_field_errors()]
    return {"fields": bound, "general": general, "count": len(bound) + len(general), "signs_in": signs_in}


# Waiting and reasons ------------------------------------------------------------------------------------------------


@register.inclusion_tag(f"{_PARTS}/_clock.html")
def clock(days: int, *, promised: date | None = None, today: date | None = None) -> dict[str, object]:
    """Say how long somebody has waited, and by when she was promised an answer."""
    words, tone = clocks.clock_words(days, promised, today)
    return {"words": words, "tone": tone}


@register.inclusion_tag(f"{_PARTS}/_criterion_bars.html")
def criterion_bars(bars: Iterable[Mapping[str, Any]], *, total: float | None = None) -> dict[str, object]:
    """Show what each criterion gives to a score, beside what it could give at most."""
    return {"bars": charts.criterion_marks(bars), "total": total}


@register.inclusion_tag(f"{_PARTS}/_score_strip.html")
def score_strip(bars: Iterable[Mapping[str, Any]], total: float) -> dict[str, object]:
    """Show a score as one strip, for a row of a list; the words stand beside it."""
    return {"bars": charts.strip_marks(bars), "total": total}


# Lists --------------------------------------------------------------------------------------------------------------


@register.inclusion_tag(f"{_PARTS}/_sort_header.html", takes_context=True)
def sort_header(context: RequestContext, label: str, key: str, *, is_number: bool = False) -> dict[str, object]:
    """Show a table's heading by which its rows can be put in order; the order stands in the address."""
    query = context["request"].GET.copy()
    order = query.get("sort", context.get("sort", ""))
    state = {key: "ascending", f"-{key}": "descending"}.get(order, "none")
    query["sort"] = f"-{key}" if order == key else key
    query.pop("page", None)
    return {"label": label, "state": state, "url": f"?{query.urlencode()}", "is_number": is_number}


@register.inclusion_tag(f"{_PARTS}/_facet.html", takes_context=True)
def facet(
    context: RequestContext, legend: str, name: str, choices: Sequence[tuple[str, str, int | None]]
) -> dict[str, object]:
    """Show a group of checkboxes with counts, for a form that filters by GET."""
    chosen = set(context["request"].GET.getlist(name))
    options = [
        {"value": value, "label": label, "count": count, "is_chosen": str(value) in chosen}
        for value, label, count in choices
    ]
    return {"legend": legend, "name": name, "options": options}


@register.inclusion_tag(f"{_PARTS}/_pagination.html", takes_context=True)
def pagination(context: RequestContext, page: Page[Any]) -> dict[str, object]:
    """Lead through the pages of a list, keeping its filters."""
    query = context["request"].GET.copy()
    query.pop("page", None)
    prefix = f"?{query.urlencode()}&page=" if query else "?page="
    numbers = list(page.paginator.get_elided_page_range(page.number, on_each_side=1, on_ends=1))
    return {"page": page, "numbers": numbers, "prefix": prefix}


# Charts -------------------------------------------------------------------------------------------------------------


@register.inclusion_tag(f"{_PARTS}/_bar_chart.html")
def bar_chart(rows: Sequence[Mapping[str, object]], *, caption: str, unit: str = "") -> dict[str, object]:
    """Draw bars, with the words and numbers beside them."""
    return {"marks": charts.bar_marks(rows), "caption": caption, "unit": unit}


@register.inclusion_tag(f"{_PARTS}/_line_chart.html")
def line_chart(
    rows: Sequence[Mapping[str, object]], *, caption: str, heading: str, unit: str = "", steps: bool = False
) -> dict[str, object]:
    """Draw a line or a stair over time, with its table."""
    marks = charts.line_marks(rows, steps=steps)
    return {"rows": rows, "marks": marks, "caption": caption, "heading": heading, "unit": unit}


# Frames around a page's own words -----------------------------------------------------------------------------------


@register.simple_block_tag
def callout(content: str, tone: str = "info", title: str = "") -> SafeString:
    """Set something apart that must not be overlooked."""
    context = {"content": content, "tone": tone, "title": title, "icon": _TONE_ICONS.get(tone, "info")}
    return render_to_string(f"{_PARTS}/_callout.html", context)


@register.simple_block_tag
def card(content: str, title: str = "", *, level: int = 2, id: str = "") -> SafeString:  # noqa: A002 - the attribute
    """Keep together what belongs together, under a heading."""
    return render_to_string(f"{_PARTS}/_card.html", {"content": content, "title": title, "level": level, "id": id})


@register.simple_block_tag
def dialog(content: str, id: str, title: str) -> SafeString:  # noqa: A002 - the attribute's own name
    """Ask or tell something above the page; ``data-opens`` names it by its id."""
    return render_to_string(f"{_PARTS}/_dialog.html", {"content": content, "id": id, "title": title})


@register.simple_block_tag
def empty(content: str, title: str, *, icon: str = "leaf") -> SafeString:
    """Say why nothing is here, and what to do next."""
    return render_to_string(f"{_PARTS}/_empty.html", {"content": content, "title": title, "icon": icon})


@register.simple_block_tag
def disclosure(content: str, summary: str, *, is_open: bool = False) -> SafeString:
    """Fold away what only some need."""
    context = {"content": content, "summary": summary, "is_open": is_open}
    return render_to_string(f"{_PARTS}/_disclosure.html", context)
