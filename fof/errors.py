"""Errors a user can do something about. Ours are assertions and plain exceptions.

FofError
├── Refused            the request holds problems; all of them are listed and nothing was written
│   ├── ImportRefused    a file
│   ├── WrongArgument    an argument that is none of those allowed, or is missing beside another
│   └── BookingRefused   entries that would break the book
├── NotAllowed         the person's roles do not include the action
├── Unknown            a code, entry or figure that does not exist at this as-of and known-at
├── Busy               the writer lock was not had in time; the request may be sent again
├── OutcomeUnknown     COMMIT was not confirmed; the same request sent again tells
├── BadEntry           a row that cannot be read was written past this program
├── Unavailable        the database cannot be had: not reachable, full, read-only, no right
├── Closed             a book was asked that its caller had closed
├── Replaced           another book, or another state of it, lies where the book was that had been read
└── NotReady           the database is missing, older or newer than this program
    └── Damaged          or the engine cannot read it

Every error has a stable `code` and its sentence in both languages: `text(language)`, and `str()` in that of the run.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import field

from models.frozen import frozen
from models.text import NO_TEXT, Text, counted, language

LISTED_AT_MOST = 50


@frozen
class Where:
    """The place of a problem: file, sheet, row as the user counts them (first row is 1), field.

    field : as the file names it, or in both languages where it is named by us
    """

    file: str | None = None
    sheet: str | None = None
    row: int | None = None
    field: str | Text | None = None

    def named(self, language: str | None = None) -> str | None:
        """The field in a language."""
        return self.field.of(language) if isinstance(self.field, Text) else self.field

    def text(self, language: str | None = None) -> str:
        """The place in one line."""
        row = None if self.row is None else Text(f"第 {self.row} 行", f"row {self.row}").of(language)
        return " · ".join(p for p in (self.file, self.sheet, row, self.named(language)) if p)

    def __str__(self) -> str:
        return self.text()


@frozen
class Problem:
    """One thing that is wrong: where, what was found, what is expected.

    code     : stable identifier of the kind of problem ("unknown_party", "call_over_unfunded")
    expected : what would be right
    """

    code: str
    expected: Text
    found: str | None = None
    where: Where = field(default_factory=Where)

    def text(self, language: str | None = None) -> str:
        """One line for a person."""
        place = self.where.text(language)
        colon = Text("：", ": ").of(language) if place else ""
        got = Text("", "")
        if self.found is not None:
            got = Text(f"，实际为 {self.found!r}", f", found {self.found!r}")
        return f"{place}{colon}{self.expected.of(language)}{got.of(language)}"

    def __str__(self) -> str:
        return self.text()


class FofError(Exception):
    """Base of every error that is told to the user as it is. `str()` is in the language of the run that raised it."""

    code = "error"

    def __init__(self, sentence: Text) -> None:
        super().__init__(sentence)
        self.sentence, self._language = sentence, language()

    def text(self, language: str | None = None) -> str:
        """The sentence in a language, None: in that of this run."""
        return self.sentence.of(language)

    def __str__(self) -> str:
        return self.text(self._language)


class Refused(FofError):
    """The request was refused as a whole; nothing was written. `problems` lists everything that is wrong.

    what : the name of a file, or the request in both languages
    """

    code = "refused"
    heading = Text("{what}：{number} 处问题，未写入任何内容", "{what}: {problems}, nothing was written")
    """What was refused, and how many problems it has."""

    def __init__(self, problems: Sequence[Problem], what: str | Text = NO_TEXT) -> None:
        self.problems = tuple(problems)
        self.what = Text(what, what) if isinstance(what, str) else what or Text("请求", "the request")
        super().__init__(self.what)

    def text(self, language: str | None = None) -> str:
        """Every problem on a line of its own, up to a number of them."""
        number = len(self.problems)
        more = number - LISTED_AT_MOST
        lines = [
            self.heading.of(language).format(
                what=self.what.of(language), number=number, problems=counted(number, "problem")
            )
        ]
        lines += [f"  {problem.text(language)}" for problem in self.problems[:LISTED_AT_MOST]]
        if more > 0:
            lines.append(Text(f"  …… 另有 {more} 处", f"  … {more} more").of(language))
        return "\n".join(lines)


class ImportRefused(Refused):
    """A file that cannot be booked."""

    code = "import_refused"


class BookingRefused(Refused):
    """Entries that would break an invariant of the book."""

    code = "booking_refused"


class WrongArgument(Refused):
    """An argument of a question that cannot be what it says; `wrong` says why, `argument` is its name."""

    code = "wrong_argument"

    def __init__(self, wrong: Text, argument: str) -> None:
        self.wrong, self.argument = wrong, argument
        super().__init__([Problem("wrong_option", wrong, None, Where(field=argument))])


def one_of(text: str, allowed: Iterable[str], argument: str) -> str:
    """The text where it is one of those allowed; WrongArgument otherwise, with the list."""
    listed = list(allowed)
    if text not in listed:
        zh, en = "、".join(listed), ", ".join(listed)
        raise WrongArgument(Text(f"{text!r}：应为 {zh} 之一", f"{text!r}: one of {en}"), argument)
    return text


class NotAllowed(FofError):
    """The person's roles do not include the action."""

    code = "not_allowed"

    def __init__(self, person: str, action: str, text: Text) -> None:
        self.person, self.action = person, action
        super().__init__(text)


class Unknown(FofError):
    """Something named that is not in the book at this as-of and known-at. near: what may have been meant."""

    code = "unknown"

    def __init__(self, kind: Text, name: object, near: Sequence[object] = ()) -> None:
        self.kind, self.name, self.near = kind, name, tuple(near)
        super().__init__(
            Text(
                self._sentence("账中没有{}：{}", "\n  相近：", "；", "zh"),
                self._sentence("there is no such {}, not in the book: {}", "\n  near: ", "; ", "en"),
            )
        )

    def _sentence(self, form: str, near: str, between: str, language: str) -> str:
        words = [
            x.of(language) if isinstance(x, Text) else str(x) for x in (self.kind, self.name, *self.near)
        ]
        return form.format(*words[:2]) + (near + between.join(words[2:]) if self.near else "")


class Busy(FofError):
    """Another writer holds the book; the same request with the same key may be sent again."""

    code = "busy"


class OutcomeUnknown(FofError):
    """COMMIT failed: the booking is in the book as a whole or not at all, and the idempotency key tells which."""

    code = "outcome_unknown"

    def __init__(self) -> None:
        super().__init__(
            Text(
                "提交未得到确认（连接中断或磁盘出错），结果未知：请原样重发",
                "COMMIT was not confirmed (the connection broke, or the disk failed), the outcome is unknown: "
                "send the same request again",
            )
        )


class BadEntry(FofError):
    """A row of the book that cannot be read: it was written past this program. The entry that brought it is named."""

    code = "bad_entry"

    def __init__(self, entry: int, table: str, line: int) -> None:
        self.entry, self.table, self.line = entry, table, line
        super().__init__(
            Text(
                f"分录 {entry} 的一行无法识别（{table} 第 {line} 行），不是由本程序登记的：请冲销它（fof reverse {entry}），"
                "并运行 fof verify",
                f"a row of entry {entry} cannot be read ({table}, line {line}): this program did not write it; "
                f"take the entry back (fof reverse {entry}) and run fof verify",
            )
        )


class Unavailable(FofError):
    """The database cannot be had: it is not reached, full, can only be read, or the login has no right. What to do is said."""

    code = "unavailable"

    def nothing_written(self) -> Unavailable:
        """The same, of a request to write that was taken back."""
        text = self.sentence
        return Unavailable(Text(f"{text.zh}（本次未写入任何内容）", f"{text.en} (nothing was written)"))


class Replaced(FofError):
    """The database no longer holds what had been read of it: a backup was put back, or another book put in its place."""

    code = "replaced"

    def __init__(self) -> None:
        super().__init__(
            Text(
                "账本已被换成另一份：本次未写入任何内容，请重新查看后再操作",
                "the book was replaced by another copy: nothing was written; look at it again before you go on",
            )
        )


class Closed(FofError):
    """A book was asked after its caller had closed it."""

    code = "closed"

    def __init__(self) -> None:
        super().__init__(
            Text("账本已关闭：请用 fof.open 重新打开", "the book was closed: open it again with fof.open")
        )


class NotReady(FofError):
    """The database does not fit this program."""

    code = "not_ready"


class Damaged(NotReady):
    """The engine itself cannot read the database."""

    code = "damaged"


OF_THE_DATABASE = (NotReady, Unavailable, Busy, OutcomeUnknown, Replaced)
"""It is the database and not the request: it is not there, not to be had, held by another, or another than was read."""
