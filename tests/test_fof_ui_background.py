"""Work done beside the pages: waited for where it is quick, come back for where it is not, begun anew where it failed."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Sequence
from functools import partial
from types import SimpleNamespace

import pytest

from fof import words
from fof.audit.findings import FindingsInColumns
from fof.audit.on_demand import begin, gathered
from fof.pausing import may_pause, pausing
from fof.ui.background import (
    IN_COLUMNS,
    JOBS_AT_MOST,
    Background,
    Job,
    Left,
    _restore_choices,
    _waiting,
)
from fof.ui.page_turns import BUSY_PAGES, PAUSE_SECONDS, WORK_SECONDS, PagesDrawn


def test_quick_work_is_there_at_once_and_done_once() -> None:
    background, calls = Background(), []
    for _ in range(2):
        job = background.job("sum", (1, 2), lambda: calls.append(1) or 3)
        assert background.ready(job)
        assert job.answer.result() == 3
    assert calls == [1]


def test_what_took_long_is_not_waited_for_again(monkeypatch: pytest.MonkeyPatch) -> None:
    background, gate = Background(), threading.Event()
    monkeypatch.setattr("fof.ui.background.QUICK_SECONDS", 0.0)  # anything counts as long
    first = background.job("audit", 1, lambda: gate.wait(30))
    assert not background.ready(first)
    gate.set()
    assert first.answer.result(30)
    assert background.ready(background.job("audit", 1, gate.wait))
    shut = threading.Event()
    second = background.job("audit", 2, lambda: shut.wait(30))
    monkeypatch.setattr(second.answer, "exception", lambda *_: pytest.fail("waited for what takes long"))
    assert not background.ready(second)
    shut.set()


def test_an_error_is_raised_to_whoever_asks_and_the_work_begun_anew() -> None:
    background = Background()

    def broken() -> int:
        raise ValueError("no such day")

    job = background.job("audit", 1, broken)
    assert background.ready(job)
    assert background.job("audit", 1, broken) is job  # nobody was given the error yet
    job.delivered = True
    with pytest.raises(ValueError, match="no such day"):
        job.answer.result()
    again = background.job("audit", 1, lambda: 7)
    assert background.ready(again)
    assert again.answer.result() == 7


def test_only_the_last_answers_are_kept() -> None:
    background, calls = Background(), []
    for day in [*range(JOBS_AT_MOST + 1), 0]:
        job = background.job("audit", day, lambda day=day: calls.append(day))
        assert background.ready(job)
        job.delivered = True
    assert calls == [*range(JOBS_AT_MOST + 1), 0]


def test_large_answers_are_few_and_one_that_is_waited_for_stays(monkeypatch: pytest.MonkeyPatch) -> None:
    """Two people look at two days of a large office: neither takes the other's answer away before it was shown."""
    monkeypatch.setattr("fof.ui.background.FINDINGS_AT_MOST", 25)
    background, made = Background(), []

    def audit(day: int) -> Job:
        job = background.job("audit", day, lambda: made.append(day) or SimpleNamespace(findings=range(10)))
        job.answer.result(30)
        return job

    jobs = [audit(day) for day in range(4)]
    assert [audit(day) for day in range(4)] == jobs
    for job in jobs:
        job.delivered = True
    audit(3)  # those that were asked for longest ago go
    audit(2)
    assert made == [0, 1, 2, 3]
    audit(0)
    assert made == [0, 1, 2, 3, 0]


def test_large_answers_for_somebody_who_left_go_when_they_are_there(monkeypatch: pytest.MonkeyPatch) -> None:
    """Twenty people click through the days and close the page: no further request comes that would let the answers go."""
    monkeypatch.setattr("fof.ui.background.FINDINGS_AT_MOST", 25)
    background, gate, jobs = Background(), threading.Event(), {}

    def audit(day: int) -> SimpleNamespace:
        gate.wait(30)
        jobs[day].left = True  # while the last of it was made
        return SimpleNamespace(findings=range(10))

    for day in range(5):
        jobs[day] = background.job("audit", day, partial(audit, day))
    gate.set()
    background._worker.submit(str).result(30)
    assert all(job.findings == 10 for job in jobs.values())
    assert list(background._jobs.values()) == [jobs[3], jobs[4]]


def test_an_answer_larger_than_all_may_be_stays_while_it_is_the_last_of_its_kind(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """A page asks for its tables and for an audit at every rerun: neither is to be made again because of the other."""
    monkeypatch.setattr("fof.ui.background.FINDINGS_AT_MOST", 5)
    background, made = Background(), []

    def rerun(day: int) -> None:
        for kind in ("tables", "audit"):
            job = background.job(kind, day, lambda: made.append(day) or SimpleNamespace(findings=range(10)))
            job.answer.result(30)
            job.delivered = True

    for day in (1, 1, 1, 2, 2, 1):
        rerun(day)
    assert made == [1, 1, 2, 2, 1, 1]


def test_findings_in_columns_count_by_what_they_take() -> None:
    class Columns(Sequence[int]):
        """Five hundred findings of which three are made."""

        def __len__(self) -> int:
            return 500

        def __getitem__(self, place: int) -> int:  # type: ignore[override]
            return place

        def made(self) -> int:
            return 3

    FindingsInColumns.register(Columns)
    job = Job("audit")
    job.answer.set_result(SimpleNamespace(findings=Columns()))
    assert job.findings == 3 + 500 // IN_COLUMNS


def test_work_that_nobody_asks_after_any_more_is_not_begun(monkeypatch: pytest.MonkeyPatch) -> None:
    """Twenty days clicked through: the day looked at last does not wait for the nineteen before."""
    monkeypatch.setattr("fof.ui.background.LEFT_SECONDS", -1.0)  # left as soon as asked
    background, calls = Background(), []
    job = background.job("audit", 1, lambda: calls.append(1))
    assert isinstance(job.answer.exception(30), Left)
    assert calls == []
    monkeypatch.setattr("fof.ui.background.LEFT_SECONDS", 60.0)
    again = background.job("audit", 1, lambda: calls.append(1))
    again.answer.result(30)
    assert calls == [1]


def test_a_check_ends_where_its_last_reader_goes_on_to_another_day() -> None:
    """Of two that wait for a day one moves on: the other one still gets it. Where both move on it is not worked to its end."""
    background, started, gate = Background(), threading.Event(), threading.Event()

    def work() -> int:
        started.set()
        gate.wait(30)
        may_pause()
        return 7

    for other in (True, False):
        started.clear()
        gate.clear()
        day = background.job("audit", ("day", other), work, "one")
        if other:
            assert background.job("audit", ("day", other), work, "two") is day
        assert started.wait(30)
        next_day = background.job("audit", ("next", other), lambda: 8, "one")
        background.job("audit", "beside", lambda: 9)  # who asks without a name leaves nothing
        gate.set()
        assert next_day.answer.result(30) == 8
        assert (day.answer.exception(30) is None) is other
    assert isinstance(day.answer.exception(), Left)
    assert background.job("audit", ("day", False), lambda: 7, "one").answer.result(30) == 7


def test_who_comes_back_before_the_worker_looks_gets_the_same_work() -> None:
    background, gate, calls = Background(), threading.Event(), []

    def work() -> int:
        gate.wait(30)
        may_pause()
        return len(calls)

    first = background.job("audit", 1, work, "one")
    waiting = background.job("audit", 2, lambda: calls.append(2), "one")
    assert background.job("audit", 1, work, "one") is first
    gate.set()
    assert first.answer.result(30) == 0
    assert isinstance(waiting.answer.exception(30), Left)  # not even begun
    assert calls == []


def test_the_line_that_waits_keeps_the_readers_language(monkeypatch: pytest.MonkeyPatch) -> None:
    """A fragment that runs again by itself begins without what the page's first lines have said."""
    looks: list[Callable[[], None]] = []
    told: list[str] = []
    monkeypatch.setattr("fof.ui.background.st.fragment", lambda **_: lambda look: looks.append(look) or look)
    monkeypatch.setattr("fof.ui.background.st.info", lambda text, **_: told.append(text))
    words.use("en")
    try:
        _waiting(Job("audit"), None)
        words.use("zh")
        looks[0]()
    finally:
        words.use("zh")
    assert [text.startswith("Checking") for text in told] == [True, True]


def test_the_worker_pauses_while_a_page_is_drawn_and_not_for_one_that_waits_for_it() -> None:
    pages = PagesDrawn()

    def paused() -> bool:
        begun = time.monotonic()
        pages.pause()
        return time.monotonic() - begun >= PAUSE_SECONDS / 2

    assert not paused()
    with pages.one():
        assert paused()
        assert not paused()  # it has only just begun again
        time.sleep(WORK_SECONDS)
        with pages.waiting():
            assert not paused()
        assert paused()
    assert not paused()


def test_the_worker_gives_way_where_many_pages_were_drawn_just_now(monkeypatch: pytest.MonkeyPatch) -> None:
    pages, slept = PagesDrawn(), []
    monkeypatch.setattr("fof.ui.page_turns.time.sleep", slept.append)
    for n in range(BUSY_PAGES):
        pages.pause()
        assert slept == [], n
        with pages.one():
            pass
    pages.pause()
    assert slept == [PAUSE_SECONDS]
    monkeypatch.setattr("fof.ui.page_turns.BUSY_SECONDS", 0.0)
    pages.pause()
    assert len(slept) == 1


def test_pages_are_drawn_one_after_another_and_none_waits_for_a_long_one(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    pages, drawn = PagesDrawn(), []

    def draw(name: str, until: threading.Event, begun: threading.Event) -> threading.Thread:
        def run() -> None:
            with pages.one():
                drawn.append(name)
                begun.set()
                until.wait(30)
                drawn.append(f"{name} done")

        thread = threading.Thread(target=run)
        thread.start()
        return thread

    monkeypatch.setattr("fof.ui.page_turns.TURN_SECONDS", 30.0)
    gate, first, second = threading.Event(), threading.Event(), threading.Event()
    threads = [draw("a", gate, first)]
    assert first.wait(30)
    threads.append(draw("b", gate, second))
    assert not second.wait(0.05)
    gate.set()
    for thread in threads:
        thread.join(30)
    assert drawn == ["a", "a done", "b", "b done"]
    monkeypatch.setattr("fof.ui.page_turns.TURN_SECONDS", 0.01)
    shut, long, short = threading.Event(), threading.Event(), threading.Event()
    threads = [draw("long", shut, long)]
    assert long.wait(30)
    threads.append(draw("short", gate, short))
    assert short.wait(30)
    threads[1].join(30)
    shut.set()
    threads[0].join(30)
    assert drawn[-4:] == ["long", "short", "short done", "long done"]
    with pages.one(), pages.waiting(), pages.one():  # who waits for the worker holds up nobody
        drawn.append("through")
    assert pages.idle


def test_an_audit_asks_whether_to_pause_where_facts_are_gathered() -> None:
    class Bought:
        """Facts of which one is gathered."""

    kind = gathered(Bought, {"cost": lambda facts: facts.units * 2})
    asked: list[int] = []
    with pausing(lambda: asked.append(1)):
        assert begin(kind, units=3).cost == 6
    assert begin(kind, units=4).cost == 8
    assert asked == [1]


def test_what_was_chosen_is_told_again_switches_too_and_no_button(monkeypatch: pytest.MonkeyPatch) -> None:
    told = []

    class State(dict[str, object]):
        def __setitem__(self, key: str, value: object) -> None:
            told.append((key, value))

    state = State(word="a", switch=False, button=True, several=["a", "b"], rows=[1])
    monkeypatch.setattr("fof.ui.background.st", SimpleNamespace(session_state=state))
    monkeypatch.setattr("fof.ui.cited.flags", {"switch"})
    _restore_choices()
    assert told == [("word", "a"), ("switch", False), ("several", ["a", "b"])]


def test_where_many_pages_are_drawn_a_check_is_not_begun_for_seconds(monkeypatch: pytest.MonkeyPatch) -> None:
    """Who asked may be clicking on; whoever stays is served in the end, and at once where the pages have become few."""
    drawn = PagesDrawn()
    monkeypatch.setattr("fof.ui.background.pages_drawn", drawn)
    monkeypatch.setattr(PagesDrawn, "busy", property(lambda _: busy.is_set()))
    busy = threading.Event()
    busy.set()
    background, calls = Background(), []
    job = background.job("audit", 1, lambda: calls.append(1))
    time.sleep(5 * PAUSE_SECONDS)
    assert calls == []
    busy.clear()
    job.answer.result(30)
    assert calls == [1]
    busy.set()
    monkeypatch.setattr("fof.ui.background.PUT_OFF_SECONDS", 0.0)
    background.job("audit", 2, lambda: calls.append(2)).answer.result(30)
    assert calls == [1, 2]


def test_what_work_left_behind_is_looked_through_where_nobody_waits(monkeypatch: pytest.MonkeyPatch) -> None:
    """It stops every thread: after the work, and not while pages are drawn; then the next work tries again."""
    drawn, calls = PagesDrawn(), list[int]()
    monkeypatch.setattr("fof.ui.background.pages_drawn", drawn)
    monkeypatch.setattr("fof.ui.background.look_through", lambda: calls.append(1))
    background = Background()
    with drawn.one():
        background.job("audit", 1, lambda: 1).answer.result(30)
        background._worker.submit(int).result(30)  # the worker is past what follows
        assert calls == []
    background.job("audit", 2, lambda: 2).answer.result(30)
    background._worker.submit(int).result(30)
    assert calls == [1]
