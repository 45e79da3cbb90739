"""The tables: a base for the plugins' own (`Row`), and the core's.

The core's tables are written and read with SQL on the hot path; they are declared here once, so that migrations and tests
have something to compare with. Instants are integers: milliseconds since 1970, UTC.
"""

from collections.abc import Mapping
from enum import StrEnum
from typing import Any, ClassVar

from sqlalchemy import (
    BigInteger,
    Column,
    ColumnElement,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    Table,
    Text,
    UniqueConstraint,
    func,
)
from sqlalchemy.orm import declared_attr, registry
from sqlmodel import Field, SQLModel

from pendopo.model import AccountSource, MandateSource


class InboxState(StrEnum):
    """How far a delivery of a messenger is handled."""

    OPEN = "open"
    WAITING = "waiting"
    """Until `due_at`, since its sender asked for much at once; what others sent to the same chat does not wait with it."""
    DONE = "done"
    DEAD = "dead"


class DeliveryState(StrEnum):
    """How far a delivery to a chat is made; one that is `HELD` waits until its person writes."""

    OPEN = "open"
    SENDING = "sending"
    HELD = "held"
    SENT = "sent"
    DEAD = "dead"


class TicketKind(StrEnum):
    """What opens a session: a link, or a QR code until somebody takes it in a chat (`GRANTED`)."""

    LINK = "link"
    QR = "qr"
    GRANTED = "granted"
    CLI = "cli"


class ReminderState(StrEnum):
    """What became of a reminder."""

    WAITING = "waiting"
    FIRED = "fired"
    CANCELLED = "cancelled"


NAMING: Mapping[str, str] = {
    "ix": "ix_%(column_0_label)s",
    "uq": "uq_%(table_name)s_%(column_0_name)s",
    "fk": "fk_%(table_name)s_%(column_0_name)s_%(referred_table_name)s",
    "pk": "pk_%(table_name)s",
}


def tables(plugin: str) -> registry:
    """A registry of a plugin's own, so that one plugin's broken mapping hurts no other. Table names get its name before."""
    return registry(metadata=MetaData(info={"plugin": plugin}, naming_convention=dict(NAMING)))


class Row(SQLModel):
    """A row of a plugin: `class Table(Row, registry=tables("izin"))`, then `class Izin(Table, table=True)`.

    `version` counts the row's changes. A handler decides on what it read; when another changed the row meanwhile, nothing of
    the handler is kept and it runs again.
    """

    id: int | None = Field(default=None, primary_key=True)
    version: int = Field(default=0, nullable=False)

    __abstract__: ClassVar[bool] = True

    @declared_attr.directive
    def __tablename__(cls) -> str:  # noqa: N805  a class, as SQLAlchemy calls it
        plugin = cls.metadata.info.get("plugin", "")
        name = cls.__name__.lower()
        return name if name == plugin else f"{plugin}_{name}"

    @declared_attr.directive
    def __mapper_args__(cls) -> dict[str, Any]:  # noqa: N805  a class, as SQLAlchemy calls it
        return {"version_id_col": cls.__table__.c.version} if hasattr(cls, "__table__") else {}


core = MetaData(naming_convention=dict(NAMING))


# Migrations make columns with these four too, so what they make must not change.


def id_column() -> Column[int]:
    """The number of a row; SQLite counts only in its own INTEGER."""
    return Column("id", BigInteger().with_variant(Integer, "sqlite"), primary_key=True, autoincrement=True)


def required_texts(*names: str) -> list[Column[str]]:
    """Columns of texts that every INSERT must give."""
    return [Column(name, Text, nullable=False) for name in names]


def text_columns(*names: str, default: str = "") -> list[Column[str]]:
    """Columns of texts with a default."""
    return [Column(name, Text, nullable=False, server_default=default) for name in names]


def int_columns(*names: str, default: str = "0") -> list[Column[int]]:
    """Columns of numbers, instants and yes or no (1 or 0) with a default."""
    return [Column(name, BigInteger, nullable=False, server_default=default) for name in names]


def _partial_index(where: ColumnElement[bool], name: str, *columns: ColumnElement[Any]) -> None:
    Index(name, *columns, sqlite_where=where, postgresql_where=where)


inbox = Table(
    "inbox",
    core,
    id_column(),
    *required_texts("adapter", "native_id", "kind", "lane"),
    *text_columns("album"),
    Column("body", LargeBinary, nullable=False),
    *int_columns("received_at"),
    *text_columns("state", default=InboxState.OPEN),
    *int_columns("step"),  # how many of its events are handled
    *int_columns("attempts", "due_at"),
    *int_columns("held"),  # how often it held the event loop
    *text_columns("error", "code"),
    UniqueConstraint("adapter", "native_id", "kind"),
)
_partial_index(inbox.c.state == InboxState.OPEN, "ix_inbox_open", inbox.c.lane, inbox.c.id)
_partial_index(inbox.c.album != "", "ix_inbox_album", inbox.c.lane, inbox.c.album)
_partial_index(inbox.c.state == InboxState.DEAD, "ix_inbox_dead", inbox.c.id)
_partial_index(inbox.c.state == InboxState.WAITING, "ix_inbox_waiting", inbox.c.due_at)

delivery = Table(
    "delivery",
    core,
    id_column(),
    Column("key", Text, nullable=False, unique=True),
    *required_texts("lane"),
    *required_texts("chat"),  # the Chat as JSON
    *text_columns("kind", default="send"),  # send | edit | answer
    *required_texts("content"),
    *text_columns("target"),  # an edit's delivery key, an answer's press
    *text_columns("reply_to", "locale"),
    *int_columns("event_id"),
    *text_columns("asked_in"),  # the Chat of the event it came from, where that is another one
    *text_columns("tried", default="[]"),  # chats it was meant for before it fell over to this one
    *text_columns("state", default=DeliveryState.OPEN),
    *int_columns("report"),  # what the messenger told since: 1 sent, 2 delivered, 3 read, 4 failed
    *int_columns("attempts", "due_at"),
    *int_columns("part"),  # how many of the messages it becomes are made
    *text_columns("native_id"),
    *text_columns("failed_id"),  # the native id of an attempt that failed after it was taken
    *text_columns("choices"),  # how its buttons were shown: buttons | numbers | nothing
    *text_columns("error", "code"),
    *int_columns("created_at", "sent_at"),
    *int_columns("urgent"),  # 1: somebody waits for it, who asked for it just now
)
_unsettled = delivery.c.state.in_((DeliveryState.OPEN, DeliveryState.SENDING))
_partial_index(_unsettled, "ix_delivery_open", delivery.c.lane, delivery.c.id)
_partial_index(delivery.c.native_id != "", "ix_delivery_native", delivery.c.native_id, delivery.c.lane)
_partial_index(delivery.c.state == DeliveryState.HELD, "ix_delivery_held", delivery.c.lane)
_partial_index(delivery.c.target != "", "ix_delivery_target", delivery.c.target)
_partial_index(delivery.c.choices == "numbers", "ix_delivery_numbers", delivery.c.lane, delivery.c.id)
_partial_index(func.substr(delivery.c.lane, 1, 4) == "web:", "ix_delivery_web", delivery.c.lane, delivery.c.id)
_partial_index(delivery.c.state == DeliveryState.DEAD, "ix_delivery_dead", delivery.c.id)

button = Table(
    "button",
    core,
    Column("token", Text, primary_key=True),
    Column("delivery", Text, nullable=False, index=True),
    *int_columns("ordinal"),
    *required_texts("label"),  # a Phrase as JSON
    *required_texts("route", "args"),
    *text_columns("allowed", default="[]"),  # ids of persons; empty: whoever the route's policy lets
    *text_columns("group_key"),  # buttons used up together
    *int_columns("expires_at", "used_at", "used_by"),
    *int_columns("offered_by", "dropped_by"),  # the edits that brought it, and that no longer offer it; 0: none
)
Index("ix_button_group", button.c.group_key)

dialog = Table(
    "dialog",
    core,
    Column("chat", Text, primary_key=True),
    Column("owner", Text, primary_key=True),  # the account's first alias: one dialog a person and chat
    *required_texts("route", "version", "state"),
    *required_texts("prompt"),  # key of the delivery that asked
    *int_columns("deadline"),
)
Index("ix_dialog_prompt", dialog.c.prompt)

reminder = Table(
    "reminder",
    core,
    id_column(),
    Column("key", Text, nullable=False, unique=True),
    *required_texts("route", "args", "chat"),
    *int_columns("person", "due_at"),
    *text_columns("state", default=ReminderState.WAITING),
)
_partial_index(reminder.c.state == ReminderState.WAITING, "ix_reminder_due", reminder.c.due_at)

audit = Table(
    "audit",
    core,
    id_column(),
    *int_columns("at", "person"),
    *text_columns("messenger", "capacity"),
    *required_texts("action"),
    *text_columns("object"),
    *required_texts("digest"),  # of the note
    *text_columns("correlation"),
    *required_texts("previous", "hash"),
)
Index("ix_audit_person", audit.c.person, audit.c.id)
Index("ix_audit_object", audit.c.object, audit.c.id)
audit_note = Table(
    "audit_note",
    core,
    Column("id", BigInteger, primary_key=True, autoincrement=False),  # of its line
    *required_texts("salt"),
    *required_texts("body"),  # account, reason and detail as JSON
)

chat = Table(
    "chat",
    core,
    Column("key", Text, primary_key=True),
    *required_texts("chat"),  # the Chat as JSON
    *int_columns("person"),  # whose private chat this is
    *int_columns("seen_at"),
    *int_columns("active", default="1"),
    *text_columns("locale"),
)
Index("ix_chat_person", chat.c.person, chat.c.seen_at)
plugin_off = Table(
    "plugin_off",
    core,
    Column("chat", Text, primary_key=True),  # key of the chat in which a plugin is switched off
    Column("plugin", Text, primary_key=True),
)

unit = Table("unit", core, Column("code", Text, primary_key=True), *required_texts("name"), *text_columns("parent"))
post = Table(
    "post",
    core,
    Column("code", Text, primary_key=True),
    *required_texts("title"),
    *text_columns("unit", "superior"),
    *text_columns("roles", default="[]"),
    *text_columns("aliases", default="[]"),
)
person = Table(
    "person",
    core,
    id_column(),
    *required_texts("name"),
    *text_columns("nip", "locale"),
    *int_columns("active", default="1"),
    *text_columns("aliases", default="[]"),
    *int_columns("cut_at"),  # when accounts were last cut off: a new one is not linked at once
    *text_columns("employment", default="{}"),
)
holding = Table(
    "holding",
    core,
    id_column(),
    Column("person", BigInteger, nullable=False, index=True),
    *required_texts("post"),
    *int_columns("since", "until"),
)
mandate = Table(
    "mandate",
    core,
    id_column(),
    Column("person", BigInteger, nullable=False, index=True),
    *required_texts("post"),
    *int_columns("since", "until"),
    *required_texts("kind"),  # MandateKind
    *text_columns("basis"),
    *text_columns("may", default="[]"),  # names of actions; empty: what is routine
    *text_columns("source", default=MandateSource.FILE),
)
account = Table(
    "account",
    core,
    Column("alias", Text, primary_key=True),
    Column("person", BigInteger, nullable=False, index=True),
    *int_columns("linked_at"),
    *text_columns("source", default=AccountSource.FILE),
    *text_columns("beside"),
)
unconfirmed = Table(
    "unconfirmed",
    core,
    Column("alias", Text, primary_key=True),  # of an account that changed its number, old and new: nobody until confirmed
    Column("person", BigInteger, nullable=False),
    *int_columns("since"),
)
link_code = Table(
    "link_code",
    core,
    Column("hash", Text, primary_key=True),
    Column("person", BigInteger, nullable=False),
    *int_columns("expires_at", "used_at", "maker", "due_at"),  # maker: the administrator, 0 for the person; due_at: 0 or waits
    *text_columns("aliases", default="[]"),  # of the account that waits to be linked
)
refusal = Table(
    "refusal",
    core,
    Column("person", BigInteger, primary_key=True, autoincrement=False),  # the last one of each person
    *int_columns("at"),
    *required_texts("route", "args"),
    *text_columns("rule"),
    *required_texts("reason"),  # a Phrase as JSON
)
forum = Table("forum", core, Column("name", Text, primary_key=True), *text_columns("members", default="[]"))
forum_chat = Table("forum_chat", core, Column("chat", Text, primary_key=True), *required_texts("forum"))
agenda = Table(
    "agenda",
    core,
    Column("key", Text, primary_key=True),
    Column("person", BigInteger, primary_key=True, autoincrement=False),
    *required_texts("plugin"),
    *required_texts("kind"),  # away | meeting
    *int_columns("starts_at", "ends_at"),
    *required_texts("title"),  # a Phrase as JSON
)
Index("ix_agenda_person", agenda.c.person, agenda.c.ends_at)
setting = Table("setting", core, Column("key", Text, primary_key=True), *required_texts("value"))

web_session = Table(
    "web_session",
    core,
    Column("hash", Text, primary_key=True),
    Column("person", BigInteger, nullable=False, index=True),
    *text_columns("rights"),  # the posts and mandates it was begun with; others end it
    *text_columns("agent"),
    *text_columns("how"),  # TicketKind
    *int_columns("created_at", "seen_at"),
)
web_ticket = Table(
    "web_ticket",
    core,
    Column("hash", Text, primary_key=True),
    *required_texts("kind"),  # TicketKind
    *int_columns("person"),
    *text_columns("path"),  # where to go then
    *text_columns("browser"),  # digest of the cookie of the browser that shows a QR code
    *int_columns("number"),  # what that browser shows, to be matched
    *text_columns("agent"),
    *int_columns("created_at", "expires_at"),
)
Index("ix_web_ticket_browser", web_ticket.c.browser)
web_attempt = Table("web_attempt", core, id_column(), *required_texts("who"), *int_columns("at"))
Index("ix_web_attempt_who", web_attempt.c.who, web_attempt.c.at)
