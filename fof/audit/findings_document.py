"""The findings of an audit as a document: which were asked for, what they sum up to, a row each.

The row holds codes and plain figures; under its texts verdicts and states are words, shares per cent, amounts in the
unit of the table, and a source that was not read in full says so.
"""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal
from typing import Any

from fof import words
from fof.audit.auditor import coinvestment, guidance, instruments, pools
from fof.audit.findings import NEEDS_SOMEBODY, STATES, Audit, AuditFinding, State, by_money
from fof.audit.portfolios import at_stake, of_portfolio
from fof.audit.since import with_since
from fof.book.currencies import DEFAULT_CURRENCY, in_order
from fof.book.index import VEHICLES
from fof.book.portfolios import Portfolio
from fof.errors import Unknown, WrongArgument
from fof.figures.answers import Answer, Document
from fof.figures.audit_documents import AUDIT
from fof.figures.register import members
from fof.ledger import View
from fof.rules.registry import RULES, Confidence, Finding, Limb, Value, Verdict
from fof.rules.wording import in_unit, measured, word_of
from models.frozen import frozen
from models.kinds import Word
from models.money import yuan_text
from models.text import Text

Row = dict[str, Any]
ALL = "all"


@frozen
class Wanted:
    """Which findings were asked for: verdicts to list; fund, families and still open ones narrow everything, the counts
    included."""

    verdicts: tuple[Verdict, ...]
    fund: str | None = None
    families: frozenset[str] = frozenset()
    only_open: bool = False

    def among(self, judged: Audit) -> Audit:
        """The audit with the findings about the fund, of the families, open ones."""
        if self.fund is None and not self.families and not self.only_open:
            return judged
        return replace(judged, findings=tuple(f for f in judged.findings if self._fits(f)))

    def _fits(self, finding: AuditFinding) -> bool:
        f = finding.finding
        return (
            (self.fund is None or self.fund in (f.fund, f.subject.code))
            and (not self.families or f.rule.partition("-")[0] in self.families)
            and (not self.only_open or finding.needs_somebody)
        )


def wanted(view: View, verdicts: str, fund: str | None, family: str | None, *, only_open: bool) -> Wanted:
    """What is asked for. Unknown where the book has no such fund; WrongArgument for a bad verdict or family."""
    record = None if fund is None else view.by_code.get(fund)
    if fund is not None and (record is None or record.kind not in VEHICLES):
        raise Unknown(Text("基金", "fund"), fund)
    families = frozenset(part.strip().upper() for part in (family or "").split(",") if part.strip())
    known = {rule.family for rule in RULES.values()}
    if families - known:
        names = ", ".join(sorted(known))
        raise WrongArgument(Text(f"{family!r}：应为 {names}", f"{family!r}: one of {names}"), "family")
    return Wanted(verdicts_of(verdicts), fund, families, only_open)


def verdicts_of(text: str) -> tuple[Verdict, ...]:
    """Verdicts by name, separated by commas, or all."""
    if text.strip() == ALL:
        return tuple(Verdict)
    try:
        return tuple(Verdict(part.strip()) for part in text.split(","))
    except ValueError:
        known = ", ".join(v.value for v in Verdict)
        wrong = Text(f"{text!r}：应为 {known} 或 all", f"{text!r}: one of {known}, or all")
        raise WrongArgument(wrong, "verdict") from None


def asked_findings(
    view: View, wanted: Wanted, portfolio: Portfolio | None, rules_as_of: dt.date | None = None
) -> tuple[Audit, Sequence[AuditFinding]]:
    """The audit narrowed to what was asked for, and the findings to list, by money at stake, with their first day.

    portfolio : None: the whole office
    """
    every = guidance(view, rules_as_of)
    if portfolio is not None:
        every = of_portfolio(view, every, portfolio)
    judged = wanted.among(every)
    listed = with_since(view, replace(judged, findings=judged.of(*wanted.verdicts))).findings
    return judged, by_money(listed)


def coinvestment_findings(
    view: View, wanted: Wanted, institution: str | None, rules_as_of: dt.date | None = None
) -> tuple[Audit, Sequence[AuditFinding]]:
    """The same of staff co-investment, of one institution or of all."""
    judged = wanted.among(coinvestment(view, institution, rules_as_of))
    return judged, by_money(judged.of(*wanted.verdicts))


def pool_findings(
    view: View, wanted: Wanted, pool: str | None, rules_as_of: dt.date | None = None
) -> tuple[Audit, Sequence[AuditFinding]]:
    """The same of risk-compensation pools, of one pool or of all."""
    judged = wanted.among(pools(view, pool, rules_as_of))
    return judged, by_money(judged.of(*wanted.verdicts))


def instrument_findings(
    view: View, wanted: Wanted, rules_as_of: dt.date | None = None
) -> tuple[Audit, Sequence[AuditFinding]]:
    """The same of the small instruments."""
    judged = wanted.among(instruments(view, rules_as_of))
    return judged, by_money(judged.of(*wanted.verdicts))


def findings_document(
    judged: Audit,
    listed: Sequence[AuditFinding],
    currency: str | None,
    unit: str | None = None,
    document: Document = AUDIT,
) -> Answer:
    """The findings listed, and above them how many of each verdict there are among all that were found.

    currency : of the portfolio that was asked for
    document : what it is called
    unit     : of the table for people, which says more above; None: the document alone
    """
    if unit is None:
        counts = judged.counts()
        head: Row = {"rules_as_of": judged.rules_as_of, **{v.value: counts[v] for v in Verdict}}
        rows = [finding_row(f) for f in listed]
        return Answer(document, rows, judged.as_of, judged.known_at, currency, head)
    rows = [finding_row(f) | {"texts": finding_texts(f, unit)} for f in listed]
    own = next(iter(in_order(judged.currencies())), DEFAULT_CURRENCY)
    return Answer(document, rows, judged.as_of, judged.known_at, own, above=_above(judged, unit))


def finding_row(finding: AuditFinding) -> Row:
    """A finding as the document holds it."""
    f, decision = finding.finding, finding.state.decision
    return {
        "rule": f.rule,
        "verdict": f.verdict.value,
        "subject": str(f.subject),
        "name": finding.name,
        "fund": f.fund,
        "measured": value_text(f.measured, f.unit),
        "threshold": value_text(f.threshold, f.unit),
        "measure_unit": f.unit or None,
        "currency": finding.currency,
        "money_at_stake": f.money_at_stake,
        "source": finding.source or None,
        "confidence": f.confidence.value,
        "since": finding.since,
        "owner": finding.owner,
        "state": finding.state.state,
        "until": finding.state.until,
        "reference": None if decision is None else decision.reference,
        **_later(finding),
        "says": f.text,
        "level": RULES[f.rule].level.value,
        "event_on": f.event_day,
        "rules_on": f.rule_day,
        "other_verdict": None if f.beside is None else f.beside.verdict.value,
        "record": finding,
    }


def _later(finding: AuditFinding) -> Row:
    """What was decided after the as-of day."""
    later = finding.later
    decision = None if later is None else later.decision
    if later is None or decision is None:
        return dict.fromkeys(("later_state", "later_on", "later_until", "later_reference", "later_entry"))
    return {
        "later_state": later.state,
        "later_on": decision.day,
        "later_until": later.until,
        "later_reference": decision.reference,
        "later_entry": decision.entry,
    }


def value_text(value: Value, unit: str) -> str | None:
    """A measured figure as text: amounts in yuan with two decimals, shares with at most ten."""
    if value is None:
        return None
    if unit == "fen" and isinstance(value, int):
        return yuan_text(value)
    if isinstance(value, Decimal):
        text = format(round(value, 10), "f")
        return text.rstrip("0").rstrip(".") if "." in text else text
    return str(value)


# -- sums of families ---------------------------------------------------------------------------------------------


def families(judged: Audit) -> list[Row]:
    """By family of rules, the one with the most breaches first: counts by verdict, findings that need somebody, and the
    money at stake in open breaches (fen by currency; the same money counts once for every rule it breaks)."""
    rows: dict[str, Row] = {}
    for (rule, verdict), count in judged.counted().items():
        row = rows.setdefault(rule.partition("-")[0], {v.value: 0 for v in Verdict} | {"open": 0})
        row[verdict.value] += count
    breaches: dict[str, list[AuditFinding]] = {family: [] for family in rows}
    for f in judged.of(*NEEDS_SOMEBODY):
        family = f.rule.partition("-")[0]
        rows[family]["open"] += f.needs_somebody
        if f.verdict is Verdict.BREACH and f.needs_somebody:
            breaches[family].append(f)
    listed = [{"family": n, **row, "money_at_stake": at_stake(breaches[n])} for n, row in rows.items()]
    return sorted(listed, key=lambda r: (-r["breach"], -r["unknown"], r["family"]))


def family_row(row: Row) -> Row:
    """Counts of a family as the document holds them; no sum of money over several currencies."""
    by_currency = row["money_at_stake"]
    several = len(by_currency) > 1
    return row | {
        "currency": None if several else next(iter(by_currency), DEFAULT_CURRENCY),
        "money_at_stake": None if several else yuan_text(next(iter(by_currency.values()), 0)),
        "by_currency": {code: yuan_text(fen) for code, fen in by_currency.items()},
    }


# -- for people ---------------------------------------------------------------------------------------------------


def _above(judged: Audit, unit: str) -> list[tuple[str, str]]:
    """What stands above the table: names and texts."""

    def counted(row: Row) -> str:
        return " · ".join(f"{Text(v.zh, v.en.lower())} {row[v.value]}" for v in Verdict if row[v.value])

    lines: list[tuple[str, str]] = []
    if judged.rules_as_of is not None:
        lines.append((str(AUDIT.figure("rules_as_of").text), judged.rules_as_of.isoformat()))
    counts = judged.counts()
    lines.append((str(Text("合计", "Total")), counted({v.value: counts[v] for v in Verdict}) or "0"))
    lines.append((str(Text("违反与提示的状态", "State of breaches and warnings")), _states(judged)))
    for row in families(judged):
        text = counted(row)
        if row["money_at_stake"]:
            amounts = (
                f"{words.amount(fen, unit)} {words.unit_name(unit, code)}"
                for code, fen in row["money_at_stake"].items()
            )
            text += f" · {Text('待处理的违反涉及', 'open breaches:')} {' + '.join(amounts)}"
        lines.append((row["family"], text))
    return [(name, text) for name, text in lines if text]


def _states(judged: Audit) -> str:
    states = Counter(f.state.state for f in judged.of(Verdict.BREACH, Verdict.WARN))
    return " · ".join(f"{members('disposition_states')[s]} {states[s]}" for s in STATES if states[s])


def finding_texts(finding: AuditFinding, unit: str) -> Row:
    """What people read in place of codes and plain figures; amounts in the unit."""
    f = finding.finding
    later = finding.later
    source = finding.source or words.DASH
    if f.confidence is not Confidence.SEEN:
        source = words.beside(source, Text(f.confidence.zh, f.confidence.en.lower()))
    measured, threshold = compared_texts(f, unit)
    texts: Row = {
        "verdict": Text(f.verdict.zh, f.verdict.en.lower()),
        "measured": measured,
        "threshold": threshold,
        "state": state_text(finding.state),
        "later_state": None
        if later is None or later.decision is None
        else f"{later.decision.day} {state_text(later)}",
        "source": source,
        "says": sentence(f.text, unit),
        **({"name": words.DASH} if finding.name == str(f.subject) else {}),
    }
    return {name: text for name, text in texts.items() if text is not None}


def state_text(state: State) -> str:
    """What became of a finding, with its day."""
    name = str(members("disposition_states")[state.state])
    return name if state.until is None else f"{name} {state.until}"


def sentence(text: Text, unit: str) -> str:
    """A sentence with its amounts in the unit."""
    return in_unit(str(text), words.UNITS[unit][0], str(Text(unit, words.UNIT_NAMES_EN[unit])))


def compared_texts(f: Finding, unit: str, currency: str | None = "") -> tuple[str | None, str | None]:
    """The measured figure and the threshold, amounts in the unit; both to the last digit where rounded ones would read as
    equal though they are not: a fen beyond a limit is a breach.

    currency : what the reader takes amounts to be in; one of another currency is named. None: each is; empty: none is
    """
    figures = f.measured, f.threshold
    measured, threshold = (measure_text(value, f.unit, unit) for value in figures)
    if counts_conditions(f):
        met, asked = figures
        return str(Text(f"符合 {met} 项", f"{met} met")), str(
            Text(f"共 {asked} 项条件", f"of {asked} condition{'' if asked == 1 else 's'}")
        )
    if measured == threshold and f.measured != f.threshold and f.unit == "fen":
        measured, threshold = (_to_the_fen(value, f.currency) for value in figures)
    elif measured == threshold and f.measured != f.threshold and f.unit == "share":
        measured, threshold = _distinct(*(Decimal(str(value)) for value in figures))
    elif f.unit == "fen" and currency not in ("", f.currency):
        name = words.unit_name(unit, f.currency)
        measured, threshold = (None if text is None else f"{text} {name}" for text in (measured, threshold))
    return measured, threshold


def counts_conditions(f: Finding) -> bool:
    """Whether what was measured is how many of a rule's conditions are met: none of those that decide has a figure."""
    if f.unit != "count" or not f.lacking or f.measured is None:
        return False
    return not any(isinstance(test, Limb) and test.unit for test in f.lacking if test[0] is False)


def _to_the_fen(value: object, currency: str) -> str | None:
    if not isinstance(value, int):
        return None
    return f"{words.amount(value, '元')} {words.unit_name('元', currency)}"


_DIGITS = 10
"""Decimals of a per cent that are printed whole; of a share that has more, those that tell it from its threshold."""


def _distinct(*shares: Decimal) -> tuple[str, ...]:
    """Shares in per cent, to as many decimals as tell them apart; '≈' where digits were cut."""
    exact = [(100 * share).normalize() for share in shares]
    digits = [max(0, -int(share.as_tuple().exponent)) for share in exact]
    places = next(n for n in range(2, max(digits) + 1) if len({round(share, n) for share in exact}) > 1)
    return tuple(
        f"{share:f}%" if own <= max(places, _DIGITS) else f"≈{round(share, places):f}%"
        for share, own in zip(exact, digits, strict=True)
    )


def measure_text(value: object, of: str, unit: str) -> str | None:
    """A measured figure or a threshold with its unit; None where there is none."""
    if isinstance(value, Word):
        return words.word(value)
    if isinstance(value, str) and of == "word":
        return str(word_of(value))
    if value is None or isinstance(value, str):
        return value
    if of == "fen" and isinstance(value, int):
        return words.amount(value, unit)
    if of == "share" and isinstance(value, int | Decimal):
        return words.percent(float(value))
    return measured(value, of)
