"""What the frame does for every page: an error of the user's is said, a fault of ours gets a number and stays in the log."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from pathlib import Path

import pytest
from screens import screens_over
from streamlit.testing.v1 import AppTest

from fof.db import Database


@pytest.fixture
def served(tmp_path: Path) -> Iterator[None]:
    """An empty book under the address the screens read."""
    address = f"sqlite:///{tmp_path / 'empty.sqlite'}"
    book = Database(address)
    book.init()
    book.close()
    with screens_over(address, tmp_path):
        yield


def broken() -> None:
    from fof.ui import frame

    class Page:
        url_path = "broken"

        def run(self) -> None:
            raise ValueError("the cause")

    frame.start()
    frame.run(Page())  # type: ignore[arg-type]


def refused() -> None:
    from fof.errors import Unknown
    from fof.ui import frame

    class Page:
        url_path = "refused"

        def run(self) -> None:
            raise Unknown("基金", "SF-9")

    frame.start()
    frame.run(Page())  # type: ignore[arg-type]


def test_a_fault_gets_a_number_and_the_log_says_what_happened(
    served: None, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.ERROR, logger="fof"):
        app = AppTest.from_function(broken).run(timeout=60)
    assert not app.exception
    [shown] = [e.value for e in app.error]
    assert "the cause" not in shown
    [record] = [r for r in caplog.records if r.name == "fof"]
    assert shown.split()[-1] in record.getMessage()
    assert "broken" in record.getMessage()
    assert record.exc_info is not None
    assert "the cause" in str(record.exc_info[1])


def test_an_error_of_the_users_is_said_and_not_logged(served: None, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.ERROR, logger="fof"):
        app = AppTest.from_function(refused).run(timeout=60)
    [shown] = [e.value for e in app.error]
    assert "SF-9" in shown
    assert not [r for r in caplog.records if r.name == "fof"]
