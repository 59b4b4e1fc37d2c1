"""Booking plans of what the office decides, and of entries whose postings are given one by one: what an export brings back."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from fof.errors import Refused
from fof.importers.mapping import mapping_from_json
from fof.importers.tables import Table, TypedRow
from fof.intake import keys
from fof.intake.planning import Planning, posting
from fof.intake.subjects import Brought, bearer_in_file
from fof.ledger import Draft, View, former, request_digest
from fof.rules import catalogue
from fof.rules.registry import RULES, names_its_subject
from models.facts import SUBJECT_FACTS
from models.journal import ColumnMapping, Disposition, Notice, Posting, Setting, SubjectFact
from models.journal import Row as JournalRow
from models.kinds import EntryKind, NoticeKind
from models.posting_kinds import TREATMENTS
from models.rows import Decision, Identity
from models.subjects import Bearer, Subject, SubjectKind, address_of
from models.text import Text

_MAPPING = "mapping:"
_KIND_OF = {
    EntryKind.MAPPING: ColumnMapping,
    EntryKind.SETTING: Setting,
    EntryKind.TERMS: SubjectFact,
}
"""Kind of the entry that brings a row; of several the first."""
_LINES = list[tuple[Table, TypedRow]]


def _groups(tables: Sequence[Table]) -> dict[str, _LINES]:
    """Rows by what is one entry; a row without a group is one of its own."""
    groups: dict[str, _LINES] = {}
    for table in tables:
        for row in table.rows:
            group = row.text("group")
            if group is None:
                name, day = str(row.text("name")), row.day("day")
                group = f"setting/{row.text('subject') or 'office'}/{name}/{day}"
            groups.setdefault(group, []).append((table, row))
    return groups


def _one_day(planning: Planning, lines: _LINES) -> dt.date | None:
    """The day of a group; None (and a problem) where its rows have several."""
    first = lines[0][1].day("day")
    for table, row in lines:
        if row.day("day") != first:
            text = Text(f"同组各行的日期须相同（{first}）", f"one day in all rows of a group, {first}")
            planning.problem(table, row, "day", "differs_within_group", text, row.day("day"))
            return None
    return first


def _add(planning: Planning, lines: _LINES, draft: Draft) -> None:
    """Put an entry into the plan under its group as the key, unless the book holds just this under it."""
    table, row = lines[0]
    held = keys.live(planning.view, draft.key)
    stated = [
        row for row in draft.rows if not isinstance(row, Identity)
    ]  # what is registered already comes as none
    if held is not None and _same(_content(planning.view, held.entry), (draft.postings, stated)):
        planning.held(draft.key, held.entry, table, row)
        return
    planning.add(
        table,
        row,
        draft.kind,
        draft.effective_on,
        draft.key,
        draft.request,
        postings=draft.postings,
        rows=draft.rows,
        note=draft.note,
        column="group",
    )


def _same(
    content: tuple[list[object], list[object]], stated: tuple[Sequence[object], Sequence[object]]
) -> bool:
    """The same postings in their order, and the same rows."""
    return content[0] == list(stated[0]) and sorted(content[1], key=repr) == sorted(stated[1], key=repr)


def _content(view: View, entry: int) -> tuple[list[object], list[object]]:
    """Postings and office rows of an entry, as a plan states them."""
    p = view.postings.of_entry(entry)
    columns = (p.kind, p.from_party, p.to_party, p.fund, p.deal, p.loan, p.fen)
    money: list[object] = [
        Posting(k, a, b, _or_none(fund), _or_none(deal), _or_none(loan), fen)
        for k, a, b, fund, deal, loan, fen in zip(*(c.tolist() for c in columns), strict=True)
    ]
    parts = (view.settings, view.column_mappings, view.notices, view.decisions, view.subject_facts)
    links = [link for number in view.subjects for link in view.links_ever(number)]
    return money, [d.row for part in (*parts, links) for d in part if d.entry == entry]


def _or_none(number: int) -> int | None:
    return None if number < 0 else number


def _digest(*parts: object) -> bytes:
    return request_digest(*(str(p) for p in parts))


# -- settings -----------------------------------------------------------------------------------------------------


def plan_settings(planning: Planning, tables: list[Table]) -> None:
    """One entry for each group: rule numbers, column mappings and what evaluations rest on, a long value joined from its
    pieces; each written as the row of its purpose."""
    for group, lines in _groups(tables).items():
        day = _one_day(planning, lines)
        stated = _joined(planning, lines)
        if day is None or stated is None:
            continue
        rows = [row for s in stated for row in former.today(s, planning.view.journal.rows)]
        kind = next(kind for kind, made in _KIND_OF.items() if any(isinstance(row, made) for row in rows))
        _add(planning, lines, Draft(kind, day, group, _digest("setting", day, *rows), rows=rows))


def _joined(planning: Planning, lines: _LINES) -> list[Setting] | None:
    """The settings of a group; None (and a problem) where one is wrong."""
    settings: list[Setting] = []
    good = True
    for table, row in lines:
        party = planning.party(table, row, "subject")
        if row.text("subject") is not None and party is None:
            good = False
            continue
        name, value, document = str(row.text("name")), str(row.text("value")), row.text("document")
        if (row["part"] or 1) > 1 and settings and settings[-1].name == name:
            settings[-1] = settings[-1]._replace(value=settings[-1].value + value)
            continue
        if document is None:
            planning.problem(
                table, row, "document", "required", Text("必须注明依据文件", "a document it rests on")
            )
            good = False
            continue
        settings.append(Setting(party, name, value, row.day("until"), document))
    for setting in settings:
        if (wrong := _wrong_setting(setting)) is not None:
            table, row = next(line for line in lines if line[1].text("name") == setting.name)
            column, code, text = wrong
            planning.problem(table, row, column, code, text, setting.value[:60])
            good = False
    return settings if good else None


def _wrong_setting(setting: Setting) -> tuple[str, str, Text] | None:
    """Column, code and what is expected, of a name that there is not or a value that cannot be read; None where it is right."""
    name, value = setting.name, setting.value
    if name.startswith(_MAPPING):
        try:
            return (
                None
                if mapping_from_json(value).name == name.removeprefix(_MAPPING)
                else (
                    "name",
                    "bad_mapping",
                    Text("列映射的名称须与内容一致", "the name that stands in the mapping"),
                )
            )
        except (ValueError, Refused):
            return "value", "bad_mapping", Text("应为列映射", "a mapping")
    parameter = catalogue.parameters().get(name)
    if parameter is not None:
        if not parameter.settable:
            return (
                "name",
                "fixed_parameter",
                Text("该参数由文件规定，不得自设", "fixed by its source; not settable"),
            )
        try:
            parameter.read(
                {"true": "yes", "false": "no"}.get(value, value) if parameter.unit == "flag" else value
            )
        except ValueError as error:
            return (
                "value",
                "bad_value",
                Text(f"按该参数的单位填写（{parameter.unit}）", f"a value in {parameter.unit}: {error}"),
            )
        return None
    spec = SUBJECT_FACTS.get(name)
    if (
        spec is None
        or (SubjectKind.OFFICE if setting.party is None else SubjectKind.PARTY) not in spec.subjects
    ):
        return "name", "unknown_parameter", Text("没有这一参数", "no such parameter")
    try:
        spec.parse(value)
    except ValueError:
        text = Text("应为数，分段值以分号分隔", "a number, the two ends of a scale parted by a semicolon")
        return "value", "bad_value", text
    return None


# -- dispositions -------------------------------------------------------------------------------------------------


def plan_dispositions(planning: Planning, tables: list[Table]) -> None:
    """One entry for each group: a decision about a finding of one subject, or of the two of a stake."""
    for group, lines in _groups(tables).items():
        day = _one_day(planning, lines)
        rows = [_disposition(planning, table, row) for table, row in lines]
        good = [row for row in rows if row is not None]
        if day is None or len(good) < len(rows):
            continue
        of_parties = [row for row in good if isinstance(row, Disposition)]
        whole = [row for row in good if isinstance(row, Decision)]
        if len(whole) > 1 or (whole and of_parties):
            table, row = lines[1]
            text = Text("一组只能是对一个对象的处置", "a group is a decision about one subject")
            planning.problem(table, row, "group", "several_subjects", text, group)
            continue
        decided = whole[0] if whole else former.decision(of_parties)
        digest = _digest("disposition", day, *good)
        _add(planning, lines, Draft(EntryKind.DISPOSITION, day, group, digest, rows=[decided]))


def _disposition(planning: Planning, table: Table, row: TypedRow) -> Disposition | Decision | None:
    """The row's decision; of parties and deals a part of one, for a stake may be two rows, its fund and its investor."""
    rule, party, code = str(row.text("rule")), planning.party(table, row, "subject"), row.text("deal")
    deal = None if code is None else planning.deals.get(code)
    if rule not in RULES:
        planning.problem(table, row, "rule", "unknown_rule", Text("应为规则编号", "id of a coded rule"), rule)
        return None
    if code is not None and deal is None:
        text = Text("账中及本文件中没有此交易编号", "no deal of this code in the book or in this file")
        planning.problem(table, row, "deal", "unknown_deal", text, code)
        return None
    if row.text("subject") is not None and party is None:
        return None
    action, until, day = str(row["action"]), row.day("until"), row.day("day")
    if (action == "dismiss") != (until is None) or (until is not None and day is not None and until < day):
        text = Text(
            "接受与整改须注明不早于处置日的截止日，驳回不设截止日",
            "a last day, not before the decision, to accept or rectify; none to dismiss",
        )
        planning.problem(table, row, "until", "until_wrong", text, until)
        return None
    if action == "dismiss" and row.text("reason") is None:
        planning.problem(
            table, row, "reason", "required", Text("驳回必须写明原因", "a reason for the dismissal")
        )
        return None
    decided = (action, str(row.text("reference")), until, row.text("reason"))
    if row["kind"] is None and row.text("code") is None and row.text("second") is None:
        return Disposition(rule, party, deal, *decided)
    if party is not None or deal is not None or row["kind"] is None:
        text = Text(
            "填对象类型与编号，或填主体、交易编号，二者取一",
            "kind and codes, or a party or deal, one of the two",
        )
        planning.problem(table, row, "kind", "two_subjects", text, row.text("code"))
        return None
    about = _named(planning, table, row, rule)
    return None if about is None else Decision(rule, *address_of(about), *decided)


def _named(planning: Planning, table: Table, row: TypedRow, rule: str) -> Bearer | None:
    """What a decision is about, by kind and codes; None (and a problem) where there is none or the rule judges no such thing."""
    subject = Subject(row["kind"], row.text("code") or "", row.text("second") or "")
    scope = RULES[rule].scope
    if not names_its_subject(scope, subject):
        text = Text(f"本条规则针对{scope.zh}", f"the rule judges: {scope.en.lower()}")
        planning.problem(table, row, "kind", "not_judged", text, subject.kind.zh)
        return None
    about = bearer_in_file(planning, table, row, subject)
    if about is None or subject.kind is not SubjectKind.NOTICE or about[1:] in _notices(planning):
        return about
    text = Text("账中及本文件中没有此通知", "no notice of this number in the book or in this file")
    planning.problem(table, row, "second", "unknown_subject", text, subject.second)
    return None


def _notices(planning: Planning) -> set[tuple[int, str]]:
    """Fund and number of the notices of the book and of this plan."""
    stated = [notice.row for notice in planning.view.notices]
    stated += [row for draft in planning.drafts for row in draft.rows if isinstance(row, Notice)]
    return {(notice.fund, notice.number) for notice in stated}


# -- postings one by one --------------------------------------------------------------------------------------------

_KINDS = {
    name.casefold(): kind for kind, t in TREATMENTS.items() for name in (kind.name, t.text.zh, t.text.en)
}


def plan_movements(planning: Planning, tables: list[Table], brought: Brought) -> None:
    """One entry for each group, with its postings in their order and what the sheet of subjects brings with it; and one for
    each group of that sheet that moves no money."""
    with_money = {row.text("group") for table in tables for row in table.rows}
    for group, of_subjects in brought.items():
        if group not in with_money:
            lines = [(table, row) for table, row, _ in of_subjects]
            day = _one_day(planning, lines)
            made = [r for *_, rows in of_subjects for r in rows]
            if day is not None:
                digest = _digest("subjects", day, *made)
                _add(planning, lines, Draft(lines[0][1]["entry"], day, group, digest, rows=made))
    for group, lines in _groups(tables).items():
        day = _one_day(planning, lines)
        moved = [_movement(planning, table, row) for table, row in lines]
        good = [p for p in moved if p is not None]
        if day is None or len(good) != len(moved):
            continue
        row = lines[0][1]
        rows: list[JournalRow] = []
        if (number := row.text("number")) is not None and good[0].fund is not None:
            kind = (
                NoticeKind.DISTRIBUTION if row["entry"] is EntryKind.DISTRIBUTION else NoticeKind.CAPITAL_CALL
            )
            rows = [Notice(good[0].fund, kind.value, number, row.day("due_on"))]
        rows += [r for *_, made in brought.get(group, ()) for r in made]
        digest = _digest("movements", day, row["entry"], *good, *rows)
        _add(planning, lines, Draft(row["entry"], day, group, digest, good, rows, note=row.text("document")))


def _movement(planning: Planning, table: Table, row: TypedRow) -> Posting | None:
    """The posting of a row; None (and a problem) where it is wrong."""
    kind = _KINDS.get(str(row.text("kind")).casefold())
    payer, payee, fund = (planning.party(table, row, c) for c in ("payer", "payee", "fund"))
    deal = None if (code := row.text("deal")) is None else planning.deals.get(code)
    fen, named = row.fen("amount"), (str(row["subject_kind"]), row.text("subject") or "")
    about = None if row["subject_kind"] is None else planning.subjects.get(named)
    if kind is None:
        text = Text("没有这一收付类别", "no such posting kind")
        planning.problem(table, row, "kind", "unknown_kind", text, row.text("kind"))
    elif code is not None and deal is None:
        text = Text("账中及本文件中没有此交易编号", "no deal of this code in the book or in this file")
        planning.problem(table, row, "deal", "unknown_deal", text, code)
    elif about is None and (row["subject_kind"] is not None or row.text("subject") is not None):
        text = Text(
            "账中及本文件中没有此对象", "no subject of this kind and code in the book or in this file"
        )
        planning.problem(table, row, "subject", "unknown_subject", text, named[1])
    elif not fen:
        planning.problem(
            table, row, "amount", "not_positive", Text("金额须大于零", "an amount above zero"), 0
        )
    elif payer is not None and payee is not None and (fund is not None) == (row.text("fund") is not None):
        if fund is not None:
            planning.in_currency(table, row, "amount", fund)
        return posting(kind, payer, payee, fen, fund, deal)._replace(loan=about)
    return None
