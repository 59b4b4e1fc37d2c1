"""The journal's tables, and the triggers and privileges that keep them append-only."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

ROW_TABLES = (
    "party",
    "deal",
    "posting",
    "mark",
    "fact",
    "edge",
    "notice",
    "position",
    "setting",
    "disposition",
)
TABLES = ("entry", *ROW_TABLES)
APP_ROLE = "fof_app"


def upgrade() -> None:
    _create_tables()
    if op.get_bind().dialect.name == "sqlite":
        _sqlite_triggers()
    else:
        _postgres_triggers()
        _postgres_privileges()


def downgrade() -> None:
    """There is no way back from a book: its entries are the user's property."""
    raise RuntimeError("the first revision is not taken back; restore a backup instead")


def _sqlite_triggers() -> None:
    for table in TABLES:
        for verb in ("UPDATE", "DELETE"):
            op.execute(
                f"CREATE TRIGGER {table}_no_{verb.lower()} BEFORE {verb} ON {table} "
                f"BEGIN SELECT RAISE(ABORT, '{table} is append-only'); END"
            )
    # INSERT OR REPLACE fires no delete trigger unless recursive_triggers is on, so what it would delete is looked for.
    op.execute(
        "CREATE TRIGGER entry_next BEFORE INSERT ON entry "
        "WHEN NEW.id IS NOT (SELECT coalesce(max(id), 0) + 1 FROM entry) "
        "BEGIN SELECT RAISE(ABORT, 'entry ids follow one another without gaps'); END"
    )
    for table, taken in (
        ("entry", "key = NEW.key OR reverses = NEW.reverses"),
        ("party", "id = NEW.id OR code = NEW.code"),
        ("deal", "id = NEW.id"),
    ):
        op.execute(
            f"CREATE TRIGGER {table}_once BEFORE INSERT ON {table} WHEN EXISTS (SELECT 1 FROM {table} WHERE {taken}) "
            f"BEGIN SELECT RAISE(ABORT, '{table}: taken already (UNIQUE)'); END"
        )
    for table in ROW_TABLES:
        if table != "posting":
            op.execute(
                f"CREATE TRIGGER {table}_closed BEFORE INSERT ON {table} "
                f"WHEN NEW.entry <= (SELECT coalesce(max(id), 0) FROM entry) "
                f"BEGIN SELECT RAISE(ABORT, '{table}: the entry is closed'); END"
            )
    # A subquery for each posting would take as long as all the rest of a large booking. So the ledger announces what
    # it is going to write: it inserts 2^40 + the last entry's id as a row id, and last_insert_rowid() gives that back.
    # Whoever has not announced anything writes no postings.
    op.execute(
        "CREATE TRIGGER posting_closed BEFORE INSERT ON posting "
        "WHEN last_insert_rowid() < 1099511627776 OR NEW.entry <= last_insert_rowid() - 1099511627776 "
        "BEGIN SELECT RAISE(ABORT, 'posting: the entry is closed, or the ledger has not announced it'); END"
    )
    op.execute(
        "CREATE TRIGGER entry_complete AFTER INSERT ON entry WHEN EXISTS ("
        "SELECT 1 FROM (SELECT count(*) AS n, coalesce(max(line), 0) AS highest FROM posting WHERE entry = NEW.id) "
        "WHERE n IS NOT NEW.posting_count OR highest IS NOT NEW.posting_count) "
        "BEGIN SELECT RAISE(ABORT, 'an entry closes exactly its own postings'); END"
    )
    # References of postings (bulk) are checked here, not by foreign keys, the same way as on PostgreSQL.
    op.execute(
        "CREATE TRIGGER entry_references AFTER INSERT ON entry WHEN NEW.posting_count > 0 AND EXISTS ("
        "SELECT 1 FROM posting p WHERE p.entry = NEW.id AND ("
        "p.from_party NOT IN (SELECT id FROM party) OR p.to_party NOT IN (SELECT id FROM party) "
        "OR (p.fund IS NOT NULL AND p.fund <> p.from_party AND p.fund <> p.to_party "
        "AND p.fund NOT IN (SELECT id FROM party)) "
        "OR (p.deal IS NOT NULL AND p.deal NOT IN (SELECT id FROM deal)))) "
        "BEGIN SELECT RAISE(ABORT, 'posting: unknown party, fund or deal'); END"
    )


def _postgres_triggers() -> None:
    op.execute(
        "CREATE FUNCTION fof_append_only() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
        "RAISE EXCEPTION '% is append-only', TG_TABLE_NAME USING ERRCODE = 'restrict_violation'; END $$"
    )
    # Names are qualified: a temporary table called entry must not stand in for the real one.
    op.execute(
        "CREATE FUNCTION fof_entries_follow() RETURNS trigger LANGUAGE plpgsql AS $$ "
        "DECLARE lowest integer; highest integer; rows integer; BEGIN "
        "SELECT min(id), max(id), count(*) INTO lowest, highest, rows FROM fresh; "
        "IF rows = 0 THEN RETURN NULL; END IF; "
        "IF highest - lowest + 1 <> rows OR highest <> (SELECT max(id) FROM public.entry) "
        "OR lowest <> (SELECT coalesce(max(id), 0) + 1 FROM public.entry WHERE id < lowest) THEN "
        "RAISE EXCEPTION 'entry ids follow one another without gaps' USING ERRCODE = 'restrict_violation'; END IF; "
        "IF EXISTS (SELECT 1 FROM fresh f LEFT JOIN (SELECT entry, count(*) AS n, max(line) AS highest "
        "FROM public.posting WHERE entry BETWEEN lowest AND highest GROUP BY entry) p ON p.entry = f.id "
        "WHERE f.posting_count <> coalesce(p.n, 0) OR f.posting_count <> coalesce(p.highest, 0)) THEN "
        "RAISE EXCEPTION 'an entry closes exactly its own postings' USING ERRCODE = 'restrict_violation'; END IF; "
        "IF EXISTS (SELECT 1 FROM (SELECT from_party AS id FROM public.posting WHERE entry BETWEEN lowest AND highest "
        "UNION SELECT to_party FROM public.posting WHERE entry BETWEEN lowest AND highest "
        "UNION SELECT fund FROM public.posting WHERE entry BETWEEN lowest AND highest AND fund IS NOT NULL) used "
        "WHERE NOT EXISTS (SELECT 1 FROM public.party WHERE party.id = used.id)) "
        "OR EXISTS (SELECT 1 FROM (SELECT DISTINCT deal AS id FROM public.posting WHERE entry BETWEEN lowest AND highest "
        "AND deal IS NOT NULL) used WHERE NOT EXISTS (SELECT 1 FROM public.deal WHERE deal.id = used.id)) THEN "
        "RAISE EXCEPTION 'posting: unknown party, fund or deal' USING ERRCODE = 'foreign_key_violation'; END IF; "
        "RETURN NULL; END $$"
    )
    op.execute(
        "CREATE FUNCTION fof_rows_before_entry() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
        "IF (SELECT min(entry) FROM fresh) <= (SELECT coalesce(max(id), 0) FROM public.entry) THEN "
        "RAISE EXCEPTION '%: the entry is closed', TG_TABLE_NAME USING ERRCODE = 'restrict_violation'; END IF; "
        "RETURN NULL; END $$"
    )
    # A foreign key would queue an event for each posting. Lines are 1 to n, so that the first stands for all.
    op.execute(
        "CREATE FUNCTION fof_posting_lines() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
        "IF EXISTS (SELECT 1 FROM fresh GROUP BY entry HAVING count(*) <> max(line)) THEN "
        "RAISE EXCEPTION 'posting: lines of an entry are 1 to n, written together' "
        "USING ERRCODE = 'restrict_violation'; END IF; RETURN NULL; END $$"
    )
    op.execute(
        "CREATE FUNCTION fof_posting_has_entry() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
        "IF NOT EXISTS (SELECT 1 FROM public.entry WHERE id = NEW.entry) THEN "
        "RAISE EXCEPTION 'posting: no entry %', NEW.entry USING ERRCODE = 'foreign_key_violation'; END IF; "
        "RETURN NULL; END $$"
    )
    for table in TABLES:
        op.execute(
            f"CREATE TRIGGER {table}_append_only BEFORE UPDATE OR DELETE ON {table} "
            f"FOR EACH ROW EXECUTE FUNCTION fof_append_only()"
        )
        op.execute(
            f"CREATE TRIGGER {table}_no_truncate BEFORE TRUNCATE ON {table} "
            f"FOR EACH STATEMENT EXECUTE FUNCTION fof_append_only()"
        )
    op.execute(
        "CREATE TRIGGER entry_follows AFTER INSERT ON entry REFERENCING NEW TABLE AS fresh "
        "FOR EACH STATEMENT EXECUTE FUNCTION fof_entries_follow()"
    )
    for table in ROW_TABLES:
        op.execute(
            f"CREATE TRIGGER {table}_closed AFTER INSERT ON {table} REFERENCING NEW TABLE AS fresh "
            f"FOR EACH STATEMENT EXECUTE FUNCTION fof_rows_before_entry()"
        )
    op.execute(
        "CREATE TRIGGER posting_lines AFTER INSERT ON posting REFERENCING NEW TABLE AS fresh "
        "FOR EACH STATEMENT EXECUTE FUNCTION fof_posting_lines()"
    )
    op.execute(
        "CREATE CONSTRAINT TRIGGER posting_has_entry AFTER INSERT ON posting DEFERRABLE INITIALLY DEFERRED "
        "FOR EACH ROW WHEN (NEW.line = 1) EXECUTE FUNCTION fof_posting_has_entry()"
    )


def _postgres_privileges() -> None:
    """The role that books may read and insert; it owns nothing, so it cannot switch a trigger off."""
    op.execute(
        f"DO $$ BEGIN IF NOT EXISTS (SELECT 1 FROM pg_roles WHERE rolname = '{APP_ROLE}') THEN "
        f"CREATE ROLE {APP_ROLE} NOLOGIN; END IF; EXCEPTION WHEN duplicate_object THEN NULL; END $$"
    )
    op.execute("REVOKE ALL ON SCHEMA public FROM PUBLIC")
    op.execute(f"GRANT USAGE ON SCHEMA public TO {APP_ROLE}")
    for table in TABLES:
        op.execute(f"REVOKE ALL ON {table} FROM PUBLIC")
        op.execute(f"GRANT SELECT, INSERT ON {table} TO {APP_ROLE}")
    op.execute(f"GRANT SELECT ON alembic_version TO {APP_ROLE}")


def _create_tables() -> None:
    op.create_table(
        "entry",
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("effective_on", sa.Date(), nullable=False),
        sa.Column("recorded_at", sa.String(), nullable=False),
        sa.Column("recorded_by", sa.String(), nullable=False),
        sa.Column("approved_by", sa.String(), nullable=True),
        sa.Column("key", sa.String(), nullable=False),
        sa.Column("request", sa.LargeBinary(), nullable=False),
        sa.Column("source_digest", sa.String(), nullable=True),
        sa.Column("source_name", sa.String(), nullable=True),
        sa.Column("source_sheet", sa.String(), nullable=True),
        sa.Column("source_row", sa.Integer(), nullable=True),
        sa.Column("note", sa.String(), nullable=True),
        sa.Column("reverses", sa.Integer(), nullable=True),
        sa.Column("posting_count", sa.Integer(), nullable=False),
        sa.Column("leaf", sa.LargeBinary(), nullable=False),
        sa.CheckConstraint(
            "kind IN ('parties', 'terms', 'ownership', 'commitment', 'commitment_amendment', 'commitment_transfer', 'capital_call', 'call_payment', 'distribution', 'valuation', 'deal', 'exit', 'fund_cash', 'position_statement', 'reorganisation', 'reversal', 'setting', 'disposition', 'period_close', 'mapping', 'coinvestment', 'pool', 'voucher')",
            name=op.f("ck_entry_kind_listed"),
        ),
        sa.CheckConstraint(
            "approved_by IS NULL OR approved_by <> recorded_by", name=op.f("ck_entry_four_eyes")
        ),
        sa.CheckConstraint("reverses IS NULL OR reverses < id", name=op.f("ck_entry_reverses_earlier")),
        sa.ForeignKeyConstraint(["reverses"], ["entry.id"], name=op.f("fk_entry_reverses")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_entry")),
        sa.UniqueConstraint("key", name=op.f("uq_entry_key")),
        sa.UniqueConstraint("reverses", name=op.f("uq_entry_reverses")),
        sqlite_strict=True,
    )
    op.create_table(
        "posting",
        sa.Column("entry", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("line", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("kind", sa.SmallInteger(), nullable=False),
        sa.Column("from_party", sa.Integer(), nullable=False),
        sa.Column("to_party", sa.Integer(), nullable=False),
        sa.Column("fund", sa.Integer(), nullable=True),
        sa.Column("deal", sa.Integer(), nullable=True),
        sa.Column("loan", sa.Integer(), nullable=True),
        sa.Column("fen", sa.BigInteger(), nullable=False),
        sa.CheckConstraint("fen > 0", name=op.f("ck_posting_fen_positive")),
        sa.CheckConstraint("from_party <> to_party", name=op.f("ck_posting_two_parties")),
        sa.CheckConstraint(
            "kind BETWEEN 1 AND 8 OR kind BETWEEN 10 AND 20 OR kind BETWEEN 30 AND 42 OR kind BETWEEN 50 AND 52 OR kind BETWEEN 60 AND 72 OR kind BETWEEN 80 AND 81 OR kind BETWEEN 90 AND 99",
            name=op.f("ck_posting_kind_listed"),
        ),
        sa.CheckConstraint("line > 0", name=op.f("ck_posting_line_positive")),
        sa.PrimaryKeyConstraint("entry", "line", name=op.f("pk_posting")),
        sqlite_strict=True,
        sqlite_with_rowid=False,
    )
    op.create_table(
        "party",
        sa.Column("entry", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("line", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("code", sa.String(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.CheckConstraint(
            "kind IN ('government', 'guidance_fund', 'parent_fund', 'sub_fund', 'manager', 'bank', 'guarantor', 'insurer', 'social_investor', 'state_investor', 'national_fund', 'soe_vc', 'person', 'holding_vehicle', 'company', 'pool', 'institution', 'other')",
            name=op.f("ck_party_kind_listed"),
        ),
        sa.CheckConstraint("length(code) > 0", name=op.f("ck_party_code_given")),
        sa.ForeignKeyConstraint(
            ["entry"], ["entry.id"], name=op.f("fk_party_entry"), initially="DEFERRED", deferrable=True
        ),
        sa.PrimaryKeyConstraint("entry", "line", name=op.f("pk_party")),
        sa.UniqueConstraint("code", name=op.f("uq_party_code")),
        sa.UniqueConstraint("id", name=op.f("uq_party_id")),
        sqlite_strict=True,
        sqlite_with_rowid=False,
    )
    op.create_table(
        "deal",
        sa.Column("entry", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("line", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("code", sa.String(), nullable=False),
        sa.Column("investor", sa.Integer(), nullable=False),
        sa.Column("company", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("round", sa.String(), nullable=True),
        sa.Column("instrument", sa.String(), nullable=True),
        sa.Column("share_nano", sa.BigInteger(), nullable=True),
        sa.Column("post_money", sa.BigInteger(), nullable=True),
        sa.Column("stage", sa.String(), nullable=True),
        sa.Column("stage_definition", sa.String(), nullable=True),
        sa.Column("exit_route", sa.String(), nullable=True),
        sa.CheckConstraint(
            "kind IN ('initial', 'follow_on', 'partial_exit', 'exit', 'write_off')",
            name=op.f("ck_deal_kind_listed"),
        ),
        sa.CheckConstraint("post_money IS NULL OR post_money > 0", name=op.f("ck_deal_post_money_positive")),
        sa.CheckConstraint(
            "share_nano IS NULL OR share_nano BETWEEN 0 AND 1000000000", name=op.f("ck_deal_share_within_one")
        ),
        sa.ForeignKeyConstraint(
            ["company"], ["party.id"], name=op.f("fk_deal_company"), initially="DEFERRED", deferrable=True
        ),
        sa.ForeignKeyConstraint(
            ["entry"], ["entry.id"], name=op.f("fk_deal_entry"), initially="DEFERRED", deferrable=True
        ),
        sa.ForeignKeyConstraint(
            ["investor"], ["party.id"], name=op.f("fk_deal_investor"), initially="DEFERRED", deferrable=True
        ),
        sa.PrimaryKeyConstraint("entry", "line", name=op.f("pk_deal")),
        sa.UniqueConstraint("id", name=op.f("uq_deal_id")),
        sqlite_strict=True,
        sqlite_with_rowid=False,
    )
    op.create_index(op.f("ix_deal_code"), "deal", ["code"], unique=False)
    op.create_table(
        "edge",
        sa.Column("entry", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("line", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("owner", sa.Integer(), nullable=False),
        sa.Column("owned", sa.Integer(), nullable=False),
        sa.Column("share_nano", sa.BigInteger(), nullable=False),
        sa.Column("basis", sa.String(), nullable=False),
        sa.Column("until", sa.Date(), nullable=True),
        sa.Column("document", sa.String(), nullable=True),
        sa.CheckConstraint("basis IN ('equity', 'commitment', 'paid_in')", name=op.f("ck_edge_basis_listed")),
        sa.CheckConstraint("owner <> owned", name=op.f("ck_edge_two_parties")),
        sa.CheckConstraint("share_nano BETWEEN 0 AND 1000000000", name=op.f("ck_edge_share_within_one")),
        sa.ForeignKeyConstraint(
            ["entry"], ["entry.id"], name=op.f("fk_edge_entry"), initially="DEFERRED", deferrable=True
        ),
        sa.ForeignKeyConstraint(
            ["owned"], ["party.id"], name=op.f("fk_edge_owned"), initially="DEFERRED", deferrable=True
        ),
        sa.ForeignKeyConstraint(
            ["owner"], ["party.id"], name=op.f("fk_edge_owner"), initially="DEFERRED", deferrable=True
        ),
        sa.PrimaryKeyConstraint("entry", "line", name=op.f("pk_edge")),
        sqlite_strict=True,
        sqlite_with_rowid=False,
    )
    op.create_table(
        "mark",
        sa.Column("entry", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("line", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("holder", sa.Integer(), nullable=False),
        sa.Column("holding", sa.Integer(), nullable=False),
        sa.Column("fen", sa.BigInteger(), nullable=False),
        sa.Column("method", sa.String(), nullable=False),
        sa.Column("stated_by", sa.String(), nullable=True),
        sa.Column("document", sa.String(), nullable=True),
        sa.CheckConstraint(
            "method IN ('reported_nav', 'recent_round', 'multiples', 'dcf', 'net_assets', 'market_price', 'milestone', 'cost', 'appraisal', 'written_off')",
            name=op.f("ck_mark_method_listed"),
        ),
        sa.ForeignKeyConstraint(
            ["entry"], ["entry.id"], name=op.f("fk_mark_entry"), initially="DEFERRED", deferrable=True
        ),
        sa.ForeignKeyConstraint(
            ["holder"], ["party.id"], name=op.f("fk_mark_holder"), initially="DEFERRED", deferrable=True
        ),
        sa.ForeignKeyConstraint(
            ["holding"], ["party.id"], name=op.f("fk_mark_holding"), initially="DEFERRED", deferrable=True
        ),
        sa.PrimaryKeyConstraint("entry", "line", name=op.f("pk_mark")),
        sqlite_strict=True,
        sqlite_with_rowid=False,
    )
    op.create_table(
        "notice",
        sa.Column("entry", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("line", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("fund", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("number", sa.String(), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=True),
        sa.CheckConstraint("kind IN ('capital_call', 'distribution')", name=op.f("ck_notice_kind_listed")),
        sa.ForeignKeyConstraint(
            ["entry"], ["entry.id"], name=op.f("fk_notice_entry"), initially="DEFERRED", deferrable=True
        ),
        sa.ForeignKeyConstraint(
            ["fund"], ["party.id"], name=op.f("fk_notice_fund"), initially="DEFERRED", deferrable=True
        ),
        sa.PrimaryKeyConstraint("entry", "line", name=op.f("pk_notice")),
        sqlite_strict=True,
        sqlite_with_rowid=False,
    )
    op.create_table(
        "position",
        sa.Column("entry", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("line", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("holder", sa.Integer(), nullable=False),
        sa.Column("fund", sa.Integer(), nullable=False),
        sa.Column("commitment", sa.BigInteger(), nullable=True),
        sa.Column("called", sa.BigInteger(), nullable=True),
        sa.Column("distributed", sa.BigInteger(), nullable=True),
        sa.Column("remaining", sa.BigInteger(), nullable=True),
        sa.Column("stated_irr", sa.String(), nullable=True),
        sa.Column("stated_multiple", sa.String(), nullable=True),
        sa.Column("multiple_basis", sa.String(), nullable=True),
        sa.Column("document", sa.String(), nullable=True),
        sa.CheckConstraint(
            "multiple_basis IN ('disclosed', 'computed_by_collector', 'reported')",
            name=op.f("ck_position_multiple_basis_listed"),
        ),
        sa.ForeignKeyConstraint(
            ["entry"], ["entry.id"], name=op.f("fk_position_entry"), initially="DEFERRED", deferrable=True
        ),
        sa.ForeignKeyConstraint(
            ["fund"], ["party.id"], name=op.f("fk_position_fund"), initially="DEFERRED", deferrable=True
        ),
        sa.ForeignKeyConstraint(
            ["holder"], ["party.id"], name=op.f("fk_position_holder"), initially="DEFERRED", deferrable=True
        ),
        sa.PrimaryKeyConstraint("entry", "line", name=op.f("pk_position")),
        sqlite_strict=True,
        sqlite_with_rowid=False,
    )
    op.create_table(
        "setting",
        sa.Column("entry", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("line", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("party", sa.Integer(), nullable=True),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("value", sa.String(), nullable=False),
        sa.Column("until", sa.Date(), nullable=True),
        sa.Column("document", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(
            ["entry"], ["entry.id"], name=op.f("fk_setting_entry"), initially="DEFERRED", deferrable=True
        ),
        sa.ForeignKeyConstraint(
            ["party"], ["party.id"], name=op.f("fk_setting_party"), initially="DEFERRED", deferrable=True
        ),
        sa.PrimaryKeyConstraint("entry", "line", name=op.f("pk_setting")),
        sqlite_strict=True,
        sqlite_with_rowid=False,
    )
    op.create_table(
        "disposition",
        sa.Column("entry", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("line", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("rule", sa.String(), nullable=False),
        sa.Column("party", sa.Integer(), nullable=True),
        sa.Column("deal", sa.Integer(), nullable=True),
        sa.Column("action", sa.String(), nullable=False),
        sa.Column("reference", sa.String(), nullable=False),
        sa.Column("until", sa.Date(), nullable=True),
        sa.Column("reason", sa.String(), nullable=True),
        sa.CheckConstraint(
            "action IN ('accept', 'rectify', 'dismiss')", name=op.f("ck_disposition_action_listed")
        ),
        sa.ForeignKeyConstraint(
            ["deal"], ["deal.id"], name=op.f("fk_disposition_deal"), initially="DEFERRED", deferrable=True
        ),
        sa.ForeignKeyConstraint(
            ["entry"], ["entry.id"], name=op.f("fk_disposition_entry"), initially="DEFERRED", deferrable=True
        ),
        sa.ForeignKeyConstraint(
            ["party"], ["party.id"], name=op.f("fk_disposition_party"), initially="DEFERRED", deferrable=True
        ),
        sa.PrimaryKeyConstraint("entry", "line", name=op.f("pk_disposition")),
        sqlite_strict=True,
        sqlite_with_rowid=False,
    )
    op.create_table(
        "fact",
        sa.Column("entry", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("line", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("party", sa.Integer(), nullable=True),
        sa.Column("deal", sa.Integer(), nullable=True),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("value", sa.String(), nullable=False),
        sa.Column("basis", sa.String(), nullable=True),
        sa.Column("document", sa.String(), nullable=True),
        sa.CheckConstraint("(party IS NULL) <> (deal IS NULL)", name=op.f("ck_fact_one_subject")),
        sa.ForeignKeyConstraint(
            ["deal"], ["deal.id"], name=op.f("fk_fact_deal"), initially="DEFERRED", deferrable=True
        ),
        sa.ForeignKeyConstraint(
            ["entry"], ["entry.id"], name=op.f("fk_fact_entry"), initially="DEFERRED", deferrable=True
        ),
        sa.ForeignKeyConstraint(
            ["party"], ["party.id"], name=op.f("fk_fact_party"), initially="DEFERRED", deferrable=True
        ),
        sa.PrimaryKeyConstraint("entry", "line", name=op.f("pk_fact")),
        sqlite_strict=True,
        sqlite_with_rowid=False,
    )
