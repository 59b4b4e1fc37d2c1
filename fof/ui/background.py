"""Long work of a page, done beside the pages: the page says that it is being done and shows the answer when it is there.

One worker does one thing after another, so that twenty people who move the day do not take the interpreter from each other;
it pauses while pages are drawn.
What is quick is waited for: the page then looks as if it had been computed at once.
"""

from __future__ import annotations

import datetime as dt
import math
import threading
import time
import uuid
from collections import OrderedDict
from collections.abc import Callable, Hashable
from concurrent.futures import Future, ThreadPoolExecutor
from concurrent.futures import TimeoutError as NotYet
from contextlib import suppress
from dataclasses import dataclass, field
from typing import TypeVar
from weakref import ref

import streamlit as st
from streamlit.errors import StreamlitAPIException

from fof import words
from fof.audit.collector import look_through
from fof.audit.findings import FindingsInColumns
from fof.pausing import pausing
from fof.ui import cited, say
from fof.ui.page_turns import PAUSE_SECONDS, pages_drawn
from fof.words import _

QUICK_SECONDS = 0.05
"""Work that took no longer the last time is waited for as long; who waits longer is told what for."""
SOON_SECONDS = 1.0
"""Work that took no longer the last time is looked after four times a second, other work once."""
_READER = "background_reader"
JOBS_AT_MOST = 6
"""Answers kept."""
FINDINGS_AT_MOST = 100_000
"""Findings in the answers kept, a kilobyte each: an audit of a large office has eighty thousand."""
IN_COLUMNS = 2
"""Findings in columns that take as much as one that is made, with the facts that they were judged by."""
LEFT_SECONDS = 10.0
"""Work that nobody has asked after for so long when its turn comes is not begun: the person went on to another day."""
PUT_OFF_SECONDS = 5.0
"""Where many pages are drawn nothing is begun for so long: who asked may be clicking on to the next day, and the pages come first."""
T = TypeVar("T")


class Left(Exception):
    """Nobody waits for the work any more."""


@dataclass(slots=True, weakref_slot=True)
class Job:
    """A piece of work: its answer to be, since when it is asked for, and when it was last asked after.

    delivered : somebody was given the answer, or the error that came instead
    soon : work of its kind took a moment only the last time
    askers : who waits for it; left: all of them went on to other work of its kind
    """

    kind: str
    since: float = field(default_factory=time.monotonic)
    asked: float = field(default_factory=time.monotonic)
    answer: Future[object] = field(default_factory=Future)
    delivered: bool = False
    soon: bool = True
    askers: set[Hashable] = field(default_factory=set)
    left: bool = False

    @property
    def findings(self) -> int:
        """How many findings its answer holds, those in columns by what they take; 0 where it is no audit or not there yet."""
        done = self.answer.done() and not self.answer.cancelled() and self.answer.exception() is None
        own = getattr(self.answer.result(), "findings", ()) if done else ()
        return own.made() + len(own) // IN_COLUMNS if isinstance(own, FindingsInColumns) else len(own)

    @property
    def failed(self) -> bool:
        """Whether it ended with an error that somebody was given, or that nobody waited for."""
        error = self.answer.exception() if self.answer.done() else None
        return error is not None and (self.delivered or isinstance(error, Left))

    def may_go(self) -> bool:
        """Whether nobody waits for its answer any more."""
        left = self.left or time.monotonic() - self.asked > LEFT_SECONDS
        return self.answer.done() and (self.delivered or left or self.answer.exception() is not None)


class Background:
    """The worker and its last answers."""

    def __init__(self) -> None:
        self._worker = ThreadPoolExecutor(1, "background")
        self._lock = threading.Lock()
        self._jobs: OrderedDict[Hashable, Job] = OrderedDict()
        self._took: dict[str, float] = {}

    def job(self, kind: str, key: Hashable, work: Callable[[], T], asker: Hashable = None) -> Job:
        """The job of a key, begun where it is not; one that failed is begun anew, once somebody was given the error.

        asker : who asks for one piece of work of the kind at a time: what was asked for before is ended where nobody else
                waits for it. None: whatever is asked for is done to its end
        """
        with self._lock:
            job = self._jobs.pop((kind, key), None)
            if job is None or job.failed:
                job = Job(kind)
                job.answer = self._worker.submit(self._timed, job, work)
                self._worker.submit(self._tidy)
            job.asked = time.monotonic()
            job.soon = self._took.get(kind, 0.0) <= SOON_SECONDS
            self._jobs[kind, key] = job
            if asker is not None:
                self._leave(job, asker)
            self._let_go(job)
            return job

    def _leave(self, newest: Job, asker: Hashable) -> None:
        """Whoever asks for the newest job waits for no other one of its kind any more."""
        for job in self._jobs.values():
            if job.kind == newest.kind and job is not newest and asker in job.askers:
                job.askers.discard(asker)
                job.left = not job.askers
        newest.askers.add(asker)
        newest.left = False

    def _let_go(self, newest: Job | None = None) -> None:
        """Forget the answers that were asked for longest ago, where there are too many or they hold too much.

        Asked where work is wanted and where it ends: what was begun for somebody who then left stays with nobody. The last of each
        kind stays, however large: a page that asks for two would have one of them made again for ever."""
        size = sum(job.findings for job in self._jobs.values())
        last = {job.kind: job for job in self._jobs.values()}
        for key, job in list(self._jobs.items()):
            if len(self._jobs) <= JOBS_AT_MOST and size <= FINDINGS_AT_MOST:
                break
            if job is not newest and job is not last[job.kind] and job.may_go():
                size -= job.findings
                del self._jobs[key]

    def _timed(self, job: Job, work: Callable[[], T]) -> T:
        while not job.left and self._put_off(job) and time.monotonic() - job.since < PUT_OFF_SECONDS:
            time.sleep(PAUSE_SECONDS)
        begun = time.monotonic()
        if job.left or begun - job.asked > LEFT_SECONDS:
            raise Left

        def pause() -> None:
            if job.left:
                raise Left
            pages_drawn.pause()

        whole = True
        try:
            with pausing(pause):
                return work()
        except Left:
            whole = False
        finally:
            took = time.monotonic() - begun
            self._took[job.kind] = took if whole else max(took, self._took.get(job.kind, 0.0))
        raise Left  # another one: the first holds the frames of the work, and all that was made in them

    def _tidy(self) -> None:
        """Answers too many are forgotten, and what work left behind is looked through where nobody would wait for it; else the
        next work tries again."""
        with self._lock:
            self._let_go()
        if pages_drawn.idle and not pages_drawn.busy:
            look_through()

    def _put_off(self, job: Job) -> bool:
        """Whether work that nobody knows to be quick gives way to the many pages that are drawn."""
        return pages_drawn.busy and self._took.get(job.kind, math.inf) > QUICK_SECONDS

    def ready(self, job: Job) -> bool:
        """Whether the answer is there, after waiting a moment for what is usually quick."""
        if self._took.get(job.kind, 0.0) <= QUICK_SECONDS and not self._put_off(job):
            try:
                with pages_drawn.waiting():
                    job.answer.exception(QUICK_SECONDS)
            except NotYet:
                return False
        return job.answer.done()


_background = Background()


def answer(
    kind: str,
    key: Hashable,
    work: Callable[[], T],
    doing: Callable[[], str] | None = None,
    stop: Callable[[], None] | None = None,
) -> T:
    """What the work returns; until it is there the page ends here and comes back by itself. Errors of the work are raised.

    kind : what takes about as long each time        key : everything the answer depends on
    doing : how far the work is, asked while it is waited for; None: it checks against every rule
    stop : asks the work to end, by a button beside that line; None: there is none
    A check of one state of the book ends where its last reader goes on to another one; other work is done to its end, and
    found by who comes back.
    """
    job = _background.job(kind, key, work, _reader() if doing is None else None)
    if not _background.ready(job):
        st.session_state[cited.WAITED] = True
        _waiting(job, doing, stop)
        del job  # the frames of a page that ends here stay until the collector comes by, and with them what they hold
        cited.finish()
    if st.session_state.pop(cited.WAITED, False):
        _restore_choices()
    job.delivered = True
    answered: T = job.answer.result()  # type: ignore[assignment]
    return answered


def _reader() -> str:
    """Stands for the session that draws the page."""
    reader: str = st.session_state.setdefault(_READER, uuid.uuid4().hex)
    return reader


def _restore_choices() -> None:
    """While a page is away the browser forgets what was chosen on it, and the server does not: it is told again, or the
    page would show one fund's name above another's figures. Buttons, files and tables hold nothing to be told."""
    for key, value in list(st.session_state.items()):
        plain = (
            key in cited.flags if isinstance(value, bool) else isinstance(value, str | dt.date | int | float)
        )
        if plain or (isinstance(value, list) and all(isinstance(v, str) for v in value)):
            with suppress(StreamlitAPIException):  # of the header, which is drawn already and was never away
                st.session_state[key] = value


def _waiting(job: Job, doing: Callable[[], str] | None, stop: Callable[[], None] | None = None) -> None:
    language = words.language()  # a fragment that runs by itself does not pass the page's first lines
    waited_for, since, stopped_by = ref(job), job.since, f"stop_{job.kind}"
    # the framework keeps a line, and what it refers to, for the two minutes in which a closed page may come back

    @st.fragment(run_every=0.25 if job.soon else 1.0)
    def look() -> None:
        words.use(language)
        now, own = time.monotonic(), waited_for()
        done = own is None or own.answer.done()
        if own is not None:
            own.asked = now
        del own
        if done:
            st.rerun()
        seconds = int(now - since)
        text = _(
            "正在按全部规则检查，完成后自动显示（{} 秒）",
            "Checking against every rule; the result appears by itself ({} s)",
        ).format(seconds)
        say.info(text if doing is None else doing(), icon=":material/hourglass_top:")
        if stop is not None:
            st.button(_("取消", "Cancel"), key=stopped_by, on_click=stop, icon=":material/cancel:")

    look()
