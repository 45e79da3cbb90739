"""The API of plugin authors: plugins, their routes and arguments, buttons, and the context of a handler."""

from pendopo.plugin.arguments.signature import After, Answer, IgnoreDoubts, Inquiry, Note, Prompt, RestOfText, Rupiah
from pendopo.plugin.buttons import Button, RouteName
from pendopo.plugin.context import Context
from pendopo.plugin.phrases import phrase
from pendopo.plugin.plugin import Plugin
from pendopo.plugin.state_machine import StateMachine
from pendopo.plugin.values import CommandHelp, Item, MessageRef, PluginHealth, StoredFile, Typed
from pendopo.store.queries.calendar_entries import BusyTime, CalendarEntry

__all__ = [
    "After",
    "Answer",
    "BusyTime",
    "Button",
    "CalendarEntry",
    "CommandHelp",
    "Context",
    "IgnoreDoubts",
    "Inquiry",
    "Item",
    "MessageRef",
    "Note",
    "Plugin",
    "PluginHealth",
    "Prompt",
    "RestOfText",
    "RouteName",
    "Rupiah",
    "StateMachine",
    "StoredFile",
    "Typed",
    "phrase",
]
