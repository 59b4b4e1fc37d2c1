"""The auditor's pages drawn over a random institution: a case file with its evidence, the request list, the samples."""

from __future__ import annotations

import time
from collections.abc import Iterator
from typing import Any

import pytest
from screens import drawn, screens_over
from second.institutions import AS_OF
from test_second_institutions import planted

from fof import intake
from fof.access import LOCAL
from fof.audit.casefile.audit_samples import draw_sample
from fof.db import Database
from fof.importers.layouts import LAYOUTS
from fof.importers.template import filled
from fof.ui.table_columns import _linked
from models.audit_work import SampleMethod, SamplePopulation

OWN = planted(3)
RULE, SUBJECT = next(k for k, v in OWN.expected.items() if v == "breach" and k[0] == "CI-12")


@pytest.fixture(scope="module")
def screens(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Database]:
    folder = tmp_path_factory.mktemp("screens")
    database = Database(f"sqlite:///{folder / 'book.sqlite'}")
    database.init()
    sheets = filled([(LAYOUTS[n], rows) for n, rows in OWN.rows.items() if rows])
    intake.book(database, LOCAL, sheets, "机构.xlsx")
    draw_sample(database, LOCAL, "CT", SamplePopulation.PAYMENTS, SampleMethod.MONETARY_UNIT, AS_OF, AS_OF)
    with screens_over(database.address, folder):
        yield database
    database.close()


def at(page: str, **query: str) -> Any:
    """A page whose address was followed."""
    app = drawn(page, as_of="2026-09-30", lang="zh")
    for name, value in query.items():
        app.query_params[name] = value
    app.run()
    for _ in range(20):  # what is worked out beside the page
        if app.dataframe:
            break
        time.sleep(0.3)
        app.run()
    assert not app.exception
    return app


def tables(app: Any) -> list[Any]:
    return [table.value for table in app.dataframe]


def test_a_case_file_shows_what_the_finding_rests_on_and_its_evidence(screens: Database) -> None:
    app = at("case", rule=RULE, kind="staff_stake", code=SUBJECT)
    assert any("实测" in error.value for error in app.error)
    grounds, gained, *_parts, evidence = tables(app)
    assert any("已实现" in what for what in gained["what"])
    [verdicts] = [t for t in tables(app) if "what" in t and set(t["what"]) == {"违反"}]
    assert "缴款期限" in set(grounds["what"])
    assert list(verdicts["what"]) == ["违反"]
    assert list(evidence["id"]) == sorted(evidence["id"])
    assert len(evidence) >= 11


def test_the_request_list_names_what_is_missing(screens: Database) -> None:
    [listed] = tables(at("requests"))
    assert "资金证明" in set(listed["item"])


def test_a_sample_is_shown_with_its_seed(screens: Database) -> None:
    app = at("sampling", sample="CY-0001")
    samples, items = tables(app)
    assert list(samples["sample"]) == ["CY-0001"]
    assert len(items) > 1


def test_people_and_deals_have_their_cards(screens: Database) -> None:
    holder = next(r["person"] for r in OWN.rows["staff_stakes"] if r["code"] == SUBJECT)
    stakes, gap = tables(at("people", person=holder))
    assert SUBJECT in set(stakes["staff_stake"])
    assert list(gap["person"]) == [holder]
    deal = next(r["deal"] for r in OWN.rows["staff_stakes"] if r["code"] == SUBJECT)
    [places] = tables(at("people", card="deal", deal=deal))
    assert holder in set(places["person"])
    [rates] = tables(at("people", card="participation"))
    assert set(rates["institution"]) == {"CT"}
    [ties] = tables(at("people", card="relations", around=holder))
    assert "CI-12" in ", ".join(ties["rules"].dropna())


def test_a_document_without_an_entry_is_text_in_its_cell() -> None:
    """Who is excused on a deal card: a reference that leads nowhere (the card failed over it)."""

    def nowhere(entry: int, text: str) -> str:
        raise AssertionError(f"{text} has no entry, and {entry} was asked for")

    assert _linked("示例董办〔2025〕2号", "document", nowhere) == "#示例董办〔2025〕2号"
    assert _linked(None, "document", nowhere) is None
