"""Evidence of a stake: what applies is the rule's own answer; a document is tested against the stake; the table in docs."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Any

import pytest
from audited import registered
from second.institutions import AS_OF
from test_second_institutions import planted

from fof import intake, ledger
from fof.access import LOCAL
from fof.audit.casefile.evidence_items import (
    EVIDENCE_RULES,
    ItemEvidence,
    evidence_of,
    evidence_table,
)
from fof.audit.coinvestment.register import register
from fof.book.index import book_of
from fof.db import Database
from fof.errors import Unknown
from fof.importers.cells import Amount
from fof.importers.layouts import LAYOUTS
from fof.importers.template import filled
from fof.rules.coinvest_exits import evidence_asked
from models.coinvest import EvidenceItem

ROOT = Path(__file__).resolve().parents[1]


def test_every_item_has_an_id_and_stands_in_the_table() -> None:
    assert set(EVIDENCE_RULES) == set(EvidenceItem)
    assert [k.id for k in EVIDENCE_RULES.values()] == [f"EV-{n:02d}" for n in range(1, 15)]
    assert (ROOT / "docs" / "evidence.md").read_text("utf-8") == evidence_table()


def evidence_after(database: Database, stake: str, **document: Any) -> dict[EvidenceItem, ItemEvidence]:
    """The evidence of a stake of an institution after one more document."""
    own = planted(3)
    own.add("evidence", code="ZJ-NEW", staff_stake=stake, since=dt.date(2026, 9, 1), **document)
    book = filled([(LAYOUTS[n], rows) for n, rows in own.rows.items() if rows])
    intake.book(database, LOCAL, book, "机构.xlsx")
    return {k.item: k for k in evidence_of(ledger.read(database).view(AS_OF), stake)}


def doubts(database: Database, item: EvidenceItem, **document: Any) -> list[str]:
    own = evidence_after(database, "S0-P2", evidence_item=item, **document)[item]
    [added] = [d for d in own.documents if d.code == "ZJ-NEW"]
    return [text.en for text in added.doubts]


def test_what_applies_is_what_the_rule_asks_for(database: Database) -> None:
    own = planted(3)
    intake.book(
        database, LOCAL, filled([(LAYOUTS[n], rows) for n, rows in own.rows.items() if rows]), "机构.xlsx"
    )
    view = ledger.read(database).view(AS_OF)
    for stake in register(book_of(view), AS_OF).stakes:
        listed = evidence_of(view, stake.code)
        assert {k.item for k in listed} == set(evidence_asked(stake))
        assert {k.item for k in listed if k.sound} == stake.evidence & set(evidence_asked(stake))
        assert len(listed) == len(evidence_asked(stake))
        assert {k.item for k in listed if k.documents} == stake.evidence & set(evidence_asked(stake))
    with pytest.raises(Unknown):
        evidence_of(view, "no such stake")


def test_a_document_that_fits_has_no_doubt(sqlite_book: Database) -> None:
    paid = next(r for r in planted(3).rows["coinvest_payments"] if r["code"] == "Z0-P2")["amount"]
    assert doubts(sqlite_book, EvidenceItem.MONEY_PROOF, person="P2", evidence_amount=paid) == []


def test_less_money_than_was_paid_is_a_doubt(sqlite_book: Database) -> None:
    listed = doubts(sqlite_book, EvidenceItem.MONEY_PROOF, person="P3", evidence_amount=Amount(100, "CNY"))
    assert listed == ["another person than the stake's", "proves less money than was paid"]


def test_a_declaration_after_the_committee_is_a_doubt(sqlite_book: Database) -> None:
    [late] = doubts(sqlite_book, EvidenceItem.DECLARATION, evidence_on=dt.date(2025, 1, 1))
    assert late.startswith("dated 2025-01-01, after the committee meeting")


def test_a_document_without_a_day_is_neither_there_nor_missing(sqlite_book: Database) -> None:
    """The undated one is read after the dated one was taken away: whether it came in time cannot be told."""
    own = planted(3)
    row = own.find("evidence", staff_stake="S0-P2", evidence_item=EvidenceItem.DECLARATION)
    del row["evidence_on"]
    registered(sqlite_book, own)
    view = ledger.read(sqlite_book).view(AS_OF)
    [stake] = [s for s in register(book_of(view), AS_OF).stakes if s.code == "S0-P2"]
    assert (EvidenceItem.DECLARATION in stake.evidence, stake.evidence_untold) == (
        False,
        frozenset({EvidenceItem.DECLARATION}),
    )
    [item] = [k for k in evidence_of(view, "S0-P2") if k.item is EvidenceItem.DECLARATION]
    assert [d.en for d in item.documents[0].doubts] == ["the document states no day"]


def test_a_receipt_of_another_amount_and_an_early_day_is_a_doubt(sqlite_book: Database) -> None:
    early = doubts(
        sqlite_book,
        EvidenceItem.PAYMENT_DATES,
        evidence_on=dt.date(2018, 1, 1),
        evidence_amount=Amount(100, "CNY"),
        coinvest_payment="Z0-P2",
    )
    assert [text.partition(" 2")[0] for text in early] == ["dated", "not the amount that was paid"]


def test_the_command_lists_each_item(
    sqlite_book: Database, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    import json

    import jsonschema

    from fof.cli import main
    from fof.cli.schemas import documents, schema

    evidence_after(
        sqlite_book, "S0-P2", evidence_item=EvidenceItem.DECLARATION, evidence_on=dt.date(2025, 1, 1)
    )
    monkeypatch.setenv("FOF_DATABASE_URL", sqlite_book.address)
    monkeypatch.setenv("FOF_DATA_DIR", str(tmp_path))
    assert main(["audit", "evidence", "S0-P2", "--as-of", "2026-09-30", "--json"]) == 0
    listed = json.loads(capsys.readouterr().out)
    jsonschema.Draft202012Validator(schema(documents()["evidence"])).validate(listed)
    states = {(row["id"], row["state"]) for row in listed["rows"]}
    assert ("EV-05", "doubtful") in states
    assert main(["audit", "evidence", "no such stake"]) == 2
