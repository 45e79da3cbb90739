"""The tables: a base for the plugins' own (`Row`), and the core's.

The core's tables are written and read with SQL on the hot path; they are declared here once, so that migrations and tests
have something to compare with. Instants are integers: milliseconds since 1970, UTC.
"""

from collections.abc import Mapping
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
from pendopo.store.states import DeliveryState, InboxState, ReminderState

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


def _id_column() -> Column[int]:
    return Column("id", BigInteger().with_variant(Integer, "sqlite"), primary_key=True, autoincrement=True)


def _text_column(name: str, default: str | None = "") -> Column[str]:
    return Column(name, Text, nullable=default is None, server_default=default)


def _int_column(name: str, default: str | None = "0") -> Column[int]:
    return Column(name, BigInteger, nullable=default is None, server_default=default)


def _partial_index(where: ColumnElement[bool], name: str, *columns: ColumnElement[Any]) -> None:
    Index(name, *columns, sqlite_where=where, postgresql_where=where)


inbox = Table(
    "inbox",
    core,
    _id_column(),
    Column("adapter", Text, nullable=False),
    Column("native_id", Text, nullable=False),
    Column("kind", Text, nullable=False),
    Column("lane", Text, nullable=False),
    _text_column("album"),
    Column("body", LargeBinary, nullable=False),
    _int_column("received_at"),
    _text_column("state", InboxState.OPEN),
    _int_column("step"),  # how many of its events are handled
    _int_column("attempts"),
    _int_column("due_at"),
    _text_column("error"),
    _text_column("code"),
    UniqueConstraint("adapter", "native_id", "kind"),
)
_partial_index(inbox.c.state == InboxState.OPEN, "ix_inbox_open", inbox.c.lane, inbox.c.id)
_partial_index(inbox.c.album != "", "ix_inbox_album", inbox.c.lane, inbox.c.album)
_partial_index(inbox.c.state == InboxState.DEAD, "ix_inbox_dead", inbox.c.id)

delivery = Table(
    "delivery",
    core,
    _id_column(),
    Column("key", Text, nullable=False, unique=True),
    Column("lane", Text, nullable=False),
    Column("chat", Text, nullable=False),  # the Chat as JSON
    _text_column("kind", "send"),  # send | edit | answer
    Column("content", Text, nullable=False),
    _text_column("target"),  # an edit's delivery key, an answer's press
    _text_column("reply_to"),
    _text_column("locale"),
    _int_column("event_id"),
    _text_column("asked_in"),  # the Chat of the event it came from, where that is another one
    _text_column("tried", "[]"),  # chats it was meant for before it fell over to this one
    _text_column("state", DeliveryState.OPEN),
    _int_column("report"),  # what the messenger told since: 1 sent, 2 delivered, 3 read, 4 failed
    _int_column("attempts"),
    _int_column("due_at"),
    _int_column("part"),  # how many of the messages it becomes are made
    _text_column("native_id"),
    _text_column("failed_id"),  # the native id of an attempt that failed after it was taken
    _text_column("choices"),  # how its buttons were shown: buttons | numbers | nothing
    _text_column("error"),
    _text_column("code"),
    _int_column("created_at"),
    _int_column("sent_at"),
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
    _int_column("ordinal"),
    Column("label", Text, nullable=False),  # a Said as JSON
    Column("route", Text, nullable=False),
    Column("args", Text, nullable=False),
    _text_column("allowed", "[]"),  # ids of persons; empty: whoever the route's policy lets
    _text_column("group_key"),  # buttons used up together
    _int_column("expires_at"),
    _int_column("used_at"),
    _int_column("used_by"),
)
Index("ix_button_group", button.c.group_key)

dialog = Table(
    "dialog",
    core,
    Column("chat", Text, primary_key=True),
    Column("owner", Text, primary_key=True),  # the account's first alias: one dialog a person and chat
    Column("route", Text, nullable=False),
    Column("version", Text, nullable=False),
    Column("state", Text, nullable=False),
    Column("prompt", Text, nullable=False),  # key of the delivery that asked
    _int_column("deadline"),
)
Index("ix_dialog_prompt", dialog.c.prompt)

reminder = Table(
    "reminder",
    core,
    _id_column(),
    Column("key", Text, nullable=False, unique=True),
    Column("route", Text, nullable=False),
    Column("args", Text, nullable=False),
    Column("chat", Text, nullable=False),
    _int_column("person"),
    _int_column("due_at"),
    _text_column("state", ReminderState.WAITING),
)
_partial_index(reminder.c.state == ReminderState.WAITING, "ix_reminder_due", reminder.c.due_at)

audit = Table(
    "audit",
    core,
    _id_column(),
    _int_column("at"),
    _int_column("person"),
    _text_column("messenger"),
    _text_column("capacity"),
    Column("action", Text, nullable=False),
    _text_column("object"),
    Column("digest", Text, nullable=False),  # of the note
    _text_column("correlation"),
    Column("previous", Text, nullable=False),
    Column("hash", Text, nullable=False),
)
Index("ix_audit_person", audit.c.person, audit.c.id)
Index("ix_audit_object", audit.c.object, audit.c.id)
audit_note = Table(
    "audit_note",
    core,
    Column("id", BigInteger, primary_key=True, autoincrement=False),  # of its line
    Column("salt", Text, nullable=False),
    Column("body", Text, nullable=False),  # account, reason and detail as JSON
)

chat = Table(
    "chat",
    core,
    Column("key", Text, primary_key=True),
    Column("chat", Text, nullable=False),  # the Chat as JSON
    _int_column("person"),  # whose private chat this is
    _int_column("seen_at"),
    _int_column("active", "1"),
    _text_column("locale"),
)
Index("ix_chat_person", chat.c.person, chat.c.seen_at)
plugin_off = Table(
    "plugin_off",
    core,
    Column("chat", Text, primary_key=True),  # key of the chat in which a plugin is switched off
    Column("plugin", Text, primary_key=True),
)

unit = Table("unit", core, Column("code", Text, primary_key=True), Column("name", Text, nullable=False), _text_column("parent"))
post = Table(
    "post",
    core,
    Column("code", Text, primary_key=True),
    Column("title", Text, nullable=False),
    _text_column("unit"),
    _text_column("superior"),
    _text_column("roles", "[]"),
)
person = Table(
    "person",
    core,
    _id_column(),
    Column("name", Text, nullable=False),
    _text_column("nip"),
    _text_column("locale"),
    _int_column("active", "1"),
)
holding = Table(
    "holding",
    core,
    _id_column(),
    Column("person", BigInteger, nullable=False, index=True),
    Column("post", Text, nullable=False),
    _int_column("since"),
    _int_column("until"),
)
mandate = Table(
    "mandate",
    core,
    _id_column(),
    Column("person", BigInteger, nullable=False, index=True),
    Column("post", Text, nullable=False),
    _int_column("since"),
    _int_column("until"),
    Column("kind", Text, nullable=False),  # MandateKind
    _text_column("basis"),
    _text_column("may", "[]"),  # names of actions; empty: what is routine
    _text_column("source", MandateSource.FILE),
)
account = Table(
    "account",
    core,
    Column("alias", Text, primary_key=True),
    Column("person", BigInteger, nullable=False, index=True),
    _int_column("linked_at"),
    _text_column("source", AccountSource.FILE),
    _text_column("beside"),
)
unconfirmed = Table(
    "unconfirmed",
    core,
    Column("alias", Text, primary_key=True),  # of an account that changed its number, old and new: nobody until confirmed
    Column("person", BigInteger, nullable=False),
    _int_column("since"),
)
link_code = Table(
    "link_code",
    core,
    Column("hash", Text, primary_key=True),
    Column("person", BigInteger, nullable=False),
    _int_column("expires_at"),
    _int_column("used_at"),
)
refusal = Table(
    "refusal",
    core,
    Column("person", BigInteger, primary_key=True, autoincrement=False),  # the last one of each person
    _int_column("at"),
    Column("route", Text, nullable=False),
    Column("args", Text, nullable=False),
    _text_column("rule"),
    Column("reason", Text, nullable=False),  # a Said as JSON
)
forum = Table("forum", core, Column("name", Text, primary_key=True), _text_column("members", "[]"))
forum_chat = Table("forum_chat", core, Column("chat", Text, primary_key=True), Column("forum", Text, nullable=False))
agenda = Table(
    "agenda",
    core,
    Column("key", Text, primary_key=True),
    Column("person", BigInteger, primary_key=True, autoincrement=False),
    Column("plugin", Text, nullable=False),
    Column("kind", Text, nullable=False),  # away | meeting
    _int_column("starts_at"),
    _int_column("ends_at"),
    Column("title", Text, nullable=False),  # a Said as JSON
)
Index("ix_agenda_person", agenda.c.person, agenda.c.ends_at)
setting = Table("setting", core, Column("key", Text, primary_key=True), Column("value", Text, nullable=False))

web_session = Table(
    "web_session",
    core,
    Column("hash", Text, primary_key=True),
    Column("person", BigInteger, nullable=False, index=True),
    _text_column("rights"),  # the posts and mandates it was begun with; others end it
    _text_column("agent"),
    _text_column("how"),  # TicketKind
    _int_column("created_at"),
    _int_column("seen_at"),
)
web_ticket = Table(
    "web_ticket",
    core,
    Column("hash", Text, primary_key=True),
    Column("kind", Text, nullable=False),  # TicketKind
    _int_column("person"),
    _text_column("path"),  # where to go then
    _text_column("browser"),  # digest of the cookie of the browser that shows a QR code
    _int_column("number"),  # what that browser shows, to be matched
    _text_column("agent"),
    _int_column("created_at"),
    _int_column("expires_at"),
)
Index("ix_web_ticket_browser", web_ticket.c.browser)
web_attempt = Table(
    "web_attempt",
    core,
    _id_column(),
    Column("who", Text, nullable=False),
    _int_column("at"),
)
Index("ix_web_attempt_who", web_attempt.c.who, web_attempt.c.at)
