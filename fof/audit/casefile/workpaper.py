"""The workpaper of an institution's audit: findings with article and figures, what they rest on, who decided what and when, the
samples with their seeds, what was asked for; on one prefix of the journal. As a workbook and as a paper.
"""

from __future__ import annotations

import datetime as dt
import io
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from typing import Any

from fof import users, words
from fof.access import Actor
from fof.audit.auditor import coinvestment
from fof.audit.casefile.audit_cases import audit_cases
from fof.audit.casefile.audit_samples import audit_samples
from fof.audit.casefile.case_document import decision_text, ground_row
from fof.audit.casefile.case_file import CaseFile, besides, case_file, working
from fof.audit.casefile.case_paper import compiled
from fof.audit.casefile.cases_document import step_rows
from fof.audit.casefile.request_list import request_lines
from fof.audit.casefile.requests_document import request_row
from fof.audit.casefile.samples_document import item_row, samples_document
from fof.audit.decisions import decisions
from fof.audit.findings import AuditFinding, by_money
from fof.audit.findings_document import finding_row, finding_texts
from fof.book.index import book_of
from fof.figures.answers import in_language
from fof.figures.register import figure
from fof.ledger import View
from fof.ledger.journal_columns import LEAF
from fof.ledger.record import merkle_root
from fof.rules.registry import Verdict
from fof.table_workbook import FORMULA_SIGNS
from fof.words import today
from models.frozen import frozen
from models.text import Text

Row = Mapping[str, Any]
_SIGNED = (Text("编制人", "Made by"), Text("复核人", "Reviewed by"), Text("日期", "Date"))


@frozen
class PaperPart:
    """A table of the paper: heading, figures of the register by column name, rows as documents have them."""

    text: Text
    columns: tuple[tuple[str, str], ...]
    rows: tuple[Row, ...]


@frozen
class Workpaper:
    """See the module. cover: labels and values."""

    institution: str
    as_of: dt.date
    known_at: int
    cover: tuple[tuple[Text, str], ...]
    parts: tuple[PaperPart, ...]


def workpaper(view: View, institution: str, actor: Actor | None = None) -> Workpaper:
    """The paper of an institution on the view's day; NotAllowed for who may not read the audit, Unknown for an institution that
    the person may not see."""
    who = actor or users.acting(view.journal.view(), today())
    users.require(view, who, "read_audit", institution)
    judged = coinvestment(view, institution, None, who)
    listed = list(by_money(judged.of(Verdict.BREACH, Verdict.UNKNOWN, Verdict.WARN)))
    subjects = judged.subjects()
    broken = [f for f in listed if f.verdict is Verdict.BREACH]
    files = {id(f): case_file(view, f.rule, f.subject, history=False, actor=who) for f in broken}
    samples = [s for s in audit_samples(view, who) if s.institution == institution]
    cases = [c for c in audit_cases(view.on(None), who) if c.institution == institution]
    parts = [
        _part(Text("审计结论", "Findings"), _FINDINGS, (_finding(f, files.get(id(f))) for f in listed)),
        _part(
            Text("结论所依据的事实与分录", "Facts and entries behind breaches"),
            _GROUNDS,
            _grounds(files.values()),
        ),
        _part(Text("审计程序", "Procedure"), _STEPS, (row for case in cases for row in step_rows(case))),
        _part(Text("处置与豁免", "Decisions and waivers"), _STEPS, _decisions(view, subjects)),
        _part(
            Text("资料需求", "Requests"),
            _REQUESTS,
            (request_row(x, judged.as_of) for x in request_lines(view, institution, who)),
        ),
        _part(Text("审计抽样", "Samples"), _SAMPLES, samples_document(view, samples).rows),
        _part(
            Text("样本项目", "Items of the samples"),
            _ITEMS,
            ({"sample": s.code, **item_row(d)} for s in samples for d in s.drawn),
        ),
    ]
    return Workpaper(
        institution,
        judged.as_of,
        view.known_at,
        _cover(view, institution, judged.as_of, listed),
        tuple(p for p in parts if p.rows),
    )


def _columns(text: str) -> tuple[tuple[str, str], ...]:
    pairs = (part.partition("=") for part in text.split())
    return tuple((name, meaning or name) for name, _, meaning in pairs)


_FINDINGS = _columns(
    "rule verdict subject working other_verdict source confidence money_at_stake since state=disposition_state owner=responsible"
)
_GROUNDS = _columns(
    "rule subject=sample_item what=ground content=ground_value amount day entry document source=read_from state=ground_state"
)
_STEPS = _columns("day subject what=ground content=ground_value amount entry document")
_REQUESTS = _columns(
    "stake=staff_stake item=request_item rules=request_rules request asked_on due=request_due answer=request_answer answered_by answered_on"
)
_SAMPLES = _columns(
    "sample population=sample_population method=sample_method as_of_day=sample_as_of population_known_at=sample_known_at "
    "items=population_items amount=population_amount confidence=sample_confidence tolerable=sample_tolerable "
    "expected=sample_expected size=sample_size seed=sample_seed who=step_by evaluation=sample_verdict"
)
_ITEMS = _columns(
    "sample item=sample_item day stratum hits=sample_hits book_amount audited_amount taint entry"
)


def _part(text: Text, columns: tuple[tuple[str, str], ...], rows: Iterable[Row]) -> PaperPart:
    return PaperPart(text, columns, tuple(rows))


def _cover(
    view: View, institution: str, day: dt.date, listed: Sequence[AuditFinding]
) -> tuple[tuple[Text, str], ...]:
    counts = Counter(f.verdict for f in listed)
    last = view.entry(view.known_at)
    return (
        (Text("机构", "Institution"), f"{institution} {view.name(view.by_code[institution].id)}"),
        (Text("截至", "As of"), day.isoformat()),
        (Text("日记账前缀（已知至分录）", "Journal prefix (known at entry)"), str(view.known_at)),
        (Text("末条分录登记于", "Last entry recorded at"), words.office_minute(last.recorded_at)),
        (Text("前缀的默克尔根", "Merkle root of the prefix"), merkle_root(_leaves(view)).hex()),
        *(
            (verdict.text, str(counts[verdict]))
            for verdict in (Verdict.BREACH, Verdict.UNKNOWN, Verdict.WARN)
        ),
    )


def _leaves(view: View) -> Iterable[bytes]:
    """The leaves of the entries that were known."""
    return (view.columns.leaves[n * LEAF : (n + 1) * LEAF] for n in range(view.known_at))


def _finding(finding: AuditFinding, file: CaseFile | None) -> Row:
    texts = finding_texts(finding, "元") | {
        "working": working(finding, "元", None if file is None else file.terms),
        "source": finding.source,
        "confidence": words.word(finding.finding.confidence),
    }
    if (other := besides(finding, "元")) is not None:
        texts["other_verdict"] = other
    return finding_row(finding) | {"texts": {k: v for k, v in texts.items() if k != "name"}}


def _grounds(files: Iterable[CaseFile]) -> Iterable[Row]:
    for file in files:
        for ground in file.grounds:
            yield ground_row(ground) | {"rule": file.rule.id}


def _decisions(view: View, subjects: set[Any]) -> Iterable[Row]:
    """Decisions about the institution's subjects, whatever the view's day."""
    own = [
        d for d in decisions(book_of(view), dt.date.max) if d.subject in subjects and d.rule.startswith("CI-")
    ]
    heads = view.on(None).heads({d.entry for d in own})
    for d in own:
        who = heads[d.entry].recorded_by
        yield {
            "day": d.day,
            "subject": f"{d.rule} {d.subject}",
            "what": d.action,
            "content": decision_text(d, who),
            "entry": d.entry,
            "document": d.reference,
        }


# -- writing --------------------------------------------------------------------------------------------------------


def _title(name: str) -> str:
    of = figure(name)
    return words.beside(of.text, words.unit_name("元")) if of.kind == "money" else str(of.text)


def _text(row: Row, name: str, meaning: str) -> Any:
    """A cell: a number, a day, or words."""
    texts = row.get("texts") or {}
    value = texts.get(name, row.get(name))
    of = figure(meaning)
    if value is None or value == "":
        return None
    if name not in texts and (word := of.word(value)) is not None:
        return str(word)
    if isinstance(value, dt.date | bool):
        return value
    if of.kind == "money" and isinstance(value, int):
        return value / 100
    if of.kind in ("percent", "int", "number") and isinstance(value, int | float | Decimal):
        return value if of.kind == "int" else float(value)
    return in_language(value, words.language())


def workpaper_xlsx(paper: Workpaper) -> bytes:
    """The workbook: a cover and a sheet for each part. The same paper gives the same bytes; texts stay texts."""
    import xlsxwriter

    out = io.BytesIO()
    options = {
        "in_memory": True,
        "strings_to_formulas": False,
        "strings_to_urls": False,
        "strings_to_numbers": False,
    }
    with xlsxwriter.Workbook(out, options) as book:
        book.set_properties({"title": paper.institution, "created": dt.datetime(2000, 1, 1)})  # noqa: DTZ001 - the same bytes
        bold = book.add_format({"bold": True, "bottom": 1, "text_wrap": True})
        money, share = book.add_format({"num_format": "#,##0.00"}), book.add_format({"num_format": "0.00%"})
        day = book.add_format({"num_format": "yyyy-mm-dd"})
        quoted = book.add_format({"num_format": "@", "quote_prefix": True})
        sheet = book.add_worksheet(str(Text("封面", "Cover")))
        sheet.set_column(0, 0, 28)
        sheet.set_column(1, 1, 70)
        for line, (label, value) in enumerate(paper.cover):
            sheet.write_string(line, 0, str(label), bold)
            sheet.write_string(line, 1, value)
        for part in paper.parts:
            sheet = book.add_worksheet(str(part.text)[:31])
            for column, (name, meaning) in enumerate(part.columns):
                kind = figure(meaning).kind
                sheet.write_string(0, column, _title(meaning), bold)
                sheet.set_column(column, column, 16 if kind != "text" else 24)
                for line, row in enumerate(part.rows, 1):
                    value = _text(row, name, meaning)
                    if value is None:
                        continue
                    if isinstance(value, dt.date):
                        sheet.write_datetime(line, column, value, day)
                    elif isinstance(value, int | float) and not isinstance(value, bool):
                        sheet.write_number(line, column, value, {"money": money, "percent": share}.get(kind))
                    else:
                        text = str(value)
                        sheet.write_string(
                            line, column, text, quoted if text.startswith(FORMULA_SIGNS) else None
                        )
            sheet.freeze_panes(1, 1)
    return out.getvalue()


def workpaper_pdf(paper: Workpaper) -> bytes:
    """The paper, its parts one after another, pages numbered."""
    parts = []
    for part in paper.parts:
        rows = [
            [_printed(_text(row, *column), figure(column[1]).kind) for column in part.columns]
            for row in part.rows
        ]
        used = [n for n in range(len(part.columns)) if any(row[n] for row in rows)]
        parts.append(
            {
                "heading": str(part.text),
                "columns": [_title(part.columns[n][1]) for n in used],
                "right": [figure(part.columns[n][1]).kind in ("money", "int", "percent") for n in used],
                "rows": [[row[n] for n in used] for row in rows],
            }
        )
    title = Text("跟投审计工作底稿", "Workpaper of the co-investment audit")
    data = {
        "title": str(title),
        "foot": f"{paper.institution} · {paper.as_of} · {Text('已知至分录', 'known at entry')} {paper.known_at}",
        "page": [str(Text("第", "page")), str(Text("页，共", "of")), str(Text("页", ""))],
        "head": [[str(label), value] for label, value in paper.cover],
        "parts": parts,
        "signed": [str(name) for name in _SIGNED],
    }
    return compiled("case_file.typ", data)


def _printed(value: Any, kind: str) -> str:
    if value is None:
        return ""
    if kind == "money" and isinstance(value, float):
        return f"{value:,.2f}"
    if kind == "percent" and isinstance(value, float):
        return words.percent(value)
    return str(value)
