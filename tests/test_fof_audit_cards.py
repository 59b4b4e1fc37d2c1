"""Cards of people and deals, participation with the gap of choice, ties and the findings that rest on them."""

from __future__ import annotations

import json
from collections.abc import Iterator
from fractions import Fraction
from itertools import combinations
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from audited import OWN, person
from second.institutions import AS_OF

from fof import ledger
from fof.audit.casefile.cards_document import (
    deal_document,
    participation_document,
    person_document,
    relations_document,
)
from fof.audit.casefile.relationship_graph import relations
from fof.audit.coinvestment.participation_gaps import (
    FEW,
    NO_SHARED_YEAR,
    NONE_VALUED,
    CompanyChoice,
    gap_between,
    participation_lines,
)
from fof.audit.coinvestment.person_cards import deal_card, deals_seen, people_seen, person_card
from fof.cli import main
from fof.cli.schemas import documents, schema
from fof.db import Database
from fof.errors import Unknown
from fof.ledger import View
from fof.ui.cards import dot
from models.subjects import SubjectKind


@pytest.fixture(scope="module")
def view(furnished_file: Path) -> Iterator[View]:
    book = Database(f"sqlite:///{furnished_file}")
    yield ledger.read(book).view(AS_OF)
    book.close()


ONE, NONE = person("one"), person("none")


def choices(*sides: tuple[bool, int, str]) -> list[CompanyChoice]:
    return [CompanyChoice(f"Q{n}", took, year, Fraction(m)) for n, (took, year, m) in enumerate(sides)]


def test_the_gap_is_permuted_within_the_year_and_every_arrangement_counted() -> None:
    rows = [(True, 2020, m) for m in ("2", "1.5", "1.4", "3", "1.2")]
    rows += [(False, 2020, m) for m in ("1", "0.5", "1.3", "0.8", "1.1")]
    gap = gap_between(choices(*rows))
    values = [Fraction(m) for _, _, m in rows]
    seen = sum(values[:5])
    sums = [sum(own) for own in combinations(values, 5)]
    high, low = (sum(1 for s in sums if test(s)) / len(sums) for test in (seen.__le__, seen.__ge__))
    assert gap.p_one_sided == pytest.approx(high, abs=0)
    assert gap.p_value == min(1.0, 2 * min(high, low))
    assert (gap.exact, gap.reason) == (True, None)
    assert gap.difference == sum(values[:5]) / 5 - sum(values[5:]) / 5


def test_no_p_with_fewer_than_five_a_side_and_none_without_a_shared_year() -> None:
    four = [(True, 2020, "2")] * 4 + [(False, 2020, "1")] * 5
    gap = gap_between(choices(*four))
    assert (gap.p_value, gap.p_one_sided, gap.reason) == (None, None, FEW)
    assert gap.difference == 1  # the numbers are there
    assert gap_between(choices(*[(True, 2020, "2")] * 5, *[(False, 2021, "1")] * 5)).reason is NO_SHARED_YEAR
    assert gap_between([CompanyChoice("Q", True, 2020, None)]).reason is NONE_VALUED
    unvalued = [*choices(*four, (True, 2020, "2")), CompanyChoice("Q", True, 2020, None)]
    assert (gap_between(unvalued).joined, gap_between(unvalued).unvalued) == (5, 1)
    assert gap_between(unvalued).p_value is not None


def test_more_than_a_million_arrangements_are_drawn_from_the_fixed_seed() -> None:
    rows = [(n % 2 == 0, 2020, str(1 + n % 7)) for n in range(26)]
    first, again = gap_between(choices(*rows)), gap_between(choices(*rows))
    assert (first.exact, first.p_value) == (False, again.p_value)
    assert first.p_one_sided is not None
    assert round(first.p_one_sided * 100_000, 6).is_integer()  # (b + 1) / (m + 1)


def test_a_person_stands_beside_the_institution_on_every_deal(view: View) -> None:
    stakes = {r["code"]: r for r in OWN.rows["staff_stakes"]}
    for code in people_seen(view, ONE):
        card = person_card(view, code, ONE)
        assert {c.stake.code for c in card.stakes} == {
            c for c, r in stakes.items() if r["person"] == code and r["since"] <= AS_OF
        }
        for own in card.stakes:
            if own.value is not None and own.multiple is not None:
                assert own.multiple == (own.received + own.value) / own.stake.paid_in
            assert own.reason is not None or own.value is not None
            rounds = {
                d["day"]
                for d in OWN.rows["deals"]
                if own.stake.project and d["company"] == own.stake.project.company
            }
            assert (own.value_on is None) == (not own.value)  # nothing is held, or no price is known
            assert own.value_on is None or own.value_on in rounds  # nobody stated a value here


def test_a_deal_lists_who_joined_and_who_did_not(view: View) -> None:
    for code in deals_seen(view, ONE):
        card = deal_card(view, code, ONE)
        listed = {p.person for p in card.places}
        roster = {r["person"] for r in OWN.rows["eligibilities"] if r["deal"] == code and r["since"] <= AS_OF}
        holders = {r["person"] for r in OWN.rows["staff_stakes"] if r["deal"] == code and r["since"] <= AS_OF}
        assert listed == roster | holders
        states = {row["person"]: row["state"] for row in deal_document(view, code, ONE).rows}
        assert all(states[p] in ("did_not", "excused") for p in roster - holders)


def test_participation_is_that_of_the_rule(view: View) -> None:
    from fof import audit

    whole, *people = participation_lines(view, "CT", None, ONE)
    assert (whole.bound, whole.bound_joined) == (
        sum(p.bound for p in people),
        sum(p.bound_joined for p in people),
    )
    breaches = {
        f.subject.code
        for f in audit.coinvestment(view, "CT", actor=ONE).findings
        if f.rule == "CI-20" and f.verdict == "breach"
    }
    assert breaches <= {p.person for p in people if p.bound_joined + p.excused < p.bound} | {
        p.person for p in people if p.bound < p.eligible
    }


def test_a_tie_that_a_finding_rests_on_is_marked(view: View) -> None:
    subject = next(s for (rule, s), v in OWN.expected.items() if rule == "CI-12" and v == "breach")
    who = next(r["person"] for r in OWN.rows["staff_stakes"] if r["code"] == subject)
    around = relations(view, who, ONE)
    [held] = [t for t in around.ties if t.record.code == subject and t.source == who]
    assert "CI-12" in held.rules
    assert all(t.record.kind in SubjectKind for t in around.ties)
    picture = dot(relations_document(view, who, ONE))
    assert picture.count("->") == len(around.ties)
    assert "#c62828" in picture
    assert (
        'label="示例平台\\nPT"' in picture
    )  # words beside the codes; of a person what it is, for names are not in the journal
    assert f'{who}" [shape' in picture
    assert f"个人\\n{who}" in picture


def test_what_is_not_to_be_seen_is_not_there(view: View) -> None:
    one = people_seen(view, ONE)[0]
    deal = deals_seen(view, ONE)[0]
    assert (people_seen(view, NONE), deals_seen(view, NONE), participation_lines(view, None, None, NONE)) == (
        [],
        [],
        [],
    )
    for act in (
        lambda: person_card(view, one, NONE),
        lambda: deal_card(view, deal, NONE),
        lambda: relations(view, one, NONE),
        lambda: participation_lines(view, "CT", None, NONE),
        lambda: participation_lines(view, None, one, NONE),
        lambda: person_card(view, "no such person", ONE),
        lambda: deal_card(view, "no such deal", ONE),
        lambda: relations(view, "CT", ONE),
    ):
        with pytest.raises(Unknown):
            act()


def test_the_commands_hold_to_their_schemas(
    register_file: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("FOF_DATABASE_URL", f"sqlite:///{register_file}")
    monkeypatch.setenv("FOF_DATA_DIR", str(tmp_path))
    stake = OWN.rows["staff_stakes"][0]
    asked: dict[str, list[Any]] = {
        "person_card": ["person", stake["person"]],
        "deal_card": ["deal", stake["deal"]],
        "participation": ["participation", "--institution", "CT"],
        "relations": ["relations", stake["person"]],
    }
    for name, words in asked.items():
        assert main(["audit", *words, "--as-of", str(AS_OF), "--json"]) == 0
        made = json.loads(capsys.readouterr().out)
        jsonschema.Draft202012Validator(schema(documents()[name])).validate(made)
        assert made["rows"]
        assert main(["audit", *words, "--as-of", str(AS_OF), "--lang", "en"]) == 0
        capsys.readouterr()
    assert main(["audit", "person", "no such person"]) == 2


def test_the_documents_hold_every_row(view: View) -> None:
    one = people_seen(view, ONE)[0]
    assert len(person_document(view, one, ONE).rows) == len(person_card(view, one, ONE).stakes)
    assert {r["person"] for r in participation_document(view, "CT", None, ONE).rows} >= {None, one}
