"""The command for vouchers."""

from __future__ import annotations

from fof.cli.asked import Asked, AsOf, Json, KnownAt, Lang, Unit, UnitOption
from fof.cli.printed import printed
from fof.figures.answers import Answer


def vouchers(
    as_of: AsOf = None,
    known_at: KnownAt = None,
    unit: UnitOption = Unit.WAN,
    lang: Lang = None,
    json: Json = False,
) -> None:
    """创新券：发放、兑付与使用率。 / Vouchers given, used, and the part that was used."""
    from fof.figures import vouchers as use_case

    asked = Asked(as_of, known_at, json, None, unit, lang)
    view = asked.view()
    rows = [
        {field: getattr(v, field) for field in v.__slots__} | {"record": v} for v in use_case.vouchers(view)
    ]
    printed(Answer(use_case.DOCUMENT, rows, view.as_of, view.known_at, "CNY"), asked)
