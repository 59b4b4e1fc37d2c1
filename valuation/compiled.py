"""The door to numba: kernels are written as plain typed functions and compiled at their first use.

    @njit("f8(f8[::1], f8)")
    def present_value(amounts: Floats, factor: float) -> float: ...

Importing a module of kernels does not import numba (0.6 to 2 s): the first call of any kernel does, and
compiles that kernel and the kernels it calls, or loads them from numba's on-disk cache beside the source.
Signatures are compulsory, so that one kernel is one compiled function and `warmup.warm` can prepare it
without calling it.

numba notices a changed source file by its time stamp, but only the file of the kernel itself: a kernel that
calls a kernel of another file, or uses a constant from there, would keep a stale copy after an upgrade, and
give the old numbers. So the name under which a kernel is cached carries a fingerprint of its own code, of the
constants it uses and of the kernels it calls.
"""

from __future__ import annotations

import hashlib
import threading
import types
from collections.abc import Callable
from typing import Any, Generic, ParamSpec, TypeVar

P = ParamSpec("P")
R = TypeVar("R")

_lock = threading.RLock()
_kernels: list[Kernel[Any, Any]] = []


class Kernel(Generic[P, R]):
    """A function that compiles itself at its first call.

    plain : the function as written, for tests that follow it step by step
    """

    def __init__(self, plain: Callable[P, R], signatures: tuple[str, ...], options: dict[str, Any]) -> None:
        self.plain = plain
        self.__doc__ = plain.__doc__
        self.__name__ = plain.__name__
        self._signatures = list(signatures)
        self._options = options
        self._compiled: Callable[P, R] | None = None
        _kernels.append(self)

    def __call__(self, *args: P.args, **kwargs: P.kwargs) -> R:
        compiled = self._compiled
        if compiled is None:
            compiled = self.compile()
        return compiled(*args, **kwargs)

    def compile(self) -> Callable[P, R]:
        """The compiled function: built, or loaded from the cache on disk, at the first request."""
        with _lock:
            if self._compiled is None:
                import numba

                build = numba.njit(
                    self._signatures, error_model="numpy", nogil=True, cache=True, **self._options
                )
                self._compiled = build(self._with_compiled_callees())
            return self._compiled

    def _with_compiled_callees(self) -> Callable[P, R]:
        """The plain function again, seeing compiled functions where its module holds kernels."""
        plain = self.plain
        assert isinstance(plain, types.FunctionType), plain
        seen = dict(plain.__globals__)
        for name in plain.__code__.co_names:
            if isinstance(callee := seen.get(name), Kernel):
                seen[name] = callee.compile()
        copy = types.FunctionType(plain.__code__, seen, plain.__name__, plain.__defaults__, plain.__closure__)
        copy.__module__ = plain.__module__
        copy.__qualname__ = f"{plain.__qualname__}_{self.fingerprint()}"
        return copy

    def fingerprint(self) -> str:
        """Changes with the kernel's code, its options, the constants it uses and every kernel it calls."""
        code, seen = self.plain.__code__, self.plain.__globals__
        parts = [code.co_code.hex(), repr(code.co_names), repr(self._signatures)]
        parts += [c.co_code.hex() if isinstance(c, types.CodeType) else repr(c) for c in code.co_consts]
        for option, value in sorted(self._options.items()):
            parts.append(f"{option}={sorted(value) if isinstance(value, set) else value}")
        for name in code.co_names:
            value = seen.get(name)
            if isinstance(value, Kernel):
                parts.append(value.fingerprint())
            elif isinstance(value, int | float | str | tuple):
                parts.append(f"{name}={value!r}")
        return hashlib.sha256("\n".join(parts).encode()).hexdigest()[:12]


def njit(*signatures: str, **options: Any) -> Callable[[Callable[P, R]], Kernel[P, R]]:
    """numba.njit with the house options (numpy error model, no GIL, cached on disk), put off to the first call.

    signatures : at least one, as numba writes them ("f8(f8[::1], i8)")
    options    : further options of numba.njit (fastmath, boundscheck, inline)
    """
    assert signatures, "a kernel states its signatures"

    def wrap(plain: Callable[P, R]) -> Kernel[P, R]:
        return Kernel(plain, signatures, options)

    return wrap


def kernels() -> tuple[Kernel[Any, Any], ...]:
    """Every kernel defined by the modules imported so far."""
    return tuple(_kernels)
