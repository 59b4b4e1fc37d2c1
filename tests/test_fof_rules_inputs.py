"""With inputs removed a rule's verdict is the one that all ways to fill them in share, else "unknown": for every coded rule,
by its own declaration of what it asks for (fof/rules/inputs.toml)."""

from __future__ import annotations

import datetime as dt
import itertools
import math
import random
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, is_dataclass, replace
from functools import cache
from types import MappingProxyType
from typing import Any, get_args, get_origin

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from fof.rules import catalogue, facts, facts_deals, facts_parties
from fof.rules.engine import ask
from fof.rules.facts import FundFacts, OfficeFacts, ParentFacts, ReorganisationFacts
from fof.rules.facts_deals import DealFacts, FundThen, HoldingFacts, ReinvestClaim, TransferFacts
from fof.rules.facts_parties import CompanyFacts, InvestorFacts, ManagerFacts, StakeFacts, YearFigures
from fof.rules.inputs import ALL, KNOWN, Input, RuleInputs, Values, declared, fields_of
from fof.rules.parameters import RulesRefused
from fof.rules.registry import RULES, Outcome, Scope, Verdict
from fof.rules.truth import agreed
from models.kinds import PartyKind

DAY = dt.date(2026, 6, 30)
MOST = 120
"""Completions that are enumerated of one removal."""
BREACH, PASS, UNKNOWN, NA = Verdict.BREACH, Verdict.PASS, Verdict.UNKNOWN, Verdict.NOT_APPLICABLE

Slot = tuple[str | int, ...]
"""Where one input of one subject stands: ("stakes", 1, "investor", "kind")."""


# -- the facts that inputs are put into -------------------------------------------------------------------------------


def blank(kind: Any, number: int) -> Any:
    """The first or second subject of a class, with nothing known that the book may lack."""
    party = (InvestorFacts("GF", PartyKind.GUIDANCE_FUND), InvestorFacts("SO", PartyKind.SOCIAL_INVESTOR))[
        number
    ]
    n = number + 1
    return {
        StakeFacts: lambda: StakeFacts(party, 1),
        InvestorFacts: lambda: InvestorFacts(f"M{n}", PartyKind.PERSON),
        ParentFacts: lambda: ParentFacts(f"P{n}"),
        facts.OwnerFacts: lambda: facts.OwnerFacts(f"O{n}", facts.Fraction(0)),
        DealFacts: lambda: DealFacts(f"D{n}", FundThen("F1", government_money=True), f"C{n}", day=DAY),
        HoldingFacts: lambda: HoldingFacts(f"C{n}", 100, first_on=DAY - dt.timedelta(days=800)),
        ReinvestClaim: lambda: ReinvestClaim(f"D{n}", "ST", f"C{n}", DAY - dt.timedelta(days=500 - number)),
        YearFigures: lambda: YearFigures(2024 + number),
        facts.Evaluation: lambda: facts.Evaluation(dt.date(2024 + number, 6, 1)),
        facts.FeePeriod: lambda: facts.FeePeriod(
            dt.date(2023 + number, 1, 1),
            dt.date(2023 + number, 12, 31),
            (facts.FeePhase.INVESTMENT, facts.FeePhase.EXIT)[number],
        ),
        FundFacts: lambda: FundFacts(f"F{n}", DAY, manager=ManagerFacts(f"MG{n}")),
        ManagerFacts: lambda: ManagerFacts("MG"),
        CompanyFacts: lambda: CompanyFacts("C1", DAY),
    }[kind]()


def subject(scope: Scope) -> dict[str, Any]:
    """What a rule of the scope is called with, by name ("" for the only one)."""
    one: dict[Scope, Any] = {
        Scope.FUND: FundFacts("F1", DAY),
        Scope.DEAL: replace(blank(DealFacts, 0)),
        Scope.TRANSFER: TransferFacts("T1", "F1", "GF", DAY),
        Scope.COMPANY: CompanyFacts("C1", DAY),
        Scope.INVESTOR: InvestorFacts("SO", PartyKind.PERSON),
        Scope.REORGANISATION: ReorganisationFacts("N", ("O",), DAY),
        Scope.OFFICE: OfficeFacts(DAY),
    }
    if scope is Scope.STAKE:
        return {
            "stake": StakeFacts(InvestorFacts("ST", PartyKind.GUIDANCE_FUND), 1),
            "fund": FundFacts("F1", DAY),
        }
    return {"": one[scope]}


def arguments(scope: Scope, subjects: Mapping[str, Any]) -> tuple[Any, ...]:
    """The rule's arguments; a stake is one of its fund's."""
    if scope is not Scope.STAKE:
        return tuple(subjects.values())
    stake, fund = subjects["stake"], subjects["fund"]
    return stake, replace(fund, stakes=(stake, *fund.stakes))


def slots(whole: Any, path: tuple[str, ...]) -> tuple[Any, list[Slot]]:
    """(the facts with every part that the path passes through, the places of the input in them)."""
    name, *rest = path
    if isinstance(whole, Mapping):
        return {**whole, name: None}, [(name,)]
    if not rest:
        return whole, [(name,)]
    own, kind = getattr(whole, name), fields_of(type(whole))[name][0]
    if get_origin(kind) is tuple:
        part = get_args(kind)[0]
        parts = own or tuple(blank(part, n) for n in range(2))
        filled = [slots(p, tuple(rest)) for p in parts]
        places = [(name, n, *place) for n, (_, found) in enumerate(filled) for place in found]
        return put_in(whole, {name: tuple(p for p, _ in filled)}), places
    if own is None:
        own = blank(kind, 0)
    own, found = slots(own, tuple(rest))
    return put_in(whole, {name: own}), [(name, *place) for place in found]


def put_in(whole: Any, fields: Mapping[str, Any]) -> Any:
    return replace(whole, **fields) if is_dataclass(whole) else whole._replace(**fields)  # type: ignore[type-var]


@dataclass(frozen=True)
class Case:
    """A rule with the places of its inputs, the values of each, and what may be taken away."""

    rule: str
    base: Mapping[str, Any]
    names: Mapping[Slot, str]
    values: Mapping[Slot, list[Any]]
    fillings: Mapping[Slot, list[Any]]
    removable: tuple[Slot, ...]
    parts: Mapping[Slot, str]
    says: RuleInputs

    def facts(self, chosen: Mapping[Slot, Any]) -> tuple[Any, ...]:
        """The rule's arguments with values in their places."""
        tree: dict[Any, Any] = {}
        for slot, value in chosen.items():
            at = tree
            for step in slot[:-1]:
                at = at.setdefault(step, {})
                if at is None:
                    break
            if at is not None:
                at[slot[-1]] = value if value is not None or slot in self.parts else _NONE
        scope = RULES[self.rule].scope
        return arguments(scope, {name: _filled(own, tree.get(name, {})) for name, own in self.base.items()})

    def decides(self, slot: Slot) -> bool:
        name = self.names.get(slot, self.parts.get(slot, ""))
        if name in self.says.documents and not self.says.documents[name]:
            return True
        return ALL in self.says.decides or name in self.says.decides


_NONE = object()


def _filled(whole: Any, tree: Any) -> Any:
    if tree is None or tree is _NONE:
        return None
    if not isinstance(tree, dict) or (isinstance(whole, Mapping) and not tree):
        return tree
    if isinstance(whole, Mapping):
        return {name: None if own is _NONE else own for name, own in tree.items()}
    if isinstance(whole, tuple) and not hasattr(whole, "_fields"):
        return tuple(_filled(part, tree.get(n, {})) for n, part in enumerate(whole))
    changed = {}
    for name, own in tree.items():
        within = getattr(whole, name)
        nested = isinstance(own, dict) and within is not None and all(_reaches(within, key) for key in own)
        changed[name] = None if own is None or own is _NONE else _filled(within, own) if nested else own
    return put_in(whole, changed) if changed else whole


def _reaches(within: Any, key: Any) -> bool:
    """Whether a key of a tree leads into some facts; a mapping may also be the value itself."""
    if isinstance(key, int):
        return isinstance(within, tuple) and not hasattr(within, "_fields")
    return hasattr(within, key) or (isinstance(within, Mapping) and key in within)


@cache
def case_of(rule: str) -> Case:
    says, scope = declared()[rule], RULES[rule].scope
    base = subject(scope)
    read = Values(DAY, catalogue.parameters())
    names: dict[Slot, str] = {}
    values: dict[Slot, list[Any]] = {}
    fillings: dict[Slot, list[Any]] = {}
    parts: dict[Slot, str] = {}
    removable: list[Slot] = []

    def places(asked: Input) -> list[Slot]:
        root, path = ("", asked.path) if "" in base else (asked.path[0], asked.path[1:])
        base[root], found = slots(base[root], path)
        return [(root, *place) for place in found]

    for name, asked in says.inputs.items():
        own = read.of(asked)
        own += [None] if name in says.stated or not own else []
        for slot in places(asked):
            names[slot], values[slot], fillings[slot] = name, own, own + read.of(asked, far=True)
            if asked.optional and name not in says.stated:
                removable.append(slot)
    for name, part in says.parts.items():
        for slot in places(part):
            parts[slot] = name
            removable.append(slot)
    return Case(rule, base, names, values, fillings, tuple(removable), parts, says)


Verdicts = Mapping[str, Verdict]
_OWN_WORDS = re.compile(r"\b(None|True|False|nan|inf)\b|\b[a-z]+_[a-z_]+\b")


def verdicts(case: Case, chosen: Mapping[Slot, Any]) -> Verdicts:
    """By subject, "" for the only one; a rule that does not speak about a subject does not apply to it."""
    answer = ask(case.rule, *case.facts(chosen), day=DAY)
    if answer is None:
        return {"": NA}
    for outcome in [answer] if isinstance(answer, Outcome) else answer:
        for said in (outcome.text, *outcome.notes):  # what is missing is not said in the program's own words
            assert not _OWN_WORDS.search(f"{said.zh} {said.en}"), said
    if isinstance(answer, Outcome):
        return {"": answer.verdict}
    return MappingProxyType({str(outcome.subject or ""): outcome.verdict for outcome in answer})


def drawn(case: Case, data: st.DataObject) -> dict[Slot, Any]:
    return {
        slot: own[data.draw(st.integers(0, len(own) - 1), label=f"{slot}")]
        for slot, own in case.values.items()
    }


def completions(case: Case, known: Mapping[Slot, Any], removed: set[Slot]) -> Iterator[dict[Slot, Any]]:
    """Every way to fill in what was removed; of a part, all that is known of it."""
    gone = [slot for slot in case.values if any(slot[: len(own)] == own for own in removed)]
    for filled in itertools.product(*(case.fillings[slot] for slot in gone)):
        yield {**known, **dict(zip(gone, filled, strict=True))}


def ways(case: Case, removed: set[Slot]) -> int:
    gone = [slot for slot in case.values if any(slot[: len(own)] == own for own in removed)]
    return math.prod(len(case.fillings[slot]) for slot in gone)


def expected(case: Case, every: list[Verdicts], known: Mapping[Slot, Any], removed: set[Slot]) -> Verdicts:
    """What all completions share, else unknown. Evidence that nobody recorded may not exist: where it is asked for nothing
    passes."""
    asked = [
        case.says.documents[n] for slot in removed if (n := case.names.get(slot, "")) in case.says.documents
    ]
    needed = any(
        all(
            any(case.names[s] == n and known[s] in values for s in case.names)
            for n, values in asked_for.items()
        )
        for asked_for in asked
        if asked_for
    )
    subjects = {name for own in every for name in own}
    shared = {name: agreed(own.get(name, NA) for own in every) or UNKNOWN for name in subjects}
    return {n: v if not needed or v in (BREACH, NA) else UNKNOWN for n, v in shared.items()}


RULES_WITH_INPUTS = [rule for rule, says in sorted(declared().items()) if says.inputs]


@pytest.mark.parametrize("rule", RULES_WITH_INPUTS)
@settings(
    max_examples=25, derandomize=True, deadline=None, database=None, suppress_health_check=list(HealthCheck)
)
@given(data=st.data())
def test_with_inputs_removed_the_verdict_is_what_all_completions_share(
    rule: str, data: st.DataObject
) -> None:
    case = case_of(rule)
    known = drawn(case, data)
    removed: set[Slot] = set()
    if case.removable:
        for slot in data.draw(st.lists(st.sampled_from(case.removable), max_size=5), label="removed"):
            if ways(case, removed | {slot}) <= MOST:
                removed.add(slot)
    left = {slot: None if slot in removed else value for slot, value in known.items()}
    says = verdicts(case, {**left, **dict.fromkeys(slot for slot in case.parts if slot in removed)})
    every = [verdicts(case, way) for way in completions(case, known, removed)]
    soft = any(case.decides(slot) for slot in removed)
    for name, verdict in expected(case, every, known, removed).items():
        own = says.get(name, NA)
        assert own is verdict or (soft and own is UNKNOWN), (name, own, verdict, removed, known)


@pytest.mark.parametrize("rule", RULES_WITH_INPUTS)
@settings(
    max_examples=25, derandomize=True, deadline=None, database=None, suppress_health_check=list(HealthCheck)
)
@given(data=st.data())
def test_what_decides_whether_a_rule_binds_is_declared(rule: str, data: st.DataObject) -> None:
    """Two subjects that are alike in what decides: the rule speaks about both or about neither."""
    case = case_of(rule)
    if ALL in case.says.decides or RULES[rule].scope is Scope.OFFICE or rule in CLASSIFY:
        return
    one, other = drawn(case, data), drawn(case, data)
    alike = {slot: one[slot] if case.decides(slot) else value for slot, value in other.items()}
    silent = [v == {"": NA} for v in (verdicts(case, one), verdicts(case, alike))]
    assert silent[0] is silent[1], (one, alike)


CLASSIFY = {"GF-08", "SEI-01", "SM-01", "SM-02", "SM-03", "SM-04", "SM-05", "SM-06"}
"""Definitions: "not applicable" is their no."""

COMPUTED = {
    "FundFacts.guidance_between": "the ends of guidance_share",
    "FundFacts.currency": "the yuan where none is recorded",
    "FundThen.currency": "the yuan where none is recorded",
    "CompanyFacts.currency": "the yuan where none is recorded",
    "InvestorFacts.currency": "the yuan where none is recorded",
    "TransferFacts.currency": "the yuan where none is recorded",
    "ReorganisationFacts.currency": "the yuan where none is recorded",
    "FundFacts.made": "the stakes where no investors were merged",
    "FundFacts.cut_on": "a reduction that was not in proportion",
    "StakeFacts.first_committed": "what is committed",
    "StakeFacts.investor_then": "the investor",
    "FundFacts.manager": "where the close is not known",
    "FundFacts.tested_holdings": "the holdings",
    "DealFacts.stage_definition": "a note",
}
"""Fields that say nothing of their own where they are None: what stands for them then."""


@pytest.mark.parametrize("rule", RULES_WITH_INPUTS)
def test_a_rule_declares_every_field_that_it_asks_for_and_the_book_may_lack(
    rule: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    case, asked = case_of(rule), set()
    told = {
        (given.owner, given.path[-1]) for given in (*case.says.inputs.values(), *case.says.parts.values())
    }

    def watch(kind: type) -> None:
        missing = {name for name, (_, optional) in fields_of(kind).items() if optional}
        plain = kind.__getattribute__

        def watched(self: Any, name: str) -> Any:
            if name in missing:
                asked.add((kind, name))
            return plain(self, name)

        monkeypatch.setattr(kind, "__getattribute__", watched)

    ways_in = [dict(zip(case.values, own, strict=True)) for own in _some(list(case.values.values()))]
    subjects = [case.facts(chosen) for chosen in ways_in]
    for module in (facts, facts_deals, facts_parties):
        for kind in vars(module).values():
            if isinstance(kind, type) and kind.__module__ == module.__name__ and is_dataclass(kind):
                watch(kind)
    for own in subjects:
        ask(rule, *own, day=DAY)
    untold = {f"{kind.__name__}.{name}" for kind, name in asked - told}
    assert untold - COMPUTED.keys() - KNOWN == set()


def _some(lists: list[list[Any]]) -> list[list[Any]]:
    """Forty mixtures of the values, each value in several of them."""
    chance = random.Random(1)
    return [[chance.choice(own) if own else None for own in lists] for _ in range(40)]


def test_a_rule_without_a_declaration_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(RULES, "GF-99", RULES["GF-01"])
    declared.cache_clear()
    try:
        with pytest.raises(RulesRefused, match="GF-99 does not say what it asks for"):
            declared()
    finally:
        monkeypatch.undo()
        declared.cache_clear()
        declared()
