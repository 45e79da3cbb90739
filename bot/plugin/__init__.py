"""What a plugin author touches: plugins, their routes and arguments, buttons, and the context of a handler."""

from .arguments import Ask, Rest
from .button import Button, RouteName
from .context import Context
from .host import Busy, Health, Marked, Sent, Stored, Usage
from .item import Item
from .plugin import Plugin
from .say import say
from .state_machine import StateMachine

__all__ = [
    "Ask",
    "Busy",
    "Button",
    "Context",
    "Health",
    "Item",
    "Marked",
    "Plugin",
    "Rest",
    "RouteName",
    "Sent",
    "StateMachine",
    "Stored",
    "Usage",
    "say",
]
