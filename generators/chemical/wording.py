"""How people in the plant write: a small grammar, the styles of its writers, and their typing errors.

The words stand in wording.toml. A phrase names alternatives in brackets and is filled with facts; numbers, tags and names of
equipment are never mistyped.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, TypeAlias

import numpy as np

from generators.engine.streams import stream

STYLES = ("terse", "plain", "thorough", "jargon")
STYLE_SHARES = (0.3, 0.35, 0.2, 0.15)
TYPOS_PER_WORD = (0.001, 0.012)  # from the most careful writer to the least
ABBREVIATED = 0.7  # share of the words that terse writers could shorten in a text
SHORTEST_MISTYPED = 4  # letters
_ALTERNATIVES = re.compile(r"\[([^\[\]]*)\]")
_SLOT = re.compile(r"<(\w+)>")
_PLAIN_WORD = re.compile(r"(?<![\w./'-])[A-Za-z]?[a-z]+(?![\w./'-])")
_ARTICLE = re.compile(r"\b(the|a|an) (?=[a-z])")
_UNIT_NUMBER = re.compile(r"\b\d+-(?=[A-Z]+-\d)")
_KEYBOARD = dict(zip("qwertyuiopasdfghjklzxcvbnm", "wertyuioiosdfghjklkxcvbnmn", strict=True))  # the key to the right


@dataclass(frozen=True)
class Phrase:
    """A fact that each writer words in an own way: the phrases for `what`, or the `options`, filled with facts of their own."""

    what: str
    facts: Facts
    options: tuple[str, ...] = ()


Fact: TypeAlias = str | Phrase | tuple[Phrase, ...]  # several are listed
Facts: TypeAlias = Mapping[str, Fact]


@cache
def vocabulary() -> dict[str, Any]:
    """The content of wording.toml."""
    with Path(__file__).with_suffix(".toml").open("rb") as file:
        return tomllib.load(file)


@dataclass(frozen=True)
class Writer:
    """How a person writes: a style, and the share of longer words that go wrong."""

    style: str
    typos_per_word: float


@cache
def writer(seed: int, user_id: int) -> Writer:
    """The person's way of writing, the same for life."""
    style, care = stream(seed, "logbook.entries", "writers", str(user_id)).random(2)
    low, high = TYPOS_PER_WORD
    return Writer(STYLES[int(np.searchsorted(np.cumsum(STYLE_SHARES[:-1]), style, side="right"))], low + (high - low) * care)


def worded(phrase: Phrase, style: str, rng: np.random.Generator) -> str:
    """A phrase in a style, with the facts filled in; not yet a finished text."""
    known = vocabulary()["phrases"].get(phrase.what, {})
    options = phrase.options or (*known["any"], *known.get(style, ()))
    return expanded(options, phrase.facts, style, rng)


def expanded(options: Sequence[str], facts: Facts, style: str, rng: np.random.Generator) -> str:
    """One of the options with its alternatives chosen and the facts filled in. Raises KeyError for a fact that is missing."""
    text = options[int(len(options) * rng.random())]
    while True:  # facts last: what they say is no phrase
        found = _ALTERNATIVES.search(text)
        if found is None:
            return _SLOT.sub(lambda slot: _said(facts[slot[1]], style, rng), text)
        choices = found[1].split("|")
        text = text[: found.start()] + choices[int(len(choices) * rng.random())] + text[found.end() :]


def _said(fact: Fact, style: str, rng: np.random.Generator) -> str:
    if isinstance(fact, str):
        return fact
    if isinstance(fact, Phrase):
        return worded(fact, style, rng)
    return ", ".join(worded(phrase, style, rng) for phrase in fact)


def finished(text: str, style: str, rng: np.random.Generator) -> str:
    """The text as a writer of the style puts it down, without typing errors."""
    text = re.sub(r"\s+([.,;:])", r"\1", re.sub(r"\s+", " ", text)).strip()
    text = re.sub(r"([.;:,])(?:\s*[.,;])+", r"\1", text)
    if style == "terse":
        text = _with_words(_ARTICLE.sub("", text), vocabulary()["abbreviations"], ABBREVIATED, rng)
        text = _UNIT_NUMBER.sub("", text) if rng.random() < 0.5 else text
        text = text.replace("°C", "C").replace("m³", "m3").rstrip(".")
        return text if rng.random() < 0.6 else _capital(text)
    if style == "jargon":
        text = _with_words(text, vocabulary()["jargon"], 1.0, rng)
        text = _UNIT_NUMBER.sub("", text) if rng.random() < 0.5 else text
        return _sentences(text).rstrip(".") if rng.random() < 0.5 else _sentences(text)
    text = _sentences(text)
    return text if text[-1] in ".?!" or (style == "plain" and rng.random() < 0.4) else f"{text}."


def mistyped(text: str, typos_per_word: float, rng: np.random.Generator) -> str:
    """The text with some of its longer words mistyped: letters swapped, lost, doubled, or the key beside hit."""
    words = [found for found in _PLAIN_WORD.finditer(text) if len(found[0]) >= SHORTEST_MISTYPED]
    if not words:
        return text
    for found, chance in reversed(list(zip(words, rng.random(len(words)), strict=True))):
        if chance < typos_per_word:
            text = text[: found.start()] + _wrong(found[0], rng) + text[found.end() :]
    return text


def _wrong(word: str, rng: np.random.Generator) -> str:
    at = 1 + int(rng.integers(len(word) - 2))
    kind = int(rng.integers(4))
    if kind == 0 and word[at] != word[at + 1]:
        return word[:at] + word[at + 1] + word[at] + word[at + 2 :]
    if kind == 1:
        return word[:at] + word[at + 1 :]
    if kind == 2:
        return word[:at] + word[at] + word[at:]
    return word[:at] + _KEYBOARD[word[at]] + word[at + 1 :]


def _with_words(text: str, words: Mapping[str, str], share: float, rng: np.random.Generator) -> str:
    """Some of the words in a style's own way: `share` of them in a text, each throughout."""
    for (long, short), chance in zip(words.items(), rng.random(len(words)), strict=True):
        if long in text and chance < share:
            text = re.sub(rf"\b{long}\b", short, text)
    return text


def _sentences(text: str) -> str:
    """Every sentence with a capital."""
    return re.sub(r"([.!?] )([a-z])", lambda found: found[1] + found[2].upper(), _capital(text))


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]
