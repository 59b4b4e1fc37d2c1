"""The screens drawn inside the process of a test, without a browser, over the book of that test."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
import streamlit as st
from streamlit.testing.v1 import AppTest

ROOT = Path(__file__).resolve().parents[1]


@contextmanager
def screens_over(address: str, folder: Path) -> Iterator[None]:
    """The screens read this book and settings of their own; so do those of the next test."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("FOF_DATABASE_URL", address)
        patch.setenv("FOF_DATA_DIR", str(folder))
        as_a_new_server()
        yield
    as_a_new_server()


def as_a_new_server() -> None:
    """Forget what a server keeps for its life: its settings and its book."""
    from fof.ui import frame

    st.cache_resource.clear()
    frame.settings.cache_clear()


def drawn(page: str = "journal", **query: str) -> AppTest:
    """A page of the app, with this in its address."""
    app = AppTest.from_file(ROOT / "app.py", default_timeout=120)
    for name, value in query.items():
        app.query_params[name] = value
    app.run()
    app.switch_page(f"fof/ui/pages/{page}.py").run()
    assert not app.exception
    return app
