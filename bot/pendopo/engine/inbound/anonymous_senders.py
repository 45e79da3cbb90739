"""Lets people who write under a group's or channel's name identify themselves by a button; then the message is theirs."""

from datetime import timedelta

import msgspec

from pendopo.engine import quoted_message
from pendopo.engine.inbound.button_presses import mark_used
from pendopo.engine.runtime import Runtime
from pendopo.model import Choice, Message, Text
from pendopo.model.ids import new_key, to_ms
from pendopo.plugin import Context, phrase
from pendopo.plugin.command_text import parse_command
from pendopo.plugin.context import effects_of
from pendopo.plugin.values import ENGINE
from pendopo.store.queries.buttons import ButtonRow, StoredButton
from pendopo.store.queries.deliveries import Outgoing
from pendopo.store.queries.deliveries import encode as to_json

INTRODUCE = f"{ENGINE}.kenalkan"
PATIENCE = timedelta(minutes=30)
"""How long the button can be pressed; as long as a dialog waits."""

_message = msgspec.json.Decoder(Message)


class AnonymousSenders:
    """Asks anonymous senders to identify themselves, and assigns their messages."""

    def __init__(self, runtime: Runtime) -> None:
        self._runtime = runtime

    async def ask_identity(self, ctx: Context, event: Message) -> None:
        """Asks who wrote, if the message was meant for the bot: one of its commands, or an answer to its message."""
        typed = parse_command(event.text)
        if not (typed and self._runtime.router.find_command(typed)) and not await quoted_message.find_quoted_key(
            self._runtime, event
        ):
            return
        label = phrase("gerbang.ini_saya")
        kept = msgspec.to_builtins(msgspec.structs.replace(event, raw={}))
        row = ButtonRow(new_key(), to_json(label), INTRODUCE, {"pesan": kept}, (), new_key(), to_ms(ctx.now + PATIENCE))
        text = Text((phrase("gerbang.anonim"),), buttons=(Choice(row.token, label),))
        effects_of(ctx).outgoing.append(Outgoing(key=new_key(), chat=ctx.chat, content=text, reply_to=event.key, buttons=[row]))

    def claim_message(self, ctx: Context, press: StoredButton) -> Message:
        """Returns the message as sent by the person who pressed. Raises `UserError` when the directory does not know them."""
        person, message = ctx.person, _message.decode(msgspec.json.encode(press.args["pesan"]))
        effects_of(ctx).unit.later.append(lambda c: mark_used(c, press.token, press.group, person.id, self._runtime.now_ms()))
        effects_of(ctx).outgoing.append(self._credit_sender(ctx, press))
        return msgspec.structs.replace(message, account=ctx.account)

    @staticmethod
    def _credit_sender(ctx: Context, press: StoredButton) -> Outgoing:
        text = Text((phrase("gerbang.atas_nama", siapa=ctx.person),))
        return Outgoing(key=new_key(), chat=ctx.chat, content=text, kind="edit", target=press.delivery)
