"""Number formats: what a cell shows of the value it stores. What is shown and what is read must be the same.

A format code has up to four sections (positive; negative; zero; text), each with colours, conditions, literals and
placeholders. Source: ECMA-376 part 1, 18.8.30 and 18.8.31; the Chinese built-in formats 27 to 58 are of the same table.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from functools import cache, cached_property
from typing import NamedTuple

from models.frozen import frozen

BUILT_IN = {
    0: "General",
    1: "0",
    2: "0.00",
    3: "#,##0",
    4: "#,##0.00",
    5: '"¥"#,##0;"¥"-#,##0',
    6: '"¥"#,##0;[Red]"¥"-#,##0',
    7: '"¥"#,##0.00;"¥"-#,##0.00',
    8: '"¥"#,##0.00;[Red]"¥"-#,##0.00',
    9: "0%",
    10: "0.00%",
    11: "0.00E+00",
    12: "# ?/?",
    13: "# ??/??",
    14: "yyyy/m/d",
    15: "d-mmm-yy",
    16: "d-mmm",
    17: "mmm-yy",
    18: "h:mm AM/PM",
    19: "h:mm:ss AM/PM",
    20: "h:mm",
    21: "h:mm:ss",
    22: "yyyy/m/d h:mm",
    37: "#,##0 ;(#,##0)",
    38: "#,##0 ;[Red](#,##0)",
    39: "#,##0.00;(#,##0.00)",
    40: "#,##0.00;[Red](#,##0.00)",
    41: '_ * #,##0_ ;_ * -#,##0_ ;_ * "-"_ ;_ @_ ',
    42: '_ "¥"* #,##0_ ;_ "¥"* -#,##0_ ;_ "¥"* "-"_ ;_ @_ ',
    43: '_ * #,##0.00_ ;_ * -#,##0.00_ ;_ * "-"??_ ;_ @_ ',
    44: '_ "¥"* #,##0.00_ ;_ "¥"* -#,##0.00_ ;_ "¥"* "-"??_ ;_ @_ ',
    45: "mm:ss",
    46: "[h]:mm:ss",
    47: "mm:ss.0",
    48: "##0.0E+0",
    49: "@",
    27: 'yyyy"年"m"月"',
    28: 'm"月"d"日"',
    29: 'm"月"d"日"',
    30: "m-d-yy",
    31: 'yyyy"年"m"月"d"日"',
    32: 'h"时"mm"分"',
    33: 'h"时"mm"分"ss"秒"',
    34: 'h"时"mm"分"',
    35: 'h"时"mm"分"ss"秒"',
    36: 'yyyy"年"m"月"',
    50: 'yyyy"年"m"月"',
    51: 'm"月"d"日"',
    52: 'yyyy"年"m"月"',
    53: 'm"月"d"日"',
    54: 'm"月"d"日"',
    55: 'h"时"mm"分"',
    56: 'h"时"mm"分"ss"秒"',
    57: 'yyyy"年"m"月"',
    58: 'm"月"d"日"',
}

_TOKEN = re.compile(
    r'"(?P<quoted>[^"]*)"?|[\\!](?P<escaped>.)|_(?P<space>.)|\*(?P<fill>.)|\[(?P<bracket>[^\]]*)\]'
    r"|(?P<general>(?i:General)|G/通用格式)|(?P<half>AM/PM|A/P|上午/下午)|(?P<exponent>[Ee][+-])"
    r"|(?P<run>[yY]+|[mM]+|[dD]+|[hH]+|[sS]+|[aA]{3,}|[eE]+|[gG]+|[bB]+\d?|[rR]+)|(?P<place>[0#?])|(?P<other>.)",
    re.DOTALL,
)
_CONDITION = re.compile(r"(<=|>=|<>|<|>|=)(-?[0-9]+(?:\.[0-9]+)?(?:E[+-]?[0-9]+)?)", re.IGNORECASE)
_GREGORIAN = frozenset({0, 1, 2, 9, 10, 11, 12})
"""Calendars (bits 16 to 23 of a locale in brackets) whose years are ours; others show another year."""
_YEN = "411"
"""The locale in which ¥ is the yen."""
_ERAS = frozenset({"404", "411"})
"""Locales whose e is the year of an era: 111 for 2022 in Taiwan."""
_DOUBTS = frozenset("?？*＊~～≈±<>＜＞")
_SILENT = frozenset(" ,，\t\u3000\u00a0")
"""Literals that say nothing of a number."""
_PARTIAL_DAY, _OTHERWISE, _SCALED, _HIDDEN = (
    "partial_date",
    "shown_otherwise",
    "scaled_format",
    "hidden_value",
)
RESPELT = "respelt"
"""A flaw of codes alone: of an amount 1,234 says what 1234 says."""


class Look(NamedTuple):
    """How a cell shows its value.

    kind     n number, p per cent, d date, g general, t text as it is, z a zero of which nothing is shown
    flaw     code of what keeps the cell from being read, None where what it shows is what it stores
    before   literal before the number and `after` behind it, such as ¥ or 万: the column must mean the same
    digits   decimals shown (of the percentage for kind p), None where all are
    padded   width to which leading zeros fill up a whole number
    respelt  least size from which a whole number is shown with other signs than its digits (1,234; 7.00; 1.0E+11); None: never
    """

    kind: str
    flaw: str | None = None
    before: str = ""
    after: str = ""
    digits: int | None = None
    padded: int = 0
    respelt: int | None = None


_AS_IT_IS = Look("g")


@frozen
class _Section:
    """One section of a format code, with its condition where it states one."""

    look: Look
    signed: bool  # it holds a minus sign or brackets
    condition: tuple[str, Decimal] | None
    empty: bool
    text: bool
    blank_zero: bool = False


@dataclass(frozen=True)
class Format:
    """A format code understood."""

    code: str

    @cached_property
    def _sections(self) -> list[_Section]:
        return [_section(tokens) for tokens in _split(self.code)]

    @cached_property
    def plain(self) -> bool:
        """Whether every value is shown as it is stored, whatever it is."""
        first = self._sections[0]
        return len(self._sections) == 1 and first.look in (_AS_IT_IS, Look("t"))

    def of_number(self, value: float) -> Look:
        """How a number is shown."""
        if self.plain:
            return _AS_IT_IS
        chosen, own_sign = self._chosen(value)
        if chosen is None:
            return Look("n", _OTHERWISE)
        look = chosen.look
        if (
            value == 0
            and not look.before + look.after
            and (chosen.empty or look.flaw == _HIDDEN or chosen.blank_zero)
        ):
            return Look("g" if chosen.signed else "z")  # a dash is how accountants write it
        if look.flaw is not None or look.kind not in "npg":
            return look
        if chosen.blank_zero and round(value, (look.digits or 0) + 2 * (look.kind == "p")) == 0:
            return look._replace(flaw=_HIDDEN)
        if (value > 0 and chosen.signed) or (value < 0 and not own_sign and not chosen.signed):
            return look._replace(flaw=_OTHERWISE)  # the sign is wrong, or shown by a colour at most
        return look

    def of_day(self) -> Look:
        """How a day is shown."""
        look = self.of_number(1.0)
        if look.flaw is None and look.kind != "d":
            return look._replace(flaw=_PARTIAL_DAY)
        return look

    def of_text(self) -> str | None:
        """The flaw of a text under this format, None where it is shown as it is."""
        last = self._sections[-1]
        if len(self._sections) < 4 and not last.text:
            return None
        if not last.text:
            return _HIDDEN if last.empty else _OTHERWISE
        return _OTHERWISE if (last.look.before + last.look.after).strip("".join(_SILENT)) else None

    def _chosen(self, value: float) -> tuple[_Section | None, bool]:
        """The section that shows a number, and whether a minus sign is put before it."""
        every = self._sections
        number = every[:3] if len(every) > 3 else [s for s in every if not s.text] or every[:1]
        if any(s.condition for s in number):
            for section in number:
                if section.condition is None or _holds(section.condition, value):
                    return section, False
            return None, False
        if len(number) == 1:
            return number[0], True
        if value < 0:
            return number[1], False
        return number[2 if value == 0 and len(number) > 2 else 0], False


def format_of(number: int, code: str | None) -> Format:
    """The format of an index into the table of formats, with the code the workbook gives it, if any."""
    return _made(code if code is not None else BUILT_IN.get(number, "General"))


@cache
def _made(code: str) -> Format:
    return Format(code)


def rounded(text: str, look: Look) -> str | None:
    """A stored decimal as the cell shows it, where that has fewer decimals than are stored; else None."""
    if look.digits is None:
        return None
    shift = 2 if look.kind == "p" else 0
    value = Decimal(text).scaleb(shift)
    exponent = value.as_tuple().exponent
    if not isinstance(exponent, int) or -exponent <= look.digits or not value.is_finite():
        return None
    near = round(value, 10)  # binary noise of a stored number is none that is shown
    visible = near.quantize(Decimal(1).scaleb(-look.digits), ROUND_HALF_UP) if abs(value) < 10**15 else near
    return None if visible == near else f"{visible:f}{'%' if shift else ''}"


# -- reading a code -----------------------------------------------------------------------------------------------


def _split(code: str) -> Iterator[list[re.Match[str]]]:
    """The tokens of each section."""
    tokens: list[re.Match[str]] = []
    for token in _TOKEN.finditer(code):
        if token["other"] == ";":
            yield tokens
            tokens = []
        else:
            tokens.append(token)
    yield tokens


def _holds(condition: tuple[str, Decimal], value: float) -> bool:
    sign, bound = condition
    number = Decimal(repr(value))
    return {
        "<": number < bound,
        ">": number > bound,
        "<=": number <= bound,
        ">=": number >= bound,
        "=": number == bound,
        "<>": number != bound,
    }[sign]


def _section(tokens: list[re.Match[str]]) -> _Section:
    condition = None
    calendar = eras = False
    for token in tokens:
        if (bracket := token["bracket"]) is None:
            continue
        if (match := _CONDITION.fullmatch(bracket.strip())) is not None:
            condition = (match[1], Decimal(match[2]))
        elif bracket.startswith("$") and "-" in bracket:
            locale = bracket.rpartition("-")[2]
            calendar = calendar or _calendar(locale)
            eras = eras or locale.upper().lstrip("0") in _ERAS
    if _is_date(tokens):
        runs = {(t["run"] or "").lower()[:1] for t in tokens}
        return _Section(_date(tokens, calendar or (eras and "e" in runs)), True, condition, False, False)
    body = _FormatSection()
    for token in tokens:
        body.take(token)
    bare = body.places and not body.point and "0" not in body.places and not body.general
    return _Section(body.look(), body.signed, condition, not tokens, body.text, bool(bare))


def _calendar(locale: str) -> bool:
    """Whether a locale in brackets shows years of another calendar."""
    try:
        number = int(locale, 16)
    except ValueError:
        return False
    return number not in (0xF800, 0xF400) and (number >> 16) & 0xFF not in _GREGORIAN


def _is_date(tokens: list[re.Match[str]]) -> bool:
    return any(t["run"] or t["half"] for t in tokens) or any(
        t["bracket"] is not None and re.fullmatch(r"[hmsHMS]+", t["bracket"]) for t in tokens
    )


_DAY_WORDS = frozenset("年月日号星期周礼拜时分秒上下午T")


def _date(tokens: list[re.Match[str]], calendar: bool) -> Look:
    """A date format shows a day where it shows year, month and day; a system format shows all of them."""
    runs = [(t["run"] or "").lower() for t in tokens if t["run"]]
    if any(r[0] in "gbr" for r in runs) or calendar:
        return Look("d", _OTHERWISE)
    literal = "".join(t["quoted"] or t["escaped"] or "" for t in tokens)
    if any(
        (c.isalnum() and c not in _DAY_WORDS) or c in _DOUBTS for c in literal
    ):  # “截至”, “（暂定）”: the same text is no day either
        return Look("d", _OTHERWISE)
    named = any(r[0] == "m" and len(r) > 2 for r in runs)
    if not named and _swapped(tokens):
        return Look("d", _OTHERWISE)
    year = any(
        r[0] == "e" or (r[0] == "y" and (len(r) > 2 or named)) for r in runs
    )  # 24-03-05 might be any of three
    day = any(r in ("d", "dd") for r in runs)
    return Look("d", None if year and day and _shows_month(runs) else _PARTIAL_DAY)


_DAY_UNITS = {"y": "年", "e": "年", "m": "月", "d": "日"}


def _swapped(tokens: list[re.Match[str]]) -> bool:
    """Whether 5 March stands there as everybody reads 3 May: the day before the month behind the year, or under a word of
    another part (5月3日). A day before the month and before the year is a custom of its own.
    """
    written = [t for t in tokens if t["run"] or t["quoted"] or t["escaped"]]
    for here, after in itertools.pairwise(written):
        word = (after["quoted"] or after["escaped"] or "")[:1]
        if here["run"] and word in {*_DAY_UNITS.values()} and _DAY_UNITS.get(here["run"][0].lower()) != word:
            return True
    parts = [t["run"].lower() for t in written if t["run"]]
    order = "".join(p[0] for p in parts if p[0] != "d" or len(p) < 3).replace("e", "y")  # ddd is a weekday
    return re.match(r"y+d+m", order) is not None


def _shows_month(runs: list[str]) -> bool:
    """An m beside hours or seconds is a minute; five of them show one letter, which is that of several months."""
    for place, run in enumerate(runs):
        if run[0] != "m" or len(run) > 4:
            continue
        before = runs[place - 1][0] if place else ""
        after = runs[place + 1][0] if place + 1 < len(runs) else ""
        if len(run) > 2 or (before != "h" and after != "s"):
            return True
    return False


class _FormatSection:
    """A section of numbers or text, token by token."""

    def __init__(self) -> None:
        self.before = self.after = self.trailing = ""
        self.middle = ""
        self.general = self.text = self.signed = False
        self.places: list[str] = []
        self.point = False
        self.exponent = False
        self.percent = self.fractions = 0
        self.commas = 0
        self.scaled = self.grouped = self.worded = False

    def take(self, token: re.Match[str]) -> None:
        if token["general"]:
            self.general = True
        elif token["place"]:
            self._place(token["place"])
        elif token["exponent"]:
            self.exponent = True
        elif token["other"] is not None:
            self._other(token["other"])
        elif token["quoted"] is not None:
            self._literal(token["quoted"])
        elif token["escaped"] is not None:
            self._literal(token["escaped"])
        elif token["fill"] is not None:
            self._literal("" if token["fill"] in " -_.·*" else token["fill"])
        elif token["bracket"] is not None and token["bracket"].startswith("$"):
            sign, _, locale = token["bracket"][1:].partition("-")
            yen = sign in ("¥", "￥") and locale.lstrip("0").endswith(_YEN)
            self._literal("JPY" if yen else sign)
        elif token["bracket"] is not None and token["bracket"].startswith("DBNum"):
            self.worded = True

    def _place(self, sign: str) -> None:
        if self.commas and self._trailing:
            self.commas, self.grouped = 0, True
        self._close()
        self.places.append(sign)
        self._trailing = False

    _trailing = False

    def _close(self) -> None:
        """A digit after a literal: the literal stood inside the number."""
        if self.places and self.trailing:
            self.middle += self.trailing
        self.after = self.trailing = ""

    def _other(self, sign: str) -> None:
        if sign == "." and not self.point:
            self.point = True
            self.places.append(".")
        elif sign == "," and self.places:
            self.commas += 1
            self._trailing = True
        elif sign == "%":
            self.percent += 1
        elif sign == "/" and self.places:
            self.fractions += 1
        elif sign == "@":
            self.text = True
        else:
            self._literal(sign)

    def _literal(self, text: str) -> None:
        if any(c in "-(（−" for c in text):
            self.signed = True
        literal = "".join(c for c in text if c not in _SILENT)
        if self.places:
            self.trailing += literal
        literal = "".join(c for c in literal if c not in "-()（）−+")
        if self.places or self.general or self.text:
            self.after += literal
        else:
            self.before += literal

    def look(self) -> Look:
        """The section as a whole."""
        if self.text:
            return Look("t", None, self.before, self.after)
        if self.general and not (self.places or self.percent):
            return Look("g", None, self.before, self.after)
        drawn = [p for p in self.places if p != "."]
        if not drawn:
            return Look("n", _OTHERWISE if self.before + self.after else _HIDDEN)
        if self.commas or self.percent > 1:
            return Look("n", _SCALED)
        if self.middle:
            return Look("n", _SCALED if set(self.middle) <= set(".,。．，") else _OTHERWISE)
        if self.fractions:
            return Look("n", None, self.before, self.after)
        digits = 0 if not self.point else len(self.places) - 1 - self.places.index(".")
        zeros = "".join(self.places)
        padded = len(zeros) if not self.percent and re.fullmatch(r"0{2,15}", zeros) else 0
        decimals = None if self.exponent else digits
        respelt = 0 if self.exponent or self.worded or digits else 1000 if self.grouped else None
        return Look("p" if self.percent else "n", None, self.before, self.after, decimals, padded, respelt)
