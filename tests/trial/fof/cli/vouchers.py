"""The command for vouchers."""

from __future__ import annotations

from fof.cli.asked import Asked, asks
from fof.cli.printed import printed
from fof.cli.usage import helped
from fof.figures.answers import Answer


@helped("创新券：发放、兑付与使用率。", "Vouchers given, used, and the part that was used.")
@asks("as_of known_at unit lang json")
def vouchers(asked: Asked) -> None:
    from fof.figures import vouchers as use_case

    view = asked.view()
    rows = [
        {field: getattr(v, field) for field in v.__slots__} | {"record": v} for v in use_case.vouchers(view)
    ]
    printed(Answer(use_case.DOCUMENT, rows, view.as_of, view.known_at, "CNY"), asked)
