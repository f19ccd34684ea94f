"""Names and addresses in the looks of a country: faker fills pools, NumPy recombines them.

Faker makes some ten thousand words a second, too few for millions of customers; given × family names and streets × numbers
make a pool of hundreds into hundreds of thousands of combinations.
"""

from __future__ import annotations

import hashlib
import re
import unicodedata
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from faker import Faker
from numpy.typing import NDArray

from generators.sales.identities import IDENTITIES, Identity

SMALLEST_POOL, LARGEST_POOL = 40, 400
PERSONAL_DOMAINS = ("example.com", "example.org", "example.net")
COMPANY_DOMAIN = "example"
ADDRESSES, PERSONS = "faker.providers.address", "faker.providers.person"
CITIES_IN_A_SET = ("it_IT",)  # of faker, so that every process would see them in another order


@dataclass(frozen=True)
class Pool:
    """Words of one country to recombine."""

    identity: Identity
    given_names: pa.Array
    family_names: pa.Array
    streets: pa.Array
    cities: pa.Array
    postcodes: pa.Array  # one for each city
    phone_stems: pa.Array  # without the last two digits


@cache
def pool_of(seed: int, country_code: str, size: int) -> Pool:
    """About `size` different words of each sort; the same for the same seed and country in every process."""
    identity = IDENTITIES[country_code]
    fake = _faker(identity.faker_locale)
    digest = hashlib.blake2b(f"{seed} {country_code}".encode(), digest_size=8).digest()
    fake.seed_instance(int.from_bytes(digest, "little"))

    def words(make: Callable[[], str]) -> list[str]:
        return list(dict.fromkeys(make() for _ in range(size)))

    def filled(template: str) -> str:
        return str(fake.numerify(fake.parse(template) if "{{" in template else template))

    cities = list(identity.cities) or words(fake.city)
    return Pool(
        identity=identity,
        given_names=pa.array(words(fake.first_name)),
        family_names=pa.array(words(fake.last_name)),
        streets=pa.array(words(lambda: filled(identity.street))),
        cities=pa.array([city for city in cities for _ in range(3)]),
        postcodes=pa.array([filled(identity.postcode) for _ in range(3 * len(cities))]),
        phone_stems=pa.array([filled(mask)[:-2] for mask in identity.phone for _ in range(size // len(identity.phone))]),
    )


def _faker(locale: str) -> Faker:
    """Faker with the providers that the pools use: loading them all takes longer than to fill the pools."""
    fake = Faker(locale, providers=[ADDRESSES, PERSONS])
    if locale in CITIES_IN_A_SET:
        provider: Any = fake.factories[0].provider(ADDRESSES)
        provider.cities = sorted(provider.cities)
    return fake


def pool_size(customer_count: int) -> int:
    """Words of each sort that a country with so many customers deserves."""
    return int(np.clip(3 * np.sqrt(customer_count), SMALLEST_POOL, LARGEST_POOL))


@dataclass(frozen=True)
class Draws:
    """Uniform numbers in [0, 1) by which rows choose: one column of `numbers` for each choice."""

    numbers: NDArray[np.float64]

    def index(self, column: int, count: int) -> NDArray[np.int64]:
        """A choice among `count`, by row."""
        return (self.numbers[:, column] * count).astype(np.int64)

    def word(self, column: int, words: pa.Array) -> pa.Array:
        """One of `words`, by row."""
        return words.take(pa.array(self.index(column, len(words))))


def person_names(pool: Pool, draws: Draws) -> tuple[pa.Array, pa.Array]:
    """Full names and their ASCII form for addresses of e-mail; uses columns 0 and 1."""
    given, family = draws.word(0, pool.given_names), draws.word(1, pool.family_names)
    ascii_names = joined(".", [draws.word(0, ascii_words(pool.given_names)), draws.word(1, ascii_words(pool.family_names))])
    return _filled(pool.identity.name, given=given, family=family), pc.utf8_trim(ascii_names, ".")


def company_names(pool: Pool, draws: Draws) -> tuple[pa.Array, pa.Array]:
    """Names of companies and their ASCII form; uses columns 0 to 2."""
    first, second = draws.word(0, pool.family_names), draws.word(1, pool.family_names)
    forms = pool.identity.companies
    names = pc.choose(pa.array(draws.index(2, len(forms))), *[_filled(form, a=first, b=second) for form in forms])
    return names, draws.word(0, ascii_words(pool.family_names))


def street_addresses(pool: Pool, draws: Draws) -> tuple[pa.Array, pa.Array, pa.Array]:
    """Street with number, city and postal code; uses columns 3 to 5."""
    numbers = pa.array((1 + 119 * draws.numbers[:, 4] ** 2).astype(np.int64)).cast(pa.string())
    street = _filled(pool.identity.address, street=draws.word(3, pool.streets), number=numbers)
    return street, draws.word(5, pool.cities), draws.word(5, pool.postcodes)


def phone_numbers(pool: Pool, draws: Draws) -> pa.Array:
    """Telephone numbers; uses columns 6 and 7."""
    return phone_numbers_at(pool, draws.numbers[:, 6], draws.numbers[:, 7])


def phone_numbers_at(pool: Pool, stem: NDArray[np.float64], last_digits: NDArray[np.float64]) -> pa.Array:
    """Telephone numbers of the country, chosen by two uniform numbers each."""
    stems = pool.phone_stems.take(pa.array((stem * len(pool.phone_stems)).astype(np.int64)))
    digits = pa.array((last_digits * 100).astype(np.int64)).cast(pa.string())
    return joined("", [stems, pc.utf8_lpad(digits, 2, "0")])


def ascii_words(words: pa.Array) -> pa.Array:
    """Each word in lower-case letters a to z as far as it has Latin letters at all."""
    spelled = [
        unicodedata.normalize("NFKD", word.replace("ß", "ss").replace("ł", "l").replace("ø", "o")) for word in words.to_pylist()
    ]
    return pa.array([re.sub("[^a-z]", "", word.lower()) for word in spelled])


def joined(separator: str, columns: Sequence[pa.Array | str]) -> pa.Array:
    """The columns' text, row by row, with `separator` between."""
    return pc.binary_join_element_wise(*columns, separator)


def _filled(template: str, **columns: pa.Array) -> pa.Array:
    """`template` with each {name} replaced by the row's text."""
    pieces = re.split(r"\{(\w+)\}", template)
    return joined("", [columns[piece] if number % 2 else piece for number, piece in enumerate(pieces)])
