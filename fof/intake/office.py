"""What the office decides, as rows of entries: settings, mappings and decisions about findings."""

from __future__ import annotations

from collections.abc import Sequence

from fof.errors import Refused
from fof.importers.mapping import mapping_from_json
from fof.importers.tables import Table, TypedRow
from fof.intake.office_attributes import OWN_SHEETS
from fof.intake.parts import Parts
from fof.intake.planning import Planning
from fof.intake.subjects import bearer_in_file
from fof.ledger import former
from fof.rules import catalogue
from fof.rules.registry import RULES, names_its_subject
from models.facts import REPORT, SUBJECT_FACTS
from models.journal import Disposition, Notice, Setting
from models.journal import Row as JournalRow
from models.rows import Decision
from models.subjects import Bearer, Subject, SubjectKind, address_of
from models.text import Text

_MAPPING = "mapping:"


# -- settings -----------------------------------------------------------------------------------------------------


def settings_rows(planning: Planning, tables: Sequence[Table], parts: Parts) -> None:
    """Rule numbers, column mappings and what evaluations rest on: a long value joined from its pieces, each written as the row
    of its purpose. A row without a group is an entry of its own."""
    groups: dict[str, list[tuple[Table, TypedRow]]] = {}
    for table in tables:
        for row in table.rows:
            name, day = str(row.text("name")), row.day("day")
            group = row.text("group") or f"setting/{row.text('subject') or 'office'}/{name}/{day}"
            groups.setdefault(group, []).append((table, row))
    for group, lines in groups.items():
        stated = _joined(planning, lines)
        for number, (table, row) in enumerate(lines):
            rows = [r for s in stated or () for r in former.today(s, planning.view.journal.rows)]
            made = () if number else tuple(rows)
            parts.put(group, table, row, None if stated is None else made)


def _joined(planning: Planning, lines: list[tuple[Table, TypedRow]]) -> list[Setting] | None:
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
            parameter.typed(
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
        or name == REPORT  # has a sheet of its own, as these have
        or name.startswith(OWN_SHEETS)
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


def decision_rows(planning: Planning, tables: Sequence[Table], parts: Parts) -> None:
    """One decision for each group: about a finding of one subject, or of the two of a stake."""
    groups: dict[str, list[tuple[Table, TypedRow]]] = {}
    for table in tables:
        for row in table.rows:
            groups.setdefault(str(row.text("group")), []).append((table, row))
    for group, lines in groups.items():
        rows = [_disposition(planning, table, row, parts) for table, row in lines]
        good = [row for row in rows if row is not None]
        of_parties = [row for row in good if isinstance(row, Disposition)]
        whole = [row for row in good if isinstance(row, Decision)]
        if len(whole) > 1 or (whole and of_parties):
            table, row = lines[1]
            text = Text("一组只能是对一个对象的处置", "a group is a decision about one subject")
            planning.problem(table, row, "group", "several_subjects", text, group)
            good = []
        decided = None if len(good) < len(rows) else (whole[0] if whole else former.decision(of_parties))
        for number, (table, row) in enumerate(lines):
            made: tuple[JournalRow, ...] = () if number or decided is None else (decided,)
            parts.put(group, table, row, None if decided is None else made)


def _disposition(
    planning: Planning, table: Table, row: TypedRow, parts: Parts
) -> Disposition | Decision | None:
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
    about = _named(planning, table, row, rule, parts)
    return None if about is None else Decision(rule, *address_of(about), *decided)


def _named(planning: Planning, table: Table, row: TypedRow, rule: str, parts: Parts) -> Bearer | None:
    """What a decision is about, by kind and codes; None (and a problem) where there is none or the rule judges no such thing."""
    subject = Subject(row["kind"], row.text("code") or "", row.text("second") or "")
    scope = RULES[rule].scope
    if not names_its_subject(scope, subject):
        text = Text(f"本条规则针对{scope.zh}", f"the rule judges: {scope.en.lower()}")
        planning.problem(table, row, "kind", "not_judged", text, subject.kind.zh)
        return None
    about = bearer_in_file(planning, table, row, subject)
    if about is None or subject.kind is not SubjectKind.NOTICE or about[1:] in _notices(planning, parts):
        return about
    text = Text("账中及本文件中没有此通知", "no notice of this number in the book or in this file")
    planning.problem(table, row, "second", "unknown_subject", text, subject.second)
    return None


def _notices(planning: Planning, parts: Parts) -> set[tuple[int, str]]:
    """Fund and number of the notices of the book and of this plan."""
    stated = [notice.row for notice in planning.view.notices]
    planned = [draft.rows for draft in planning.drafts] + [
        p.rows for ps in parts.by_group.values() for p in ps
    ]
    stated += [row for rows in planned for row in rows if isinstance(row, Notice)]
    return {(notice.fund, notice.number) for notice in stated}
