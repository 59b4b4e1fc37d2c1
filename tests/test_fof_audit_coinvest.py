"""The register of co-investment as the rules see it: every input has a column, every column is an input."""

from __future__ import annotations

import dataclasses
import datetime as dt
from typing import Any

import pytest
from test_second_institutions import planted

from fof import intake
from fof.access import LOCAL
from fof.audit.coinvestment.register import register
from fof.book.index import book_of
from fof.db import Database
from fof.importers.layouts import LAYOUTS
from fof.importers.template import filled
from fof.rules import facts_coinvest
from models.facts import EVIDENCE_FILE, FACTS, SUBJECT_FACTS
from models.subjects import SubjectKind

CI = frozenset(
    {
        SubjectKind.PLAN,
        SubjectKind.EMPLOYMENT,
        SubjectKind.ELIGIBILITY,
        SubjectKind.DECLARATION,
        SubjectKind.MEETING,
        SubjectKind.BALLOT,
        SubjectKind.NOMINEE,
        SubjectKind.KINSHIP,
        SubjectKind.BUSINESS_TIE,
        SubjectKind.INCIDENT,
        SubjectKind.STAFF_STAKE,
        SubjectKind.COINVEST_PAYMENT,
        SubjectKind.EVIDENCE,
    }
)
UNDER_ANOTHER_NAME = {
    "payment_leg": "leg",
    "evidence_item": "evidence",
    "related_revenue": "years",
    "related_profit": "years",
    "founders": "is_founder_of_investee",
    "state_representatives": "is_state_representative",
    "payment_share_class": "share_class",
    "deal_shares": "shares",
    "deal_fees": "fees",
    "pay_out": "exits",
    "post": None,  # shown, not judged
    "evidence_kind": None,  # of the document: shown in the case file
    "evidence_number": None,
    "evidence_on": None,
    "evidence_issuer": None,
    "evidence_digest": None,
    "evidence_amount": None,
    "incident_damages": None,
    "appraised_price": None,
}
"""Attribute → the field of the facts that it is read into under another name; None: no rule judges it."""


def fields() -> set[str]:
    """Every field of every class of facts."""
    names: set[str] = set()
    for kind in vars(facts_coinvest).values():
        if dataclasses.is_dataclass(kind):
            names |= {f.name for f in dataclasses.fields(kind)}
        names |= set(getattr(kind, "_fields", ()))
    return names


def columns() -> set[str]:
    """Every attribute and role that some layout has a column for."""
    facts = {c.fact for layout in LAYOUTS.values() for c in layout.facts if c.fact is not None}
    return facts | {c.name for layout in LAYOUTS.values() for c in layout.links}


@pytest.mark.parametrize("name", sorted(n for n in fields() if n in FACTS or n in SUBJECT_FACTS))
def test_every_input_of_a_rule_has_a_column(name: str) -> None:
    assert name in columns()


@pytest.mark.parametrize(
    "name",
    sorted(
        s.name
        for s in SUBJECT_FACTS.values()
        if s.subjects and s.subjects <= CI and not s.name.startswith(EVIDENCE_FILE)
    ),
)
def test_every_attribute_has_a_column_and_is_judged(name: str) -> None:
    assert name in columns()
    field = UNDER_ANOTHER_NAME.get(name, name)
    assert field is None or field in fields()


def test_an_empty_book_has_an_empty_register(sqlite_book: Database) -> None:
    from fof import ledger

    made: Any = register(book_of(ledger.read(sqlite_book).view()), dt.date(2026, 9, 30))
    assert made == facts_coinvest.CoinvestmentFacts()


def test_command_document_and_library_say_the_same(
    sqlite_book: Database, tmp_path: Any, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Of a random institution: counts, order, strictness, one institution alone, and one that is not there."""
    import json

    import fof
    from fof.cli import main

    own = planted(3)
    book = filled([(LAYOUTS[name], rows) for name, rows in own.rows.items() if rows])
    intake.book(sqlite_book, LOCAL, book, "机构.xlsx")
    monkeypatch.setenv("FOF_DATABASE_URL", sqlite_book.address)
    monkeypatch.setenv("FOF_DATA_DIR", str(tmp_path))
    asked = ["audit", "coinvest", "--as-of", "2026-09-30", "--json"]
    assert main([*asked, "--verdict", "all"]) == 0
    document = json.loads(capsys.readouterr().out)
    said = {(r["rule"], r["subject"]): r["verdict"] for r in document["rows"] if r["rule"] != "PI-11"}
    [whole] = [r for r in document["institutions"] if r["year"] is None]
    years = [r for r in document["institutions"] if r["year"] is not None]
    assert (whole["institution"], whole["breach"]) == ("CT", document["breach"])
    for name in ("open", "joined", "exits_apart", "leavers_overdue"):
        assert whole[name] == sum(r[name] for r in years), name
    assert {k: v for k, v in said.items() if v not in ("pass", "not_applicable")} == own.expected
    assert document["breach"] == sum(v == "breach" for v in own.expected.values())
    assert main([*asked, "--strict"]) == 1
    capsys.readouterr()
    assert main([*asked, "--institution", "CT"]) == 0
    listed = json.loads(capsys.readouterr().out)["rows"]
    assert {(r["rule"], r["subject"]) for r in listed if r["rule"] != "PI-11"} == set(own.expected)
    frozen = fof.open(sqlite_book.address).at(as_of=dt.date(2026, 9, 30)).coinvestment()
    assert [(r.rule, str(r.subject)) for r in frozen.rows] == [(r["rule"], r["subject"]) for r in listed]
    assert main([*asked, "--institution", "XX"]) == 2
    assert main(["audit", "coinvest", "--as-of", "2026-09-30"]) == 0
    assert "跟投合规检查" in capsys.readouterr().out
