"""How plants write, made readable for a language model: codes become the names of things, abbreviations become words.

A model that was trained on prose sees noise in `12-TIC-101` and `MAN`. The lexical half of the search keeps codes as they
stand; the semantic half reads what they stand for.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from functools import lru_cache

# Tags, loops and equipment as people write them: 12-TIC-101.PV, 12tic101, TIC-101, 12-R-101, and WO251226-1101. With blanks
# only in capitals, since "at 350" is no code.
ROLE = r"(?:\.(?:PV|SP|OP|MODE))?"
JOINED = rf"(?i:WO\d{{6}}-?\d{{4}}|(?:\d{{1,4}}-?)?[A-Z]{{1,4}}-?\d{{3}}[A-Z]?{ROLE})"
SPACED = rf"(?:\d{{1,4}} )?[A-Z]{{1,4}} \d{{3}}[A-Z]?{ROLE}"
CODE = re.compile(rf"\b(?:{JOINED}|{SPACED})\b")

# Usual abbreviations of control rooms and of maintenance, and the jargon that names things by other words.
GLOSSARY = {
    "sp": "set point", "setpoint": "set point", "pv": "measured value", "op": "output", "man": "manual", "auto": "automatic",
    "cas": "cascade", "wo": "work order", "rio": "remote I/O", "hist": "history", "comm": "communication",
    "comms": "communication", "cw": "cooling water", "temp": "temperature", "press": "pressure", "conc": "concentration",
    "maint": "maintenance", "instr": "instrument", "cal": "calibration", "tech": "technician", "chk": "check",
    "chk'd": "checked", "norm": "normal", "unkn": "unknown", "inf": "informed", "rd": "round", "ho": "handover",
    "h/o": "handover", "u/s": "out of service", "flatline": "flat line", "dp": "differential pressure",
    "rpm": "speed", "o2": "oxygen", "co2": "carbon dioxide",
}  # fmt: skip
SPACES = re.compile(r"(?<=\S)  +")
WORD = re.compile(r"[A-Za-z][A-Za-z0-9'/]*")


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
    """The text with abbreviations written out."""
    return WORD.sub(lambda match: GLOSSARY.get(match[0].lower(), match[0]), text)


def lexical(text: str, codes: Iterable[str]) -> str:
    """What the lexical half indexes: the text, and every code once more in one piece."""
    return " ".join((text, *codes))


def short_forms(codes: Iterable[str]) -> list[str]:
    """Codes, and each without the unit's number, as people write it within the unit."""
    return list(dict.fromkeys(form for code in codes for form in (code, code.lstrip("0123456789"))))
