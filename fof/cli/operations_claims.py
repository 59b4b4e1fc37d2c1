"""The command of the claim desk: a claim's next step or its payment, with what that moves, and the booking."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from typing import Annotated

from fof.cli.asked import Asked, TableUnit, Why, acting, asks, database, day_option
from fof.cli.operations_asked import Book, entries, refuse, say_late, yuan
from fof.cli.printed import printed
from fof.cli.usage import argument, helped, option
from models.pools import ClaimDecision, ClaimStep
from models.text import Text

PAY, SHARE = "pay", "share"
STEPS = (*(step.value for step in ClaimStep), PAY, SHARE)
"""What may be done with a claim: a step of it, the payment of what was granted, the sharing of what was recovered."""


@helped(
    "补偿申请：补正、初审、审定、撤回、支付或追偿分配，及其对余额与限额的影响；--book 登记。",
    "The next step of a claim, its payment or the sharing of what was recovered, and what that moves; --book books it.",
)
@asks("unit lang json", TableUnit.YUAN)
def claim(
    asked: Asked,
    code: Annotated[str, argument("补偿申请编号", "code of the claim", metavar="CLAIM")],
    on: Annotated[dt.date, day_option("--on", "办理日", "day of the step")],
    step: Annotated[
        str,
        option(
            "--step", f"办理的步骤：{' '.join(STEPS)}", f"what is done: {' '.join(STEPS)}", metavar="STEP"
        ),
    ],
    decision: Annotated[
        ClaimDecision | None, option("--decision", "审定结论", "conclusion of a decision")
    ] = None,
    amount: Annotated[
        str | None,
        option(
            "--amount",
            "审定或支付金额（元），缺省为应担或可付的全部",
            "granted or paid, the pool's part or all that may be paid if left out",
            metavar="YUAN",
        ),
    ] = None,
    reason: Annotated[str | None, option("--reason", "部分或不予补偿的理由", "why not wholly")] = None,
    document: Annotated[str | None, option("--document", "依据文件", "document")] = None,
    book: Book = False,
    why: Why = None,
) -> None:
    from fof.book.pools import counted_pools
    from fof.errors import one_of
    from fof.operations import claim_desk
    from fof.operations.plans_document import claim_document

    one_of(step, STEPS, "step")
    asked = replace(asked, as_of=on)
    view = asked.view()
    fen, problems = (None, []) if amount is None else yuan(amount, "--amount")
    if step == PAY:
        plan = claim_desk.plan_claim_payment(view, code, on, fen, document)
    elif step == SHARE:
        plan = claim_desk.plan_recovery_sharing(view, code, on, document)
    else:
        plan = claim_desk.plan_claim_step(view, code, on, ClaimStep(step), decision, fen, reason, document)
    refuse([*problems, *plan.problems], Text("补偿申请", "claim"))
    pools = counted_pools(view)
    own = next(c for c in pools.claims.values() if c.code == code)
    pool = pools.pool_of(own.agreement)
    say_late(view, on, [] if pool is None else [pool], why)
    booked = entries(claim_desk.book_claim(database(), acting(), plan, why)) if book else ""
    printed(claim_document(view, plan, booked), asked)
