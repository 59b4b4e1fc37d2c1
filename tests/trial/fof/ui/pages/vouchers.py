"""Vouchers by company; a use rate opens to what was given and used."""

from fof.figures.vouchers import vouchers

from fof.explain import explain_facts
from fof.ui import cited, explained, frame, widgets
from fof.ui.addresses import page
from fof.words import _

MENU = (55, ("组合", "Portfolio"), ("创新券", "Vouchers"))

chosen = frame.choice()
view = frame.view(chosen)

widgets.heading()
rows = vouchers(view)
if not rows:
    widgets.empty(
        _("账中没有创新券。", "The book holds no vouchers."), page("intake"), _("去导入", "Go to import")
    )
    cited.finish()
columns = "key label voucher_issued voucher_redeemed voucher_use"
widgets.table(_("创新券", "Vouchers"), rows, columns, "vouchers_table")
explained.show(view, explain_facts(view, "voucher_use", view.by_code[rows[0].key].id), "vouchers_table")
cited.finish()
