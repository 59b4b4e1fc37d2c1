"""What of a request reaches the screens: only a host that is ours, no metrics, and no page inside another's frame.

A page of somebody else's can be given a name that leads to this machine (DNS rebinding): the browser then sends that name as
host, and as origin of the socket. The framework refuses such sockets by `server.allowedHosts`; this refuses the rest.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any

Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
Application = Callable[[Message, Receive, Send], Awaitable[None]]

CLOSED = ("/_stcore/metrics",)
"""Addresses of the framework that tell about the server and that no page needs."""
_HEADERS = (
    (b"x-frame-options", b"DENY"),
    (b"content-security-policy", b"frame-ancestors 'none'"),
    (b"x-content-type-options", b"nosniff"),
    (b"referrer-policy", b"same-origin"),
)


def guarded(app: Application) -> Application:
    """The application behind these doors: 400 for a foreign host, 404 for what is closed, headers that forbid framing."""
    from streamlit.web.server.starlette.starlette_websocket import is_host_allowed

    async def door(scope: Message, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":  # sockets are refused by the framework, by the same list of hosts
            await app(scope, receive, send)
            return
        hosts = [value.decode("latin-1") for name, value in scope["headers"] if name == b"host"]
        if len(hosts) != 1 or not is_host_allowed(hosts[0]):
            await _refuse(send, 400)
        elif scope["path"].rstrip("/") in CLOSED:
            await _refuse(send, 404)
        else:
            await app(scope, receive, _with_headers(send))

    return door


def _with_headers(send: Send) -> Send:
    async def told(message: Message) -> None:
        if message["type"] == "http.response.start":
            message["headers"] = [*message.get("headers", ()), *_HEADERS]
        await send(message)

    return told


async def _refuse(send: Send, status: int) -> None:
    headers = [(b"content-type", b"text/plain; charset=utf-8"), *_HEADERS]
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": b"\n"})
