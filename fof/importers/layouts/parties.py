"""Layout: parties that are neither funds nor companies."""

from __future__ import annotations

from fof.importers.columns import DOCUMENT, SINCE, SOURCE, Layout, fact
from fof.importers.layouts.shared_columns import CODE, CONTROL, LEGAL, name, party_kind
from models.kinds import FUND_KINDS, PartyKind
from models.text import Text

PARTIES = Layout(
    "parties",
    Text("主体", "Parties"),
    10,
    (
        CODE,
        party_kind(tuple(k for k in PartyKind if k not in FUND_KINDS and k is not PartyKind.COMPANY)),
        name("主体名称", "机构名称", "投资人名称"),
        SINCE,
        fact("short_name", meaning=Text("屏幕上的简称。", "Short name on screen.")),
        *LEGAL,
        *CONTROL,
        fact("legal_form"),
        fact("gp"),
        fact("vehicle_sponsor"),
        fact("vehicle_voting"),
        fact("vehicle_board_seats"),
        fact("firm_level_holding"),
        fact("external_revenue_share"),
        fact("external_profit_share"),
        DOCUMENT,
        SOURCE,
    ),
    aliases=("主体登记", "投资人", "机构", "investors"),
    meaning=Text(
        "政府、管理人、银行、投资人、机构等；基金用“基金”表，企业用“企业”表。",
        "Governments, managers, banks, investors, institutions. Funds and companies have sheets of their own.",
    ),
)
