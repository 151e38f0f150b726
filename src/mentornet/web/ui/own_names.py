"""What languages are called in themselves: whoever looks for hers need not read another one."""

from __future__ import annotations

from django.utils.translation import get_language_info


def own_name(code: str) -> str:
    """Return a language's name in itself.

    Raises:
        KeyError: Django does not know the language.
    """
    return str(get_language_info(code)["name_local"]).capitalize()
