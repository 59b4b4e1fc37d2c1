"""Cells: read exactly or refused; nothing guessed."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fof.importers.cell_readers import read
from fof.importers.cells import Amount, ColumnContext, Unreadable, quoted
from fof.importers.columns import CellType, Column
from fof.importers.identifiers import is_industry, is_uscc, uscc_check
from fof.importers.units import UNITS, plain, unit_of
from models import kinds
from models.text import Text


def column(cell: CellType, **more) -> Column:
    return Column("c", cell, Text("列", "column"), **more)


def amount(cell: str, unit: str = "元", *, signed: bool = False) -> int:
    value = read(cell, column(CellType.AMOUNT, signed=signed), ColumnContext(unit_of(unit)))
    assert isinstance(value, Amount)
    return value.fen


def refusal(cell: str, kind: CellType, reading: ColumnContext | None = None, **more) -> str:
    with pytest.raises(Unreadable) as caught:
        read(cell, column(kind, **more), reading or ColumnContext(UNITS["元"]))
    assert caught.value.expected.zh
    assert caught.value.expected.en
    return caught.value.code


@pytest.mark.parametrize(
    ("cell", "unit", "fen"),
    [
        ("s1000000.01", "元", 100_000_001),
        ("s1,000,000.01", "元", 100_000_001),
        ("s１，０００．５", "元", 100_050),
        ("s12.5", "万元", 12_500_000),
        ("s0.00000001", "亿元", 100),
        ("s 3 ", "亿元", 30_000_000_000),
        ("n0.1", "元", 10),
        ("n0.30000000000000004", "元", 30),  # 0.1 + 0.2 pasted as a value
        ("n123456.78", "万元", 123_456_780_000),
        ("n24.096354", "USD million", 2_409_635_400),
        ("n24.096354", "USD Millions", 2_409_635_400),
        ("n1.5", "$ thousands", 150_000),
        ("n9999999999999.99", "元", 999_999_999_999_999),
        ("s0", "元", 0),
    ],
)
def test_amounts_are_exact(cell, unit, fen):
    assert amount(cell, unit) == fen


@pytest.mark.parametrize(
    ("cell", "code"),
    [
        ("s0.001", "fraction_of_a_fen"),
        ("n0.001", "fraction_of_a_fen"),
        ("n0.010001", "fraction_of_a_fen"),
        ("s-5", "negative"),
        ("s(5)", "negative"),
        ("s1_000", "not_a_number"),
        ("s1E5", "not_a_number"),
        ("sNaN", "not_a_number"),
        ("s١٢٣", "not_a_number"),
        ("s12,34", "not_a_number"),
        ("s500万元", "unit_in_cell"),
        ("s-", "not_a_number"),
        ("s—", "not_a_number"),
        ("d2024-03-15", "not_a_number"),
        ("b1", "not_a_number"),
        ("p0.5", "not_a_number"),
        ("s10000000000000", "too_large"),
        ("n1" + "0" * 300, "too_large"),
        ("s" + "9" * 40, "not_a_number"),
    ],
)
def test_amounts_that_are_none_are_refused(cell, code):
    assert refusal(cell, CellType.AMOUNT) == code


def test_an_amount_without_a_unit_is_never_guessed():
    assert refusal("s5", CellType.AMOUNT, ColumnContext()) == "unit_missing"


@pytest.mark.parametrize("cell", ["s(1,234.50)", "s-1234.5", "s（1234.50）", "n-1234.5", "s−1234.5"])
def test_brackets_and_minus_signs_are_negative_where_allowed(cell):
    assert amount(cell, signed=True) == -123_450


@given(st.integers(0, 10**15 - 1), st.sampled_from(["元", "万元", "亿元", "美元", "USD million", "百万元"]))
def test_every_fen_amount_survives_text_in_any_unit(fen, unit):
    text = format(Decimal(fen).scaleb(-UNITS[plain(unit).casefold()].power), "f")
    if len(text) <= 26:
        assert amount(f"s{text}", unit) == fen


@given(st.integers(0, 10**15 - 1))
def test_every_fen_amount_survives_the_float_of_a_workbook(fen):
    assert amount(f"n{format(Decimal(repr(fen / 100)), 'f')}") == fen


@pytest.mark.parametrize(
    ("cell", "reading", "value"),
    [
        ("s35%", ColumnContext(), "0.35"),
        ("s３５％", ColumnContext(), "0.35"),
        ("p0.35", ColumnContext(), "0.35"),
        ("p0.35", ColumnContext(fraction=False), "0.35"),  # 35 % typed into Excel under a (%) header
        ("n35", ColumnContext(fraction=False), "0.35"),
        ("s6.5", ColumnContext(fraction=False), "0.065"),
        ("n0.35", ColumnContext(fraction=True), "0.35"),
        ("n0.30000000000000004", ColumnContext(fraction=True), "0.3"),
        ("s100%", ColumnContext(), "1"),
    ],
)
def test_shares(cell, reading, value):
    assert read(cell, column(CellType.SHARE), reading) == Decimal(value)


@pytest.mark.parametrize(
    ("cell", "reading", "code"),
    [
        ("n35", ColumnContext(), "share_unit_missing"),
        ("n0.35", ColumnContext(), "share_unit_missing"),
        ("n1", ColumnContext(), "share_unit_missing"),  # 1 % or the whole?
        ("s101%", ColumnContext(), "over_one"),
        ("s-1%", ColumnContext(), "negative"),
        ("s5‰", ColumnContext(), "not_a_number"),
        ("d2024-01-01", ColumnContext(fraction=False), "not_a_number"),
    ],
)
def test_shares_that_can_be_read_in_two_ways_are_refused(cell, reading, code):
    assert refusal(cell, CellType.SHARE, reading) == code


@pytest.mark.parametrize(
    "cell",
    [
        "d2024-03-05",
        "s2024-03-05",
        "s2024/3/5",
        "s2024.3.5",
        "s2024年3月5日",
        "s20240305",
        "n20240305",
        "n45356",
        "s２０２４年３月５日",
        "s2024-03-05 00:00:00",
    ],
)
def test_dates(cell):
    assert read(cell, column(CellType.DATE), ColumnContext()) == dt.date(2024, 3, 5)


def test_bare_serials_follow_the_epoch_of_the_file():
    assert read("n43894", column(CellType.DATE), ColumnContext(epoch_1904=True)) == dt.date(2024, 3, 5)


@pytest.mark.parametrize(
    "cell",
    [
        "s2024-02-30",
        "s2月30日",
        "s03/05/2024",
        "s2024",
        "n2024",
        "n60",
        "n45356.5",
        "s24-3-5",
        "b1",
        "p0.5",
        "s45356",
        "s2024-13-01",
        "s2024-03/05",
    ],
)
def test_what_is_no_date_is_refused(cell):
    assert refusal(cell, CellType.DATE) == "not_a_date"


@pytest.mark.parametrize("cell", ["t2024-03-05 14:30:00", "s2024-03-05 14:30", "s2024年3月5日 9:05:00"])
def test_a_time_of_day_is_refused_as_what_it_is(cell):
    assert refusal(cell, CellType.DATE) == "time_of_day"


@pytest.mark.parametrize("cell", ["d1900-02-28", "d1900-01-01", "s1899-12-31", "s2200-01-01"])
def test_days_where_excels_calendar_is_wrong_are_refused(cell):
    assert refusal(cell, CellType.DATE) == "date_out_of_range"


@pytest.mark.parametrize(
    ("cell", "value"), [("s是", True), ("sYES", True), ("b0", False), ("s否", False), ("n1", True)]
)
def test_yes_and_no(cell, value):
    assert read(cell, column(CellType.BOOL), ColumnContext()) is value


def test_yes_or_no_is_not_perhaps():
    assert refusal("s可能", CellType.BOOL) == "not_yes_or_no"


def test_codes_are_made_plain_and_dates_in_their_place_are_refused():
    assert read("sＨＬＪ－０１", column(CellType.CODE), ColumnContext()) == "HLJ-01"
    assert read("n1001", column(CellType.CODE), ColumnContext()) == "1001"
    assert refusal("d2024-01-01", CellType.CODE) == "code_became_date"
    assert refusal("n1.5", CellType.CODE) == "not_a_code"


def test_text_keeps_its_full_width_punctuation():
    assert read("s 示例（哈尔滨）基金 ", column(CellType.TEXT), ColumnContext()) == "示例（哈尔滨）基金"


def test_words_are_read_by_name_identifier_or_alias():
    words = column(CellType.WORD, words=kinds.Stage)
    assert {read(c, words, ColumnContext()) for c in ("s种子期", "sseed", "sSEED")} == {kinds.Stage.SEED}
    assert refusal("s中期", CellType.WORD, words=kinds.Stage) == "not_listed"
    only = {"words": kinds.PartyKind, "only": (kinds.PartyKind.BANK,)}
    assert refusal("s企业", CellType.WORD, **only) == "not_listed"


def test_lists_drop_repetitions_and_keep_order():
    several = column(CellType.WORDS, words=kinds.Stage)
    assert read("s初创期、种子期，初创期", several, ColumnContext()) == (
        kinds.Stage.STARTUP,
        kinds.Stage.SEED,
    )
    assert read("sA01; B02", column(CellType.CODES), ColumnContext()) == ("A01", "B02")


@pytest.mark.parametrize(
    "sign", ["\x00", "\x1b", "\u202e", "\u2066", "\u200b", "\u200d", "\u00ad", "\ufeff", "\ufffd", "\ue000"]
)
@pytest.mark.parametrize("kind", [CellType.TEXT, CellType.CODE, CellType.AMOUNT])
def test_characters_that_cannot_be_seen_are_refused_and_named(sign, kind):
    """Two codes that look the same must be the same."""
    cell = f"s1{sign}"
    with pytest.raises(Unreadable) as caught:
        read(cell, column(kind), ColumnContext(UNITS["元"]))
    assert caught.value.code == "control_character"
    assert f"第 2 个字符 U+{ord(sign):04X}" in caught.value.expected.zh
    assert quoted(cell) == f"1<U+{ord(sign):04X}>"


def test_a_number_as_long_as_a_bank_reference_is_no_code():
    assert refusal("n" + "1" * 16, CellType.CODE) == "number_too_long"
    assert read("n" + "1" * 15, column(CellType.CODE), ColumnContext()) == "1" * 15


def test_a_share_is_quoted_as_it_is_displayed():
    assert quoted("p1.01") == "101.00%"
    assert refusal("p1.01", CellType.SHARE) == "over_one"


def test_a_huge_cell_is_refused():
    assert refusal("s" + "字" * 2001, CellType.TEXT) == "too_long"
    assert read("s" + "字" * 2000, column(CellType.TEXT), ColumnContext()) == "字" * 2000


@pytest.mark.parametrize(("cell", "code"), [("s2024", 2024), ("n2024", 2024), ("s2024年", 2024)])
def test_years(cell, code):
    assert read(cell, column(CellType.YEAR), ColumnContext()) == code


@pytest.mark.parametrize("cell", ["s24", "n24", "s2024.5"])
def test_what_is_no_year_is_refused(cell):
    assert refusal(cell, CellType.YEAR) in ("not_a_year", "not_whole")


def test_whole_numbers():
    assert read("s1,234", column(CellType.INT), ColumnContext()) == 1234
    assert refusal("n1.5", CellType.INT) == "not_whole"


def test_currencies():
    assert read("s人民币", column(CellType.CURRENCY), ColumnContext()) == "CNY"
    assert read("susd", column(CellType.CURRENCY), ColumnContext()) == "USD"
    assert refusal("s金元宝", CellType.CURRENCY) == "not_a_currency"


# -- identifiers --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("body", ["91230100MA18ABCD0", "91110000100000000"])
def test_check_characters_of_credit_codes(body):
    """GB 32100-2015, recomputed here by the standard's formula C18 = 31 - MOD(sum(Ci * Wi), 31)."""
    digits = "0123456789ABCDEFGHJKLMNPQRTUWXY"
    weights = [1, 3, 9, 27, 19, 26, 16, 17, 20, 29, 25, 13, 8, 24, 10, 30, 28]
    check = (31 - sum(digits.index(c) * w for c, w in zip(body, weights, strict=True)) % 31) % 31
    assert uscc_check(body) == digits[check]
    assert is_uscc(body + digits[check])


@pytest.mark.parametrize("code", ["9144030071526726XG", "91330100799655058B", "91440300708461136T"])
def test_codes_of_large_public_companies_pass(code):
    """As printed in the registers and annual reports of three well-known companies."""
    assert is_uscc(code)


@given(st.integers(0, 16), st.integers(1, 30))
def test_one_wrong_character_of_a_credit_code_is_always_found(place, shift):
    digits = "0123456789ABCDEFGHJKLMNPQRTUWXY"
    good = "91230100MA18ABCD0" + uscc_check("91230100MA18ABCD0")
    wrong = digits[(digits.index(good[place]) + shift) % 31]
    assert not is_uscc(good[:place] + wrong + good[place + 1 :])


@pytest.mark.parametrize("text", ["", "91230100MA18ABCD", "I1230100MA18ABCD00", "91230100MA18ABCDO0"])
def test_what_is_no_credit_code(text):
    assert not is_uscc(text)
    assert refusal(f"s{text or '0'}", CellType.USCC) == "bad_credit_code"


@pytest.mark.parametrize(
    ("text", "good"),
    [
        ("C3976", True),
        ("C39", True),
        ("A01", True),
        ("T97", True),
        ("C44", False),
        ("Z01", False),
        ("C3", False),
        ("C39761", False),
        ("3976", False),
        ("C", False),
        ("A06", False),
    ],
)
def test_industry_codes(text, good):
    assert is_industry(text) is good


def test_a_mandate_may_name_a_whole_section():
    assert read("sC、I65", column(CellType.INDUSTRIES), ColumnContext()) == ("C", "I65")
    assert refusal("sC", CellType.INDUSTRY) == "bad_industry"


def test_every_word_that_a_template_offers_is_read() -> None:
    """Those with brackets of full width too."""
    from fof.importers.layouts import LAYOUTS

    offered = [
        (column, word)
        for layout in LAYOUTS.values()
        for column in layout.columns
        if column.cell is CellType.WORD
        for word in column.allowed
    ]
    assert len(offered) > 100
    for column, word in offered:
        for text in (word.zh, word.value):
            assert read(f"s{text}", column, ColumnContext()) == word, (column.name, text)
