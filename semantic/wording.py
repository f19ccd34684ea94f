"""How plants write, made readable for a language model: codes become the names of things, abbreviations become words.

A model that was trained on prose sees noise in `12-TIC-101` and `MAN`. The lexical half of the search keeps codes as they
stand; the semantic half reads what they stand for.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Mapping
from functools import lru_cache
from pathlib import Path

# Tags, loops and equipment as people write them: 12-TIC-101.PV, 12tic101, TIC-101, 12-R-101, and WO251226-1101. With blanks
# only in capitals, since "at 350" is no code.
ROLE = r"(?:\.(?:PV|SP|OP|MODE))?"
JOINED = rf"(?i:WO\d{{6}}-?\d{{4}}|(?:\d{{1,4}}-?)?[A-Z]{{1,4}}-?\d{{3}}[A-Z]?{ROLE})"
SPACED = rf"(?:\d{{1,4}} )?[A-Z]{{1,4}} \d{{3}}[A-Z]?{ROLE}"
CODE = re.compile(rf"\b(?:{JOINED}|{SPACED})\b")

SPACES = re.compile(r"(?<=\S)  +")
WORD = re.compile(r"([A-Za-z0-9][A-Za-z0-9'/-]*)")
GLOSSARY = Path(__file__).with_name("glossary.toml")


@lru_cache(maxsize=100_000)
def squashed(code: str) -> str:
    """A code without what people leave out or write otherwise: 12-TIC-101.PV becomes 12TIC101PV."""
    return re.sub(r"[^0-9A-Za-z]", "", code).upper()


def codes_in(text: str) -> list[str]:
    """The codes that a text contains, squashed, in order and without repetition."""
    return list(dict.fromkeys(squashed(found) for found in CODE.findall(text)))


class Names:
    """What the codes of one organization stand for. A code without a unit's number belongs to the unit it is written in."""

    def __init__(self, names: Mapping[str, str]) -> None:
        self._names = {squashed(code): name for code, name in names.items()}

    def resolved(self, code: str, unit_code: str) -> str | None:
        """The squashed full code, or None when nothing is called so."""
        short = squashed(code)
        return next((full for full in (short, squashed(unit_code) + short) if full in self._names), None)

    def known_codes(self, text: str, unit_code: str) -> list[str]:
        """The full codes of what a text names, squashed."""
        found = (self.resolved(code, unit_code) for code in CODE.findall(text))
        return list(dict.fromkeys(code for code in found if code is not None))

    def names_in(self, text: str, unit_code: str) -> list[str]:
        """The names of what a text mentions by its code."""
        return [self._names[code] for code in self.known_codes(text, unit_code)]

    def spelled_out(self, text: str, unit_code: str) -> str:
        """The text with the names of things in the place of their codes; a name that stands before its code stands once."""

        def name(match: re.Match[str]) -> str:
            full = self.resolved(match[0], unit_code)
            if full is None:
                return match[0]
            before = text[: match.start()].rstrip().lower()
            return "" if before.endswith(self._names[full].removeprefix("the ").lower()) else self._names[full]

        return SPACES.sub(" ", CODE.sub(name, text)).replace(" ,", ",")


def in_words(text: str) -> str:
    """The text in the words of the registers: abbreviations written out, and what goes by other names in the trade."""
    terms, longest = _glossary()
    parts = WORD.split(text)  # every other one is a word
    place = 1
    while place < len(parts):
        for words in range(longest.get(parts[place].lower(), 0), 0, -1):
            said = "".join(parts[place : place + 2 * words - 1])
            if term := terms.get(said) or terms.get(said.lower()):
                parts[place : place + 2 * words - 1] = [term]
                break
        place += 2
    return "".join(parts)


@lru_cache
def _glossary() -> tuple[dict[str, str], dict[str, int]]:
    """The register's word for every other one, and how many words the longest term has that begins with a word."""
    terms = {
        form: word
        for group in tomllib.loads(GLOSSARY.read_text(encoding="utf-8")).values()
        for word, others in group.items()
        for term in others
        for form in ((term,) if term.isupper() else (term.lower(), f"{term.lower()}s"))
    }
    longest: dict[str, int] = {}
    for term in terms:
        first, *more = term.lower().split()
        longest[first] = max(longest.get(first, 0), 1 + len(more))
    return terms, longest


def lexical(text: str, codes: Iterable[str]) -> str:
    """What the lexical half indexes: the text, and every code once more in one piece."""
    return " ".join((text, *codes))


def short_forms(codes: Iterable[str]) -> list[str]:
    """Codes, and each without the unit's number, as people write it within the unit."""
    return list(dict.fromkeys(form for code in codes for form in (code, code.lstrip("0123456789"))))
