"""The words of a job title, in English or Danish, made comparable.

Two writings of one title come out alike: case, accents, hyphens and punctuation are dropped, *lærer* and *laerer*
fall together, plural, definite and gender endings are cut (*sygeplejersker*, *lærerinde*, *nurses*, *waitress*), and
a Danish compound is taken apart before a known last part (*salgsassistent* is *salg assistent*). A cut word is no
longer a word of a language; it only serves to be compared.
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache
from typing import Final

_FOLDED: Final = str.maketrans(
    {"æ": "ae", "ø": "oe", "å": "aa", "ä": "ae", "ö": "oe", "&": " and ", "'": "", "’": "", "´": ""}
)
# "m/f", "m/k", "(f/m/d)": whom an advertisement also addresses.
_GENDER_MARK: Final = re.compile(r"(?<!\w)[mfkwhd](?:\s*/\s*[mfkwhdx])+(?!\w)")
_WORD: Final = re.compile(r"[^\W_]+[+#]*")
# Words that carry no occupation.
_EMPTY: Final = frozenset(
    {"a", "af", "an", "and", "at", "by", "den", "der", "det", "en", "et", "for", "fra", "i", "in", "indenfor", "med"}
    | {"of", "og", "on", "or", "paa", "som", "the", "til", "to", "ved", "with"}
)
_AFTER_THE_HEAD: Final = re.compile(
    r"\s+(?:of|in|for|at|on|to|with|af|i|inden for|indenfor|på|til|ved|med)\s|[,;(/]|\s[-–]\s", re.IGNORECASE
)
_PLACE: Final = re.compile(r"\s+(?:in|at|i|hos|på|ved)\s+", re.IGNORECASE)
_MARK: Final = "$"

_SHORTEST_STEM: Final = 3
_ENDING: Final = re.compile(
    "(?:erers|erinderne|erinder|erinde|inderne|inder|inde"  # lærerinde, værtinde
    "|ererne|erer|eren|erne|ere|eres|ers|ors"  # ingeniørerne, læreren, lærere, teachers, actors
    "|resses|ress|esses|ess"  # waitress, actress, stewardess
    "|women|woman|men|man|maendene|maend|manden|mand|people|persons|person"
    "|ies|res|re|er|or|ene|en|et|ne|es|e|s|y)$"
)
_DOUBLED: Final = re.compile(r"([bdfgklmnprst])\1$")

# Last parts of Danish (and some English) compounds; folded.
_HEADS: Final = (
    "administrator", "advokat", "agent", "analytiker", "anlaegger", "ansvarlig", "arbejder", "arkitekt",
    "assistent", "bager", "behandler", "betjent", "biolog", "bonde", "bud", "bygger", "chauffoer", "chef",
    "coach", "designer", "direktoer", "ejer", "ekspedient", "ekspert", "elev", "entreprenoer", "farmaceut",
    "fisker", "foerer", "forhandler", "formand", "formidler", "forsker", "fotograf", "fysiker", "gartner",
    "haandvaerker", "handler", "hjaelper", "indkoeber", "ingenioer", "inspektoer", "instruktoer", "jordemoder",
    "journalist", "jurist", "kemiker", "kok", "konduktoer", "konservator", "konstruktoer", "konsulent",
    "kontrollant", "kontrolloer", "koordinator", "kunstner", "laborant", "laege", "laerer", "landmand",
    "leder", "lektor", "loeber", "maegler", "maler", "manager", "mand", "maskinist", "medarbejder",
    "medhjaelper", "mekaniker", "mester", "montoer", "musiker", "oekonom", "officer", "operatoer", "paedagog",
    "passer", "pilot", "planlaegger", "plejer", "politiker", "portoer", "producent", "professor",
    "programmoer", "psykolog", "raadgiver", "redaktoer", "reparatoer", "repraesentant", "revisor", "saelger",
    "sekretaer", "sergent", "servitrice", "skipper", "slagter", "smed", "snedker", "specialist", "syer",
    "sygeplejerske", "tegner", "tekniker", "teknolog", "terapeut", "tjener", "toemrer", "tolk", "traener",
    "udvikler", "underviser", "vaert", "vagt", "vejleder", "videnskabsmand",
)  # fmt: skip
_HEAD: Final = f"(?P<last>{'|'.join(_HEADS)})(?:inde|ske|eren|erne|ere|er|en|e|rne|ne|r|n|s)?"
_ONLY_A_HEAD: Final = re.compile(_HEAD)
# The first part is taken as short as can be, so that the last part is the longest one known.
_COMPOUND: Final = re.compile(f"(?P<first>.{{2,}}?){_HEAD}")


# Stems of one word in two spellings, or of two words that job titles use alike.
_SAME: Final = {
    "aeropla": "airpla",
    "aluminium": "aluminum",
    "jeweller": "jewelr",
    "labour": "labor",
    "mould": "mold",
    "moulding": "molding",
    "operativ": "operat",
    "tyr": "tir",
}


def folded(text: str) -> str:
    """Return ``text`` in small letters without accents; Danish and German letters are written out (``ø``: ``oe``)."""
    plain = unicodedata.normalize("NFC", text).casefold().translate(_FOLDED)
    if not plain.isascii():
        plain = "".join(sign for sign in unicodedata.normalize("NFKD", plain) if not unicodedata.combining(sign))
    return _GENDER_MARK.sub(" ", plain)


def words(text: str) -> tuple[str, ...]:
    """Return the words of ``text`` in order, folded; digits count, and so do the signs of ``C++`` and ``C#``."""
    return tuple(_WORD.findall(folded(text)))


@lru_cache(maxsize=65536)
def stem(word: str) -> str:
    """Return a folded word without its ending; what remains has three letters or more."""
    ending = _ENDING.search(word, _SHORTEST_STEM)
    cut = word if ending is None else word[: ending.start()]
    if len(cut) > _SHORTEST_STEM and _DOUBLED.search(cut):
        cut = cut[:-1]
    return _SAME.get(cut, cut)


@lru_cache(maxsize=65536)
def parts(word: str) -> tuple[str, ...]:
    """Return the stems of a folded word: two if it is a compound with a known last part, else one."""
    compound = None if _ONLY_A_HEAD.fullmatch(word) else _COMPOUND.fullmatch(word)
    if compound is None:
        return (stem(word),)
    first = compound["first"]
    # The s that joins the parts of a compound: "salg-s-assistent".
    joined = len(first) > _SHORTEST_STEM and first.endswith("s")
    return (stem(first[:-1] if joined else first), stem(compound["last"]))


def same_writing(text: str) -> str:
    """Return what two writings of one title share: the folded words without the spaces between them."""
    return "".join(words(text))


def same_words(text: str) -> str:
    """Return what two forms of one title share: the stems of its words that carry meaning, in alphabetical order."""
    return " ".join(sorted(set(stems(text))))


def stems(text: str) -> tuple[str, ...]:
    """Return the stems of the words of ``text`` that carry meaning, in order."""
    return tuple(part for word in words(text) if word not in _EMPTY for part in parts(word))


def features(text: str) -> tuple[str, ...]:
    """Return the stems of ``text``, and the last one before a preposition or comma once more, marked.

    That one is the head, what the person *is*: *manager* in "manager of a shop", *lærer* in "lærer i folkeskolen".
    """
    found = stems(text)
    before = stems(_AFTER_THE_HEAD.split(text.strip(), maxsplit=1)[0]) or found
    return (*found, _MARK + before[-1]) if before else found


def split_at_place(text: str) -> tuple[str, str, str]:
    """Return what stands before, as and after the first preposition of place in ``text``; like ``str.partition``."""
    place = _PLACE.search(text)
    return (text, "", "") if place is None else (text[: place.start()], place[0], text[place.end() :])


def is_mark(feature: str) -> bool:
    """Say whether a feature is a marked head and not a word."""
    return feature.startswith(_MARK)
