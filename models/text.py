"""A text in the two languages of the office; which of them is told is chosen once for a run."""

from __future__ import annotations

from collections.abc import Iterable
from contextvars import ContextVar
from typing import Literal, NamedTuple

Language = Literal["zh", "en"]
LANGUAGES = {"zh": "中文", "en": "English"}

_language: ContextVar[str] = ContextVar("language", default="zh")


def use(language: str) -> None:
    """Choose the language of everything said in this run; Chinese for a language that is not ours."""
    _language.set(language if language in LANGUAGES else "zh")


def language() -> str:
    """zh or en."""
    return _language.get()


class Text(NamedTuple):
    """What is said, in Chinese and in English. `str()` gives the language of this run; nothing at all is false."""

    zh: str
    en: str

    def of(self, language: str | None = None) -> str:
        """The text in a language, None: in that of this run."""
        return self.en if (language or _language.get()) == "en" else self.zh

    def __str__(self) -> str:
        return self.of()

    def __bool__(self) -> bool:
        return bool(self.zh or self.en)


NO_TEXT = Text("", "")


def yes_or_no(value: bool) -> Text:
    """A truth in words."""
    return Text("是", "yes") if value else Text("否", "no")


def joined(texts: Iterable[Text], between: Text = Text("、", ", ")) -> Text:  # noqa: B008 - a tuple of two words
    """Texts one after another, parted as each language parts them."""
    listed = tuple(texts)
    return Text(between.zh.join(t.zh for t in listed), between.en.join(t.en for t in listed))


def counted(number: object, one: str) -> str:
    """A number with what it counts, in English: 1 entry, 2 entries, 0 days.

    one : the singular, whose plural is made by rule (-s; -y behind a consonant: -ies; -s, -x, -z, -ch, -sh: -es)
    """
    if str(number) == "1":
        return f"{number} {one}"
    if one.endswith("y") and one[-2] not in "aeiou":
        more = f"{one[:-1]}ies"
    else:
        more = f"{one}es" if one.endswith(("s", "x", "z", "ch", "sh")) else f"{one}s"
    return f"{number} {more}"
