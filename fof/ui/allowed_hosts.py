"""Whom the server of the screens answers: pages asked for under its own names, sockets opened by its own pages.

A page of another site can lead a browser on this machine to 127.0.0.1 under a name of its own (DNS rebinding): its name then
stands in Host and Origin alike, so the two are not compared with each other but with the names of this machine. Behind a proxy
with a name of its own that name is given in FOF_HOSTS. `streamlit run app.py` serves the pages through the same door (`app.py`); and
whoever serves them in another way meets pages that ask `is_own` of the connection themselves and show nothing to a stranger
(fof.ui.frame.start). No site may lay a page of ours into a frame, and what a server tells of itself (/_stcore/metrics) is closed.
"""

from __future__ import annotations

import os
from collections.abc import Awaitable, Callable, Collection, Iterable, MutableMapping
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

if TYPE_CHECKING:
    from starlette.middleware import Middleware

Scope = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[MutableMapping[str, Any]]]
Send = Callable[[MutableMapping[str, Any]], Awaitable[None]]
Application = Callable[[Scope, Receive, Send], Awaitable[None]]

OWN_NAMES = frozenset({"127.0.0.1", "localhost", "::1"})
CLOSED = frozenset({"/_stcore/metrics"})
HEADERS = (
    (b"content-security-policy", b"frame-ancestors 'none'"),
    (b"x-frame-options", b"DENY"),
    (b"x-content-type-options", b"nosniff"),
    (b"referrer-policy", b"no-referrer"),
)
_REFUSED_SOCKET = 1008  # a policy was violated (RFC 6455, 7.4.1)


class AllowedHosts:
    """An application that answers under the names of this machine and `more` alone."""

    def __init__(self, inner: Application, more: Iterable[str] = ()) -> None:
        self.inner = inner
        self.names = own_names(more)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on, or refuse it."""
        if scope["type"] not in ("http", "websocket"):
            await self.inner(scope, receive, send)
            return
        if not self.allowed(scope):
            await _refuse(scope, receive, send, 400)
        elif scope["type"] == "http" and _plain(scope["path"]) in CLOSED:
            await _refuse(scope, receive, send, 404)
        else:
            await self.inner(scope, receive, _with_headers(send))

    def allowed(self, scope: Scope) -> bool:
        """One Host that is ours; and an Origin, where there is one, that is ours as well."""
        hosts = [value for name, value in scope["headers"] if name.lower() == b"host"]
        origins = [value for name, value in scope["headers"] if name.lower() == b"origin"]
        ours = len(hosts) == 1 and is_own(b"//" + hosts[0], self.names)
        return ours and (scope["type"] == "http" or all(is_own(origin, self.names) for origin in origins))


def hosts_of_the_office() -> list[str]:
    """The names that FOF_HOSTS gives, separated by commas."""
    return os.environ.get("FOF_HOSTS", "").split(",")


def door() -> Middleware:
    """This door, for an application that takes it as middleware."""
    from starlette.middleware import Middleware

    return Middleware(AllowedHosts, hosts_of_the_office())


def own_names(more: Iterable[str]) -> frozenset[str]:
    """The names of this machine, and `more`."""
    return OWN_NAMES | {name.strip().lower() for name in more if name.strip()}


def is_own(address: bytes, names: Collection[str]) -> bool:
    """Whether an address ("//host:port" or an Origin) stands under one of the names."""
    try:
        parts = urlsplit(address.decode("ascii"))
    except ValueError:
        return False
    return parts.username is None and (parts.hostname or "") in names


def _plain(path: str) -> str:
    return "/" + "/".join(part for part in path.split("/") if part)


def _with_headers(send: Send) -> Send:
    async def sending(message: MutableMapping[str, Any]) -> None:
        if message["type"] == "http.response.start":
            message = {**message, "headers": [*message.get("headers", ()), *HEADERS]}
        await send(message)

    return sending


async def _refuse(scope: Scope, receive: Receive, send: Send, status: int) -> None:
    if scope["type"] == "websocket":
        await receive()
        await send({"type": "websocket.close", "code": _REFUSED_SOCKET})
        return
    headers = [(b"content-type", b"text/plain; charset=utf-8"), *HEADERS]
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": b""})
