"""Booking plans of registers: parties, funds, companies, their attributes, ownership."""

from __future__ import annotations

import datetime as dt

from fof.importers.tables import Table, TypedRow
from fof.intake import keys
from fof.intake.attributes import state_deal, state_row
from fof.intake.planning import Planning
from models.journal import Edge
from models.kinds import EdgeBasis, EntryKind, PartyKind
from models.money import WHOLE
from models.subjects import SubjectKind
from models.text import Text


def plan_parties(planning: Planning, tables: list[Table]) -> None:
    """Register unknown codes, then state attributes from each row's day on; what holds already is not stated again."""
    rows = sorted(
        ((table, row) for table in tables for row in table.rows),
        key=lambda pair: (str(pair[1].text("code")), pair[1].day("since") or dt.date.min),
    )
    named = {row.text("code") for _, row in rows if row.text("name") is not None}
    seen: dict[tuple[str, dt.date], TypedRow] = {}
    for table, row in rows:
        code, since = row.text("code"), row.day("since")
        assert code is not None
        assert since is not None
        if (first := seen.get((code, since))) is not None:
            planning.problem(
                table,
                row,
                "code",
                "duplicate_code",
                Text(
                    f"编号与生效日与“{first.sheet}”第 {first.number} 行相同",
                    f"same code and day as row {first.number} of {first.sheet}",
                ),
                code,
            )
            continue
        seen[code, since] = row
        _register(planning, table, row, code, since, code in named)
    if not rows:
        return
    known = _Identities(planning)
    for table, row in rows:
        known.compare(table, row)
        _attributes(planning, table, row)


class _Identities:
    """Names and credit codes of the parties of the book and of this plan: two codes for one party would split its money."""

    def __init__(self, planning: Planning) -> None:
        self._planning = planning
        self._of: dict[tuple[str, str], str] = {}
        self._names: dict[str, tuple[str, TypedRow]] = {}
        for code, party in planning.view.by_code.items():
            self._of.setdefault(("code", code.casefold()), code)
            for name in ("name", "uscc"):
                if (value := planning.view.fact(party.id, name)) is not None:
                    self._of.setdefault((name, str(value)), code)

    def compare(self, table: Table, row: TypedRow) -> None:
        """Warn where the row gives one party two codes, or one code two names."""
        code = str(row.text("code"))
        for column, value, text in (
            ("code", code.casefold(), Text("编号仅大小写不同", "differs in capitals only")),
            ("name", row.text("name"), Text("名称相同", "has the same name")),
            (
                "uscc",
                row.text("uscc") if "uscc" in row.stated() else None,
                Text("信用代码相同", "has the same credit code"),
            ),
        ):
            if value is None:
                continue
            other = self._of.setdefault((column, value), code)
            if other != code and row["successor_of"] is None:
                expected = Text(
                    f"与 {other} 的{text.zh}，请确认不是同一主体登记两次",
                    f"{other} {text.en}; is this one party registered twice",
                )
                self._planning.warn(table, row, column, "same_party_twice", expected, row.text(column))
        name = row.text("name")
        if name is None or code in self._planning.view.by_code:
            return  # a rename of a registered party is told by _attributes
        before, first = self._names.setdefault(code, (name, row))
        if before != name:
            expected = Text(
                f"“{first.sheet}”第 {first.number} 行同一编号的名称为“{before}”；若非更名，请更正编号",
                f"row {first.number} of {first.sheet} names the code {before!r}; unless it was renamed, the code is wrong",
            )
            self._planning.warn(table, row, "name", "renamed", expected, name)


def _register(
    planning: Planning, table: Table, row: TypedRow, code: str, since: dt.date, named: bool
) -> None:
    kind = row["kind"] or PartyKind.COMPANY
    known = planning.parties.get(code)
    if known is None:
        if not named:
            planning.problem(
                table, row, "name", "required", Text("新登记的主体须填写名称", "a new code needs a name")
            )
        planning.new_party(table, row, code, kind, since)
    elif known[1] is not kind:
        planning.problem(
            table,
            row,
            "kind" if row["kind"] else "code",
            "other_kind",
            Text(f"{code} 已登记为{known[1].zh}", f"{code} is registered as {known[1].value}"),
            kind.value,
        )
    elif code in planning.view.by_code:
        planning.held(keys.key("party", code), planning.view.by_code[code].entry, table, row)


def _attributes(planning: Planning, table: Table, row: TypedRow) -> None:
    code, since = row.text("code"), row.day("since")
    registered = planning.parties.get(code or "")
    if registered is None or since is None:
        return
    party = registered[0]
    if (currency := row["currency"]) is not None:
        planning.currencies.setdefault(party, []).append((since, currency))
    state_row(planning, table, row, party, since)
    name = row.text("name")
    before = planning.view.fact_on(party, "name", since) if party in planning.view.parties else None
    if name is not None and before is not None and before.value != name:
        planning.warn(
            table,
            row,
            "name",
            "renamed",
            Text(f"名称将由“{before.value}”改为“{name}”", f"renames {before.value!r}"),
            name,
        )


def plan_company_years(planning: Planning, tables: list[Table]) -> None:
    """Figures and stage of a company at the end of a year."""
    seen: dict[tuple[str, int], TypedRow] = {}
    for table in tables:
        for row in table.rows:
            code, year = str(row.text("company")), row["year"]
            if (first := seen.setdefault((code, year), row)) is not row:
                planning.problem(
                    table,
                    row,
                    "year",
                    "duplicate_row",
                    Text(
                        f"该企业该年度已在第 {first.number} 行填写",
                        f"company and year as in row {first.number}",
                    ),
                    year,
                )
                continue
            party = planning.party(table, row, "company")
            if party is None:
                continue
            if planning.kind(party) is not PartyKind.COMPANY:
                planning.problem(
                    table,
                    row,
                    "company",
                    "not_a_company",
                    Text("应为企业的编号", "the code of a company expected"),
                    code,
                )
                continue
            state_row(planning, table, row, party, dt.date(year, 12, 31), exact=True)


def plan_stated(planning: Planning, tables: list[Table]) -> None:
    """Attributes of parties or deals from a day on, by layouts whose rows say nothing else."""
    seen: dict[tuple[str, str, dt.date], TypedRow] = {}
    for table in tables:
        subject = table.layout.subject
        of_deals = table.layout.of is SubjectKind.DEAL
        for row in table.rows:
            number = planning.deal(table, row, subject) if of_deals else planning.party(table, row, subject)
            since = row.day("since")
            if number is None or since is None:
                continue
            first = seen.setdefault((table.layout.name, str(row.text(subject)), since), row)
            if first is not row:
                text = Text(
                    f"编号与生效日与“{first.sheet}”第 {first.number} 行相同",
                    f"same code and day as row {first.number} of {first.sheet}",
                )
                planning.problem(table, row, subject, "duplicate_row", text, row.text(subject))
                continue
            if of_deals:
                state_deal(planning, table, row, number, since)
            else:
                state_row(planning, table, row, number, since)


def plan_edges(planning: Planning, tables: list[Table]) -> None:
    """Ownership from a day on."""
    for table in tables:
        for row in table.rows:
            owner, owned = planning.party(table, row, "owner"), planning.party(table, row, "owned")
            since, until, share = row.day("since"), row.day("until"), row.share("share")
            basis: EdgeBasis = row["basis"]
            if owner is None or owned is None or since is None or share is None:
                continue
            if owner == owned:
                planning.problem(
                    table,
                    row,
                    "owned",
                    "own_owner",
                    Text("持有人与被持有不得相同", "two different parties"),
                    row.text("owned"),
                )
                continue
            if until is not None and until <= since:
                planning.problem(
                    table,
                    row,
                    "until",
                    "ends_before_start",
                    Text("截止日须晚于起始日", "a day after the first"),
                    until,
                )
                continue
            nano = share * WHOLE
            if nano != nano.to_integral_value():
                planning.problem(
                    table,
                    row,
                    "share",
                    "too_precise",
                    Text("比例最多九位小数", "at most nine decimals"),
                    share,
                )
                continue
            planning.add(
                table,
                row,
                EntryKind.OWNERSHIP,
                since,
                keys.key("edge", row.text("owner"), row.text("owned"), basis, since),
                keys.content(row.stated()),
                rows=[Edge(owner, owned, int(nano), basis.value, until, row.text("document"))],
                column="owned",
            )
