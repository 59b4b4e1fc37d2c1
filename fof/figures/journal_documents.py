"""The documents of the journal's care: entries, people, changes, files in, verification, personal data, copies, bookings."""

from __future__ import annotations

from fof.figures.answers import declared
from models.text import Text

JOURNAL = declared(
    "journal",
    Text("日记账", "Journal"),
    "Entries, newest first.",
    rows="""
        entry kind kind_label effective_on recorded_at recorded_by approved_by postings reverses reversed_by
        note document key
    """,
    head="count",
    json_only="kind approved_by key",
    meaning="key=entry_key note=entry_note",
)


ENTRY = declared(
    "entry",
    Text("分录", "Entry"),
    "One entry with every row it brought.",
    rows="table line kind from to fund amount content",
    head="""
        entry kind effective_on recorded_at recorded_by approved_by postings reverses reversed_by note
        document key
    """,
    meaning="key=entry_key note=entry_note",
)


USERS = declared(
    "users",
    Text("用户", "Users"),
    "Every user that was ever added, as of the day: without a login one is not active.",
    rows="user name login roles institutions since until",
    meaning="name=user_name institutions=user_institutions since=user_since until=user_until",
)


CHANGES = declared(
    "changes",
    Text("两个时点之间的变化", "Changes"),
    "Effect on the headline figures, then every entry with its part in each amount: new ones, those taken back, those whose part changed. The parts of an amount add up to its change.",
    rows="""
        what name entry day recorded_at before after before_amount after_amount change_amount committed
        called paid_in distributed unfunded nav note
    """,
    head="earlier portfolio",
    json_only="before_amount after_amount",
    meaning="""
        what=change_kind day=effective_on committed=part_committed called=part_called paid_in=part_paid_in
        distributed=part_distributed unfunded=part_unfunded nav=part_nav
    """,
    section="what",
)


IMPORT = declared(
    "import",
    Text("导入", "Import"),
    "What an import did, or with --dry-run would do; or every problem of a refused file.",
    rows="level sheet row rows field found expected code count",
    head="file booked entries already problems first_entry last_entry",
    json_only="row",
    meaning="level=severity code=problem_code entries=new_entries",
    section="level",
)


VERIFICATION = declared(
    "verify",
    Text("核验", "Verification"),
    "Leaves, root, limits, balances and the engine's own check recomputed; what today's door would refuse, entry by entry.",
    rows="check ok entry code detail",
    head="ok root entries postings first_bad wrong",
    json_only="code",
    meaning="code=problem_code",
)


PERSONAL = declared(
    "personal",
    Text("个人信息", "Personal data"),
    "What is stored about people outside the book, masked; without the key nothing is shown of a value.",
    rows="person institutions field masked state since entry",
    meaning="person=person_code institutions=person_institutions field=personal_field masked=masked_value state=personal_state since=personal_since",
)


PERSONAL_OPENED = declared(
    "personal_opened",
    Text("个人信息原值", "Personal data opened"),
    "Values that were opened, each with the entry that says who opened it and why.",
    rows="person field value entry",
    meaning="person=person_code field=personal_field value=personal_value",
)


SHARED_NUMBERS = declared(
    "shared_numbers",
    Text("多人共用的号码", "Shared numbers"),
    "Identity and bank numbers that several people have, found by the blind index: a row for each person, people of one number in one group.",
    rows="group field person institutions",
    meaning="person=person_code group=shared_group field=personal_field institutions=person_institutions",
)


BACKUP = declared(
    "backup",
    Text("备份", "Backup"),
    "What a backup holds, or what a restored book holds, verified after it was written.",
    rows="file identity entries postings",
    head="ok root",
)


BOOKING = declared(
    "booking",
    Text("入账结果", "Booking"),
    "Entries a command wrote, or found written.",
    rows="entry state",
    meaning="state=booking_state",
)
