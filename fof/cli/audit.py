"""Commands for the rules: the audit, the rulebook, dispositions and funds' own numbers."""

from __future__ import annotations

import datetime as dt
import sys
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from fof.cli.asked import (
    Asked,
    FundOrAll,
    OneFund,
    RestsOn,
    Since,
    Why,
    acting,
    asks,
    database,
    day_option,
)
from fof.cli.printed import placed, print_booked, print_sentence, printed
from fof.cli.usage import argument, both, helped, option
from fof.words import today
from models.coinvest import GainGroup
from models.subjects import Subject, SubjectKind
from models.text import Text

if TYPE_CHECKING:
    from fof import audit

audits = typer.Typer(
    help=both(
        "检查：合规、跟投、资金池、专项工具；取证、抽样、底稿。",
        "Audits by the rulebook, and the auditor's work: cases, requests, samples, evidence, workpapers.",
    ),
    no_args_is_help=True,
)


RulesAsOf = Annotated[
    dt.date | None,
    day_option("--rules-as-of", "全部按该日规则判断", "judge by that day's rules"),
]
Verdicts = Annotated[
    str,
    option("--verdict", "列出的结论，逗号分隔，all 为全部", "verdicts to list, all for every one"),
]
OnlyOpen = Annotated[bool, option("--open", "只看待处理的", "only what nobody has dealt with in time")]
SubjectKindOption = Annotated[
    SubjectKind | None,
    option("--kind", "对象类型：通知、贷款等", "what the subject is: a notice, a loan …"),
]
SecondCode = Annotated[
    str,
    option("--second", "第二编号：出资人、通知编号", "second code: the investor, the notice's number"),
]
Institution = Annotated[
    str | None,
    option(
        "--institution",
        "只看一家国有创投机构，缺省为全部",
        "one state venture firm, all if left out",
        metavar="CODE",
    ),
]
Strict = Annotated[bool, option("--strict", "有违反则退出码为 1", "exit 1 on a breach")]


@audits.command("guidance")
@helped(
    "引导基金合规检查：逐条规则的结论，按涉及金额排列。",
    "Findings of the guidance-fund rules by money at stake.",
)
@asks("as_of known_at unit lang json")
def guidance(
    asked: Asked,
    rules_as_of: RulesAsOf = None,
    fund: OneFund = None,
    family: Annotated[
        str | None,
        option("--family", "只看这些系列，逗号分隔", "these families only", metavar="GF,AF"),
    ] = None,
    verdict: Verdicts = "breach,warn",
    only_open: OnlyOpen = False,
    strict: Strict = False,
    portfolio: Annotated[
        str | None,
        option(
            "--portfolio",
            "只看一个组合及其所投基金，缺省为全部",
            "one portfolio and the funds it is in, the whole office if left out",
            metavar="CODE",
        ),
    ] = None,
) -> None:
    from fof.audit import findings_document as document

    asked = replace(asked, portfolio=portfolio)
    view = asked.view()
    wanted = document.wanted(view, verdict, fund, family, only_open=only_open)
    chosen = None if asked.portfolio is None else asked.chosen(view)
    judged, listed = document.asked_findings(view, wanted, chosen, rules_as_of)
    currency = "CNY" if chosen is None else chosen.currency
    answer = document.findings_document(judged, listed, currency, None if asked.json else str(asked.unit))
    families = (document.family_row(row) for row in document.families(judged))
    printed(answer, asked, {"families": list(families)} if asked.json else None)
    if not judged.findings:
        print_sentence(
            Text(
                "没有可检查的事项：该日账中没有相应的基金或规则",
                "nothing to judge: no such fund or rule on this day",
            )
        )
    for problem in judged.unread:
        print_sentence(problem)
    _strictly(judged, strict=strict)


def _strictly(judged: audit.Audit, *, strict: bool) -> None:
    """Exit 1 where a breach is left that nobody dismissed."""
    from fof import audit

    if strict and any(f.state.state != audit.DISMISSED for f in judged.breaches):
        raise typer.Exit(1)


@audits.command("coinvest")
@helped(
    "跟投合规检查：方案、项目、份额、平台、机构与人员，逐条规则的结论。",
    "Findings about staff co-investment, each under the plan of its own day.",
)
@asks("as_of known_at unit lang json")
def coinvest(
    asked: Asked,
    institution: Institution = None,
    rules_as_of: RulesAsOf = None,
    verdict: Verdicts = "breach,unknown,warn",
    only_open: OnlyOpen = False,
    strict: Strict = False,
) -> None:
    from fof.audit import findings_document as document
    from fof.cli.personal import say_without_key
    from fof.figures.audit_documents import COINVEST_AUDIT

    view = asked.view()
    wanted = document.Wanted(document.verdicts_of(verdict), only_open=only_open)
    judged, listed = document.coinvestment_findings(view, wanted, institution, rules_as_of)
    unit = None if asked.json else str(asked.unit)
    answer = document.findings_document(judged, listed, "CNY", unit, COINVEST_AUDIT)
    if institution is not None:
        printed(answer, asked)
    else:
        from fof.audit.coinvestment.indicators import institutions_document

        table = institutions_document(view, judged)
        if not asked.json:
            printed(table, asked)
        printed(answer, asked, {"institutions": table.json(asked.language)["rows"]} if asked.json else None)
    if not asked.json:
        say_without_key()
    if not judged.findings:
        print_sentence(
            Text(
                "该日账中没有可检查的跟投登记",
                "no co-investment is registered on this day that could be judged",
            )
        )
    _strictly(judged, strict=strict)


@audits.command("pools")
@helped(
    "资金池合规检查：协议、资金池、贷款、补偿申请与担保机构，逐条规则的结论。",
    "Findings about risk-compensation pools: agreements, pools, loans, claims and guarantors.",
)
@asks("as_of known_at unit lang json")
def pools(
    asked: Asked,
    pool: Annotated[
        str | None,
        option("--pool", "只看一个资金池", "one pool only", metavar="CODE"),
    ] = None,
    rules_as_of: RulesAsOf = None,
    verdict: Verdicts = "breach,unknown,warn",
    only_open: OnlyOpen = False,
    strict: Strict = False,
) -> None:
    from fof.audit import findings_document as document
    from fof.figures.audit_documents import POOLS_AUDIT

    view = asked.view()
    wanted = document.Wanted(document.verdicts_of(verdict), only_open=only_open)
    judged, listed = document.pool_findings(view, wanted, pool, rules_as_of)
    unit = None if asked.json else str(asked.unit)
    printed(document.findings_document(judged, listed, "CNY", unit, POOLS_AUDIT), asked)
    if not judged.findings:
        print_sentence(
            Text("该日账中没有可检查的资金池登记", "no pool is registered on this day that could be judged")
        )
    _strictly(judged, strict=strict)


@audits.command("instruments")
@helped(
    "专项工具合规检查：创新券、后补助、财政资金成果、投资抵扣与统计，逐条规则的结论。",
    "Findings about vouchers, subsidies, publicly funded results, deductions and statistics.",
)
@asks("as_of known_at unit lang json")
def instruments(
    asked: Asked,
    rules_as_of: RulesAsOf = None,
    verdict: Verdicts = "breach,unknown,warn",
    only_open: OnlyOpen = False,
    strict: Strict = False,
) -> None:
    from fof.audit import findings_document as document
    from fof.figures.audit_documents import INSTRUMENTS_AUDIT

    wanted = document.Wanted(document.verdicts_of(verdict), only_open=only_open)
    judged, listed = document.instrument_findings(asked.view(), wanted, rules_as_of)
    unit = None if asked.json else str(asked.unit)
    printed(document.findings_document(judged, listed, "CNY", unit, INSTRUMENTS_AUDIT), asked)
    if not judged.findings:
        print_sentence(
            Text(
                "该日账中没有可检查的专项工具",
                "no small instrument is registered on this day that could be judged",
            )
        )
    _strictly(judged, strict=strict)


@audits.command("counterfactual")
@helped(
    "跟投与机构条件不同的差额：同价、同日、同退出时应得与实得之差，已实现与未实现分列。",
    "What staff stakes gained by terms unlike the institution's: price, day of payment, exit; realised and unrealised apart.",
)
@asks("as_of known_at unit lang json")
def counterfactual(
    asked: Asked,
    institution: Institution = None,
    group: Annotated[
        GainGroup, option("--by", "逐笔或按人员、方案、机构合计", "each, or added up")
    ] = GainGroup.FINDING,
    every: Annotated[bool, option("--all", "也列结论为符合的", "those whose rule passes too")] = False,
) -> None:
    from fof.audit.counterfactual_document import counterfactual_document

    printed(counterfactual_document(asked.view(), institution, group, every=every), asked)


@audits.command("case")
@helped(
    "案卷：一条结论所依据的事实与分录、推算、条款、历次结论与处置；可写成 PDF。",
    "The file of one finding: facts and entries, working, article, history; as a PDF with -o.",
)
@asks("as_of known_at unit lang json")
def case(
    asked: Asked,
    rule: Annotated[str, argument("规则编号", "rule id")],
    subject: Annotated[str, argument("对象，如清单所示", "subject as the findings name it")],
    kind: SubjectKindOption = None,
    second: SecondCode = "",
    out: Annotated[Path | None, option("-o", "写成 PDF", "write a PDF", "--out", metavar="F.pdf")] = None,
) -> None:
    from fof.audit.casefile.audit_cases import audit_cases
    from fof.audit.casefile.case_document import case_document
    from fof.audit.casefile.case_file import case_file

    about = subject if kind is None else Subject(kind, subject, second)
    view = asked.view()
    cases = audit_cases(view.on(None))
    document = case_document(view, case_file(view, rule, about), str(asked.unit), cases)
    if out is None:
        printed(document, asked)
        return
    from fof.audit.casefile.case_paper import case_pdf

    placed(out, case_pdf(document))
    print_sentence(Text(f"已写入 {out}", f"wrote {out}"))


@helped("规则库：每条规则的内容、依据、参数、核对程度。", "The rulebook as coded.")
@asks("as_of lang json")
def rules(
    asked: Asked,
    family: Annotated[str | None, option("--family", "只看一个系列", "one family only", metavar="GF")] = None,
    stats: Annotated[
        bool,
        option("--stats", "已编码、无法核查、以后再做的规则", "what is coded, not checkable, later"),
    ] = False,
) -> None:
    from fof.audit.rules_document import rules_document, statistics_fields

    document = rules_document(asked.day, family)
    if not stats or asked.json:
        printed(document, asked, statistics_fields() if stats else {})
        return
    from fof.rules import catalogue

    statistics = catalogue.stats()
    for name, ids in (
        (Text("已编码", "coded"), statistics.coded),
        (Text("无法核查", "not checkable"), list(statistics.not_checkable)),
        (Text("以后再做", "later"), statistics.later),
    ):
        sys.stdout.write(f"{name} {len(ids)}: {' '.join(ids)}\n")
    for id_, why in statistics.not_checkable.items():
        sys.stdout.write(f"  {id_}: {why}\n")


Reference = Annotated[str, option("--reference", "依据文号", "waiver, order or minutes it rests on")]
Until = Annotated[dt.date | None, day_option("--until", "截止日", "last day")]


@helped(
    "处置一条检查结论：接受（豁免）、限期整改或驳回，写入日记账。", "Decide about a finding; a journal entry."
)
def dispose(
    rule: Annotated[str, argument("规则编号", "rule id")],
    subject: Annotated[
        str,
        argument(
            "对象，如清单所示；写明 --kind 的为其编号",
            "subject as the findings name it; with --kind, its code",
        ),
    ],
    action: Annotated[str, typer.Argument(help="accept | rectify | dismiss")],
    reference: Reference = "",
    until: Until = None,
    reason: Annotated[str | None, option("--reason", "原因", "reason")] = None,
    on: Annotated[
        dt.date | None,
        day_option("--on", "处置日，缺省为今天", "day, today if left out"),
    ] = None,
    kind: SubjectKindOption = None,
    second: SecondCode = "",
) -> None:
    from fof import audit

    about = subject if kind is None else Subject(kind, subject, second)
    done = audit.dispose(database(), acting(), rule, about, action, reference, until, reason, on or today())
    print_booked(done)


@helped("设定某只基金（或全部）的规则参数，写入日记账。", "Set a rule parameter for a fund or the office.")
def set_parameter(
    name: Annotated[str, argument("参数名", "name of the parameter")],
    value: Annotated[str, argument("值", "value: 0.35, 90, yes, 3000万元")],
    fund: FundOrAll = None,
    since: Since = None,
    until: Until = None,
    document: RestsOn = "",
    why: Why = None,
) -> None:
    from fof import audit

    print_booked(
        audit.set_parameter(database(), acting(), fund, name, value, since or today(), until, document, why)
    )
