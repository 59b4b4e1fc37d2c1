"""The audit of the demo office: what it reaches, that it agrees with the other use cases, and its commands."""

from __future__ import annotations

import datetime as dt
import json
from collections import defaultdict
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from fof import audit, ledger
from fof.audit.auditor import auditor_of
from fof.book.government import government_shares
from fof.book.holdings import all_holdings
from fof.book.notices import overdue
from fof.book.portfolios import portfolios, whole_book
from fof.cli import main
from fof.db import Database
from fof.figures.leverage import leverage
from fof.figures.performance import performance
from fof.ledger import Journal, View
from fof.rules import catalogue
from fof.rules.registry import RULES, Verdict

DAY = dt.date(2026, 9, 30)
SCHEMAS = Path(__file__).resolve().parents[1] / "docs" / "schemas"
PLANTED = {
    ("AF-01", "SF-2017-02"),
    ("AF-02", "SF-2020-01"),
    ("AF-03", "SF-2021-02"),
    ("AF-03", "SF-2022-02"),
    ("AF-04", "SF-2025-03"),
    ("AF-05", "SF-2020-01"),
    ("AF-05", "SF-2021-02"),
    ("AF-06", "SF-2020-01/SO-07"),
    ("AF-06", "SF-2024-01/SO-08"),
    ("GF-02", "SF-2024-03"),
    ("GF-05", "SF-2025-01"),
    ("GF-12", "SF-2025-02"),
    ("GF-13", "SF-2015-01"),
    ("GF-25", "SF-2021-02"),
    ("GF-41", "SF-2025-01"),
    ("GF-45", "SF-2016-02"),
    ("GF-51", "SF-2012-02"),
    ("GF-56", "SF-2022-02"),
    ("QI-01", "SF-2025-02/PE-07"),
}
"""Breaches that seeds/README.md says the demo office was given."""


@pytest.fixture
def view(demo: Database) -> View:
    """The demo office on its last day."""
    return ledger.read(demo).view(DAY)


def test_the_planted_breaches_are_found(view: View) -> None:
    """Every one, with a source, an owner and a sentence in both languages."""
    broken = {(f.rule, str(f.subject)): f for f in audit.guidance(view).breaches}
    assert PLANTED - broken.keys() == set()
    for pair in PLANTED:
        found = broken[pair]
        assert found.source
        assert found.owner
        assert found.finding.text.zh != found.finding.text.en


def test_most_rules_speak_and_the_silent_ones_are_known(view: View) -> None:
    """Rules with a passing and a broken (or warned-of) case grow with the demo office; none falls back."""
    said: dict[str, set[Verdict]] = defaultdict(set)
    for day in (dt.date(2018, 6, 30), dt.date(2023, 6, 30), DAY):
        for found in audit.guidance(view.journal.view(day)).findings:
            said[found.rule].add(found.verdict)
    passing = {rule for rule in RULES if Verdict.PASS in said[rule]}
    broken = {rule for rule in RULES if said[rule] & {Verdict.BREACH, Verdict.WARN}}
    assert len(passing) >= 54
    assert len(broken) >= 43
    assert len(passing | broken) >= 65
    judged = {rule for rule in RULES if said[rule] - {Verdict.NOT_APPLICABLE}}
    assert len(judged) >= 88


def test_the_reorganisation_loses_nothing(view: View) -> None:
    """GF-03 of the merger of 2023-06-30: every total of the old guidance fund stands at the parent fund."""
    (found,) = [f for f in audit.guidance(view).findings if f.rule == "GF-03"]
    assert (str(found.subject), found.verdict) == ("PF-2023", Verdict.PASS)


def test_what_is_owed_agrees_with_the_commitments_page(view: View) -> None:
    """AF-06 and fof.book.notices tell the same parties and the same fen."""
    ours = {str(f.subject): f.money_at_stake for f in audit.guidance(view).breaches if f.rule == "AF-06"}
    code = {party.id: party.code for party in view.parties.values()}
    theirs = {f"{code[fund]}/{code[investor]}": fen for (fund, investor), fen in overdue(view).items()}
    assert ours == theirs


def test_leverage_agrees_with_the_portfolio_whose_money_it_is(view: View) -> None:
    """PI-01 and fof.figures.leverage: A and B are one number where a portfolio holds all of a fund's guidance money."""
    found = {str(f.subject): f.finding.inputs for f in audit.guidance(view).findings if f.rule == "PI-01"}
    compared = 0
    for portfolio in portfolios(view):
        for row in leverage(view, portfolio).rows:
            ours = found.get(row.key, {})
            if not row.guidance or row.guidance != ours.get("guidance"):
                continue
            compared += 1
            assert float(str(ours["variant_a"])) == pytest.approx(row.a, rel=1e-12)
            assert float(str(ours["variant_b"])) == pytest.approx(row.b, abs=1e-6)
    assert compared >= 28


@pytest.mark.parametrize("day", [dt.date(2016, 6, 30), dt.date(2021, 3, 31), DAY])
def test_positions_agree_with_the_holdings(view: View, day: dt.date) -> None:
    """Cost, proceeds, value and cost released, to the fen, of every holding of every fund."""
    on = view.journal.view(day)
    office = auditor_of(on).office(on)
    ours = {
        (fund.code, h.company): (h.cost, h.proceeds, h.value, h.cost - h.exited_cost)
        for fund in office.funds
        for h in fund.holdings
    }
    code = {party.id: party.code for party in view.parties.values()}
    theirs = {
        (code[h.fund], code[h.company]): (h.invested, h.proceeds + h.dividends, h.value.fen, h.cost)
        for h in all_holdings(on)
    }
    assert ours == theirs


def test_government_parts_agree_with_the_look_through(view: View) -> None:
    """All of the demo's public money is of the province, so the exact parts give the same shares as the graph."""
    office = auditor_of(view).office(view)
    funds = [f for f in office.funds if f.committed]
    shares = government_shares(view, [view.by_code[f.code].id for f in funds])
    for fund, share in zip(funds, shares, strict=True):
        parts = [(s.committed, s.government_part, s.state_part) for s in fund.stakes if s.committed]
        public = sum(c * g for c, g, _ in parts if c is not None and g is not None)
        national = share.by_level.get("national", 0.0)
        assert float(public / (fund.committed or 1)) == pytest.approx(
            share.looked_through - national, abs=1e-9
        )


def test_a_deal_of_the_demo_office_can_be_tried_before_booking(view: View) -> None:
    """A hotel for a fund of technology: outside its mandate, and nothing is written."""
    head = ledger.read(view.journal.database).head
    proposed = audit.ProposedDeal(
        "SF-2023-01",
        "NEW-CO",
        2_000_000_000,
        stage="mature",
        attributes={"industry": "H6110", "founded_on": "2001-01-01"},
    )
    broken = {
        c.after.rule
        for c in audit.would(view, deal=proposed)
        if c.worse and c.after and c.after.verdict is Verdict.BREACH
    }
    assert "AF-05" in broken
    assert ledger.read(view.journal.database).head == head


def test_two_rule_worlds_of_the_demo_office(view: View) -> None:
    """The caps of the provincial notice bind in the rules of 2026 only."""
    worlds = audit.compare_worlds(view, dt.date(2017, 12, 31), DAY)
    changed = {(d.rule, str(d.subject)): d for d in worlds.differences}
    found = changed["GF-04", "SF-2024-01"]
    assert found.before is None
    assert found.after is not None
    assert found.after.verdict is Verdict.BREACH
    assert {"GF-04", "GF-05", "GF-41"} <= {c.rule.id for c in worlds.rules}
    assert all(d.why for d in worlds.differences)
    said = [{(f.rule, str(f.subject)): f.verdict for f in w.findings} for w in (worlds.before, worlds.after)]
    silent = Verdict.NOT_APPLICABLE
    other = {
        k for k in said[0].keys() | said[1].keys() if said[0].get(k, silent) is not said[1].get(k, silent)
    }
    assert other <= changed.keys()


# -- commands -----------------------------------------------------------------------------------------------------------


@pytest.fixture
def told(demo_file: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Any:
    """Runs a command over the demo office; gives exit code and stdout."""
    monkeypatch.setenv("FOF_DATABASE_URL", f"sqlite:///{demo_file}")

    def run(*arguments: str) -> tuple[int, str]:
        code = main(list(arguments))
        return code, capsys.readouterr().out

    return run


def schema(name: str) -> Any:
    """A schema on file."""
    return json.loads((SCHEMAS / f"{name}.json").read_text(encoding="utf-8"))


def test_the_audit_document_fits_its_schema_and_strict_fails(told: Any) -> None:
    """Money as yuan with two decimals, findings by money at stake, exit code 1 because rules are broken."""
    code, out = told("audit", "guidance", "--as-of", "2018-06-30", "--json", "--strict")
    document = json.loads(out)
    jsonschema.validate(document, schema("audit"), format_checker=jsonschema.FormatChecker())
    assert code == 1
    assert (document["as_of"], document["unit"]) == ("2018-06-30", "CNY")
    amounts = [float(row["money_at_stake"] or 0) for row in document["rows"]]
    assert amounts == sorted(amounts, reverse=True)
    assert {row["verdict"] for row in document["rows"]} == {"breach", "warn"}
    assert document["breach"] == sum(row["verdict"] == "breach" for row in document["rows"])
    assert all(row["since"] for row in document["rows"] if row["verdict"] == "breach")


def test_without_strict_a_breach_is_no_failure(told: Any) -> None:
    """The table is for reading."""
    code, out = told("audit", "guidance", "--as-of", "2018-06-30", "--verdict", "warn", "--lang", "en")
    assert code == 0
    assert "Guidance-fund audit" in out


def test_the_table_is_in_words_and_sums_up_by_family(told: Any) -> None:
    """Chinese without codes of verdicts and states, the mark of a source that was not read in full; passes only when
    asked for."""
    code, out = told("audit", "guidance", "--as-of", "2018-06-30", "--lang", "zh")
    assert code == 0
    assert "违反与提示的状态：待处理" in out
    assert "GF：违反" in out
    listed = out.split("规则   结论", 1)[1]
    assert "部分核对" in listed
    assert "通过" not in listed.replace("通过合伙", "")
    assert not {" breach ", " open ", " share "} & set(listed.split("\n")[1].split("  "))


def test_one_fund_one_family_and_what_is_open(told: Any) -> None:
    """Everything is narrowed, the counts and the exit code included."""
    base = ("audit", "guidance", "--as-of", "2018-06-30", "--json")
    whole = json.loads(told(*base)[1])
    code, out = told(*base, "--fund", "SF-2012-02", "--family", "gf", "--open", "--strict")
    part = json.loads(out)
    wanted = [
        row
        for row in whole["rows"]
        if "SF-2012-02" in (row["fund"], row["subject"])
        and row["rule"].startswith("GF-")
        and row["state"] == "open"
    ]
    assert part["rows"] == wanted
    assert code == (1 if part["breach"] else 0)
    assert [f["family"] for f in part["families"]] == ["GF"]
    assert sum(f["breach"] for f in whole["families"]) == whole["breach"]
    assert told("audit", "guidance", "--as-of", "2018-06-30", "--fund", "NOPE") == (2, "")
    assert told("audit", "guidance", "--as-of", "2018-06-30", "--fund", "QY-0001") == (2, "")
    assert told("audit", "guidance", "--as-of", "2018-06-30", "--family", "XX") == (2, "")


def test_unknowns_come_after_what_is_known_to_be_wrong(told: Any) -> None:
    """Each by money at stake, each with the day it began."""
    code, out = told(
        "audit", "guidance", "--as-of", "2018-06-30", "--json", "--verdict", "unknown,breach,warn"
    )
    rows = json.loads(out)["rows"]
    assert code == 0
    tiers = [row["verdict"] == "unknown" for row in rows]
    assert tiers == sorted(tiers)
    assert True in tiers
    assert all(row["since"] for row in rows)


def test_before_anything_is_known_there_is_nothing_to_judge(
    told: Any, capsys: pytest.CaptureFixture[str]
) -> None:
    """No breach of an office without a fund, and the message says so."""
    code = main(["audit", "guidance", "--as-of", "2000-01-01", "--strict", "--json"])
    out, err = capsys.readouterr()
    assert code == 0
    assert json.loads(out)["rows"] == []
    assert "没有可检查的事项" in err
    later = told("audit", "guidance", "--as-of", "2018-06-30", "--known-at", "0", "--strict", "--json")
    assert (later[0], json.loads(later[1])["breach"]) == (0, 0)


def test_an_unknown_verdict_is_refused(told: Any) -> None:
    """Exit code 2, nothing on stdout."""
    assert told("audit", "guidance", "--verdict", "maybe") == (2, "")


def test_the_rulebook_document_fits_its_schema(told: Any) -> None:
    """Every rule of the rulebook is coded, not checkable, or later; 75 of 102 at least are code."""
    code, out = told("rules", "--stats", "--json", "--as-of", "2026-09-30")
    document = json.loads(out)
    jsonschema.validate(document, schema("rules"), format_checker=jsonschema.FormatChecker())
    assert code == 0
    assert len(document["coded"]) >= 75
    assert document["coded"] == catalogue.stats().coded
    assert set(document["reasons"]) == set(document["not_checkable"])
    assert {RULES[row["rule"]].of_rulebook for row in document["rows"]} == set(document["coded"])


def test_one_family_of_rules(told: Any) -> None:
    """AF and nothing else, with the numbers of the day."""
    code, out = told("rules", "--family", "af", "--json", "--as-of", "2026-09-30")
    rows = json.loads(out)["rows"]
    assert code == 0
    assert [row["rule"] for row in rows] == ["AF-01", "AF-02", "AF-03", "AF-04", "AF-05", "AF-06"]
    assert rows[0]["parameters"] == "angel_early_share_min=0.60"


def test_decisions_and_numbers_from_the_command_line(
    demo_copy: Database, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Both are booked, both are refused without their ground, and the finding shows its state."""
    monkeypatch.setenv("FOF_DATABASE_URL", str(demo_copy.url))
    decided = (
        "dispose",
        "AF-06",
        "SF-2020-01/SO-07",
        "rectify",
        "--until",
        "2027-06-30",
        "--on",
        "2026-09-30",
    )
    assert main([*decided]) == 2
    assert main([*decided, "--reference", "整改通知〔2026〕8号"]) == 0
    number = ("set", "idle_days_max", "90", "--fund", "SF-2020-01", "--from", "2026-01-01")
    assert main([*number]) == 2
    assert main([*number, "--document", "合伙协议补充条款"]) == 0
    capsys.readouterr()
    found = {(f.rule, str(f.subject)): f for f in audit.guidance(ledger.read(demo_copy).view(DAY)).breaches}
    assert found["AF-06", "SF-2020-01/SO-07"].state.state == "rectify"
    assert found["AF-02", "SF-2020-01"].finding.threshold == 90


def test_a_decision_of_today_stands_beside_a_finding_of_the_quarter_end(
    demo_copy: Database, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """In the document under names of its own, in the table in a column of its own; the state is that of the as-of day."""
    monkeypatch.setenv("FOF_DATABASE_URL", str(demo_copy.url))
    decided = (
        "dispose",
        "AF-06",
        "SF-2020-01/SO-07",
        "rectify",
        "--until",
        "2027-06-30",
        "--on",
        "2026-11-20",
    )
    assert main([*decided, "--reference", "整改通知〔2026〕8号"]) == 0
    capsys.readouterr()
    asked = ("audit", "guidance", "--as-of", "2026-09-30", "--family", "AF")
    assert main([*asked, "--json"]) == 0
    document = json.loads(capsys.readouterr().out)
    jsonschema.validate(document, json.loads((SCHEMAS / "audit.json").read_text(encoding="utf-8")))
    rows = {(r["rule"], r["subject"]): r for r in document["rows"]}
    row = rows.pop(("AF-06", "SF-2020-01/SO-07"))
    assert (row["state"], row["reference"]) == ("open", None)
    later = (
        row["later_state"],
        row["later_on"],
        row["later_until"],
        row["later_reference"],
        row["later_entry"],
    )
    head = ledger.read(demo_copy).head
    assert later == ("rectify", "2026-11-20", "2027-06-30", "整改通知〔2026〕8号", head)
    assert {r["later_state"] for r in rows.values()} == {None}
    assert main([*asked]) == 0
    [line] = [x for x in capsys.readouterr().out.splitlines() if "SF-2020-01/SO-07" in x and "AF-06" in x]
    assert "待处理" in line
    assert "2026-11-20 限期整改 2027-06-30" in line


@pytest.mark.parametrize("day", [DAY, dt.date(2023, 6, 30)])
def test_one_fund_judged_alone_is_judged_as_in_the_whole_audit(demo: Database, day: dt.date) -> None:
    """Two journals of one book: the second never makes the whole audit."""
    whole = audit.guidance(Journal(demo).refresh().view(day)).findings
    view = Journal(demo).refresh().view(day)
    auditor = auditor_of(view)
    for fund in ("SF-2017-02", "SF-2024-01", "PF-2023", "SF-2025-03"):
        alone = [
            (f.finding.rule, str(f.subject), f.verdict, f.finding.text.zh, f.state, f.owner)
            for f in auditor.of_fund(view, fund)
        ]
        assert alone == [
            (f.finding.rule, str(f.subject), f.verdict, f.finding.text.zh, f.state, f.owner)
            for f in whole
            if fund in (f.finding.fund, f.subject.code)
        ]
    assert auditor.of_fund(view, "SF-2017-02")


def test_multiples_of_the_audit_are_those_of_the_performance_table(demo: Database) -> None:
    view = ledger.read(demo).view(DAY)
    rows = {fund: row for row in performance(view, whole_book(view, "CNY")).rows for fund in row.funds}
    told = [f for f in audit.guidance(view).findings if f.finding.rule == "PI-04" and f.finding.inputs]
    assert len(told) > 20
    for found in told:
        row = rows[view.party(found.subject.code).id]
        assert float(found.finding.inputs["dpi"]) == pytest.approx(row.dpi)  # type: ignore[arg-type]
        assert float(found.finding.inputs["tvpi"]) == pytest.approx(row.tvpi)  # type: ignore[arg-type]
