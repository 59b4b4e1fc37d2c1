"""Personal data as people meet it: listed masked, opened by an auditor with an entry, erased, and numbers that several people share.

The institutions of a person are those that employ them, and of a relative those that employ the person they are related to. Who may see some
institutions alone meets the people of these.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection
from typing import NamedTuple

from fof import ledger, users
from fof.access import Actor
from fof.book.coinvestment import coinvestment_of
from fof.book.index import book_of
from fof.db import Database
from fof.errors import Problem, Refused, Unknown, Where
from fof.ledger import Booked, Draft, Ids, Plan, View
from fof.personal.commitments import PersonalCommitment, commitments, current, stored_files
from fof.personal.evidence_store import evidence_store_of, opened_file, sealed_file
from fof.personal.keyring import Keyring, key_file, keyring, new_key, no_key, required_keyring, write_keys
from fof.personal.keyring import key_id as id_of_key
from fof.personal.sealing import masked, normalised, opened_record, sealed_record
from fof.personal.store import missing_store, store_of
from fof.words import today
from models.facts import ERASED, UNMASKED
from models.kinds import EntryKind, PartyKind, PersonalField
from models.rows import SubjectFact
from models.subjects import LinkRole, SubjectKind, address_of
from models.text import Text

HELD, GONE, LOST = "held", "erased", "missing"


class PersonalLine(NamedTuple):
    """A value that the book commits to. mask: masked; None without the key, where it was erased, and where the store lacks it."""

    commitment: PersonalCommitment
    institutions: tuple[str, ...]
    state: str
    mask: str | None


class OpenedValue(NamedTuple):
    """A value that was opened, and the entry that says so."""

    person: str
    field: PersonalField
    value: str
    entry: int


class SharedNumber(NamedTuple):
    """A number that several people have: which, and who, with their institutions. The number itself is not opened."""

    field: PersonalField
    people: tuple[tuple[str, tuple[str, ...]], ...]


def institutions_of(view: View) -> dict[str, frozenset[str]]:
    """Code of a person → codes of their institutions, of everybody who has one."""
    registered = coinvestment_of(book_of(view)).registered
    employers: dict[int, set[str]] = defaultdict(set)
    for spell in registered.get(SubjectKind.EMPLOYMENT.value, {}).values():
        person, employer = spell.linked(LinkRole.PERSON), spell.linked(LinkRole.EMPLOYER)
        if person is not None and employer is not None:
            employers[person].add(view.parties[employer].code)
    of_person = {person: set(firms) for person, firms in employers.items()}
    for kinship in registered.get(SubjectKind.KINSHIP.value, {}).values():
        person, relative = kinship.linked(LinkRole.PERSON), kinship.linked(LinkRole.RELATIVE)
        if person is not None and relative is not None:
            of_person.setdefault(relative, set()).update(employers.get(person, ()))
    return {view.parties[person].code: frozenset(firms) for person, firms in of_person.items()}


def personal_lines(
    database: Database, actor: Actor | None = None, institution: str | None = None
) -> list[PersonalLine]:
    """Every value that counts or was erased, by person and field, of the people the person who asks may see.

    institution : of one institution alone; Unknown where the person may not see it
    """
    view = ledger.read(database).view()
    seen, firms = users.seen_institutions(view, actor, institution), institutions_of(view)
    store, ring = store_of(database), keyring()
    records = {r.commitment: r for r in store.records()} if store.exists else {}
    counting = {c.commitment for c in current(view).values()}
    lines = []
    for one in commitments(view):
        own = firms.get(one.person, frozenset())
        if (one.erased_by is None and one.commitment not in counting) or not _visible(own, seen):
            continue
        record = records.get(one.commitment)
        state = GONE if one.erased_by is not None else LOST if record is None else HELD
        mask = None
        if state == HELD and record is not None and ring is not None:
            mask = masked(one.field, opened_record(ring, store.book, record)[1])
        lines.append(PersonalLine(one, tuple(sorted(own)), state, mask))
    order = list(PersonalField)
    return sorted(
        lines, key=lambda x: (x.commitment.person, order.index(x.commitment.field), x.commitment.entry)
    )


def _visible(own: Collection[str], seen: frozenset[str] | None) -> bool:
    return seen is None or not seen.isdisjoint(own)


def _person(view: View, actor: Actor, person: str) -> int:
    """The party of a person's code; Unknown where there is none, or the person who asks may not see them."""
    record, seen = view.by_code.get(person), users.seen_institutions(view, actor)
    own = frozenset[str]() if seen is None else institutions_of(view).get(person, frozenset())
    if record is None or record.kind is not PartyKind.PERSON or not _visible(own, seen):
        raise Unknown(Text("人员", "person"), person)
    return record.id


def unmask(
    database: Database, actor: Actor, person: str, fields: Collection[PersonalField], reason: str
) -> list[OpenedValue]:
    """Open values of a person. The entries that say who opened which field and why are written first, in one transaction.

    fields : empty: every value there is
    NotAllowed without the right; Unknown for nobody the person may see, and for a field without a value; Refused without a
    reason, where the reason holds what is opened, without the key, and where the store cannot give a value.
    """
    view = ledger.read(database).view()
    users.require(view, actor, "unmask")
    party = _person(view, actor, person)
    ring, store, held = required_keyring(), store_of(database), current(view)
    wanted = list(dict.fromkeys(fields)) or [f for f in PersonalField if (person, f) in held]
    records = {r.commitment: r for r in store.records(person)}
    opened = {}
    for field in wanted:
        if (known := held.get((person, field))) is None:
            raise Unknown(Text(field.zh, field.en.lower()), person)
        if known.commitment not in records:
            raise missing_store()
        opened[field] = opened_record(ring, store.book, records[known.commitment])[1]
    if not opened:
        raise Unknown(Text("个人信息", "personal data"), person)
    why = reason_for(reason, opened.values())

    def plan(now: View, _ids: Ids) -> Plan:
        address = address_of((SubjectKind.PARTY.value, party))
        drafts = []
        for number, field in enumerate(opened, now.known_at + 1):
            row = SubjectFact(*address, UNMASKED, field.value, None, "field")
            digest = ledger.request_digest("unmasking", person, field.value, number)
            key = f"unmasking/{person}/{field.value}/{number}"
            drafts.append(Draft(EntryKind.UNMASKING, today(), key, digest, rows=[row], note=why))
        return Plan(drafts)

    entries = ledger.book(database, actor, plan, action="unmask").entries
    return [OpenedValue(person, f, v, e) for (f, v), e in zip(opened.items(), entries, strict=True)]


def erase(database: Database, actor: Actor, person: str, reason: str) -> Booked:
    """Delete what is stored of a person for good: an entry says that and why, then the records go. The journal and its commitments
    stay as they are; without the salt, which goes with the record, a commitment tells nothing.

    Once more after an interruption it deletes what was left, without another entry. Unknown for nobody; Refused without a reason
    and where nothing is stored of the person; NotAllowed without the right.
    """
    view = ledger.read(database).view()
    users.require(view, actor, "erase")
    record = view.by_code.get(person)
    if record is None or record.kind is not PartyKind.PERSON:
        raise Unknown(Text("人员", "person"), person)
    why, store = reason_for(reason, ()), store_of(database)
    stored = [r.commitment for r in store.records(person)] if store.exists else []
    own = [c for c in commitments(view) if c.person == person]
    booked = Booked([], [])
    if any(c.erased_by is None for c in own):

        def plan(now: View, _ids: Ids) -> Plan:
            row = SubjectFact(
                *address_of((SubjectKind.PARTY.value, record.id)), ERASED, "yes", None, "erasure"
            )
            number = now.known_at + 1
            digest = ledger.request_digest("erasure", person, number)
            draft = Draft(
                EntryKind.ERASURE, today(), f"erasure/{person}/{number}", digest, rows=[row], note=why
            )
            return Plan([draft])

        booked = ledger.book(database, actor, plan, action="erase")
    elif not stored:
        raise Unknown(Text("个人信息", "personal data"), person)
    if store.exists:
        gone = {c.commitment for c in commitments(ledger.read(database).view()) if c.erased_by is not None}
        store.remove([commitment for commitment in stored if commitment in gone])
    return booked


def shared_numbers(database: Database, actor: Actor | None = None) -> list[SharedNumber]:
    """Numbers that several people have, by the blind index: nothing is opened, and no key is needed. Of the people the person who asks
    may see; a number of which they see one person alone is left out."""
    view, store = ledger.read(database).view(), store_of(database)
    if not store.exists:
        return []
    seen, firms = users.seen_institutions(view, actor), institutions_of(view)
    counting = {c.commitment: c for c in current(view).values()}
    shared = []
    for field, _blind, named in store.equals():
        people = {counting[c].person for c in named if c in counting}
        lines = tuple(
            (p, tuple(sorted(firms.get(p, ())))) for p in sorted(people) if _visible(firms.get(p, ()), seen)
        )
        if len(lines) > 1:
            shared.append(SharedNumber(PersonalField(field), lines))
    return sorted(shared, key=lambda one: (one.people, one.field))


# -- the key ------------------------------------------------------------------------------------------------------


def set_up(database: Database, actor: Actor) -> tuple[bool, bool]:
    """Make the key file and the store where they are not there; (key made, store made).

    Refused where no key file is named; where the key file is gone and the store holds what it sealed; where the store is gone
    and the book commits to values: a new one would hide that. NotAllowed without the right.
    """
    view = ledger.read(database).view()
    users.require(view, actor, "keep_key")
    path, store = key_file(), store_of(database)
    if path is None:
        raise no_key()
    due = any(c.erased_by is None for c in commitments(view))
    due_files = any(f.standing for f in stored_files(view))
    if not store.exists and due:
        raise missing_store()
    makes_key, makes_store = keyring() is None, not store.exists
    if makes_key:
        if due or due_files:
            raise no_key()
        key = new_key()
        write_keys(path, {id_of_key(key): key})
    store.make()
    if not due_files:  # a new store would hide that one is gone
        evidence_store_of(database).make()
    return makes_key, makes_store


def rotate(database: Database, actor: Actor, *, drop: bool = False) -> tuple[Keyring, int]:
    """Seal every value and every file of evidence anew under a new key; (the keys, how many). The new key is on the disk before
    anything is sealed by it, and a store changes in one transaction: wherever it stops, what is stored opens, and the command can be
    given again.

    drop : leave only the new key in the file. What older backups hold can then be opened by an older copy of the key file alone.
    """
    view = ledger.read(database).view()
    users.require(view, actor, "keep_key")
    path, ring, store = key_file(), required_keyring(), store_of(database)
    assert path is not None
    files = evidence_store_of(database)
    records = store.records()
    opened = [(r, *opened_record(ring, store.book, r)) for r in records]
    key = new_key()
    ring = write_keys(path, {**ring.keys, id_of_key(key): key})
    store.replace(
        sealed_record(ring, store.book, r.person, PersonalField(r.field), value, salt)
        for r, salt, value in opened
    )
    number = 0
    if files.exists:
        number = files.reseal(lambda own: sealed_file(ring, files.book, *opened_file(ring, files.book, own)))
    if drop:
        used = {r.key for r in store.records()} | {ring.current}
        used |= set(files.keys().values()) if files.exists else set()
        ring = write_keys(path, {name: own for name, own in ring.keys.items() if name in used})
    return ring, len(opened) + number


def reason_for(reason: str, values: Collection[str] = ()) -> str:
    """The reason given; Refused where there is none, or where it holds a value that must not enter the book."""
    why = reason.strip()
    if not why:
        text = Text("必须写明原因", "a reason must be given")
        raise _wrong("reason_missing", text)
    plain = {normalised(field, why) for field in PersonalField}
    if any(value in text for value in values for text in plain):
        text = Text(
            "原因会写入账本，不得含个人信息", "the reason enters the book and must not hold personal data"
        )
        raise _wrong("reason_holds_personal_data", text)
    return why


def _wrong(code: str, text: Text) -> Refused:
    return Refused(
        [Problem(code, text, None, Where(field=Text("原因", "reason")))], Text("个人信息", "personal data")
    )
