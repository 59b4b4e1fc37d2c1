"""Long work of a page, done beside the pages: the page says that it is being done and shows the answer when it is there.

One worker does one thing after another, so that twenty people who move the day do not take the interpreter from each other.
What is quick is waited for: the page then looks as if it had been computed at once.
"""

from __future__ import annotations

import datetime as dt
import threading
import time
from collections import OrderedDict
from collections.abc import Callable, Hashable
from concurrent.futures import Future, ThreadPoolExecutor
from concurrent.futures import TimeoutError as NotYet
from contextlib import suppress
from dataclasses import dataclass, field
from typing import TypeVar

import streamlit as st
from streamlit.errors import StreamlitAPIException

from fof import words
from fof.ui import cited, say
from fof.words import _

QUICK_SECONDS = 0.3
"""Work that took no longer the last time is waited for as long; who waits longer is told what for."""
_WAITED = "background_waited"
JOBS_AT_MOST = 6
"""Answers kept; an audit of a large office is tens of megabytes."""
LEFT_SECONDS = 10.0
"""Work that nobody has asked after for so long when its turn comes is not begun: the person went on to another day."""
T = TypeVar("T")


class Left(Exception):
    """Nobody waits for the work any more."""


@dataclass(slots=True)
class Job:
    """A piece of work: its answer to be, since when it is asked for, and when it was last asked after."""

    kind: str
    since: float = field(default_factory=time.monotonic)
    asked: float = field(default_factory=time.monotonic)
    answer: Future[object] = field(default_factory=Future)


class Background:
    """The worker and its last answers."""

    def __init__(self) -> None:
        self._worker = ThreadPoolExecutor(1, "background")
        self._lock = threading.Lock()
        self._jobs: OrderedDict[Hashable, Job] = OrderedDict()
        self._took: dict[str, float] = {}

    def job(self, kind: str, key: Hashable, work: Callable[[], T]) -> Job:
        """The job of a key, begun where it is not; one that failed is begun anew."""
        with self._lock:
            job = self._jobs.pop((kind, key), None)
            failed = job is not None and job.answer.done() and job.answer.exception() is not None
            if job is None or failed:
                job = Job(kind)
                job.answer = self._worker.submit(self._timed, job, work)
            job.asked = time.monotonic()
            self._jobs[kind, key] = job
            for old in [k for k, j in self._jobs.items() if j.answer.done()][
                : max(0, len(self._jobs) - JOBS_AT_MOST)
            ]:
                if self._jobs[old] is not job:
                    del self._jobs[old]
            return job

    def _timed(self, job: Job, work: Callable[[], T]) -> T:
        begun = time.monotonic()
        if begun - job.asked > LEFT_SECONDS:
            raise Left
        try:
            return work()
        finally:
            self._took[job.kind] = time.monotonic() - begun

    def ready(self, job: Job) -> bool:
        """Whether the answer is there, after waiting a moment for what is usually quick."""
        if self._took.get(job.kind, 0.0) <= QUICK_SECONDS:
            try:
                job.answer.exception(QUICK_SECONDS)
            except NotYet:
                return False
        return job.answer.done()


_background = Background()


def answer(kind: str, key: Hashable, work: Callable[[], T]) -> T:
    """What the work returns; until it is there the page ends here and comes back by itself. Errors of the work are raised.

    kind : what takes about as long each time        key : everything the answer depends on
    """
    job = _background.job(kind, key, work)
    if not _background.ready(job):
        st.session_state[_WAITED] = True
        _waiting(job)
        cited.finish()
    if st.session_state.pop(_WAITED, False):
        _progress_caption()
    answered: T = job.answer.result()  # type: ignore[assignment]
    return answered


def _progress_caption() -> None:
    """While a page is away the browser forgets what was chosen on it, and the server does not: it is told again, or the
    page would show one fund's name above another's figures. Buttons, files and tables hold nothing to be told."""
    for key, value in list(st.session_state.items()):
        plain = isinstance(value, str | dt.date | int | float) and not isinstance(value, bool)
        if plain or (isinstance(value, list) and all(isinstance(v, str) for v in value)):
            with suppress(StreamlitAPIException):  # of the header, which is drawn already and was never away
                st.session_state[key] = value


def _waiting(job: Job) -> None:
    language = words.language()  # a fragment that runs by itself does not pass the page's first lines

    @st.fragment(run_every=1.0)
    def look() -> None:
        words.use(language)
        job.asked = time.monotonic()
        if job.answer.done():
            st.rerun()
        seconds = int(time.monotonic() - job.since)
        say.info(
            _(
                "正在按全部规则检查，完成后自动显示（{} 秒）",
                "Checking against every rule; the result appears by itself ({} s)",
            ).format(seconds),
            icon=":material/hourglass_top:",
        )

    look()
