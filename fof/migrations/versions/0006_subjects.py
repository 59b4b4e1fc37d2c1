"""Subjects: identities, attributes, links and decisions of everything that has a number; rows of their own for notice lines,
column mappings and quarter closes. The number of a posting's loan is the id of a subject from here on."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from fof.migrations.conditions import amounts, code, day, given
from fof.migrations.guards import RowCondition, guard_rows, in_force_since, on_sqlite

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

_REGISTERED = "'agreement', 'claim', 'employment', 'loan', 'plan', 'staff_stake', 'voucher'"
_KINDS = (
    "'office', 'party', 'deal', 'stake', 'notice', 'edge', 'plan', 'staff_stake', 'employment', 'agreement', "
    "'loan', 'claim', 'voucher'"
)
_ADDRESS = (
    "(party IS NOT NULL) = (kind IN ('party', 'stake', 'notice', 'edge')) "
    "AND (counterparty IS NOT NULL) = (kind IN ('stake', 'edge')) "
    "AND (deal IS NOT NULL) = (kind IN ('deal')) "
    "AND (subject IS NOT NULL) = (kind IN ('plan', 'staff_stake', 'employment', 'agreement', 'loan', 'claim', 'voucher')) "
    "AND (number IS NOT NULL) = (kind IN ('notice'))"
)
_ROLES = (
    "'holder', 'person', 'employer', 'company', 'deal', 'plan', 'pool', 'agreement', 'borrower', 'lender', 'guarantor', "
    "'insurer', 'loan', 'claim', 'issuer', 'provider'"
)
_COMPONENTS = (
    "'investment', 'fee_inside', 'expenses', 'fees_and_expenses', 'working_capital', 'facility_cost', 'deemed_gp', "
    "'fee_outside', 'placement_fee'"
)


def upgrade() -> None:
    _identities()
    _attributes()
    _by_purpose()
    _judged()
    _loans()
    in_force_since(revision)


def downgrade() -> None:
    """There is no way back from a book: its entries are the user's property."""
    raise RuntimeError("a revision is not taken back; restore a backup instead")


def _rows(table: str, *parts: sa.Column[object] | sa.Constraint, **references: str) -> None:
    """A row table; references: column -> table whose id it holds."""
    foreign = {"entry": "entry", **references}
    op.create_table(
        table,
        sa.Column("entry", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("line", sa.Integer(), autoincrement=False, nullable=False),
        *parts,
        *(
            sa.ForeignKeyConstraint(
                [name],
                [f"{other}.id"],
                name=op.f(f"fk_{table}_{name}"),
                initially="DEFERRED",
                deferrable=True,
            )
            for name, other in foreign.items()
        ),
        sa.PrimaryKeyConstraint("entry", "line", name=op.f(f"pk_{table}")),
        sqlite_strict=True,
        sqlite_with_rowid=False,
    )


def _number(name: str, *, given: bool = False) -> sa.Column[object]:
    return sa.Column(name, sa.Integer(), nullable=not given)


def _text(name: str, *, given: bool = False) -> sa.Column[object]:
    return sa.Column(name, sa.String(), nullable=not given)


def _day(name: str) -> sa.Column[object]:
    return sa.Column(name, sa.Date(), nullable=True)


def _check(table: str, name: str, condition: str) -> sa.CheckConstraint:
    return sa.CheckConstraint(condition, name=op.f(f"ck_{table}_{name}"))


def _address(table: str) -> tuple[sa.Column[object] | sa.Constraint, ...]:
    return (
        _text("kind", given=True),
        *map(_number, ("party", "counterparty", "deal", "subject")),
        _text("number"),
        _check(table, "kind_listed", f"kind IN ({_KINDS})"),
        _check(table, "address_whole", _ADDRESS),
        _check(table, "two_parties", "party <> counterparty"),
    )


_ENDS = {"party": "party", "counterparty": "party", "deal": "deal", "subject": "subject"}


def _identities() -> None:
    _rows(
        "subject",
        _number("id", given=True),
        _text("kind", given=True),
        _text("code", given=True),
        _check("subject", "kind_listed", f"kind IN ({_REGISTERED})"),
        _check("subject", "code_given", "length(code) > 0"),
        sa.UniqueConstraint("id", name=op.f("uq_subject_id")),
        sa.UniqueConstraint("kind", "code", name=op.f("uq_subject_kind_code")),
    )
    _rows(
        "subject_link",
        _number("subject", given=True),
        _text("role", given=True),
        *map(_number, ("party", "deal", "other")),
        _day("until"),
        _text("document"),
        _check("subject_link", "role_listed", f"role IN ({_ROLES})"),
        _check(
            "subject_link",
            "one_end",
            "(party IS NOT NULL AND deal IS NULL AND other IS NULL) OR (party IS NULL AND deal IS NOT NULL "
            "AND other IS NULL) OR (party IS NULL AND deal IS NULL AND other IS NOT NULL)",
        ),
        _check("subject_link", "two_subjects", "other <> subject"),
        subject="subject",
        party="party",
        deal="deal",
        other="subject",
    )


def _attributes() -> None:
    _rows(
        "subject_fact",
        *_address("subject_fact"),
        _text("name", given=True),
        _text("value", given=True),
        _day("until"),
        _text("basis"),
        _text("document"),
        **_ENDS,
    )
    _rows(
        "decision",
        _text("rule", given=True),
        *_address("decision"),
        _text("action", given=True),
        _text("reference", given=True),
        _day("until"),
        _text("reason"),
        _check("decision", "action_listed", "action IN ('accept', 'rectify', 'dismiss')"),
        **_ENDS,
    )


def _by_purpose() -> None:
    _rows(
        "notice_line",
        _number("fund", given=True),
        _text("number", given=True),
        _number("investor", given=True),
        _text("component", given=True),
        sa.Column("fen", sa.BigInteger(), nullable=False),
        _check("notice_line", "component_listed", f"component IN ({_COMPONENTS})"),
        _check("notice_line", "fen_positive", "fen > 0"),
        fund="party",
        investor="party",
    )
    _rows("column_mapping", *(_text(name, given=True) for name in ("name", "content", "source")))
    _rows(
        "quarter_close",
        _number("party"),
        _text("portfolio", given=True),
        _number("known_at", given=True),
        _text("leaf", given=True),
        _number("open_items", given=True),
        _text("reason"),
        _check("quarter_close", "known_before", "known_at > 0 AND known_at < entry"),
        _check("quarter_close", "open_items_counted", "open_items >= 0"),
        _check("quarter_close", "leaf_whole", "length(leaf) = 64"),
        party="party",
    )


def _judged() -> None:
    guard_rows("subject", [code("subject")], "id = NEW.id OR (kind = NEW.kind AND code = NEW.code)")
    address = RowCondition("NEW.number IS NULL OR length(NEW.number) > 0", "number must be given")
    guard_rows("subject_fact", [address, given("name"), day("until")])
    guard_rows("subject_link", [day("until")])
    guard_rows("decision", [address, given("rule", "reference"), day("until")])
    guard_rows("notice_line", [given("number"), amounts("fen")])
    guard_rows("column_mapping", [given("name", "content", "source")])
    guard_rows("quarter_close", [given("portfolio")])


def _loans() -> None:
    """What a posting names as its loan is a subject; asked of an entry's postings together with parties and deals."""
    if on_sqlite():
        op.execute("DROP TRIGGER entry_references")
        op.execute(
            "CREATE TRIGGER entry_references AFTER INSERT ON entry WHEN NEW.posting_count > 0 AND EXISTS ("
            "SELECT 1 FROM posting p WHERE p.entry = NEW.id AND ("
            "p.from_party NOT IN (SELECT id FROM party) OR p.to_party NOT IN (SELECT id FROM party) "
            "OR (p.fund IS NOT NULL AND p.fund <> p.from_party AND p.fund <> p.to_party "
            "AND p.fund NOT IN (SELECT id FROM party)) "
            "OR (p.deal IS NOT NULL AND p.deal NOT IN (SELECT id FROM deal)) "
            "OR (p.loan IS NOT NULL AND p.loan NOT IN (SELECT id FROM subject)))) "
            "BEGIN SELECT RAISE(ABORT, 'posting: unknown party, fund, deal or subject'); END"
        )
        return
    op.execute(
        "CREATE FUNCTION fof_entry_subjects() RETURNS trigger LANGUAGE plpgsql AS $$ "
        "DECLARE lowest integer; highest integer; BEGIN "
        "SELECT min(id), max(id) INTO lowest, highest FROM fresh; "
        "IF EXISTS (SELECT 1 FROM (SELECT DISTINCT loan AS id FROM public.posting WHERE entry BETWEEN lowest AND highest "
        "AND loan IS NOT NULL) used WHERE NOT EXISTS (SELECT 1 FROM public.subject WHERE subject.id = used.id)) THEN "
        "RAISE EXCEPTION 'posting: unknown subject' USING ERRCODE = 'foreign_key_violation'; END IF; RETURN NULL; END $$"
    )
    op.execute(
        "CREATE TRIGGER entry_subjects AFTER INSERT ON entry REFERENCING NEW TABLE AS fresh "
        "FOR EACH STATEMENT EXECUTE FUNCTION fof_entry_subjects()"
    )
