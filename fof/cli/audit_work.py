"""Commands of the owner's auditor: cases and their steps."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from fof.cli.asked import Asked, RestsOn, acting, asks, database, day_option
from fof.cli.audit import SecondCode, SubjectKindOption, audits
from fof.cli.evidence_files import evidence_files
from fof.cli.printed import placed, print_booked, print_sentence, printed
from fof.cli.samples import audit_samples
from fof.cli.usage import argument, helped, option
from fof.words import today
from models.audit_work import CaseRetest, CaseReview, CaseStep, CaseTolerance
from models.subjects import Subject
from models.text import Text

if TYPE_CHECKING:
    from fof.errors import Problem

On = Annotated[
    dt.date | None,
    day_option("--on", "步骤日期，缺省为今天", "day, today if left out"),
]
_Yuan = Annotated[str | None, option("--loss", "损失金额（元）", "loss in yuan", metavar="YUAN")]


@audits.command("cases")
@helped(
    "审计事项：各在哪一步，什么到期，逾期的在前。",
    "Audit cases: where each stands, what is due; overdue first.",
)
@asks("as_of known_at unit lang json")
def cases(
    asked: Asked,
    only_overdue: Annotated[bool, option("--overdue", "只看逾期的", "overdue ones only")] = False,
) -> None:
    from fof.audit.casefile.audit_cases import audit_cases
    from fof.audit.casefile.cases_document import cases_document

    view = asked.view()
    listed = [c for c in audit_cases(view) if not only_overdue or c.overdue(asked.day)]
    printed(cases_document(view, listed, asked.day), asked)


@audits.command("begin")
@helped("就一条结论立项：审计事项的第一步。", "Begin a case about a finding: its first step.")
def begin(
    rule: Annotated[str, argument("规则编号", "rule id")],
    subject: Annotated[str, argument("对象，如清单所示", "subject as the findings name it")],
    kind: SubjectKindOption = None,
    second: SecondCode = "",
    statement: Annotated[str, option("--statement", "事实陈述", "statement of fact")] = "",
    document: RestsOn = "",
    on: On = None,
) -> None:
    from fof.audit.casefile.case_steps import begin_case

    about = subject if kind is None else Subject(kind, subject, second)
    print_booked(begin_case(database(), acting(), rule, about, on or today(), statement, document))


@audits.command("step")
@helped(
    "审计事项的下一步：取证单、征求意见、反馈、复核、出具、整改、复查、结案、移送。",
    "The next step of a case: evidence sheet, sent, replied, reviewed, issued, rectified, re-tested, closed, referred.",
)
def step(
    case: Annotated[str, argument("审计事项编号", "code of the case")],
    taken: Annotated[CaseStep, argument("步骤", "the step", metavar="STEP")],
    statement: Annotated[str | None, option("--statement", "事实陈述（取证单）", "statement of fact")] = None,
    due: Annotated[
        dt.date | None, day_option("--due", "反馈截止日或整改期限", "comments, or rectification, due on")
    ] = None,
    reply: Annotated[str | None, option("--reply", "反馈意见", "the reply")] = None,
    review: Annotated[
        CaseReview | None, option("--review", "复核意见", "what the second auditor says")
    ] = None,
    loss: _Yuan = None,
    post: Annotated[str | None, option("--post", "责任岗位", "responsible post")] = None,
    tolerance: Annotated[
        CaseTolerance | None, option("--tolerance", "容亏认定", "tolerance of the loss")
    ] = None,
    due_care: Annotated[
        bool | None,
        option("--due-care/--no-due-care", "已尽职或未尽职", "due care was taken, or not"),
    ] = None,
    rectification: Annotated[str | None, option("--rectification", "整改情况", "what was rectified")] = None,
    retest: Annotated[CaseRetest | None, option("--retest", "复查结论", "what testing again showed")] = None,
    to: Annotated[str | None, option("--to", "移送机关", "whom it is referred to")] = None,
    document: RestsOn = "",
    on: On = None,
    dry_run: Annotated[bool, option("--dry-run", "只检查，不登记", "check, and book nothing")] = False,
) -> None:
    from fof.audit.casefile.case_steps import take_step, would_step
    from models.money import fen_of

    stated: dict[str, Any] = {
        "case_statement": statement,
        ("rectify_due" if taken is CaseStep.ISSUED else "comment_due"): due,
        "case_reply": reply,
        "case_review": review,
        "case_loss": None if loss is None else fen_of(loss),
        "responsible_post": post,
        "case_tolerance": tolerance,
        "due_care": due_care,
        "rectification": rectification,
        "case_retest": retest,
        "referred_to": to,
    }
    asked = (database(), acting(), case, taken, on or today(), stated, document)
    if dry_run:
        _say(would_step(*asked))
        return
    print_booked(take_step(*asked))


def _say(problems: list[Problem]) -> None:
    """What a dry run found; exit 2 where anything is wrong."""
    for problem in problems:
        print_sentence(str(problem))
    if problems:
        raise typer.Exit(2)
    print_sentence(Text("可以登记", "it can be booked"))


@audits.command("requests")
@helped(
    "资料需求清单：每项无法判断缺什么、向谁要；--due 提出尚未提出的，-o 写成可回填导入的工作簿。",
    "The request list: what each unknown lacks and from whom; --due asks for what was not asked, -o writes the workbook that comes back.",
)
@asks("as_of known_at lang json")
def requests(
    asked: Asked,
    institution: Annotated[
        str | None,
        option("--institution", "只看一家机构", "one institution only", metavar="CODE"),
    ] = None,
    due: Annotated[
        dt.date | None, day_option("--due", "提出需求并定答复期限", "ask, with this day for answers")
    ] = None,
    out: Annotated[
        Path | None,
        option("-o", "写成工作簿", "write the workbook", "--out", metavar="F.xlsx"),
    ] = None,
) -> None:
    from fof.audit.casefile.request_list import ask, request_lines, request_workbook
    from fof.audit.casefile.requests_document import requests_document
    from fof.cli.asked import WrongOption

    if due is not None:
        if institution is None:
            raise WrongOption(
                Text("提出需求须指明机构", "name the institution that is asked"), "--institution"
            )
        print_booked(ask(database(), acting(), institution, today(), due, asked.day))
    view = asked.view()
    lines = request_lines(view, institution)
    if out is None:
        printed(requests_document(view, lines, today()), asked)
        return
    placed(out, request_workbook(request_lines(asked.journal().view(max(today(), asked.day)), institution)))
    print_sentence(Text(f"已写入 {out}", f"wrote {out}"))


audits.add_typer(audit_samples, name="sample")
audits.add_typer(evidence_files, name="file")


@audits.command("workpaper")
@helped(
    "审计工作底稿：结论、条款、依据、程序与处置、样本与种子、日记账前缀；写成 xlsx 或 PDF。",
    "The workpaper: findings, articles, grounds, procedure and decisions, samples with seeds, the journal prefix; as xlsx or PDF.",
)
@asks("as_of known_at lang")
def workpaper(
    asked: Asked,
    institution: Annotated[
        str, option("--institution", "国有创投机构", "state venture firm", metavar="CODE")
    ],
    out: Annotated[
        Path,
        option("-o", "写到此文件", "the file to write", "--out", metavar="F.xlsx|F.pdf"),
    ],
) -> None:
    from fof.audit.casefile import workpaper as papers
    from fof.cli.asked import WrongOption

    writers = {".xlsx": papers.workpaper_xlsx, ".pdf": papers.workpaper_pdf}
    if out.suffix.lower() not in writers:
        raise WrongOption(Text("文件名以 .xlsx 或 .pdf 结尾", "a name that ends in .xlsx or .pdf"), "--out")
    paper = papers.workpaper(asked.view(), institution)
    placed(out, writers[out.suffix.lower()](paper))
    print_sentence(Text(f"已写入 {out}", f"wrote {out}"))


@audits.command("evidence")
@helped(
    "一份跟投份额的证据：应有各项、文件及与份额的核对。",
    "The evidence of a stake: what applies, its documents, tested.",
)
@asks("as_of known_at unit lang json")
def evidence(asked: Asked, stake: Annotated[str, argument("跟投份额编号", "code of the stake")]) -> None:
    from fof.audit.casefile.evidence_document import evidence_document
    from fof.cli.personal import say_without_key

    printed(evidence_document(asked.view(), stake), asked)
    if not asked.json:
        say_without_key()
