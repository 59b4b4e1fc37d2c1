"""A case file as a document: its head, then grounds, decisions and verdicts as rows of their parts."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from fractions import Fraction
from typing import Any

from fof import words
from fof.audit.casefile.audit_cases import AuditCase
from fof.audit.casefile.case_file import CaseFile, VerdictRun, besides, working
from fof.audit.casefile.cases_document import step_rows
from fof.audit.casefile.grounds import MISSING, Ground
from fof.audit.coinvestment.gains import Gain
from fof.audit.coinvestment.participation_gaps import Gap
from fof.audit.counterfactual_document import fen
from fof.audit.decisions import Decided
from fof.audit.findings_document import sentence, state_text
from fof.book.filed_documents import FiledDocument, row_documents
from fof.book.written import document_text
from fof.figures.answers import Answer
from fof.figures.audit_documents import CASE_FILE
from fof.figures.register import figure
from fof.ledger import View
from fof.rules.registry import Confidence, Verdict
from models.kinds import DispositionAction
from models.subjects import Subject, SubjectKind
from models.text import Text, counted

Row = dict[str, Any]


def case_document(view: View, case: CaseFile, unit: str = "元", cases: Sequence[AuditCase] = ()) -> Answer:
    """The document of a case file. unit: of amounts in sentences; cases: those whose steps stand in it, of the same finding."""
    rows = [*map(ground_row, case.grounds)]
    rows += [row for gain in case.gains for row in _gain(case, gain)]
    rows += [] if case.gap is None else _gap(case, case.gap)
    rows += [*_decisions(view, case), *(_verdict(v, unit) for v in case.verdicts)]
    rows += [_file_row(filed) for filed in case.documents]
    rows += [row for one in cases for row in step_rows(one) if about(case, one)]
    currency = "CNY" if case.finding is None else case.finding.currency
    return Answer(CASE_FILE, rows, case.as_of, case.known_at, currency, _head(case, unit))


def about(case: CaseFile, one: AuditCase) -> bool:
    """Whether an audit case is about the finding of a file."""
    return (one.rule, one.subject) == (case.rule.id, case.subject)


def _head(case: CaseFile, unit: str) -> Row:
    head: Row = {"rule": case.rule.id, "title": case.rule.text, "subject": str(case.subject)}
    if case.finding is None:
        return head | {"verdict": Verdict.NOT_APPLICABLE.value, "confidence": case.rule.confidence.value}
    f = case.finding
    article = f.source or words.DASH
    if f.finding.confidence is not Confidence.SEEN:
        article = words.beside(article, words.word(f.finding.confidence))
    return head | {
        "verdict": f.verdict.value,
        "name": f.name,
        "working": working(f, unit, case.terms),
        "other_verdict": None if f.finding.beside is None else f.finding.beside.verdict.value,
        "note": words.clauses(f.finding.notes) or None,
        "article": f.source or None,
        "confidence": f.finding.confidence.value,
        "since": f.since,
        "event_on": f.finding.event_day,
        "owner": f.owner,
        "state": f.state.state,
        "until": f.state.until,
        "money_at_stake": f.money_at_stake,
        "texts": {
            "verdict": words.word(f.verdict),
            "confidence": words.word(f.finding.confidence),
            "state": state_text(f.state),
            "article": article,
            **({} if (other := besides(f, unit)) is None else {"other_verdict": other}),
        },
    }


def subject_text(subject: Subject) -> Text:
    """A subject with its kind; a party by its code alone."""
    if subject.kind is SubjectKind.PARTY:
        return Text(str(subject), str(subject))
    return Text(f"{subject.kind.zh} {subject}", f"{subject.kind.en} {subject}")


def ground_row(ground: Ground) -> Row:
    """A ground as the document holds it."""
    value = ground.value
    return {
        "part": "ground",
        "subject": str(ground.subject),
        "what": ground.name,
        "content": value,
        "amount": ground.fen,
        "day": ground.day,
        "entry": ground.entry,
        "document": ground.document,
        "source": ground.source,
        "state": ground.state,
        "texts": {
            "subject": subject_text(ground.subject),
            "document": document_text(ground.document),
            "source": document_text(ground.source),
            **({"content": words.DASH} if ground.state == MISSING else {}),
        },
        "record": ground,
    }


def _file_row(filed: FiledDocument) -> Row:
    """A file whose entries speak of the subject: what they are, how many, and the last of them."""
    count = len(filed.entries)
    return {
        "part": "document",
        "what": words.listed(words.word(kind) for kind in filed.kinds),
        "content": Text(f"{count} 条分录", counted(count, "entry")),
        "day": filed.last_on,
        "entry": filed.entries[-1],
        "document": filed.name,
        "record": filed,
    }


def _gain(case: CaseFile, gain: Gain) -> Iterator[Row]:
    """A gain in two rows, realised and unrealised apart; an unknown one with its reason."""
    for name in ("realised", "unrealised"):
        amount: Fraction | None = getattr(gain, name)
        content: object = gain.reason.text if amount is None and gain.reason is not None else _compared(gain)
        yield {
            "part": "gain",
            "subject": str(case.subject),
            "what": words.beside(gain.advantage.text, figure(f"gain_{name}").text),
            "content": content,
            "amount": fen(amount),
            "day": gain.day,
            "entry": None if gain.compared is None else gain.compared.entry,
            "record": gain,
        }


def _compared(gain: Gain) -> object:
    """With which price it was compared."""
    if gain.compared is None:
        return words.DASH
    price = words.price(float(gain.compared.price / 100))
    text = words.labelled(figure("compared_price").text, price)
    return words.clauses([text, str(gain.compared.source), words.day(gain.compared.day)])


def _gap(case: CaseFile, gap: Gap) -> list[Row]:
    """Joined beside skipped companies, number by number."""
    numbers: dict[str, object] = {
        "companies_joined": gap.joined,
        "companies_skipped": gap.skipped,
        "companies_unvalued": gap.unvalued,
        "multiple_joined": _four(gap.mean_joined),
        "multiple_skipped": _four(gap.mean_skipped),
        "multiple_gap": _four(gap.difference),
        "p_value": _probability(gap, gap.p_value),
        "p_one_sided": _probability(gap, gap.p_one_sided),
    }
    return [
        {"part": "gap", "subject": str(case.subject), "what": figure(name).text, "content": str(value)}
        for name, value in numbers.items()
    ]


def _probability(gap: Gap, p: float | None) -> object:
    return words.p_value(p) if p is not None else words.DASH if gap.reason is None else gap.reason.text


def _four(number: Fraction | None) -> str:
    return words.DASH if number is None else f"{float(number):.4f}"


def _decisions(view: View, case: CaseFile) -> Iterator[Row]:
    ever = view.on(None)
    heads = ever.heads({d.entry for d in case.decisions})
    documents = row_documents(ever, {("", d.entry, None) for d in case.decisions})
    for decided in case.decisions:
        who = heads[decided.entry].recorded_by
        yield {
            "part": "decision",
            "subject": str(case.subject),
            "what": DispositionAction(decided.action).text,
            "content": decision_text(decided, who),
            "day": decided.day,
            "entry": decided.entry,
            "document": decided.reference,
            "source": documents["", decided.entry, None].source,
            "texts": {"source": document_text(documents["", decided.entry, None].source)},
        }


def decision_text(decided: Decided, who: str) -> Text:
    """By whom, until when and why."""
    until = (
        Text("", "") if decided.until is None else Text(f"，至 {decided.until}", f", until {decided.until}")
    )
    why = "" if not decided.reason else f"：{decided.reason}"
    return Text(f"{who}{until.zh}{why}", f"{who}{until.en}{why.replace('：', ': ')}")


def _verdict(on: VerdictRun, unit: str) -> Row:
    says = sentence(on.text, unit)
    if on.until > on.day:
        says = words.beside(says, Text(f"至 {on.until} 未变", f"the same until {on.until}"))
    return {
        "part": "verdict",
        "what": on.verdict.text,
        "content": says,
        "amount": on.money,
        "day": on.day,
    }
