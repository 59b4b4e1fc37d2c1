"""Amounts and words inside findings as the reader's header says them."""

from __future__ import annotations

import pytest

from fof.rules.wording import in_unit, measured, money_en, money_zh, word_of


@pytest.mark.parametrize("fen", [1, -5, 100, 99_999_900, 1_055_000_00, 123_456_789_01, 25_000_000_000])
@pytest.mark.parametrize(
    ("power", "zh", "en"), [(2, "元", "yuan"), (6, "万元", "10k yuan"), (10, "亿元", "100m yuan")]
)
def test_amounts_of_a_sentence_are_said_in_the_unit_of_the_header(
    fen: int, power: int, zh: str, en: str
) -> None:
    """Exact, whatever the unit they were written in: scaled back they are the fen."""
    from decimal import Decimal

    chinese = in_unit(f"欠缴 {money_zh(fen)}，逾期 3 天", power, zh)
    assert chinese.startswith("欠缴 ")
    number = chinese.removeprefix("欠缴 ").removesuffix(f"{zh}，逾期 3 天")
    assert Decimal(number).scaleb(power) == fen
    english = in_unit(f"{money_en(fen)} owed for 3 days", power, en)
    assert Decimal(english.removesuffix(f" {en} owed for 3 days")).scaleb(power) == fen


def test_other_figures_and_currencies_stay_as_they_are() -> None:
    sentence = "占 25%，上限 40%；3万美元；第 9 条；20 个工作日"
    assert in_unit(sentence, 6, "万元") == sentence


def test_codes_are_said_in_words() -> None:
    assert word_of("paid_in / invested") == ("实缴 / 实际投资", "Paid in / Invested")
    assert word_of("county")[0] == "县级"
    assert word_of("C3240") == ("C3240", "C3240")


def test_a_measured_number_has_its_unit() -> None:
    from decimal import Decimal

    from models.text import use

    assert measured(24, "months") == "24 个月"
    assert measured(Decimal("12.500000"), "days") == "12.5 天"
    assert measured(3, "count") == "3"
    assert measured("2025-04-01", "date") == "2025-04-01"
    use("en")
    assert measured(24, "months") == "24 months"
    use("zh")
