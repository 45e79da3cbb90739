"""Changes that administrators make to the directory from a chat, each checked against the snapshot of their handler.

A handler that changed the directory commits only if the directory's revision is still the one it read, so a check made here
holds when the change is written: two administrators never give one post to two people.
"""

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any

from pendopo.directory.import_file import deactivate_person
from pendopo.directory.people import People
from pendopo.errors import UserError
from pendopo.model import Chat, Holding, Mandate, MandateKind, MandateSource, Person, Post
from pendopo.model.ids import new_code, to_ms
from pendopo.store import Connection
from pendopo.store.queries import accounts, chats, people, posts
from pendopo.store.queries.settings import bump_revision

Job = Callable[[Connection], Any]
Record = Callable[..., None]


class Changes:
    """Gathers changes for one commit. Each method raises `UserError` if it is not allowed, and records an audit entry."""

    def __init__(self, people: People, now: datetime, later: list[Job], record: Record, actor: int = 0) -> None:
        self._actor = actor
        self._people = people
        self._now = now
        self._later = later
        self._record = record

    def appoint(self, person: Person, post: Post, since: datetime | None = None, until: datetime | None = None) -> None:
        """Appoint a person to a post. Raises `UserError` if another term on that post overlaps."""
        begin, end = to_ms(since or self._now), to_ms(until) if until else 0
        for term in self._people.terms_of(post.code):
            if term.overlaps(begin, end) and term.person in self._people.persons:
                raise UserError("direktori.sudah_dijabat", jabatan=post.title, siapa=self._people.persons[term.person].name)
        self._add_change(lambda c: posts.add_holding(c, Holding(person.id, post.code, begin, end)))
        self._record("direktori.angkat", f"post/{post.code}", person=person.id, since=begin, until=end)

    def dismiss(self, person: Person, post: Post, at: datetime | None = None) -> None:
        """End a person's term on a post. Raises `UserError` if they do not hold it now."""
        if post not in self._people.posts_of(person, self._now):
            raise UserError("direktori.tidak_menjabat", siapa=person.name, jabatan=post.title)
        end = to_ms(at or self._now)
        self._add_change(lambda c: posts.end_holding(c, person.id, post.code, end))
        self._record("direktori.berhenti", f"post/{post.code}", person=person.id, until=end)

    def give_mandate(
        self,
        kind: str,
        post: Post,
        person: Person,
        since: datetime,
        until: datetime | None,
        basis: str,
        may: Sequence[str] = (),
    ) -> None:
        """Give a mandate. A Plh needs a post with a holder, a Plt a vacant one; two mandates of one post never overlap."""
        self.check_mandate(kind, post, person, since, until)
        new = Mandate(person.id, post.code, to_ms(since), to_ms(until) if until else 0, MandateKind(kind), basis, tuple(may))
        self._add_change(lambda c: posts.add_mandate(c, new, MandateSource.CHAT))
        detail = {"person": person.id, "since": new.since, "until": new.until, "may": list(new.may)}
        self._record(f"direktori.{kind}", f"post/{post.code}", basis, **detail)

    def check_mandate(self, kind: str, post: Post, person: Person, since: datetime, until: datetime | None) -> None:
        """Raises `UserError` if a mandate may not be given so."""
        new = Mandate(person.id, post.code, to_ms(since), to_ms(until) if until else 0, MandateKind(kind))
        holders = self._people.holders_of(post.code, self._now)
        if any(holder.id == new.person for holder in holders):
            raise UserError("direktori.jabatan_sendiri", jabatan=post.title)
        if new.kind == MandateKind.PLT and holders:
            raise UserError("direktori.plt_terisi", jabatan=post.title, siapa=holders[0].name)
        if new.kind not in (MandateKind.PLT, MandateKind.AJUDAN) and not holders:
            raise UserError("direktori.plh_kosong", jabatan=post.title)
        for other in self._people.mandates:
            # Only one may replace the holder at a time; assistants (ajudan) may be several, but each only once.
            rival = (other.replaces and new.replaces) or (other.kind == new.kind and other.person == new.person)
            acting = self._people.find_person(other.person)
            if acting is not None and rival and other.post == new.post and other.overlaps(new.since, new.until):
                kind, name = other.kind.capitalize(), acting.name
                raise UserError("direktori.mandat_bertumpuk", jenis=kind, jabatan=post.title, siapa=name, nomor=other.id)

    def end_mandate(self, mandate: Mandate) -> None:
        """End a mandate now. Raises `UserError` if it has ended already."""
        now = to_ms(self._now)
        if mandate.until and mandate.until <= now:
            raise UserError("direktori.mandat_selesai", nomor=mandate.id)
        self._add_change(lambda c: posts.end_mandate(c, mandate.id, now))
        self._record("direktori.cabut", f"mandate/{mandate.id}", person=mandate.person, post=mandate.post)

    def admit_person(self, name: str, nip: str = "") -> None:
        """Add a person to the directory. A namesake is only added with a NIP, and a NIP only once."""
        if any(person.name.lower() == name.lower() for person in self._people.persons.values()) and not nip:
            raise UserError("direktori.nama_sama", siapa=name)
        if nip and nip in self._people.nips:
            raise UserError("direktori.nip_sama", nip=nip)
        self._add_change(lambda c: people.add_person(c, name, nip))
        self._record("direktori.tambah", "person", nama=name)

    def remove_person(self, person: Person) -> None:
        """Deactivate a person: all their access ends at once, on every messenger."""
        now = to_ms(self._now)
        self._add_change(lambda c: deactivate_person(c, person.id, now))
        self._record("direktori.keluar", f"person/{person.id}")

    def set_locale(self, person: Person, locale: str) -> None:
        """Change the language the bot uses with a person."""
        self._add_change(lambda c: people.set_locale(c, person.id, locale))
        self._record("direktori.bahasa", f"person/{person.id}", bahasa=locale)

    def issue_link_code(self, person: Person) -> str:
        """Issue a code that links one account to a person: valid once, for ten minutes.

        One that somebody else makes links only a person's first account at once; see `link_account`.
        """
        code, maker = new_code(accounts.LINK_CODE_LENGTH), 0 if self._actor == person.id else self._actor
        self._later.append(lambda connection: accounts.add_link_code(connection, code, person.id, to_ms(self._now), maker))
        self._record("direktori.kode", f"person/{person.id}")
        return code

    def unlink_accounts(self, person: Person, messenger: str) -> int:
        """Unlink a person's accounts on one messenger; returns the number of aliases removed."""
        gone = [alias for alias in self._people.accounts_of(person) if self._people.messenger_name(alias) == messenger]
        if not gone:
            raise UserError("direktori.tanpa_akun", siapa=person.name, aplikasi=messenger)
        self._add_change(lambda c: accounts.unlink_accounts(c, gone))
        self._later.append(lambda c: people.note_cut(c, person.id, to_ms(self._now)))
        self._record("direktori.lepas", f"person/{person.id}", aplikasi=messenger, jumlah=len(gone))
        return len(gone)

    def switch_plugin(self, plugin: str, chat: Chat, on: bool) -> None:
        """Switch a plugin on or off in one chat. Every process reloads the directory before its next decision there."""
        self._add_change(lambda c: chats.switch_plugin(c, chat.key, plugin, on))
        self._record("direktori.nyala" if on else "direktori.mati", f"plugin/{plugin}", obrolan=chat.key)

    def _add_change(self, job: Job) -> None:
        def changed(connection: Connection) -> None:
            job(connection)
            bump_revision(connection)

        self._later.append(changed)
