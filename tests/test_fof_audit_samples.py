"""Audit samples: the population is fixed before the seed, the items follow from both, each figure names its estimator."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

import numpy as np
import pytest
from audited import OWN, furnished, person
from second.institutions import AS_OF

from fof import ledger
from fof.audit.casefile.audit_samples import (
    AuditSample,
    audit_sample,
    audit_samples,
    draw_sample,
    figures_of,
    record_results,
    within_tolerable,
)
from fof.audit.casefile.sample_population import hints, population
from fof.db import Database
from fof.errors import BookingRefused, NotAllowed, Unknown, WrongArgument
from models.audit_work import SampleMethod, SamplePopulation
from models.coinvest import PaymentLeg
from valuation import sampling

DAY = dt.date(2026, 10, 8)
UNITS, ITEMS = SampleMethod.MONETARY_UNIT, SampleMethod.ATTRIBUTE
PAYMENTS, STAKES = SamplePopulation.PAYMENTS, SamplePopulation.STAKES


@pytest.fixture
def book(furnished_book: Database) -> Database:
    return furnished_book


def draw(
    book: Database, method: SampleMethod, what: SamplePopulation = PAYMENTS, **more: object
) -> AuditSample:
    numbers = {"confidence": Decimal("0.95"), "tolerable": Decimal("0.2")} | more
    done = draw_sample(book, person("one"), "CT", what, method, AS_OF, DAY, **numbers)  # type: ignore[arg-type]
    return next(
        s for s in audit_samples(ledger.read(book).view(), person("two")) if s.entry == done.entries[0]
    )


def paid_in() -> dict[str, int]:
    """Persons' payments as the generator wrote them: code → fen."""
    legs = (PaymentLeg.PERSON_TO_VEHICLE, PaymentLeg.PERSON_TO_COMPANY)
    return {r["code"]: r["amount"].fen for r in OWN.rows["coinvest_payments"] if r["payment_leg"] in legs}


def test_the_population_is_every_payment_of_the_institution(book: Database) -> None:
    view = ledger.read(book).view(AS_OF)
    assert {i.code: i.fen for i in population(view, "CT", PAYMENTS)} == paid_in()
    stakes = population(view, "CT", STAKES)
    assert sum(i.fen for i in stakes) == sum(paid_in().values())


def test_monetary_units_are_those_of_the_kernel_under_the_recorded_seed(book: Database) -> None:
    own = draw(book, UNITS)
    assert own.size == sampling.monetary_unit_sample_size("0.2", "0", "0.05")
    values = [fen for _, fen in sorted(paid_in().items())]
    codes = sorted(paid_in())
    places = sampling.monetary_unit_selection(values, own.size, own.seed)
    assert {d.item.code: d.hits for d in own.drawn} == {
        codes[n]: int(c) for n, c in zip(*np.unique(places, return_counts=True), strict=True)
    }
    assert own.known_at == own.entry - 1  # fixed by what stood before the seed was recorded
    assert not own.evaluated
    assert within_tolerable(own) is None


def test_attribute_samples_take_each_stratum_its_part(book: Database) -> None:
    own = draw(book, ITEMS, strata=2, tolerable=Decimal("0.3"))
    assert own.size == sampling.attribute_sample_size("0.3", "0", "0.05", own.items).size == len(own.drawn)
    have = own.items_of
    drawn = [sum(d.item.stratum == n for d in own.drawn) for n in (0, 1)]
    assert drawn == sampling.allocation(own.size, have, most=have).tolist()
    top = min(i.fen for i in population(ledger.read(book).view(AS_OF), "CT", PAYMENTS, 2) if i.stratum == 0)
    rest = max(i.fen for i in population(ledger.read(book).view(AS_OF), "CT", PAYMENTS, 2) if i.stratum == 1)
    assert top >= rest


def test_results_become_figures_under_the_names_of_their_estimators(book: Database) -> None:
    own = draw(book, UNITS)
    first = own.drawn[0].item
    record_results(book, person("two"), own.code, {first.code: first.fen // 2}, DAY, "核对记录")
    with pytest.raises(BookingRefused, match="冲销"):
        record_results(book, person("two"), own.code, {}, DAY, "核对记录")
    judged = audit_sample(ledger.read(book).view(), own.code, person("one"))
    taints = ["1/2"] * judged.drawn[0].hits
    by_name = {f.estimator: f.value for f in figures_of(judged)}
    for name in ("stringer", "stringer-poisson", "exact"):
        assert by_name[name] == sampling.monetary_unit_upper_bound(
            judged.fen, taints, judged.size, "0.05", name
        )  # type: ignore[arg-type]
    assert by_name["interval projection"] == pytest.approx(len(taints) / 2 * judged.fen / judged.size)
    assert within_tolerable(judged) is (by_name["stringer"] <= 0.2 * judged.fen)
    attributes = draw(book, ITEMS, tolerable=Decimal("0.3"))
    record_results(book, person("one"), attributes.code, {}, DAY)
    clean = audit_sample(ledger.read(book).view(), attributes.code, person("one"))
    limit = sampling.attribute_upper_limit(clean.size, 0, "0.05", clean.items)
    assert {f.estimator: f.value for f in figures_of(clean)} == {
        "sample rate": 0.0,
        "hypergeometric (exact)": limit,
    }


def test_a_sample_stays_as_it_was_drawn_whatever_is_booked_later(book: Database) -> None:
    own = draw(book, UNITS)
    taken = own.drawn[0].item
    ledger.reverse(book, person("office"), taken.entry, "误记")
    again = audit_sample(ledger.read(book).view(), own.code, person("one"))
    assert again.drawn == own.drawn
    assert len(population(ledger.read(book).view(AS_OF), "CT", PAYMENTS)) == own.items - 1


def test_samples_are_the_auditors(book: Database) -> None:
    own = draw(book, UNITS)
    view = ledger.read(book).view()
    assert audit_samples(view, person("office")) == []
    assert audit_samples(view, person("none")) == []
    for code, error in (("office", NotAllowed), ("none", Unknown)):
        with pytest.raises(error):
            draw_sample(book, person(code), "CT", PAYMENTS, UNITS, AS_OF, DAY)
    with pytest.raises(NotAllowed):
        record_results(book, person("office"), own.code, {}, DAY)
    with pytest.raises(BookingRefused) as refused:
        record_results(book, person("one"), own.code, {"no such item": 1}, DAY)
    assert [p.code for p in refused.value.problems] == ["not_drawn"]
    with pytest.raises(WrongArgument):
        draw(book, UNITS, expected=Decimal("0.2"))
    with pytest.raises(BookingRefused):
        draw_sample(book, person("one"), "CT", PAYMENTS, UNITS, dt.date(2017, 1, 1), DAY)


def test_hints_count_digits_and_amounts_that_come_again(book: Database) -> None:
    items = population(ledger.read(book).view(AS_OF), "CT", PAYMENTS)
    screen = hints(items)
    assert sum(screen.digits) == len(items)
    amounts = list(paid_in().values())
    assert {fen: len(codes) for fen, codes in screen.repeated} == {
        fen: amounts.count(fen) for fen in set(amounts) if amounts.count(fen) >= 3
    }


@pytest.mark.postgres
def test_drawn_and_judged_on_postgres(postgres_url: str) -> None:
    database = Database(postgres_url)
    furnished(database)
    own = draw(database, UNITS)
    record_results(database, person("one"), own.code, {}, DAY)
    assert within_tolerable(audit_sample(ledger.read(database).view(), own.code, person("two")))
    database.close()
