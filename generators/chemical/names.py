"""Names of people in the looks of a country, in Latin letters: the plants' systems keep one spelling for all sites.

Faker knows most countries; where it has no Latin spelling, common names stand here.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from functools import cache

import numpy as np
from faker import Faker

_LOCALES = {
    "AR": "es_AR", "AU": "en_AU", "BE": "nl_BE", "BR": "pt_BR", "CA": "en_CA", "DE": "de_DE", "ES": "es_ES", "FR": "fr_FR",
    "GB": "en_GB", "IN": "en_IN", "IT": "it_IT", "JP": "ja_JP", "MX": "es_MX", "NL": "nl_NL", "NO": "no_NO", "PL": "pl_PL",
    "TH": "en_TH", "TW": "zh_TW", "US": "en_US", "ZA": "zu_ZA",
}  # fmt: skip
_ARABIC = (
    "Abdulaziz Abdullah Ahmed Ali Amal Fahad Fatimah Faisal Hamad Hanan Hassan Huda Ibrahim Khalid Layla Mariam Mohammed Nasser"
    " Noura Omar Rashid Reem Saleh Salim Sara Saud Sultan Turki Yasser Yousef Zainab Ziyad"
)
_SPELLED: dict[str, tuple[str, str]] = {  # given names, family names
    "KR": (
        "Dong-hyun Eun-ji Hae-won Hye-jin Hyun-woo Jae-sung Ji-hoon Ji-young Jin-woo Joon-ho Min-ji Min-jun Min-seok Na-yeon"
        " Sang-hoon Seo-yeon Seung-min Soo-jin Sung-ho Tae-yang Won-jae Ye-jin Yong-su Young-ho",
        "Kim Lee Park Choi Jung Kang Cho Yoon Jang Lim Han Oh Seo Shin Kwon Hwang Ahn Song Yoo Hong",
    ),
    "OM": (
        _ARABIC,
        "Al-Balushi Al-Busaidi Al-Farsi Al-Habsi Al-Harthi Al-Hinai Al-Jabri Al-Kalbani Al-Kindi Al-Lawati Al-Maamari"
        " Al-Mahrouqi Al-Maskari Al-Rawahi Al-Riyami Al-Saadi Al-Shibli Al-Siyabi Al-Wahaibi Al-Zadjali",
    ),
    "SA": (
        _ARABIC,
        "Al-Ahmari Al-Anazi Al-Dosari Al-Ghamdi Al-Harbi Al-Juhani Al-Khaldi Al-Maliki Al-Mutairi Al-Otaibi Al-Qahtani"
        " Al-Rashid Al-Shahrani Al-Shammari Al-Shehri Al-Subaie Al-Sulami Al-Tamimi Al-Yami Al-Zahrani",
    ),
    "SG": (
        "Aisyah Arun Boon-Keng Cheng-Wei Darren Farhan Grace Hui-Min Jason Jia-Hui Jun-Jie Kavitha Kok-Leong Li-Ting Mei-Ling"
        " Nurul Priya Rajesh Rizal Shi-Ting Siew-Lan Siti Suresh Wei-Jie Wei-Ming Xin-Yi",
        "Abdullah Chan Chua Goh Ho Ismail Koh Kumar Lee Lim Low Menon Nair Ng Ong Pillai Rahman Sim Tan Teo Wong Yeo",
    ),
}  # fmt: skip
_LETTERS = str.maketrans({"ß": "ss", "ł": "l", "Ł": "L", "ø": "o", "Ø": "O", "æ": "ae", "Æ": "Ae", "đ": "d"})

Name = tuple[str, str]


def names(country_code: str, count: int, rng: np.random.Generator) -> list[Name]:
    """`count` given and family names of a country (ISO 3166-1); some may be alike. Raises KeyError for an unknown country."""
    if country_code in _SPELLED:
        given, family = (words.split() for words in _SPELLED[country_code])
        return [(given[int(rng.integers(len(given)))], family[int(rng.integers(len(family)))]) for _ in range(count)]
    fake = _faker(_LOCALES[country_code])
    fake.seed_instance(int(rng.integers(2**63)))
    given_name: Callable[[], str] = fake.first_name
    family_name: Callable[[], str] = fake.last_name
    if country_code in ("JP", "TW"):
        given_name, family_name = fake.first_romanized_name, fake.last_romanized_name
        return [(given_name().title(), family_name().title()) for _ in range(count)]
    return [(given_name(), family_name()) for _ in range(count)]


@cache
def _faker(locale: str) -> Faker:
    return Faker(locale, providers=["faker.providers.person"])  # loading all providers takes longer than to use this one


def address_word(name: Name) -> str:
    """A name as the local part of an address of e-mail: a to z with a dot between given and family name."""
    return ".".join(_ascii(word) for word in name)


def _ascii(word: str) -> str:
    return re.sub("[^a-z]", "", unicodedata.normalize("NFKD", word.translate(_LETTERS)).lower())
