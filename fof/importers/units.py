"""Units of amounts, and the plain form of a text."""

from __future__ import annotations

import re
import unicodedata
from typing import NamedTuple

from models.kinds import Currency


class AmountUnit(NamedTuple):
    """What an amount is counted in: a power of ten from the unit to fen (or cents), and the currency."""

    text: str
    power: int
    currency: str

    @property
    def en(self) -> str:
        """The unit in English: 10 thousand CNY."""
        return " ".join(word for word in (_SCALES.get(self.power - 2, ""), self.currency) if word)


_SCALES = {
    -2: "hundredth of",
    -1: "tenth of",
    2: "hundred",
    3: "thousand",
    4: "10 thousand",
    5: "100 thousand",
    6: "million",
    7: "10 million",
    8: "100 million",
    9: "billion",
}


_WIDTH = {
    **{0xFF01 + i: 0x21 + i for i in range(94)},
    **{c: unicodedata.normalize("NFKC", chr(c)) for c in range(0xFE50, 0xFE6C)},
    0x3000: " ",
    0xFFE5: "¥",
    0xFFE1: "£",
}


def plain(text: str) -> str:
    """Width and spacing made plain: full-width forms to ASCII, outer blanks off, inner blanks to one space.

    Nothing else becomes a digit or letter: 2000² stays what it is.
    """
    if not text.isascii():
        text = unicodedata.normalize("NFC", text.translate(_WIDTH))
    return " ".join(text.split())


def _units() -> dict[str, AmountUnit]:
    names = {
        (2, "CNY"): "元 人民币元 yuan cny rmb rmb元 cny元",
        (4, "CNY"): "百元",
        (
            5,
            "CNY",
        ): "千元 人民币千元 thousand_yuan yuan_thousand thousand_cny cny_thousand rmb_thousand thousand_rmb rmb_thousands cny_thousands yuan_thousands cny_k rmb_k k_rmb k_cny rmb'000 cny'000",
        (
            6,
            "CNY",
        ): "万元 万 人民币万元 wan 10k_yuan cny_10k rmb_10k ten_thousand_yuan ten_thousand_rmb rmb_ten_thousand 10,000_yuan 10k_rmb 10k_cny rmb万元 cny万元 万人民币 w元 ¥万 ¥万元",
        (7, "CNY"): "十万元",
        (
            8,
            "CNY",
        ): "百万元 人民币百万元 million_yuan yuan_million cny_million million_cny rmb_million million_rmb rmb_millions cny_millions yuan_millions cny_m rmb_m cny_mm rmb_mm m_rmb m_cny mm_rmb",
        (9, "CNY"): "千万元",
        (10, "CNY"): "亿元 亿 人民币亿元 100m_yuan cny_100m rmb_100m 100_million_yuan rmb亿元",
        (11, "CNY"): "十亿元 billion_yuan cny_billion rmb_billion cny_bn rmb_bn",
        (1, "CNY"): "角",
        (0, "CNY"): "分 fen",
        (2, "USD"): "美元 usd us$ us_dollars us_dollar dollars dollar",
        (
            5,
            "USD",
        ): "千美元 usd_thousand thousand_usd usd_k k_usd usd_thousands thousands_usd $_thousand $_thousands $k us$_thousand us$_thousands us$'000 usd'000 $'000 $000s",
        (6, "USD"): "万美元 usd_10k",
        (8, "USD"): (
            "百万美元 usd_million million_usd usd_m $_million us$_million us_dollars_million usd_millions millions_usd m_usd "
            "$_millions us$_millions us_dollars_millions $m us$m usd_mm $mm"
        ),
        (10, "USD"): "亿美元 usd_100m",
        (11, "USD"): "十亿美元 usd_billion billion_usd usd_bn $bn us$bn",
        (2, "HKD"): "港元 港币 hkd hk$",
        (5, "HKD"): "千港元 hkd_thousand hkd_thousands hk$_thousand hk$'000 hkd'000",
        (6, "HKD"): "万港元 hkd_10k",
        (8, "HKD"): "百万港元 hkd_million hkd_millions hk$_million hk$m hkd_m hkd_mm",
        (10, "HKD"): "亿港元 hkd_100m",
        (2, "EUR"): "欧元 eur euro euros €",
        (5, "EUR"): "千欧元 eur_thousand eur_thousands thousand_eur €_thousand €k eur'000",
        (6, "EUR"): "万欧元 eur_10k",
        (8, "EUR"): "百万欧元 eur_million eur_millions million_eur €_million €_millions €m eur_m eur_mm",
        (10, "EUR"): "亿欧元 eur_100m",
    }
    known = {currency for _, currency in names}
    for other in Currency:
        if other.value not in known:
            code = other.value.casefold()
            names[2, other.value] = f"{other.zh} {code}"
            names[6, other.value] = f"万{other.zh} {code}_10k"
            names[8, other.value] = f"百万{other.zh} {code}_million {code}_millions {code}_m {code}_mm"
    return {
        name.replace("_", " "): AmountUnit(listed.split()[0].replace("_", " "), power, currency)
        for (power, currency), listed in names.items()
        for name in listed.split()
    }


UNITS = _units()
"""Every unit understood, by its name in small letters."""


PLAIN_UNITS = {unit.currency: unit for unit in UNITS.values() if unit.power == 2}
"""The whole unit (yuan, dollar) of each currency."""


_ALSO = {"yuan": "CNY", "us dollar": "USD", "dollar": "USD", "euro": "EUR"}

_SIGNS = {
    "¥": ("CNY", "JPY"),
    "cn¥": ("CNY",),
    "$": ("USD", "HKD", "CAD", "AUD", "SGD", "NZD", "TWD"),
    "us$": ("USD",),
    "hk$": ("HKD",),
    "€": ("EUR",),
    "£": ("GBP",),
}


_SIMPLE = str.maketrans("萬億圓圆單幣數額計總歐鎊", "万亿元元单币数额计总欧镑")
_INNER = re.compile(r"(?<=[一-鿿]) (?=[一-鿿])|(?<=[0-9]) (?=[一-鿿])")
_YUAN_NAMED = re.compile(r"(?:人民币|rmb|cny)[ ]*[(]?([^()]*)[)]?|[(]?([^()]*?)[)]?[ ]*(?:人民币|rmb|cny)")


def simple(text: str) -> str:
    """The plain form in small letters, traditional characters of units made simple ones, letter-spacing of Chinese words taken out."""
    return _INNER.sub("", plain(text).casefold().translate(_SIMPLE))


def unit_of(text: str) -> AmountUnit | None:
    """The unit a header or cell names, or None. The yuan may be named before or after it: 万元人民币, 人民币（万元）."""
    word = simple(text)
    if (unit := UNITS.get(word)) is not None:
        return unit
    if (match := _YUAN_NAMED.fullmatch(word)) is None:
        return None
    rest = (match[1] or match[2] or "").strip()
    unit = UNITS.get(rest) if rest else PLAIN_UNITS["CNY"]
    return unit if unit is not None and unit.currency == "CNY" else None


def currency_of(text: str) -> str | None:
    """The ISO code of a currency that a cell names: by its code, or in Chinese; None where it names none."""
    currency = Currency.read(plain(text))
    return _ALSO.get(plain(text).casefold()) if currency is None else currency.value


def agrees(literal: str, unit: AmountUnit) -> bool:
    """Whether words shown with a number (¥, 万, USD) say what the unit says; a sign or code states the currency alone."""
    word = plain(literal).casefold()
    if word in _SIGNS:
        return unit.currency in _SIGNS[word]
    if re.fullmatch(r"[a-z]{3}|人民币", word):
        return currency_of(word) == unit.currency
    stated = unit_of(word)
    return stated is not None and (stated.power, stated.currency) == (unit.power, unit.currency)


class StatedUnit(NamedTuple):
    """What a text above or beside a table states of its amounts: a unit, (power None) a currency alone, or ("") a scale alone."""

    text: str
    power: int | None
    currency: str

    def contradicts(self, unit: AmountUnit) -> bool:
        """Whether the unit is another one."""
        currencies = _SIGNS.get(self.currency, (self.currency,))
        return (self.currency != "" and unit.currency not in currencies) or self.power not in (
            None,
            unit.power,
        )


_TITLED = sorted((n for n in UNITS if not n.isascii() and len(n) > 1), key=len, reverse=True)
_IN_TITLE = re.compile(
    r"(?<![0-9一二三四五六七八九十百千万亿两几数多])(?:"
    + "|".join(map(re.escape, _TITLED))
    + r")(?![一-鿿]*化)"
)
_BRACKETED = re.compile(r"[(\[【〔<《]([^()\[\]【】〔〕<>《》]{1,40})[)\]】〕>》]")
_CALLED = re.compile(
    r"(?:计量单位|金额单位|货币单位|单位|units?|amounts? in|expressed in|\bin)(?:[ ]*:[ ]*|[ ]+|(?=[一-鿿]))|金额[ ]*:[ ]*"
)
_MONEY = re.compile(r"(?:币种|货币|currency)[ ]*:[ ]*([^ ,;、/|。()]+)")
_PARTED = re.compile(r"[,;、/|。:()\[\]【】]|[ ]{2,}")
_MANY = re.compile(
    r"\b((?:ten |hundred )?(?:thousand|million)|billion)s?(?: of)? (us dollar|dollar|usd|us\$|yuan|rmb|cny|euro|eur|hkd|hk\$)s?\b"
)
_POWERS = {
    "thousand": 5,
    "ten thousand": 6,
    "hundred thousand": 7,
    "million": 8,
    "ten million": 9,
    "hundred million": 10,
    "billion": 11,
}
_SCALE_ALONE = re.compile(
    r"(?:\bin |\bunits?[ ]*:[ ]*)((?:ten |hundred )?(?:thousand|million)|billion)s?\b(?! (?:of )?[a-z$€£¥])|"
    r"(?:\bin |[(])['’]?(000)['’]?s?(?![0-9,.])"
)
"""“Amounts in thousands”, “('000)”: of whatever currency."""
_ISO = re.compile(r"[a-z]{3}")
_SCALES_ZH = {
    "百": 4,
    "千": 5,
    "十万": 7,
    "百万": 8,
    "千万": 9,
    "十亿": 11,
    "k": 5,
    "w": 6,
    "m": 8,
    "mn": 8,
    "bn": 11,
}
"""Scales that are no unit by themselves, and are one behind “单位：”; of whatever currency."""


def stated_units(text: str) -> list[StatedUnit]:
    """Every unit of amounts that a title, caption or file name states: in brackets, behind “单位”, or standing alone.

    A number of units (“1000万元”) states none; an ISO code, or what follows “币种”, the currency alone.
    """
    return list(
        dict.fromkeys(_units_in(re.sub("10[, ]000", "10k", simple(text))))
    )  # its comma parts no words


def _units_in(whole: str) -> list[StatedUnit]:
    parts = [whole, *(word for word in whole.split(" ") if not word.isascii())]
    for bracketed in _BRACKETED.findall(whole):
        parts += [bracketed, *_PARTED.split(bracketed)]
    bare: list[StatedUnit] = []
    for place in _CALLED.finditer(whole):
        rest = whole[place.end() :]
        parts += _first_words(rest)
        bare += _alone(_PARTED.split(rest)[0].split(" ")[0])
    units = [stated for part in parts if (stated := _stated(_bare(part))) is not None] + bare
    for match in _IN_TITLE.finditer(_MONEY.sub(" ", whole)):
        _, power, currency = UNITS[match[0]]
        alone = power == 2 and currency != "CNY"  # “示例美元基金” names a currency
        units.append(StatedUnit(match[0], None if alone else power, currency))
    for match in _MANY.finditer(whole):
        units.append(StatedUnit(match[0], _POWERS[match[1]], UNITS[match[2]].currency))
    for match in _SCALE_ALONE.finditer(whole):
        units.append(StatedUnit(match[0], _POWERS[match[1]] if match[1] else 5, ""))
    for match in _MONEY.finditer(whole):
        if (named := currency_of(match[1])) is not None:
            units.append(StatedUnit(match[1], None, named))
    return units


def _stated(word: str) -> StatedUnit | None:
    if (unit := UNITS.get(word)) is None:
        return None
    alone = _ISO.fullmatch(word) is not None and word != "wan" and word != "fen"
    return StatedUnit(word, None if alone else unit.power, unit.currency)


def _alone(word: str) -> list[StatedUnit]:
    """What a bare scale or the sign of a currency behind “单位：” states."""
    if word in _SCALES_ZH:
        return [StatedUnit(word, _SCALES_ZH[word], "")]
    return [StatedUnit(word, None, word)] if word in _SIGNS else []


def _bare(part: str) -> str:
    return _CALLED.sub("", part.strip(" .·-—–_*")).strip(" .:")


def _first_words(rest: str) -> list[str]:
    """The first three, two or one words: as many as are a unit."""
    words = _PARTED.split(rest)[0].split(" ")
    longest = next((" ".join(words[:n]) for n in (3, 2, 1) if " ".join(words[:n]) in UNITS), None)
    return [] if longest is None else [longest]


def same_unit(one: AmountUnit, other: AmountUnit) -> bool:
    """Whether two units are one, whatever they are called."""
    return (one.power, one.currency) == (other.power, other.currency)
