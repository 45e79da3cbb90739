"""`ctx.plugins`: the plugins in use, what they offer this person, and the items behind a number."""

from collections.abc import Sequence

from pendopo.model import Person
from pendopo.plugin.buttons import Button
from pendopo.plugin.engine_api import EngineApi, Scene
from pendopo.plugin.values import CommandHelp, Item, PluginStatus, Refusal


class Plugins:
    """The plugins in use, as far as one person in one chat may see them."""

    def __init__(self, api: EngineApi, ctx: Scene) -> None:
        self._api = api
        self._ctx = ctx

    def list_installed(self) -> Sequence[PluginStatus]:
        """Returns the plugins in use and which are on in this chat; `ctx.directory.switch` turns one on or off."""
        return self._api.list_plugins(self._ctx.chat)

    async def list_commands(self) -> list[CommandHelp]:
        """Returns the commands this person may use."""
        return await self._api.list_commands(self._ctx)

    async def find_items(self, number: int, plugin: str = "") -> Sequence[Item]:
        """Returns the items behind a number, of all plugins or of one, that this person may see."""
        return await self._api.find_items(self._ctx, number, plugin)

    def list_item_buttons(self, key: str, allowed: list[Person]) -> list[Button]:
        """Returns the actions of other plugins on an item of this one, as buttons to show with it."""
        off = self._ctx.people.off.get(self._ctx.chat.key, frozenset())
        offered = [route for route in self._api.offers if route.plugin not in off]
        return [Button(route.offers, route.handler, key, allowed=allowed, reusable=True) for route in offered]

    async def find_last_refusal(self) -> Refusal | None:
        """Returns the last refusal of this person, why, and who could do it; None when there is none."""
        return await self._api.find_last_refusal(self._ctx)
