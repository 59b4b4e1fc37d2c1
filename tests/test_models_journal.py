"""Tables, row classes and migration say the same."""

from __future__ import annotations

import importlib.util
import re
from collections.abc import Iterable
from pathlib import Path

import pytest
import sqlalchemy as sa

from models import kinds
from models.base import metadata
from models.journal import ROW_TABLES, RowTable, entry
from models.posting_kinds import PostingKind
from models.subjects import REGISTERED, LinkRole

VERSIONS = Path(__file__).resolve().parents[1] / "fof/migrations/versions"
MIGRATION = (VERSIONS / "0001_journal.py").read_text("utf-8")


@pytest.mark.parametrize("row_table", ROW_TABLES, ids=lambda t: t.table.name)
def test_a_row_class_has_the_fields_of_its_table_in_order(row_table: RowTable) -> None:
    columns = list(row_table.table.columns)
    assert [c.name for c in columns[:2]] == ["entry", "line"]
    assert [c.name for c in columns[2:]] == list(row_table.row._fields)  # type: ignore[attr-defined]
    defaults = row_table.row._field_defaults  # type: ignore[attr-defined]
    assert all(column.nullable for column in columns[2:] if column.name in defaults)


def test_tags_are_single_and_different_letters() -> None:
    tags = [t.tag for t in ROW_TABLES]
    assert len(set(tags)) == len(tags)
    assert b"E" not in tags
    assert all(len(tag) == 1 for tag in tags)


def test_money_is_whole_fen_in_64_bits_and_nothing_is_a_float() -> None:
    for table in metadata.tables.values():
        for column in table.columns:
            assert not isinstance(column.type, sa.Numeric | sa.Float), column
            if column.name in ("fen", "commitment", "called", "distributed", "remaining", "post_money"):
                assert isinstance(column.type, sa.BigInteger), column


def listed(constraint: str) -> set[str]:
    """The words of a closed list as the last migration that names it has them: the list may gain members."""
    later = [
        (path, again["check"])
        for path in sorted(VERSIONS.glob("0*.py"))
        for again in re.finditer(rf'"{constraint}",\s*f?"(?P<check>[^"]*)"', path.read_text("utf-8"))
    ]
    if later:
        path, check = later[-1]
        spec = importlib.util.spec_from_file_location(f"revision_{path.stem}", path)
        assert spec is not None
        assert spec.loader is not None
        module = importlib.util.module_from_spec(spec)
        spec.loader.exec_module(module)
        return set(re.findall(r"'([^']*)'", check.format(**vars(module))))
    first = re.search(rf'"(?P<check>[^"]*)",\s*name=op\.f\("{constraint}"\)', MIGRATION)
    assert first is not None, constraint
    return set(re.findall(r"'([^']*)'", first["check"]))


@pytest.mark.parametrize(
    ("constraint", "words"),
    [
        ("ck_entry_kind_listed", kinds.EntryKind),
        ("ck_party_kind_listed", kinds.PartyKind),
        ("ck_deal_kind_listed", kinds.DealKind),
        ("ck_mark_method_listed", kinds.MarkMethod),
        ("ck_edge_basis_listed", kinds.EdgeBasis),
        ("ck_notice_kind_listed", kinds.NoticeKind),
        ("ck_position_multiple_basis_listed", kinds.MultipleBasis),
        ("ck_subject_kind_listed", sorted(REGISTERED)),
        ("ck_subject_link_role_listed", LinkRole),
    ],
)
def test_the_words_in_the_migration_are_the_closed_list(constraint: str, words: Iterable[kinds.Word]) -> None:
    assert listed(constraint) == {w.value for w in words}


def test_the_kind_numbers_in_the_migrations_are_the_closed_list() -> None:
    """As the last migration that names the condition has it: the list may gain members."""
    texts = [path.read_text("utf-8") for path in sorted(VERSIONS.glob("0*.py"))]
    last = next(text for text in reversed(texts) if "ck_posting_kind_listed" in text)
    runs = re.findall(r"kind BETWEEN (\d+) AND (\d+)", last)
    assert {n for a, b in runs for n in range(int(a), int(b) + 1)} == {int(k) for k in PostingKind}


def test_every_value_of_an_entry_is_hashed_or_follows_from_what_is() -> None:
    from fof.ledger.record import ENTRY_FIELDS

    derived = {"posting_count", "leaf"}
    assert {c.name for c in entry.columns} == set(ENTRY_FIELDS) | derived
