"""Commands for the rules: the audit, the rulebook, dispositions and funds' own numbers."""

from __future__ import annotations

import datetime as dt
import sys
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal
from typing import TYPE_CHECKING, Annotated, Any

import typer

from fof.cli.asked import (
    Asked,
    Why,
    asks,
    database,
    read_day,
    today,
)
from fof.cli.printed import print_sentence, printed
from fof.cli.usage import both, helped
from fof.figures.answers import Answer
from fof.figures.documents import AUDIT, RULES
from models.subjects import Subject, SubjectKind
from models.text import Text

if TYPE_CHECKING:
    from fof.audit import Audit, AuditFinding
    from fof.cli.audit_queue import Wanted
    from fof.ledger import Booked, View
    from fof.rules.registry import Rule, Value

Row = dict[str, Any]
audits = typer.Typer(help=both("合规检查", "audits"), no_args_is_help=True)


@audits.command("guidance")
@helped(
    "引导基金合规检查：逐条规则的结论，按涉及金额排列。",
    "Findings of the guidance-fund rules by money at stake.",
)
@asks("as_of known_at unit lang json")
def guidance(
    asked: Asked,
    rules_as_of: Annotated[
        dt.date | None,
        typer.Option(
            "--rules-as-of",
            parser=read_day,
            metavar="DAY",
            help=both("全部按该日规则判断", "judge by that day's rules"),
        ),
    ] = None,
    fund: Annotated[
        str | None, typer.Option("--fund", metavar="CODE", help=both("只看一只基金", "one fund only"))
    ] = None,
    family: Annotated[
        str | None,
        typer.Option("--family", metavar="GF,AF", help=both("只看这些系列，逗号分隔", "these families only")),
    ] = None,
    verdict: Annotated[
        str,
        typer.Option(
            "--verdict", help=both("列出的结论，逗号分隔，all 为全部", "verdicts to list, all for every one")
        ),
    ] = "breach,warn",
    only_open: Annotated[
        bool, typer.Option("--open", help=both("只看待处理的", "only what nobody has dealt with in time"))
    ] = False,
    strict: Annotated[
        bool, typer.Option("--strict", help=both("有违反则退出码为 1", "exit 1 on a breach"))
    ] = False,
    portfolio: Annotated[
        str | None,
        typer.Option(
            "--portfolio",
            metavar="CODE",
            help=both(
                "只看一个组合及其所投基金，缺省为全部",
                "one portfolio and the funds it is in, the whole office if left out",
            ),
        ),
    ] = None,
) -> None:
    from fof import audit
    from fof.cli import audit_queue

    asked = replace(asked, portfolio=portfolio)
    view = asked.view()
    wanted = audit_queue.wanted(view, verdict, fund, family, only_open=only_open)
    judged, listed = asked_findings(view, asked, wanted, rules_as_of)
    document = findings_document(view, asked, judged, listed)
    if asked.json:
        _dump(
            document.json(asked.language)
            | {"families": [family_row(row) for row in audit_queue.families(judged)]}
        )
    else:
        audit_queue.show(judged, document, asked)
    if not judged.findings:
        print_sentence(
            str(
                Text(
                    "没有可检查的事项：该日账中没有相应的基金或规则",
                    "nothing to judge: no such fund or rule on this day",
                )
            )
        )
    for problem in judged.unread:
        print_sentence(problem)
    if strict and any(f.state.state != audit.DISMISSED for f in judged.breaches):
        raise typer.Exit(1)


def asked_findings(
    view: View, asked: Asked, wanted: Wanted, rules_as_of: dt.date | None = None
) -> tuple[Audit, Sequence[AuditFinding]]:
    """The audit narrowed to what was asked for, and the findings to list, by money at stake, with their first day."""
    from fof import audit

    every = audit.guidance(view, rules_as_of)
    if asked.portfolio is not None:
        every = audit.of_portfolio(view, every, asked.chosen(view))
    judged = wanted.among(every)
    listed = audit.with_since(view, replace(judged, findings=judged.of(*wanted.verdicts))).findings
    return judged, audit.by_money(listed)


def findings_document(view: View, asked: Asked, judged: Audit, listed: Sequence[AuditFinding]) -> Answer:
    """The findings listed, and above them how many of each verdict there are among all that were found."""
    from fof.rules.registry import Verdict

    counts = Counter(f.verdict for f in judged.findings)
    head: Row = {"rules_as_of": judged.rules_as_of, **{v.value: counts[v] for v in Verdict}}
    rows = [{**finding_row(f, asked.language), "record": f} for f in listed]
    currency = asked.chosen(view).currency if asked.portfolio is not None else "CNY"
    return Answer(AUDIT, rows, judged.as_of, judged.known_at, currency, head)


def _dump(document: Row) -> None:
    import json as encoder

    encoder.dump(document, sys.stdout, ensure_ascii=False, indent=1)
    sys.stdout.write("\n")


def family_row(row: Row) -> Row:
    """Counts of a family as the document holds them; no sum of money over several currencies."""
    from models.money import yuan_text

    at_stake = row["money_at_stake"]
    several = len(at_stake) > 1
    return row | {
        "currency": None if several else next(iter(at_stake), "CNY"),
        "money_at_stake": None if several else yuan_text(next(iter(at_stake.values()), 0)),
        "by_currency": {code: yuan_text(fen) for code, fen in at_stake.items()},
    }


def finding_row(finding: AuditFinding, language: str) -> Row:
    """A finding as the document holds it."""
    f, decision = finding.finding, finding.state.decision
    from fof.rules.registry import RULES as CODED

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
        "says": f.text.of(language),
        "level": CODED[f.rule].level.value,
        "event_on": f.event_day,
        "rules_on": f.rule_day,
        "other_verdict": None if f.beside is None else f.beside.verdict.value,
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
    from models.money import yuan_text

    if value is None:
        return None
    if unit == "fen" and isinstance(value, int):
        return yuan_text(value)
    if isinstance(value, Decimal):
        text = format(round(value, 10), "f")
        return text.rstrip("0").rstrip(".") if "." in text else text
    return str(value)


@helped("规则库：每条规则的内容、依据、参数、核对程度。", "The rulebook as coded.")
@asks("as_of lang json")
def rules(
    asked: Asked,
    family: Annotated[
        str | None, typer.Option("--family", metavar="GF", help=both("只看一个系列", "one family only"))
    ] = None,
    stats: Annotated[
        bool,
        typer.Option(
            "--stats", help=both("已编码、无法核查、以后再做的规则", "what is coded, not checkable, later")
        ),
    ] = False,
) -> None:
    from fof.rules import catalogue

    document = rules_document(asked, family)
    if not stats:
        printed(document, asked)
        return
    statistics = catalogue.stats()
    if asked.json:
        lists = {
            "coded": statistics.coded,
            "not_checkable": list(statistics.not_checkable),
            "later": statistics.later,
        }
        reasons = {i: why._asdict() for i, why in statistics.not_checkable.items()}
        _dump({**document.json(asked.language), **lists, "reasons": reasons})
        return
    for name, ids in (
        (Text("已编码", "coded"), statistics.coded),
        (Text("无法核查", "not checkable"), list(statistics.not_checkable)),
        (Text("以后再做", "later"), statistics.later),
    ):
        sys.stdout.write(f"{name.of(asked.language)} {len(ids)}: {' '.join(ids)}\n")
    for id_, why in statistics.not_checkable.items():
        sys.stdout.write(f"  {id_}: {why.of(asked.language)}\n")


def rules_document(asked: Asked, family: str | None = None) -> Answer:
    """The rulebook as coded, of one family or all."""
    from fof.rules.registry import RULES as CODED

    chosen = [CODED[i] for i in sorted(CODED) if family is None or CODED[i].family == family.upper()]
    rows = [{**rule_row(r, asked.day, asked.language), "record": r} for r in chosen]
    return Answer(RULES, rows, asked.day, 0, "CNY")


def rule_row(rule: Rule, day: dt.date, language: str) -> Row:
    """A rule as the document holds it: the version of the day, else its first."""
    from fof.rules import catalogue

    source = rule.source_on(day)
    version = source or rule.sources[0]
    numbers = catalogue.default_settings().of_rule(rule, day).values
    return {
        "rule": rule.id,
        "family": rule.family,
        "title": rule.text.of(language),
        "level": rule.level.value,
        "scope": rule.scope.text.of(language),
        "confidence": rule.confidence.value,
        "source": version.cite,
        "in_force": source is not None,
        "since": version.since,
        "until": version.until,
        "event": rule.is_event,
        "in_principle": rule.in_principle,
        "parameters": "; ".join(f"{name}={value}" for name, value in numbers.items()) or None,
    }


Reference = Annotated[
    str, typer.Option("--reference", help=both("依据文号", "waiver, order or minutes it rests on"))
]
Until = Annotated[
    dt.date | None, typer.Option("--until", parser=read_day, metavar="DAY", help=both("截止日", "last day"))
]


@helped(
    "处置一条检查结论：接受（豁免）、限期整改或驳回，写入日记账。", "Decide about a finding; a journal entry."
)
def dispose(
    rule: Annotated[str, typer.Argument(help=both("规则编号", "rule id"))],
    subject: Annotated[
        str,
        typer.Argument(
            help=both(
                "对象，如清单所示；写明 --kind 的为其编号",
                "subject as the findings name it; with --kind, its code",
            )
        ),
    ],
    action: Annotated[str, typer.Argument(help="accept | rectify | dismiss")],
    reference: Reference = "",
    until: Until = None,
    reason: Annotated[str | None, typer.Option("--reason", help=both("原因", "reason"))] = None,
    on: Annotated[
        dt.date | None,
        typer.Option(
            "--on", parser=read_day, metavar="DAY", help=both("处置日，缺省为今天", "day, today if left out")
        ),
    ] = None,
    kind: Annotated[
        SubjectKind | None,
        typer.Option(
            "--kind", help=both("对象类型：通知、贷款等", "what the subject is: a notice, a loan …")
        ),
    ] = None,
    second: Annotated[
        str,
        typer.Option(
            "--second",
            help=both("第二编号：出资人、通知编号", "second code: the investor, the notice's number"),
        ),
    ] = "",
) -> None:
    from fof import audit
    from fof.access import LOCAL

    about = subject if kind is None else Subject(kind, subject, second)
    done = audit.dispose(database(), LOCAL, rule, about, action, reference, until, reason, on or today())
    _print_booked(done)


@helped("设定某只基金（或全部）的规则参数，写入日记账。", "Set a rule parameter for a fund or the office.")
def set_parameter(
    name: Annotated[str, typer.Argument(help=both("参数名", "name of the parameter"))],
    value: Annotated[str, typer.Argument(help=both("值", "value: 0.35, 90, yes, 3000万元"))],
    fund: Annotated[
        str | None,
        typer.Option(
            "--fund", metavar="CODE", help=both("基金编号，缺省为全部", "fund, the office if left out")
        ),
    ] = None,
    since: Annotated[
        dt.date | None,
        typer.Option(
            "--from",
            parser=read_day,
            metavar="DAY",
            help=both("起始日，缺省为今天", "first day, today if left out"),
        ),
    ] = None,
    until: Until = None,
    document: Annotated[str, typer.Option("--document", help=both("依据文件", "document it rests on"))] = "",
    why: Why = None,
) -> None:
    from fof import audit
    from fof.access import LOCAL

    _print_booked(
        audit.set_parameter(database(), LOCAL, fund, name, value, since or today(), until, document, why)
    )


def _print_booked(done: Booked) -> None:
    for entry in done.entries:
        print_sentence(Text(f"已登记分录 {entry}", f"booked as entry {entry}"))
    for already in done.already:
        print_sentence(Text(f"账中已有，分录 {already.entry}", f"already booked as entry {already.entry}"))
