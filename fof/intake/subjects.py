"""Booking plans and export of what is no party and no deal: registration, attributes and links, by group."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence

from fof.importers.tables import Table, TypedRow
from fof.intake.export_rows import Heads, Sheets
from fof.intake.export_rows import Row as SheetRow
from fof.intake.office_attributes import OWN_SHEETS
from fof.intake.parts import Parts
from fof.intake.planning import Planning
from fof.ledger import Dated, FactInForce, View
from models.facts import (
    COMMITMENT_OF,
    ERASED,
    EVIDENCE_FILE,
    FACTS,
    REPORT,
    SUBJECT_FACTS,
    UNMASKED,
    FactSpec,
)
from models.kinds import EntryKind
from models.rows import Fact, Identity, SubjectFact, SubjectLink
from models.rows import Row as JournalRow
from models.subjects import (
    REGISTERED,
    Bearer,
    LinkRole,
    Subject,
    SubjectKind,
    address_of,
    bearer_of,
    columns_of,
    end_of,
)
from models.text import Text


def subject_rows(planning: Planning, tables: Sequence[Table], parts: Parts) -> None:
    """What the rows of the sheet bring, by group; a problem for each that is wrong, and then its group brings nothing."""
    registered: dict[int, Identity] = {}
    for table in tables:
        for row in table.rows:
            if row["role"] is None and row.text("attribute") is None and (own := _registered(planning, row)):
                registered[id(row)] = own
    for table in tables:
        for row in table.rows:
            made = _rows(planning, table, row, registered.get(id(row)))
            parts.put(str(row.text("group")), table, row, None if made is None else tuple(made))


def _registered(planning: Planning, row: TypedRow) -> Identity | None:
    """The identity that a row brings: that of a code which neither the book nor an earlier row has."""
    kind, code = row["kind"], row.text("code")
    if code is None or kind not in REGISTERED or (kind.value, code) in planning.subjects:
        return None
    number = planning.subjects[kind.value, code] = planning.ids.subject()
    return Identity(number, kind.value, code)


def _rows(
    planning: Planning, table: Table, row: TypedRow, registered: Identity | None
) -> list[JournalRow] | None:
    kind: SubjectKind = row["kind"]
    code = row.text("code") or ""
    if kind in REGISTERED and not code:
        planning.problem(table, row, "code", "required", Text("必须填写对象编号", "the subject's code"))
        return None
    own = registered or _registered(planning, row)
    made: list[JournalRow] = [] if own is None else [own]
    bearer = bearer_in_file(planning, table, row, Subject(kind, code, row.text("second") or ""))
    if bearer is None:
        return None
    if row["role"] is not None:
        link = _link(planning, table, row, bearer)
        return None if link is None else [*made, link]
    if row.text("attribute") is not None:
        stated = _stated(planning, table, row, kind, bearer)
        return None if stated is None else [*made, stated]
    return made


def bearer_in_file(planning: Planning, table: Table, row: TypedRow, subject: Subject) -> Bearer | None:
    """The subject of a row; None (and a problem) where the book and the file have none of its code."""
    components: list[str | int] = []
    for name, column, code in zip(columns_of(subject.kind), ("code", "second"), subject.codes, strict=False):
        number = code or None if name == "number" else _number(planning, subject.kind, name, code)
        if number is None:
            text = Text(
                f"账中及本文件中没有此{subject.kind.zh}", f"no {subject.kind.en.lower()} of this code"
            )
            planning.problem(table, row, column, "unknown_subject", text, code)
            return None
        components.append(number)
    return (subject.kind.value, *components)


def _number(planning: Planning, kind: SubjectKind, name: str, code: str) -> int | None:
    if name == "deal":
        return planning.deals.get(code)
    if name == "subject":
        return planning.subjects.get((kind.value, code))
    party = planning.parties.get(code)
    return None if party is None else party[0]


def _link(planning: Planning, table: Table, row: TypedRow, bearer: Bearer) -> SubjectLink | None:
    role: LinkRole = row["role"]
    if bearer[0] not in REGISTERED:
        text = Text("只有登记的对象有关系", "only a registered subject has links")
        planning.problem(table, row, "role", "no_links", text, str(bearer[0]))
        return None
    end, kind = end_of(role), SubjectKind(role) if end_of(role) == "other" else SubjectKind.PARTY
    column = "subject" if end == "other" else end
    number = _number(planning, kind, column, row.text("value") or "")
    if number is None:
        text = Text(f"账中及本文件中没有此{role.zh}", f"no {role.en.lower()} of this code")
        planning.problem(table, row, "value", "unknown_subject", text, row.text("value"))
        return None
    named = {end: number, "until": row.day("until"), "document": row.text("document")}
    return SubjectLink(int(bearer[1]), role.value, **named)  # type: ignore[arg-type]


def _stated(
    planning: Planning, table: Table, row: TypedRow, kind: SubjectKind, bearer: Bearer
) -> SubjectFact | Fact | None:
    name, value = str(row.text("attribute")), row.text("value") or ""
    spec = SUBJECT_FACTS.get(name)
    if (own := FACTS.get(name)) is not None and own.of == kind:
        return _of_register(planning, table, row, own, bearer)
    if spec is None or kind not in spec.subjects or name == REPORT:
        text = Text("这类对象没有这一属性", "no such attribute of this kind")
        planning.problem(table, row, "attribute", "unknown_fact", text, name)
        return None
    try:
        spec.parse(value)
    except ValueError:
        text = Text(f"{spec.text.zh}：应为 {spec.kind}", f"{spec.text.en}: {spec.kind} expected")
        planning.problem(table, row, "value", "fact_unreadable", text, value)
        return None
    return SubjectFact(
        *address_of(bearer), name, value, row.day("until"), row.text("basis"), row.text("document")
    )


def _of_register(
    planning: Planning, table: Table, row: TypedRow, spec: FactSpec, bearer: Bearer
) -> Fact | None:
    """An attribute of the register, stated again for a day that has it already: the later statement counts."""
    value = row.text("value") or ""
    try:
        spec.parse(value)
    except ValueError:
        text = Text(f"{spec.text.zh}：应为 {spec.kind}", f"{spec.text.en}: {spec.kind} expected")
        planning.problem(table, row, "value", "fact_unreadable", text, value)
        return None
    number = int(bearer[1])
    party, deal = (number, None) if spec.of == "party" else (None, number)
    return Fact(party, deal, spec.name, value, row.text("basis"), row.text("document"))


# -- export -------------------------------------------------------------------------------------------------------


_OF_PEOPLE = (COMMITMENT_OF, UNMASKED, ERASED, EVIDENCE_FILE)
"""Attributes that no sheet carries: a commitment is worth something beside its own store alone."""


def export_subjects(view: View, heads: Heads, sheets: Sheets) -> None:
    """Fill the sheet. What evaluations rest on stands with the settings."""
    lines: dict[int, list[SheetRow]] = defaultdict(list)
    for record in view.journal.rows("subject"):
        if record.entry in heads.live:
            lines[record.entry].append(
                _line(heads, record.entry, Subject(SubjectKind(record.row[1]), record.row[2]))
            )
    for stated in view.subject_facts:
        if not of_settings(stated) and not stated.row.name.startswith((REPORT, *_OF_PEOPLE)):
            lines[stated.entry].append(_of_fact(view, heads, stated))
    for links in map(view.links_ever, view.subjects):
        for link in links:
            lines[link.entry].append(_of_link(view, heads, link))
    for entry in sorted(lines):
        heads.carried[entry] += len(lines[entry])
        sheets["subjects"] += lines[entry]


def of_settings(stated: Dated) -> bool:
    """Whether an attribute stands in the sheet of settings: what evaluations rest on, by no definition of its own."""
    own = stated.row.kind in (SubjectKind.OFFICE, SubjectKind.PARTY) and stated.row.basis is None
    return own and not stated.row.name.startswith(OWN_SHEETS)


def fact_line(heads: Heads, subject: Subject, fact: FactInForce, value: str) -> SheetRow:
    """A row of the sheet for an attribute of the register."""
    more = {"attribute": fact.name, "value": value, "basis": fact.basis, "document": fact.document}
    return _line(heads, fact.entry, subject, **more)


def _line(heads: Heads, entry: int, subject: Subject, **more: object) -> SheetRow:
    head = heads.live[entry]
    return {
        "group": head.key,
        "entry": EntryKind(head.kind),
        "day": head.effective_on,
        "kind": subject.kind,
        "code": subject.code or None,
        "second": subject.second or None,
        "source": heads.source(entry),
        **more,
    }


def _of_fact(view: View, heads: Heads, stated: Dated) -> SheetRow:
    row = stated.row
    more = {"attribute": row.name, "value": row.value, "until": row.until, "basis": row.basis}
    return _line(heads, stated.entry, view.subject(bearer_of(row)), **more, document=row.document)


def _of_link(view: View, heads: Heads, link: Dated) -> SheetRow:
    row = link.row
    own = view.subjects[row.subject]
    if row.party is not None:
        named = heads.code(row.party)
    elif row.deal is not None:
        named = str(view.deal_by_id[row.deal].row.code)
    else:
        named = view.subjects[row.other].code
    subject = Subject(SubjectKind(own.kind), own.code)
    more = {"role": LinkRole(row.role), "value": named, "until": row.until, "document": row.document}
    return _line(heads, link.entry, subject, **more)


def subject_named(view: View, number: int) -> Iterator[tuple[str, object]]:
    """The columns by which a row of money names the subject it is about."""
    own = view.subjects.get(number)
    if own is not None:
        yield "subject_kind", SubjectKind(own.kind)
        yield "subject", own.code
