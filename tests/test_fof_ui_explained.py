"""Several figures of one page may be open at once: each is a panel of its own."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from screens import drawn, screens_over

from models.kinds import EntryKind
from models.posting_kinds import PostingKind


@pytest.fixture
def office(clerk: Any) -> Any:
    """A portfolio with one fund that was paid and stated."""
    clerk.party("PF", "parent_fund", name="示例母基金", portfolio="yes", established_on="2023-01-01")
    clerk.party("SF", "sub_fund", name="示例一号基金", established_on="2023-06-01", status="investing")
    clerk.pay(PostingKind.COMMITMENT, "PF", "SF", 600, "2023-06-01", fund="SF", entry=EntryKind.COMMITMENT)
    clerk.pay(PostingKind.CALL_INVESTMENT, "PF", "SF", 100, "2023-07-01", fund="SF")
    clerk.mark("PF", "SF", 110, "2024-06-30")
    return clerk


def test_a_headline_and_a_row_are_open_at_once(office: Any, tmp_path: Path) -> None:
    """The same figure twice, as the page keeps both in its address."""
    with screens_over(str(office.database.url), tmp_path):
        app = drawn("overview", as_of="2024-06-30", lang="zh")
        for name, value in (("explain", "1"), ("figure", "nav"), ("open", "fund:SF~nav")):
            app.query_params[name] = value
        app.run()
        assert not app.exception
        assert not app.error, [e.value for e in app.error]
        assert sum("净值 = " in str(text.value) for text in app.markdown) == 2
