"""Tabs of one browser, used again by one test after another: a new one compiles the scripts of the application anew."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from typing import Any, Literal
from urllib.parse import urlsplit

from playwright.sync_api import Browser, Page
from playwright.sync_api import Error as BrowserError

STILL = """
const still = new CSSStyleSheet();
still.replaceSync("*, *::before, *::after { animation: none !important; transition: none !important; }");
document.adoptedStyleSheets = [...document.adoptedStyleSheets, still];
"""
"""Nothing moves or fades: half the processor time of a look at a page is the drawing of what fades in."""


class Windows:
    """The tabs that no test looks through at present; one context holds them, so that scripts are fetched once."""

    def __init__(self, browser: Browser) -> None:
        self._context = browser.new_context(locale="zh-CN", timezone_id="Asia/Shanghai")
        self._context.set_default_timeout(60_000)
        self._context.add_init_script(STILL)
        self._free: list[Page] = []

    @contextmanager
    def opened(
        self,
        width: int = 1440,
        height: int = 1600,
        scheme: Literal["light", "dark"] = "light",
        **heard: Callable[[Any], None],
    ) -> Iterator[Page]:
        """A tab like a new one: no page before it, nothing stored. heard: what is called at an event of the tab, by its name."""
        tab = self._free.pop() if self._free else self._context.new_page()
        tab.set_viewport_size({"width": width, "height": height})
        tab.emulate_media(color_scheme=scheme)
        self._command(tab, "Page.resetNavigationHistory")
        for event, listener in heard.items():
            tab.on(event, listener)  # type: ignore[call-overload]
        try:
            yield tab
        finally:
            for event, listener in heard.items():
                tab.remove_listener(event, listener)
            self._forget(tab)

    def _forget(self, tab: Page) -> None:
        """Leave nothing to the next test; a tab that does not answer any more is closed."""
        with suppress(BrowserError):
            place = urlsplit(tab.url)
            if place.netloc:
                self._command(
                    tab,
                    "Storage.clearDataForOrigin",
                    origin=f"{place.scheme}://{place.netloc}",
                    storageTypes="cookies,local_storage,indexeddb",
                )
            tab.evaluate("sessionStorage.clear()")
            tab.goto("about:blank")
            self._free.append(tab)
            return
        tab.close()

    def _command(self, tab: Page, name: str, **arguments: object) -> None:
        session = self._context.new_cdp_session(tab)
        session.send(name, arguments)
        session.detach()
