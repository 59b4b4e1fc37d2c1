"""Serves the screens. Everything a first page needs is made ready before the address answers.

`streamlit run app.py` serves the same pages; what this adds is a start without waiting and answers without delay:

* the kernels, the journal, the modules of the pages and the figures of the first page are loaded beforehand, and that
  page is run once: nobody's first look waits for them, and nothing is compiled while a page is drawn;
* the listening socket says it is TCP: the event loop then sends small messages at once. The framework's own socket does
  not, and each page waits 40 ms for the browser's delayed acknowledgement;
* what a script hands over for sending is picked up every few milliseconds and not element by element (fof.ui.event_loop);
* garbage is collected when there is some and not after every run (`postScriptGC` in .streamlit/config.toml): what is
  loaded here lives as long as the server and is set aside from the collector.
"""

from __future__ import annotations

import argparse
import ctypes
import errno
import gc
import importlib
import logging
import os
import pkgutil
import socket
import sys
import webbrowser
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager, suppress
from pathlib import Path

from fof.environment import shipped
from fof.instruments import require_places
from fof.ui.allowed_hosts import AllowedHosts, hosts_of_the_office
from models.text import Text, use

ADDRESS = "127.0.0.1"
BACKLOG = 2048
SWITCH_SECONDS = 0.001
"""How long one thread may keep the interpreter: twenty sessions' scripts share it with the loop that sends their answers."""

LOOP = "auto" if os.name == "nt" else "fof.ui.event_loop:GatheringLoop"
M_TRIM_THRESHOLD, M_ARENA_MAX = -1, -8
"""Of malloc.h of the GNU C library."""
_NO_SESSION = "streamlit.runtime.scriptrunner_utils.script_run_context"


def few_arenas() -> None:
    """Have the C library hand out memory from few places, and give large pieces back: a thread draws each page, and by default
    each finds a place of its own, where what it let go of stays. Nothing is done where the C library has no such choice."""
    with suppress(AttributeError, OSError, TypeError):
        choose = ctypes.CDLL(None).mallopt
        choose(M_ARENA_MAX, 2)
        choose(M_TRIM_THRESHOLD, 128 * 1024)


def prepare() -> None:
    """Load what every first page needs, and run the first one once for nobody."""
    require_places()
    from streamlit.testing.v1 import AppTest

    import fof.ui
    from fof.ui import frame

    logging.getLogger(_NO_SESSION).setLevel(logging.ERROR)  # there is none yet, and the framework says so
    loading = frame.kernels()
    for module in pkgutil.iter_modules(fof.ui.__path__, "fof.ui."):
        if not module.ispkg:
            importlib.import_module(module.name)
    AppTest.from_file(shipped() / "app.py", default_timeout=300).run()
    loading.join()
    gc.collect()
    gc.freeze()


def bound(address: str, port: int) -> socket.socket:
    """A TCP socket at an address, not listening yet; OSError where the port is taken."""
    listening = socket.socket(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    if os.name != "nt":
        listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listening.bind((address, port))
    except OSError:
        listening.close()
        raise
    return listening


@asynccontextmanager
async def _ready(address: str, browser: bool) -> AsyncIterator[None]:
    print(f"\n  {address}\n", flush=True)
    if browser:
        webbrowser.open(address)
    yield


def serve(listening: socket.socket, *, browser: bool, script: Path) -> None:
    """Serve a script of pages at a bound socket until the process is told to end. browser: open it there."""
    import streamlit as st
    import uvicorn
    from streamlit import config

    sys.setswitchinterval(SWITCH_SECONDS)
    address, port = listening.getsockname()
    here = f"http://{address}:{port}"
    pages = st.App(script, lifespan=lambda _app: _ready(here, browser))
    app = AllowedHosts(pages, hosts_of_the_office())
    settings = uvicorn.Config(
        app,
        loop=LOOP,
        ws="websockets-sansio",
        ws_max_size=config.get_option("server.maxMessageSize") * 1_000_000,
        ws_per_message_deflate=False,
        log_level="warning",
        access_log=False,
        timeout_graceful_shutdown=3,
    )
    uvicorn.Server(settings).run(sockets=[listening])


def _refused(port: int, error: OSError) -> int:
    """Say why there is no listening at a port, and what to do; the exit code."""
    why = {
        errno.EADDRINUSE: Text("已被占用", "is taken"),
        errno.EACCES: Text("不许本用户使用", "may not be used by this user"),
    }.get(error.errno or 0, Text(f"不能使用：{error.strerror}", f"cannot be used: {error.strerror}"))
    sentence = Text(
        f"端口 {port} {why.zh}；另选一个：fof ui --port",
        f"port {port} {why.en}; choose another one: fof ui --port",
    )
    print(sentence, file=sys.stderr)
    return 2


def main(arguments: Sequence[str] | None = None) -> int:
    """`python -m fof.ui.server --port N [--browser]`, run from anywhere; `fof ui` ends here."""
    asked = argparse.ArgumentParser(prog="fof ui")
    asked.add_argument("--port", type=int, default=8501)
    asked.add_argument("--browser", action="store_true")
    asked.add_argument("--script", type=Path, default=shipped() / "app.py", help=argparse.SUPPRESS)
    chosen = asked.parse_args(arguments)
    use(os.environ.get("FOF_LANG", "zh"))
    os.environ["STREAMLIT_SERVER_PORT"] = str(chosen.port)
    try:
        listening = bound(ADDRESS, chosen.port)
    except OSError as error:
        return _refused(chosen.port, error)
    os.chdir(shipped())  # the framework looks for .streamlit where it is started
    few_arenas()
    prepare()
    try:
        listening.listen(
            BACKLOG
        )  # two servers that start at once are both bound, and only the first may listen
    except OSError as error:
        return _refused(chosen.port, error)
    serve(listening, browser=chosen.browser, script=chosen.script)
    return 0


if __name__ == "__main__":
    sys.exit(main())
