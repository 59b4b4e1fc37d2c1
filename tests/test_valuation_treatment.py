"""The ILPA treatment table against the template, and the template's own completed sample."""

from __future__ import annotations

import csv
import json
from collections.abc import Mapping
from pathlib import Path

import numpy as np
import pytest

from valuation import returns, treatment
from valuation.refusals import ValuationError
from valuation.treatment import (
    AS_PRINTED,
    GRANULAR,
    GROSS_UP,
    VIEWS,
    FundView,
    Line,
    TransactionTreatment,
    treat,
)


def rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as source:
        return list(csv.DictReader(source))


def name_of(view: FundView) -> str:
    return ("gross" if view.gross else "net") + ("_with_facility" if view.facility else "_without_facility")


@pytest.mark.golden
@pytest.mark.parametrize(
    ("file", "table", "count"),
    [
        ("performance_transaction_treatment.csv", GRANULAR, 34),
        ("performance_transaction_treatment_gross_up.csv", GROSS_UP, 13),
    ],
)
def test_golden_treatment_tables(
    golden: Path, file: str, table: Mapping[str, TransactionTreatment], count: int
) -> None:
    published = rows(golden / "ilpa" / file)
    assert [r["transaction_type"] for r in published] == list(table)
    assert len(table) == count
    for row in published:
        for view in VIEWS:
            start = "with_facility" if view.facility else "without_facility"
            ends = (
                ("gross_irr", "gross_moic", "gross_tvpi")
                if view.gross
                else ("net_irr", "net_tvpi", "net_tvpi")
            )
            in_rate = row[f"{start}_{ends[0]}"]
            place = row.get(f"{start}_{ends[1]}") or row.get(f"{start}_{ends[2]}") or ""
            known = table[row["transaction_type"]]
            assert known.in_rate[view] == (in_rate == "Included")
            assert (known.line[view] or "") == place.lower()


@pytest.mark.golden
def test_golden_granular_sample(golden: Path) -> None:
    """36 classified flows under a facility: four columns of flows, four rates, four multiples."""
    flows = rows(golden / "ilpa/performance_granular_sample.csv")
    expected = json.loads((golden / "ilpa/performance_granular_expected.json").read_text("utf-8"))
    types, days = [r["transaction_type"] for r in flows], [r["date"] for r in flows]
    amounts = [float(r["amount"]) for r in flows]
    for view in VIEWS:
        name = name_of(view)
        seen = treat(types, amounts, view)
        assert seen.flows.tolist() == [float(r[name]) for r in flows]
        assert seen.numerator == expected["numerator"][name]
        assert seen.denominator == expected["denominator"][name]
        tolerance = expected["tolerance"]
        assert seen.multiple == pytest.approx(expected["published_multiple"][name], abs=tolerance["multiple"])
        rate = seen.irr(days)
        assert rate.status == "one"
        assert rate.rate == pytest.approx(expected["published_irr"][name], abs=tolerance["irr"])
        assert rate.rate == pytest.approx(expected["recomputed_irr"][name], abs=1e-12)
        assert returns.xnpv(rate.rate, seen.flows, days) == pytest.approx(0.0, abs=1e-6)


def test_every_type_is_treated_in_every_view() -> None:
    for table in (GRANULAR, GROSS_UP):
        for known in table.values():
            assert set(known.in_rate) == set(known.line) == set(VIEWS)
            for view in VIEWS:
                assert known.in_rate[view] == (known.line[view] is not None)
    assert set(treatment.ALIASES.values()) <= set(GRANULAR)
    assert not set(treatment.ALIASES) & set(GRANULAR)


def test_recallable_distributions_are_shown_not_netted() -> None:
    types = ["Capital Call: Investments", "Distribution: Recallable", "NAV"]
    net = treat(types, [-100.0, 30.0, 90.0], FundView(facility=True, gross=False))
    assert (net.numerator, net.denominator) == (120.0, 100.0)


def test_excess_capital_returned_takes_away_from_paid_in() -> None:
    name = "Distribution: Return of Excess Capital Called: Investments"
    net = treat(["Capital Call: Investments", name, "NAV"], [-100.0, 30.0, 70.0], FundView(True, False))
    assert (net.numerator, net.denominator, net.multiple) == (70.0, 70.0, 1.0)
    assert GRANULAR[name].line[FundView(True, False)] is Line.DECREASE


def test_fees_and_carry_stand_between_net_and_gross() -> None:
    types = [
        "Capital Call: Investments",
        "Capital Call: Management Fees/Partnership Expenses",
        "Quarter-end Adjustment for Carry Allocation",
        "NAV",
    ]
    amounts = [-100.0, -2.0, 5.0, 120.0]
    net, gross = (treat(types, amounts, FundView(True, g)) for g in (False, True))
    assert (net.numerator, net.denominator) == (120.0, 102.0)
    assert (gross.numerator, gross.denominator) == (125.0, 100.0)
    assert gross.multiple > net.multiple


def test_no_multiple_on_nothing_paid_in() -> None:
    assert np.isnan(treat(["NAV"], [10.0], FundView(True, False)).multiple)
    assert treat([], [], FundView(True, False)).irr([]).status == "none"


def test_the_gross_up_table_is_asked_for() -> None:
    seen = treat(["Capital Call: Total Amount", "NAV"], [-10.0, 12.0], FundView(False, True), GROSS_UP)
    assert seen.multiple == pytest.approx(1.2)


@pytest.mark.parametrize(
    ("types", "amounts", "argument", "index"),
    [
        (["NAV", "Capital Call"], [1.0, 2.0], "transaction_types", 1),
        (["NAV"], [1.0, 2.0], "transaction_types", None),
        (["NAV", "NAV"], [1.0, float("nan")], "amounts", 1),
        (["Capital Call: Total Amount"], [1.0], "transaction_types", 0),
    ],
)
def test_bad_input_is_named(types: list[str], amounts: list[float], argument: str, index: int | None) -> None:
    with pytest.raises(ValuationError) as caught:
        treat(types, amounts, FundView(facility=True, gross=False))
    assert caught.value.argument == argument
    assert caught.value.index == index


def test_labels_are_known_as_the_samples_print_them() -> None:
    """The sample workbook says "Gross Up Management Fees"; its table adds "(Gross Up Methodology Only)"."""
    for view in VIEWS:
        printed = treat(["Gross Up Management Fees", "NAV"], [12.0, 100.0], view, GROSS_UP)
        listed = treat(
            ["Gross Up Management Fees (Gross Up Methodology Only)", "NAV"], [12.0, 100.0], view, GROSS_UP
        )
        assert (printed.flows.tolist(), printed.numerator) == (listed.flows.tolist(), listed.numerator)
        assert printed.numerator == (112.0 if view.gross else 100.0)
    assert len(AS_PRINTED) == 4
    assert not set(AS_PRINTED) & (set(GROSS_UP) | set(GRANULAR))
