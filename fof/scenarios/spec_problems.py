"""What is wrong with a specification, in words: its path in the file, what was found, what is allowed there."""

from __future__ import annotations

import types
from collections.abc import Iterator, Mapping, Sequence
from difflib import get_close_matches
from enum import Enum
from typing import Any, Literal, Union, get_args, get_origin

from pydantic import BaseModel, ValidationError

from fof.errors import Problem, Refused, Where
from models.text import Text

Location = Sequence[str | int]


class UnfitScenario(Refused):
    """A scenario that cannot be run, or a programme that cannot be found: nothing would have been written in any case."""

    heading = Text("{what}：{number} 处问题", "{what}: {problems}")


def spec_problems(error: ValidationError, model: type[BaseModel]) -> list[Problem]:
    """A problem for each error, in the order of the file's tables; none of a list whose members have their own."""
    every = [_problem(detail, model) for detail in error.errors(include_url=False, include_context=False)]
    places = [str(problem.where and problem.where.field) for problem in every]
    return [
        problem
        for problem, own in zip(every, places, strict=True)
        if not any(place.startswith(f"{own}[") for place in places)
    ]


def _problem(detail: Mapping[str, Any], model: type[BaseModel]) -> Problem:
    location: Location = detail["loc"]
    path, annotation, metadata = _walk(model, location)
    given = detail.get("input")
    text = None if detail["type"] == "missing" or isinstance(given, dict | list) else str(given)
    where = Where(field=path)
    if detail["type"] == "extra_forbidden":
        near = get_close_matches(str(location[-1]), _names(model, location), 3)
        zh, en = "、".join(near), ", ".join(near)
        return Problem(
            "unknown_name",
            Text(
                f"没有这一项{'，相近：' + zh if zh else ''}",
                f"there is no such name{'; near: ' + en if en else ''}",
            ),
            None,
            where,
        )
    allowed = _allowed(annotation, metadata)
    if detail["type"] == "missing":
        return Problem(
            "missing_name", Text(f"必填：{allowed.zh}", f"must be given: {allowed.en}"), None, where
        )
    return Problem("out_of_range", allowed, text, where)


def _walk(model: type[BaseModel], location: Location) -> tuple[str, Any, Sequence[Any]]:
    """The path as the file has it, and the declared type and limits of what stands there."""
    path = ""
    annotation: Any = model
    metadata: list[Any] = []
    parts = list(location)
    while parts:
        part = parts.pop(0)
        inner = _strip(annotation)
        if isinstance(part, int):
            path += f"[{part + 1}]"
            arguments = get_args(inner)
            annotation, metadata = (arguments[0] if arguments else Any), []
        elif _is_model(inner):
            path += f".{part}" if path else part
            field = inner.model_fields.get(part)
            annotation, metadata = (Any, []) if field is None else (field.annotation, list(field.metadata))
        elif isinstance(get_origin(inner), type) and issubclass(get_origin(inner), Mapping):
            if part == "[key]":
                continue
            key, value = get_args(inner)
            path += f'."{part}"' if not str(part).isidentifier() else f".{part}"
            annotation, metadata = (key if parts == ["[key]"] else value), []
        else:
            chosen = next((m for m in _members(inner) if _tag(m) == part or m.__name__ == part), None)
            if chosen is not None:
                annotation, metadata = chosen, []
    return path, annotation, metadata


def _strip(annotation: Any) -> Any:
    """What is inside Annotated and beside None."""
    while True:
        if hasattr(annotation, "__metadata__"):
            annotation = annotation.__origin__
        elif get_origin(annotation) in (Union, types.UnionType):
            rest = [a for a in get_args(annotation) if a is not type(None)]
            if len(rest) != 1:
                return annotation
            annotation = rest[0]
        else:
            return annotation


def _is_model(annotation: Any) -> bool:
    return isinstance(annotation, type) and issubclass(annotation, BaseModel)


def _members(annotation: Any) -> Iterator[type[BaseModel]]:
    for member in get_args(annotation):
        if _is_model(member):
            yield member


def _tag(member: type[BaseModel]) -> str | None:
    kind = member.model_fields.get("kind")
    return None if kind is None else str(get_args(kind.annotation)[0])


def _names(model: type[BaseModel], location: Location) -> list[str]:
    """The names that the table around a location may hold."""
    _, annotation, _ = _walk(model, list(location)[:-1])
    inner = _strip(annotation)
    return list(inner.model_fields) if _is_model(inner) else []


def _limits(annotation: Any, metadata: Sequence[Any]) -> dict[str, Any]:
    """ge, gt, le, lt and lengths from every layer of the declaration."""
    limits: dict[str, Any] = {}
    layers = list(metadata)
    while True:
        if hasattr(annotation, "__metadata__"):
            layers += list(annotation.__metadata__)
            annotation = annotation.__origin__
            continue
        if get_origin(annotation) in (Union, types.UnionType):
            rest = [a for a in get_args(annotation) if a is not type(None)]
            if len(rest) == 1:
                annotation = rest[0]
                continue
        break
    for layer in layers:
        for part in (layer, *getattr(layer, "metadata", ())):
            for name in ("ge", "gt", "le", "lt", "min_length", "max_length"):
                value = getattr(part, name, None)
                if value is not None:
                    limits[name] = value
            if getattr(part, "func", None) is not None:
                limits["yuan"] = True
    return limits


def _allowed(annotation: Any, metadata: Sequence[Any]) -> Text:
    """What may stand at a place: kind of value and its range."""
    inner, limits = _strip(annotation), _limits(annotation, metadata)
    words = _closed(inner)
    if words is not None:
        return Text(f"{'、'.join(words)} 之一", f"one of {', '.join(words)}")
    if limits.get("yuan"):
        return Text('不小于 0 的元，如 "1200000.00"', 'yuan, 0 or more, like "1200000.00"')
    if inner in (int, float):
        whole = Text("整数", "a whole number") if inner is int else Text("数", "a number")
        span = _span(limits)
        return Text(f"{span.zh}{whole.zh}", f"{whole.en}{span.en}")
    if inner is str:
        return (
            Text("文字", "text")
            if "max_length" not in limits
            else Text(f"1 至 {limits['max_length']} 字", f"text of 1 to {limits['max_length']} characters")
        )
    if inner is bool:
        return Text("true 或 false", "true or false")
    if getattr(inner, "__name__", "") == "date":
        return Text("日期，如 2027-06-30", "a day like 2027-06-30")
    if get_origin(inner) is tuple:
        each = _allowed(get_args(inner)[0], [])
        return Text(f"列表，每项为{each.zh}", f"a list, each {each.en}")
    return Text("表", "a table")


def _closed(inner: Any) -> list[str] | None:
    """The members of a closed list; None for what is none."""
    if isinstance(inner, type) and issubclass(inner, Enum):
        return [str(member.value) for member in inner]
    if get_origin(inner) is Literal:
        return [str(value) for value in get_args(inner)]
    tags = [tag for member in _members(inner) if (tag := _tag(member)) is not None]
    return tags or None


def _span(limits: Mapping[str, Any]) -> Text:
    low, high = limits.get("ge", limits.get("gt")), limits.get("le", limits.get("lt"))
    zh, en = [], []
    if low is not None:
        zh.append(f"{'大于 ' if 'gt' in limits else '不小于 '}{low}")
        en.append(f"{'above' if 'gt' in limits else 'at least'} {low}")
    if high is not None:
        zh.append(f"{'小于 ' if 'lt' in limits else '不大于 '}{high}")
        en.append(f"{'below' if 'lt' in limits else 'at most'} {high}")
    return Text(f"{'、'.join(zh)} 的" if zh else "", f" {' and '.join(en)}" if en else "")
