"""Commands that look: fees beside the terms, what a quarter lacks and its close, clocks."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from typing import Annotated

from fof.cli.asked import Asked, OneFund, acting, asks, database, day_option
from fof.cli.operations_asked import Fund, entries
from fof.cli.printed import print_sentence, printed
from fof.cli.usage import helped, option
from models.text import Text, counted


@helped("管理费：按条款与已收。", "The fee by the terms beside what was charged, by quarter.")
@asks("as_of known_at unit lang json")
def fees(asked: Asked, fund: Fund) -> None:
    from fof.operations.operations_document import fees_document

    view = asked.view()
    printed(fees_document(view, view.party(fund).id), asked)


@helped("回拨：管理人应退的业绩报酬。", "Carry that the manager owes back on the day, fund by fund.")
@asks("as_of known_at portfolio unit lang json")
def clawback(asked: Asked, fund: OneFund = None) -> None:
    from fof.operations.operations_document import clawback_document

    view = asked.view()
    funds = asked.chosen(view).funds if fund is None else (view.party(fund).id,)
    printed(clawback_document(view, funds), asked)


@helped("季度检查与结账。", "What a quarter lacks; --close books the close.")
@asks("known_at portfolio unit lang json")
def quarter(
    asked: Asked,
    end: Annotated[dt.date, day_option("--end", "季度末日", "quarter end")],
    close: Annotated[
        bool,
        option("--close", "结账，记录所依据的分录", "close, naming the entries it rests on"),
    ] = False,
    reason: Annotated[
        str,
        option("--reason", "有缺失仍结账的理由", "why it is closed although something is missing"),
    ] = "",
    rolled: Annotated[
        bool,
        option("--roll-forward", "改为列出净值滚动", "the values rolled forward instead"),
    ] = False,
    after: Annotated[
        bool,
        option(
            "--after-close",
            "改为列出结账后登记进本季度的分录及其影响",
            "what was booked into it after the close, and what it moved, instead",
        ),
    ] = False,
) -> None:
    from fof.book.late import after as after_entries
    from fof.changes import after_close
    from fof.errors import Unknown
    from fof.operations import quarter_document as document
    from fof.operations.closes import close_quarter, closes

    asked = replace(asked, as_of=end)
    view = asked.view()
    chosen = asked.chosen(view)
    last = next(
        (c for c in reversed(closes(view)) if (c.portfolio, c.quarter_end) == (chosen.code, end)), None
    )
    if after and last is None:
        raise Unknown(Text("已结账的季度", "closed quarter"), f"{chosen.code} {end}")
    if after and last is not None:
        printed(document.after_document(view, chosen, after_close(view, last)), asked)
    elif rolled:
        printed(document.quarter_roll_document(view, chosen, end), asked)
    else:
        printed(document.quarter_document(view, chosen, end), asked)
    if last is not None and not after and (late := after_entries(view, last)):
        print_sentence(
            Text(
                f"结账（分录 {last.entry}）后又有 {len(late)} 条分录的生效日在本季度末之前，见 --after-close",
                f"booked into it after the close (entry {last.entry}): {counted(len(late), 'entry')}, see --after-close",
            )
        )
    if close:
        booked = entries(close_quarter(database(), acting(), chosen, end, view.known_at, reason))
        print_sentence(Text(f"分录：{booked}", f"entries: {booked}"))


@helped("各基金期限：设立、首投、投资期、存续期、延长期。", "What must happen by when, and what is past.")
@asks("as_of known_at portfolio lang json")
def clocks(asked: Asked) -> None:
    from fof.operations.operations_document import clocks_document

    view = asked.view()
    printed(clocks_document(view, asked.chosen(view)), asked)
