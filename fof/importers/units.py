"""Units of amounts, and the plain form of a text."""

from __future__ import annotations

import unicodedata
from typing import NamedTuple


class Unit(NamedTuple):
    """What an amount is counted in: a power of ten from the unit to fen (or cents), and the currency."""

    text: str
    power: int
    currency: str


def plain(text: str) -> str:
    """Width and spacing made plain: full-width forms to ASCII, outer blanks off, inner blanks to one space."""
    return " ".join(unicodedata.normalize("NFKC", text).split())


def _units() -> dict[str, Unit]:
    names = {
        (2, "CNY"): "元 人民币元 yuan cny rmb rmb元 cny元",
        (6, "CNY"): "万元 万 人民币万元 wan 10k_yuan cny_10k",
        (8, "CNY"): "百万元 人民币百万元 million_yuan cny_million rmb_million",
        (10, "CNY"): "亿元 亿 人民币亿元 100m_yuan cny_100m",
        (0, "CNY"): "分 fen",
        (2, "USD"): "美元 usd us$ us_dollars",
        (
            5,
            "USD",
        ): "千美元 usd_thousand thousand_usd usd_k usd_thousands thousands_usd $_thousand $_thousands $k",
        (6, "USD"): "万美元 usd_10k",
        (8, "USD"): (
            "百万美元 usd_million million_usd usd_m $_million us$_million us_dollars_million usd_millions millions_usd "
            "$_millions us$_millions us_dollars_millions $m us$m usd_mm $mm"
        ),
        (10, "USD"): "亿美元 usd_100m",
        (2, "HKD"): "港元 hkd",
        (2, "EUR"): "欧元 eur euro",
    }
    return {
        name.replace("_", " "): Unit(listed.split()[0].replace("_", " "), power, currency)
        for (power, currency), listed in names.items()
        for name in listed.split()
    }


UNITS = _units()
"""Every unit understood, by its name in small letters."""


PLAIN_UNITS = {unit.currency: unit for unit in UNITS.values() if unit.power == 2}
"""The whole unit (yuan, dollar) of each currency."""


def unit_of(text: str) -> Unit | None:
    """The unit a header or cell names, or None."""
    return UNITS.get(plain(text).casefold())
