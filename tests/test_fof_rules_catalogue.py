"""The catalogue against the rulebook, its own house rules, and the tables of the other tests."""

import ast
import importlib.util
import inspect
import re
from pathlib import Path

import pytest

from fof.rules import (
    catalogue,
    facts,
    facts_coinvest,
    facts_deals,
    facts_instruments,
    facts_parties,
    facts_pools,
)
from fof.rules.not_checkable import CODED_FAMILIES, LATER, LATER_FAMILIES
from fof.rules.registry import RULES, Confidence, Verdict
from models.facts import FACTS
from models.posting_kinds import PostingKind

HERE = Path(__file__).parent
STATS = catalogue.stats()

# GF-12 · ... : a rule's heading in the rulebook, its level and, further down, its confidence
HEADING = re.compile(r"^\*\*([A-Z]+-\d+) · (.+?)\*\* `([A-Z]+)`$", re.MULTILINE)
SAID = re.compile(r"^- Confidence: \*\*(.+?)\*\*", re.MULTILINE)


@pytest.fixture(scope="module")
def rulebook(golden):
    """id -> (English title, level, confidence) of every rule in the rulebook."""
    text = (golden.parent / "domain" / "rulebook.md").read_text(encoding="utf-8")
    heads = list(HEADING.finditer(text))
    found = {}
    for head, following in zip(heads, [*heads[1:], None], strict=True):
        body = text[head.end() : following.start() if following else len(text)]
        found[head[1]] = (head[2], head[3], SAID.search(body)[1])
    return found


@pytest.mark.golden
def test_no_rule_of_the_rulebook_is_silently_absent(rulebook):
    accounted = [*STATS.coded, *STATS.not_checkable, *STATS.later]
    assert len(rulebook) == 178
    assert sorted(accounted) == sorted(rulebook)
    assert len(set(accounted)) == len(accounted)


@pytest.mark.golden
def test_levels_titles_and_confidence_marks_are_the_rulebooks(rulebook):
    for id_, rule in RULES.items():
        title, level, confidence = rulebook[rule.of_rulebook]
        assert (rule.level.value, rule.confidence.value) == (level, confidence), id_
        # a second part says behind the title what it is about
        assert rule.text.en == title or (id_ != rule.of_rulebook and rule.text.en.startswith(f"{title}: ")), (
            id_
        )


@pytest.mark.golden
def test_every_cited_document_stands_in_the_rulebook(golden):
    """By its number: 〔2015〕210号, 第762号, 第39号 …"""
    text = (golden.parent / "domain" / "rulebook.md").read_text(encoding="utf-8")
    numbers = {
        m
        for r in RULES.values()
        for s in r.sources
        for m in re.findall(r"〔\d{4}〕\d+号|第\d+号", s.document)
    }
    assert {n for n in numbers if n not in text} == set()
    assert len(numbers) > 20


def test_at_least_75_of_the_rules_of_these_families_are_coded():
    families = [
        id_ for id_ in (*STATS.coded, *STATS.not_checkable) if id_.partition("-")[0] in CODED_FAMILIES
    ]
    assert len(families) == 178
    assert len(STATS.coded) == 177
    assert {id_.partition("-")[0] for id_ in STATS.later if id_ not in LATER} == set(LATER_FAMILIES)
    assert STATS.later == [], "no family is later"
    assert all(zh and en for zh, en in STATS.not_checkable.values())


@pytest.mark.parametrize("id_", sorted(RULES))
def test_every_rule_cites_number_and_article_or_says_why_not(id_):
    """GF-40's lesson: a summary is not a source."""
    rule = RULES[id_]
    admitted = rule.confidence in (Confidence.RECALLED, Confidence.OWN_DESIGN)
    for source in rule.sources:
        assert not source.unsourced or source.note or admitted, f"{id_}: {source.cite}"
        assert source.unsourced or re.search(r"第.+[条章项]|^[一二三四五]|分类表|条款", source.article), (
            source.cite
        )


@pytest.mark.parametrize("id_", sorted(RULES))
def test_params_keywords_and_the_toml_name_the_same_numbers(id_):
    rule = RULES[id_]
    signature = inspect.signature(rule.judge)
    assert list(rule.params) == [p.name for p in signature.parameters.values() if p.kind is p.KEYWORD_ONLY]
    assert {n for n, p in catalogue.parameters().items() if id_ in p.rules} == set(rule.params)
    assert rule.judge.__doc__


@pytest.mark.parametrize("id_", sorted(RULES))
def test_every_number_has_a_value_on_every_day_its_rule_is_in_force(id_):
    settings = catalogue.default_settings()
    for source in RULES[id_].sources:
        for day in filter(None, (source.since, source.until)):
            assert settings.of_rule(RULES[id_], day).lacking == ()


def test_an_event_rule_names_an_attribute_of_its_subject():
    homes = {
        "fund": facts.FundFacts,
        "stake": facts_parties.StakeFacts,
        "deal": facts_deals.DealFacts,
        "transfer": facts_deals.TransferFacts,
        "reorganisation": facts.ReorganisationFacts,
        "plan": facts_coinvest.PlanFacts,
        "project": facts_coinvest.ProjectFacts,
        "staff_stake": facts_coinvest.StaffStakeFacts,
        "loan": facts_pools.LoanFacts,
        "voucher": facts_instruments.GrantFacts,
        "subsidy": facts_instruments.GrantFacts,
        "deduction": facts_instruments.DeductionFacts,
    }
    for rule in RULES.values():
        if rule.on is not None:
            home = homes[rule.scope.value]
            assert rule.on in home.__dataclass_fields__ or hasattr(home, rule.on), rule.id


# -- the boundary tables of the other test files


def tables():
    """(rule, verdict) of every row of every CASES table beside this file."""
    rows = []
    for path in sorted(HERE.glob("test_fof_rules_*.py")):
        names = {
            t.id
            for n in ast.parse(path.read_text(encoding="utf-8")).body
            if isinstance(n, ast.Assign)
            for t in n.targets
            if isinstance(t, ast.Name)
        }
        if path.name == Path(__file__).name or not names & {"CASES", "CASES_OF_LISTS"}:
            continue
        spec = importlib.util.spec_from_file_location(f"tables_{path.stem}", path)
        module = importlib.util.module_from_spec(spec)
        spec.loader.exec_module(module)
        rows += [(case[0], case[3]) for case in getattr(module, "CASES", [])]
        rows += [(case[0], verdict) for case in getattr(module, "CASES_OF_LISTS", []) for verdict in case[3]]
    return rows


@pytest.fixture(scope="module")
def seen():
    verdicts = {}
    for id_, verdict in tables():
        verdicts.setdefault(id_, set()).add(verdict)
    return verdicts


MISSING_IS_A_BREACH = {"CI-01", "CI-06", "CI-31"}
"""A basis or an exemption that nobody recorded is missing from the start; an item of evidence is a warning."""


@pytest.mark.parametrize("id_", sorted(set(RULES) - {"GF-40"}))
def test_every_rule_has_a_kept_a_broken_and_an_unknown_row_in_its_table(id_, seen):
    """An indicator has nothing to break: computed, and not computable. GF-40 has only the catalogue to judge."""
    broken = {Verdict.BREACH, Verdict.WARN, Verdict.NOT_APPLICABLE}
    assert Verdict.PASS in seen[id_]
    assert Verdict.UNKNOWN in seen[id_] or id_ in MISSING_IS_A_BREACH
    assert (
        seen[id_] & broken or id_.startswith("PI-") or id_ == "GF-70"
    )  # which never finds fault with a loss


# -- the comments that tell the gatherer where each field comes from


def comments():
    for module in (facts, facts_deals, facts_parties):
        for line in inspect.getsource(module).splitlines():
            _, _, comment = line.partition("# ")
            if comment:
                yield comment


def test_the_facts_that_the_gatherer_is_told_to_read_exist():
    text = "\n".join(comments())
    named = set(re.findall(r"\bfacts? ([a-z][a-z_0-9]+)(?![a-z_*])", text)) | {
        k.value for k in facts.FilingKind
    }
    named = {n for n in named if n != "of" and not n.endswith("_")}  # "facts of …", "evaluation_*"
    assert {n for n in named if n not in FACTS} == set()
    assert len(named) > 120


def test_the_posting_kinds_that_the_gatherer_is_told_to_read_exist():
    text = "\n".join(comments())
    named = set()
    for listed in re.findall(r"postings ((?:[A-Z_]+(?:, | and )?)+)", text):
        named |= set(re.findall(r"[A-Z_]{3,}", listed))
    assert {n for n in named if n not in PostingKind.__members__} == set()
    assert {"COMMITMENT", "CALL_DUE", "INVESTMENT", "MANAGEMENT_FEE", "TREASURY_REMITTANCE"} <= named


def test_rules_import_nothing_but_closed_lists_money_and_the_standard_library():
    allowed = {
        "fof.calendar",  # the one calendar of working days
        "fof.grouping",
        "models.coinvest",
        "models.frozen",
        "models.instruments",
        "models.kinds",
        "models.pools",
        "models.rule_kinds",
        "models.text",
        "models.money",
        "models.facts",
        "models.posting_kinds",
        "models.subjects",
    }
    for path in Path(catalogue.__file__).parent.glob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            names = [a.name for a in node.names] if isinstance(node, ast.Import) else []
            if isinstance(node, ast.ImportFrom):
                names = [node.module or ""]
            for name in names:
                top = name.partition(".")[0]
                if top in ("models", "fof", "valuation"):
                    assert name in allowed or name.startswith("fof.rules"), f"{path.name}: {name}"
                else:
                    assert top in __import__("sys").stdlib_module_names, f"{path.name}: {name}"
