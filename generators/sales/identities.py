"""How people, companies, streets and telephone numbers look in each country, where faker's locale alone does not say it.

Templates in double braces are faker's own. In `phone` and `postcode`, # is a digit and % one from 1 to 9. Cities are listed
where faker has none of the country's own.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Identity:
    """The looks of one country.

    In `companies`, a and b are family names; in `address`, street and number; in `name`, the two names.
    """

    faker_locale: str
    companies: tuple[str, ...]
    phone: tuple[str, ...]
    address: str = "{street} {number}"
    name: str = "{given} {family}"
    street: str = "{{street_name}}"
    postcode: str = "{{postcode}}"
    cities: tuple[str, ...] = ()


ENGLISH_ADDRESS = "{number} {street}"
FAMILY_FIRST = "{family}{given}"
LATIN_COMPANIES = ("{a} y {b} S.A.", "Grupo {a} S.A.", "Comercial {a} Ltda.")

IDENTITIES: dict[str, Identity] = {
    "DE": Identity(
        "de_DE", ("{a} GmbH", "{a} & {b} OHG", "{a} {b} AG", "{a} Handels GmbH"), ("+49 %## ######", "+49 15# #######")
    ),
    "US": Identity("en_US", ("{a} Inc", "{a} & {b} LLC", "{a}-{b} Corp"), ("+1 %##-555-01##",), ENGLISH_ADDRESS),
    "GB": Identity(
        "en_GB", ("{a} Ltd", "{a} & {b} Ltd", "{a} {b} plc"), ("+44 20 7946 0###", "+44 7700 900###"), ENGLISH_ADDRESS
    ),
    "JP": Identity(
        "ja_JP",
        ("株式会社{a}", "{a}{b}株式会社", "{a}商事株式会社", "有限会社{a}{b}"),
        ("+81 3-####-####", "+81 90-####-####"),
        address="{street}{number}番地",
        name="{family} {given}",
        street="{{town}}",
    ),
    "FR": Identity(
        "fr_FR", ("{a} SA", "{a} et {b} SARL", "Établissements {a}"), ("+33 % ## ## ## ##",), address="{number} {street}"
    ),
    "AU": Identity("en_AU", ("{a} Pty Ltd", "{a} & {b} Pty Ltd"), ("+61 2 5550 ####", "+61 4## ### ###"), ENGLISH_ADDRESS),
    "NL": Identity("nl_NL", ("{a} B.V.", "{a} & {b} B.V.", "{a} en Zonen"), ("+31 20 ### ####", "+31 6 ########")),
    "SA": Identity(
        "ar_SA",
        ("شركة {a} للتجارة", "مؤسسة {a}", "شركة {a} و{b}"),
        ("+966 11 ### ####", "+966 5# ### ####"),
        street="شارع {{last_name}}",
        postcode="%####",
        cities=("الرياض", "جدة", "مكة المكرمة", "المدينة المنورة", "الدمام", "الخبر", "الطائف", "تبوك", "بريدة", "أبها"),
    ),
    "CH": Identity("de_CH", ("{a} AG", "{a} & {b} GmbH", "{a} Handel AG"), ("+41 44 ### ## ##", "+41 79 ### ## ##")),
    "IT": Identity(
        "it_IT",
        ("{a} S.r.l.", "{a} & {b} S.p.A.", "Fratelli {a} S.n.c."),
        ("+39 02 #######", "+39 3## #######"),
        "{street}, {number}",
    ),
    "SE": Identity("sv_SE", ("{a} AB", "{a} & {b} AB", "{a} Handel AB"), ("+46 8 ### ## ##", "+46 70 ### ## ##")),
    "FI": Identity("fi_FI", ("{a} Oy", "{a} & {b} Oy", "{a} Oyj"), ("+358 9 ### ###", "+358 40 ### ####")),
    "PL": Identity(
        "pl_PL",
        ("{a} Sp. z o.o.", "{a} i {b} S.A.", "PHU {a}"),
        ("+48 22 ### ## ##", "+48 5## ### ###"),
        "ul. {street} {number}",
    ),
    "RO": Identity("ro_RO", ("{a} S.R.L.", "{a} și {b} S.A."), ("+40 21 ### ####", "+40 7## ### ###"), "{street} nr. {number}"),
    "CA": Identity("en_CA", ("{a} Inc", "{a} & {b} Ltd", "{a} Supply Corp"), ("+1 %##-555-01##",), ENGLISH_ADDRESS),
    "ES": Identity(
        "es_ES",
        ("{a} S.L.", "{a} y {b} S.A.", "Hermanos {a} S.L."),
        ("+34 9## ### ###", "+34 6## ### ###"),
        "{street}, {number}",
    ),
    "AT": Identity("de_AT", ("{a} GmbH", "{a} & {b} KG", "{a} Handels GmbH"), ("+43 1 #######", "+43 664 #######")),
    "BE": Identity("nl_BE", ("{a} NV", "{a} & {b} BV", "Gebroeders {a} NV"), ("+32 2 ### ## ##", "+32 47# ## ## ##")),
    "DK": Identity("da_DK", ("{a} A/S", "{a} & {b} ApS", "{a} Handel ApS"), ("+45 %# ## ## ##",)),
    "NO": Identity("no_NO", ("{a} AS", "{a} & {b} AS", "{a} Handel AS"), ("+47 %## ## ###",)),
    "IE": Identity(
        "en_IE", ("{a} Ltd", "{a} & {b} DAC", "{a} Trading Ltd"), ("+353 1 ### ####", "+353 85 ### ####"), ENGLISH_ADDRESS
    ),
    "CN": Identity(
        "zh_CN", ("{a}{b}贸易有限公司", "{a}氏实业有限公司"), ("+86 1%# #### ####",), "{street}{number}号", name=FAMILY_FIRST
    ),
    "KR": Identity(
        "ko_KR", ("(주){a}{b}", "{a}{b}상사"), ("+82 2-####-####", "+82 10-####-####"), "{street}로 {number}", name=FAMILY_FIRST
    ),
    "IN": Identity(
        "en_IN",
        ("{a} Pvt Ltd", "{a} & {b} Traders", "{a} Enterprises"),
        ("+91 %#### #####",),
        ENGLISH_ADDRESS,
        street="{{last_name}} Road",
    ),
    "MX": Identity("es_MX", ("{a} S.A. de C.V.", "{a} y {b} S. de R.L."), ("+52 55 #### ####", "+52 81 #### ####")),
    "SG": Identity(
        "en_GB",
        ("{a} Pte Ltd", "{a} & {b} Pte Ltd"),
        ("+65 6### ####", "+65 9### ####"),
        ENGLISH_ADDRESS,
        postcode="######",
        cities=("Singapore",),
    ),
    "NZ": Identity("en_NZ", ("{a} Limited", "{a} & {b} Limited"), ("+64 9 ### ####", "+64 21 ### ####"), ENGLISH_ADDRESS),
    "CZ": Identity("cs_CZ", ("{a} s.r.o.", "{a} a {b} a.s.", "{a} Obchod s.r.o."), ("+420 2## ### ###", "+420 7## ### ###")),
    "HU": Identity(
        "hu_HU",
        ("{a} Kft.", "{a} és {b} Bt.", "{a} Zrt."),
        ("+36 1 ### ####", "+36 30 ### ####"),
        "{street} {number}.",
        name="{family} {given}",
    ),
    "PT": Identity(
        "pt_PT",
        ("{a} Lda.", "{a} & {b} S.A.", "Irmãos {a} Lda."),
        ("+351 21# ### ###", "+351 91# ### ###"),
        "{street}, {number}",
    ),
    "GR": Identity("el_GR", ("{a} Α.Ε.", "{a} & {b} Ο.Ε.", "Αφοί {a} Ε.Π.Ε."), ("+30 21# ### ####", "+30 69# ### ####")),
    "TR": Identity(
        "tr_TR",
        ("{a} Ticaret A.Ş.", "{a} {b} Ltd. Şti."),
        ("+90 212 ### ## ##", "+90 53# ### ## ##"),
        "{street} No: {number}",
        street="{{last_name}} Sokak",
        cities=("İstanbul", "Ankara", "İzmir", "Bursa", "Antalya", "Adana", "Konya", "Gaziantep", "Eskişehir", "Trabzon"),
    ),
    "ZA": Identity(
        "zu_ZA",
        ("{a} (Pty) Ltd", "{a} & {b} (Pty) Ltd"),
        ("+27 11 ### ####", "+27 82 ### ####"),
        ENGLISH_ADDRESS,
        street="{{last_name}} Street",
    ),
    "AE": Identity(
        "ar_SA",
        ("شركة {a} ش.ذ.م.م", "{a} و{b} للتجارة"),
        ("+971 4 ### ####", "+971 50 ### ####"),
        street="شارع {{last_name}}",
        postcode="00000",
        cities=("دبي", "أبوظبي", "الشارقة", "عجمان", "العين", "رأس الخيمة", "الفجيرة"),
    ),
    "LU": Identity(
        "de_LU",
        ("{a} S.à r.l.", "{a} & {b} S.A."),
        ("+352 2# ## ##", "+352 621 ### ###"),
        "{number}, {street}",
        street="rue {{last_name}}",
        postcode="L-%###",
        cities=("Luxembourg", "Esch-sur-Alzette", "Differdange", "Dudelange", "Ettelbruck", "Diekirch", "Wiltz", "Echternach"),
    ),
    "SK": Identity("sk_SK", ("{a} s.r.o.", "{a} a {b} a.s."), ("+421 2 ### ### ##", "+421 9## ### ###")),
    "EE": Identity(
        "et_EE",
        ("{a} OÜ", "{a} ja {b} AS"),
        ("+372 6## ####", "+372 5### ####"),
        street="{{last_name}} tänav",
        cities=("Tallinn", "Tartu", "Narva", "Pärnu", "Viljandi", "Rakvere", "Kuressaare", "Haapsalu", "Valga"),
    ),
    "CL": Identity("es_CL", LATIN_COMPANIES, ("+56 2 2### ####", "+56 9 #### ####")),
    "CO": Identity("es_CO", LATIN_COMPANIES, ("+57 60# ### ####", "+57 31# ### ####"), "{street} # {number}-15"),
    "TH": Identity(
        "th_TH", ("บริษัท {a} จำกัด", "ห้างหุ้นส่วน {a}และ{b}"), ("+66 2 ### ####", "+66 8# ### ####"), "{number} {street}"
    ),
}
