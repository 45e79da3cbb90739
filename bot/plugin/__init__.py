"""What a plugin author touches: plugins, their routes and arguments, buttons, and the context of a handler."""

from .arguments import Prompt, RestOfText
from .button import Button, RouteName
from .context import Context
from .host import BusyTime, CalendarEntry, CommandHelp, MessageRef, PluginHealth, StoredFile
from .item import Item
from .plugin import Plugin
from .say import phrase
from .state_machine import StateMachine

__all__ = [
    "BusyTime",
    "Button",
    "CalendarEntry",
    "CommandHelp",
    "Context",
    "Item",
    "MessageRef",
    "Plugin",
    "PluginHealth",
    "Prompt",
    "RestOfText",
    "RouteName",
    "StateMachine",
    "StoredFile",
    "phrase",
]
