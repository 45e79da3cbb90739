"""Whoever writes under a group's or a channel's name may touch a button to say who they are; then it counts as theirs."""

from datetime import timedelta

import msgspec

from bot.model import Choice, Message, Text
from bot.plugin import Context, say
from bot.plugin.command import recognise
from bot.plugin.context import effects_of
from bot.plugin.host import ENGINE
from bot.store.delivery import ButtonRow, Outgoing, new_key, to_ms
from bot.store.delivery import encode as to_json

from . import quoting
from .core import Core
from .presses import Press, use_up

INTRODUCE = f"{ENGINE}.kenalkan"
PATIENCE = timedelta(minutes=30)

_message = msgspec.json.Decoder(Message)


class Introductions:
    """Asks for names, and takes them."""

    def __init__(self, core: Core) -> None:
        self._core = core

    async def ask(self, ctx: Context, event: Message) -> None:
        """Ask who wrote, where it was meant for us: a command of ours, or an answer to what we said."""
        typed = recognise(event.text)
        if not (typed and self._core.router.find(typed)) and not await quoting.key(self._core, event):
            return
        label = say("gerbang.ini_saya")
        kept = msgspec.to_builtins(msgspec.structs.replace(event, raw={}))
        row = ButtonRow(new_key(), to_json(label), INTRODUCE, {"pesan": kept}, (), new_key(), to_ms(ctx.now + PATIENCE))
        text = Text((say("gerbang.anonim"),), buttons=(Choice(row.token, label),))
        effects_of(ctx).outgoing.append(Outgoing(key=new_key(), chat=ctx.chat, content=text, reply_to=event.key, buttons=[row]))

    def take(self, ctx: Context, press: Press) -> Message:
        """The message, as one of whoever touched the button. Raises `UserError` when nobody knows them."""
        person, said = ctx.person, _message.decode(msgspec.json.encode(press.args["pesan"]))
        effects_of(ctx).unit.later.append(lambda c: use_up(c, press.token, press.group, person.id, self._core.now_ms()))
        effects_of(ctx).outgoing.append(self._note(ctx, press))
        return msgspec.structs.replace(said, account=ctx.account)

    @staticmethod
    def _note(ctx: Context, press: Press) -> Outgoing:
        text = Text((say("gerbang.atas_nama", siapa=ctx.person),))
        return Outgoing(key=new_key(), chat=ctx.chat, content=text, kind="edit", target=press.delivery)
