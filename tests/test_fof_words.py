"""Amounts, rates and multiples as they are printed: one number on command, page and spreadsheet."""

from __future__ import annotations

import datetime as dt
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction
from typing import Any

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from fof import words
from fof.audit.findings_document import measure_text
from fof.audit.rules_document import rule_row
from fof.db import Database
from fof.figures.register import closed_lists
from fof.operations import closes
from fof.personal import standing
from fof.rules import registry
from fof.rules.registry import Confidence
from fof.ui.table_columns import _as_printed, cells_of, column_config, columns_of, fitted
from models.journal import ROW_TABLES
from models.kinds import City, Currency
from models.rule_kinds import SeiGroup

FEN = st.integers(-(10**14), 10**14)


@pytest.mark.parametrize(
    ("fen", "unit", "text"),
    [
        (1_250_00, "万元", "0.13"),  # a half goes away from zero, as a spreadsheet has it
        (-1_250_00, "万元", "-0.13"),
        (1_249_99, "万元", "0.12"),
        (10_050_00, "万元", "1.01"),  # 1.005 is no float: the one that stands for it lies below
        (-49, "万元", "0.00"),  # never minus nothing
        (-123, "元", "-1.23"),
        (9_007_199_254_740_993, "元", "90,071,992,547,409.93"),  # more than a float can hold
        (1_250_00.0, "万元", "0.13"),
        (None, "元", "—"),
        (float("nan"), "元", "—"),
    ],
)
def test_an_amount_is_rounded_from_its_fen(fen: float | None, unit: str, text: str) -> None:
    assert words.amount(fen, unit) == text


def test_rates_and_multiples_take_a_half_up() -> None:
    assert words.multiple(0.625) == "0.63x"  # of 0.75 and 1.375, 1.38
    assert words.percent(0.42125) == "42.13%"
    assert words.percent(-0.00001) == "0.00%"
    assert words.multiple(1e300).endswith("x")


@given(FEN, st.sampled_from(list(words.UNITS)))
def test_an_amount_is_the_nearest_of_its_decimals(fen: int, unit: str) -> None:
    power, decimals = words.UNITS[unit]
    exact = Decimal(fen).scaleb(-power)
    assert words.amount(fen, unit) == f"{exact.quantize(Decimal(1).scaleb(-decimals), ROUND_HALF_UP):z,f}"


@given(st.lists(FEN, min_size=1), st.sampled_from(list(words.UNITS)))
def test_the_browser_prints_what_commands_print(amounts: list[int], unit: str) -> None:
    """toFixed of a browser takes the float as it is, and of two that are as near the greater."""
    power, decimals = words.UNITS[unit]
    sent = _as_printed(np.array([fen / 10**power for fen in amounts]), decimals)
    printed = [
        f"{Decimal(n).quantize(Decimal(1).scaleb(-decimals), ROUND_HALF_UP):z,f}" for n in sent.tolist()
    ]
    assert printed == [words.amount(fen, unit) for fen in amounts]


def test_what_the_browser_is_sent_of_a_half_and_of_nothing() -> None:
    sent = _as_printed(np.array([np.nan, -0.001, 0.625, 1.005]), 2)
    assert np.isnan(sent[0])
    assert sent[1] == 0.0
    assert [f"{n:.2f}" for n in sent[2:]] == ["0.63", "1.01"]


def test_a_place_or_currency_has_its_english_name() -> None:
    assert str(City.HARBIN.text.en) == "Harbin"
    assert {c.text.en for c in City} == {c.en for c in City}
    assert {c.text.en for c in Currency} == {c.value for c in Currency}


def test_what_a_rule_measured_of_a_closed_list_is_said_in_words() -> None:
    assert measure_text(SeiGroup.BIOTECH, "count", "万元") == SeiGroup.BIOTECH.zh
    assert measure_text("9", "count", "万元") == "9"


def test_how_far_a_rule_was_read_is_said_in_words() -> None:
    row = rule_row(next(iter(registry.RULES.values())), dt.date(2026, 9, 30))
    assert row["texts"]["confidence"] == Confidence(row["confidence"]).text


def test_every_check_of_a_book_has_its_words(database: Database) -> None:
    assert {c.name for c in standing.verify(database).checks} <= set(closed_lists()["checks"])


def test_every_item_that_a_quarter_may_lack_has_its_words() -> None:
    assert set(closes._SIGNED) <= set(closed_lists()["quarter_items"])


def test_every_table_of_the_journal_has_a_name_in_words() -> None:
    assert {t.table.name for t in ROW_TABLES} <= set(closed_lists()["tables"])


@pytest.mark.parametrize(("language", "printed"), [("zh", ["是", "否", None]), ("en", ["yes", "no", None])])
def test_a_truth_in_a_table_is_a_word(language: str, printed: list[str | None]) -> None:
    words.use(language)
    assert cells_of([True, False, None], "text", "元").to_pylist() == printed


@pytest.mark.parametrize(
    ("name", "values", "printed", "how"),
    [  # as commands print them: at most four decimals, tiny ones with two digits; what holds anything else is text
        ("stake_price", [Decimal(8), Decimal(25) / 3, None], [8.0, 8 + 1 / 3, None], "%,.4f"),
        ("institution_price", [None, Decimal("0.5")], [None, 0.5], "%,.4f"),
        ("shares_more", [4650, Decimal("12.5"), None], [4650.0, 12.5, None], "%,.1f"),
        ("shares_more", [Fraction(1, 3), 7], [1 / 3, 7.0], "%,.4f"),
        ("points", [5, 10], [5.0, 10.0], "%,.0f"),
        ("p_value", [0.0312, 0.00002], [0.0312, 0.00002], "%,.6f"),
        ("p_value", [None, None], [None, None], "%,.0f"),
        ("stated", ["1.23x", None], ["1.23x", None], None),
        ("stated", ["1.23x", 2.0], ["1.23x", "2.0"], None),
    ],
)
def test_numbers_of_a_table_are_numbers(
    name: str, values: list[Any], printed: list[Any], how: str | None
) -> None:
    [column] = columns_of(name)
    cells = pa.chunked_array([cells_of(values, column.kind, "元")])
    assert cells.to_pylist() == pytest.approx(printed) if how else cells.to_pylist() == printed
    config = column_config(fitted(column, cells), "元")["type_config"]
    assert (config["type"], config.get("format")) == (("number", how) if how else ("text", None))


def test_a_price_of_a_share_has_four_decimals_everywhere() -> None:
    assert [words.price(v) for v in (Decimal(8), 25 / 3, None, 1234.5)] == [
        "8.0000",
        "8.3333",
        "—",
        "1,234.5000",
    ]
    assert (words.p_value(0.00002), words.p_value(0.0001)) == ("< 0.0001", "0.0001")
