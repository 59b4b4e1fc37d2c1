"""Where the pages lie: one name for a page wherever it is listed, linked or run."""

from __future__ import annotations

from pathlib import Path

_PAGES = Path(__file__).with_name("pages")


def page(name: str) -> str:
    """The file of a page by its name, for `st.Page`, `st.page_link` and `st.switch_page`.

    Whole, because the framework reads other paths from the folder of the script it was started with.
    """
    return str(_PAGES / f"{name}.py")
