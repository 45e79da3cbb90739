"""The people and groups of the simulator."""

import re
from collections.abc import Sequence

from msgspec import Struct

from pendopo.model import Chat, ChatKind

BOT = "Pendopo"


class SimPerson(Struct, frozen=True):
    """A person with a phone; `id` is also the id of their private chat with the bot."""

    id: str
    name: str
    title: str = ""


class SimGroup(Struct, frozen=True):
    """A group; `members` are ids of persons."""

    id: str
    title: str
    members: tuple[str, ...]


class Roster:
    """The people and groups of one simulator by id. An unknown id raises `LookupError`."""

    def __init__(self, people: Sequence[SimPerson], groups: Sequence[SimGroup]) -> None:
        self.people = {person.id: person for person in people}
        self.groups = {group.id: group for group in groups}
        names = [rf"{re.escape(name)}(?!\w)" for person in people for name in (person.name, person.id)]
        self._mention = re.compile("@(" + "|".join([*names, BOT]) + ")", re.IGNORECASE)
        self._ids = {name.casefold(): person.id for person in people for name in (person.name, person.id)}

    def get_chat(self, adapter: str, chat_id: str) -> Chat:
        """The chat with this id: a group, or the private chat of the person with that id."""
        if group := self.groups.get(chat_id):
            return Chat(adapter, group.id, ChatKind.GROUP, group.title)
        person = self.people[chat_id]
        return Chat(adapter, person.id, ChatKind.PRIVATE, person.name)

    def has_chat(self, chat_id: str) -> bool:
        """Whether the chat still exists; an old log may name others."""
        return chat_id in self.groups or chat_id in self.people

    def get_name(self, person: str) -> str:
        """The name to show for a sender: the bot's for "", and the id itself for a person who has left."""
        return self.people[person].name if person in self.people else person or BOT

    def list_members(self, chat_id: str) -> tuple[str, ...]:
        """The ids of the people who see this chat, without the bot."""
        return self.groups[chat_id].members if chat_id in self.groups else (chat_id,)

    def list_chats(self, person: str) -> tuple[str, ...]:
        """The ids of the chats on a person's phone, groups first."""
        return (*(group.id for group in self.groups.values() if person in group.members), self.people[person].id)

    def find_mentions(self, text: str) -> list[tuple[str, str]]:
        """The @ mentions in a text, each with the person's id, or "" for the bot."""
        return [(found[0], self._ids.get(found[1].casefold(), "")) for found in self._mention.finditer(text)]
