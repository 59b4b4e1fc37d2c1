"""Since when a finding stands: its first day, held against audits of every quarter-end and of the days about it."""

from __future__ import annotations

import datetime as dt
import gc
from dataclasses import fields
from typing import Any
from weakref import ref

import pytest

from fof import audit, ledger
from fof.audit import collector
from fof.audit.auditor import auditor_of
from fof.audit.collector import collector_waits, look_through
from fof.audit.findings import NEEDS_SOMEBODY
from fof.db import Database
from fof.ledger import Journal, View
from fof.pausing import pausing
from fof.rules.calendar_days import quarter_ends
from fof.rules.facts import FundFacts, OfficeFacts
from fof.rules.facts_parties import CompanyFacts
from fof.rules.registry import Verdict

DAY = dt.date(2026, 9, 30)
FIRST = dt.date(2025, 3, 31)


def exhaustive(
    view: View, found: audit.Audit, first: dt.date, rules_as_of: dt.date | None
) -> dict[tuple[str, str, Verdict], tuple[dt.date | None, dt.date | None]]:
    """Every finding of every quarter-end from `first` on, and where the unbroken run that leads up to the audit's day
    begins: after the first day, at the latest on the second."""
    days = [day for day in quarter_ends(first, found.as_of) if day < found.as_of]
    said = [
        {(f.rule, f.subject, f.verdict) for f in audit.guidance(view.journal.view(day), rules_as_of).findings}
        for day in days
    ]
    answers: dict[tuple[str, str, Verdict], tuple[dt.date | None, dt.date | None]] = {}
    for f in found.findings:
        key = (f.rule, f.subject, f.verdict)
        began, before = found.as_of, None
        for day, there in zip(reversed(days), reversed(said), strict=True):
            if key not in there:
                before = day
                break
            began = day
        answers[key] = (before, began) if f.verdict in NEEDS_SOMEBODY else (None, None)
    return answers


@pytest.fixture(scope="module")
def apart(demo: Database) -> Journal:
    """The demo office read a second time: what the audit under test keeps of a day is not in it."""
    return Journal(demo).refresh()


@pytest.mark.parametrize("rules_as_of", [None, dt.date(2017, 6, 30)])
def test_since_is_the_first_day_of_the_run(
    demo: Database, apart: Journal, rules_as_of: dt.date | None
) -> None:
    """All breaches, warnings and unknowns of the demo office over two years; passes are left alone. The run lies where
    audits of every quarter-end say, and the audits of the first day and of the day before it tell it apart."""
    journal = ledger.read(demo)
    view = journal.view(DAY)
    found = audit.guidance(view, rules_as_of)
    told = audit.with_since(view, found, FIRST)
    wanted = exhaustive(apart.view(DAY), found, FIRST, rules_as_of)
    looked_up = {}
    for f, plain in zip(told.findings, found.findings, strict=True):
        before, began = wanted[f.rule, f.subject, f.verdict]
        if plain.since is not None or f.verdict not in NEEDS_SOMEBODY:
            assert f.since == plain.since
        elif before is None:  # it stood on the first day that was asked for
            assert f.since == began
        else:
            assert f.since is not None
            assert before < f.since <= (began or DAY)
            looked_up[f.rule, f.subject, f.verdict] = f.since
    assert len(set(looked_up.values())) > 2
    for day in sorted(set(looked_up.values()))[:4]:
        own = {key for key, since in looked_up.items() if since == day}
        for on, there in ((day, True), (day - dt.timedelta(days=1), False)):
            said = {
                (f.rule, f.subject, f.verdict) for f in audit.guidance(journal.view(on), rules_as_of).findings
            }
            assert (own <= said) is there


def test_only_what_is_listed_is_looked_up(demo: Database) -> None:
    """An audit cut down to one fund's breaches gets the days that the whole audit has for them."""
    view = ledger.read(demo).view(DAY)
    found = audit.guidance(view)
    whole = {(f.rule, f.subject): f.since for f in audit.with_since(view, found, FIRST).breaches}
    cut = audit.Audit(
        found.as_of, found.known_at, None, tuple(f for f in found.breaches if f.finding.fund == "SF-2018-01")
    )
    told = audit.with_since(view, cut, FIRST)
    assert told.findings
    assert {(f.rule, f.subject): f.since for f in told.findings}.items() <= whole.items()


def test_facts_do_not_depend_on_the_order_of_days(demo: Database) -> None:
    """What is kept from one day never shows on another: facts gathered day by day forwards, backwards and alone are
    equal, field by field."""
    days = [dt.date(2019, 3, 31), dt.date(2022, 8, 15), DAY]

    def gathered(journal: Journal, wanted: list[dt.date]) -> dict[dt.date, list[Any]]:
        views = [journal.view(day) for day in wanted]
        return {view.as_of: _everything(auditor_of(view).office(view)) for view in views if view.as_of}

    forwards = gathered(Journal(demo).refresh(), days)
    backwards = gathered(Journal(demo).refresh(), days[::-1])
    alone = gathered(
        Journal(demo).refresh(), days[1:2]
    )  # the first of each order is alone when it is gathered
    assert forwards == backwards == forwards | alone


def _everything(office: OfficeFacts) -> list[Any]:
    """Every field of every fund and company."""
    funds = [[getattr(f, own.name) for own in fields(FundFacts)] for f in office.funds]
    companies = [[getattr(c, own.name) for own in fields(CompanyFacts)] for c in office.companies]
    return [funds, companies, office.transfers, office.reorganisations, office.waivers]


def test_every_gathered_field_is_a_field_of_the_facts(demo: Database) -> None:
    """A gatherer under a name that the facts do not have would never be asked; a fund begins with its attributes."""
    view = ledger.read(demo).view(DAY)
    office = auditor_of(view).office(view)
    for facts, kind in ((office, OfficeFacts), (office.funds[0], FundFacts)):
        gathered = {name for name in type(facts).__dict__ if not name.startswith("__")}
        assert gathered
        assert gathered <= kind.__dataclass_fields__.keys()


def test_a_listing_stated_later_reaches_a_deal_that_was_kept(clerk: Any) -> None:
    """The deal is asked for first without, then with the listing, then without again."""
    clerk.party("GF", "guidance_fund", status="investing")
    clerk.party("CO", "company")
    clerk.deal("GF", "CO", "initial", 1e6, "2017-01-01", instrument="equity")
    clerk.fact("CO", "2018-01-01", "listed_on", "2016-05-01")
    days = ["2017-06-30", "2018-06-30", "2017-06-30"]
    seen = [auditor_of(v).office(v).funds[0].deals[0].listed_at_entry for v in map(clerk.view, days)]
    assert seen == [False, True, False]


def test_what_an_audit_left_behind_is_looked_through_as_the_next_begins(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Not as it ends: a command ends before. Where somebody looked since, and of little, not at all."""
    monkeypatch.setattr(collector, "FULL_AFTER", 5_000)
    monkeypatch.setattr(collector, "BESIDE_OTHERS", 2)
    monkeypatch.setattr(collector, "_others_set_aside", lambda: False)
    monkeypatch.setattr(collector, "_aside", {"seen": False})

    def full() -> int:
        return int(gc.get_stats()[2]["collections"])

    gc.collect()
    before = full()
    with collector_waits():
        left = [[n] for n in range(6_000)]
    assert full() == before
    with collector_waits():
        assert full() == before + 1
    with collector_waits():
        assert full() == before + 1
        left += [[n] for n in range(6_000)]
    gc.collect()
    with collector_waits():
        assert full() == before + 2
        left += [[n] for n in range(6_000)]
    with pausing(lambda: None), collector_waits():
        assert full() == before + 2  # others would wait: not before there are four times as many
        left += [[n] for n in range(5_000)]
    look_through()
    assert full() == before + 3  # whoever knows that nobody waits: twice as many
    with pausing(lambda: None), collector_waits():
        left += [[n] for n in range(21_000)]
    with pausing(lambda: None), collector_waits():
        assert full() == before + 4
    assert len(left) == 44_000
    gc.freeze()  # what the tests set aside came back


def test_where_somebody_set_objects_aside_audits_set_theirs_aside_as_well() -> None:
    """No collection of a page then walks over what an audit made; what it left in circles is looked through later, and what lives is
    set aside again."""
    gc.collect()
    gc.freeze()  # as the tests do, and the server
    look_through(0)
    before = gc.get_freeze_count()
    with collector_waits():
        lives = [[n] for n in range(60_000)]
        circle = Circle()
        circle.own, left = circle, ref(circle)
    del circle
    assert gc.get_freeze_count() > before + 50_000
    gc.collect()
    assert left() is not None
    look_through(5_000)
    assert left() is None
    assert gc.get_freeze_count() > before + 50_000
    assert len(lives) == 60_000


class Circle:
    """Names itself."""

    own: Circle


def test_what_an_auditor_forgets_of_a_day_is_gone_at_once(
    clerk: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Facts and the office that gathered them name each other, and the collector looks through them at some quiet moment only."""
    monkeypatch.setattr("fof.audit.auditor._FACTS_AT_MOST", 1)
    clerk.party("GF", "guidance_fund", status="investing")
    auditor = auditor_of(clerk.view("2017-06-30"))
    gc.disable()
    try:
        first = ref(auditor.office(clerk.view("2017-06-30")).funds[0])
        assert auditor.office(clerk.view("2018-06-30")).funds
        assert first() is not None
        assert auditor.office(clerk.view("2019-06-30")).funds
        assert first() is None
    finally:
        gc.enable()


def test_the_collector_waits_and_comes_back() -> None:
    """Also when the work fails, in nested calls, and where somebody else has switched it off."""

    @collector_waits()
    def fails() -> None:
        with collector_waits():
            pass
        assert not gc.isenabled()
        raise ValueError("inside")

    assert gc.isenabled()
    with pytest.raises(ValueError, match="inside"):
        fails()
    assert gc.isenabled()
    gc.disable()
    try:
        with collector_waits():
            pass
        assert not gc.isenabled()
    finally:
        gc.enable()
