"""Whoever writes under a group's or a channel's name may touch a button to say who they are; then it counts as theirs."""

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

_message = msgspec.json.Decoder(Message)


class AnonymousSenders:
    """Asks for names, and takes them."""

    def __init__(self, runtime: Runtime) -> None:
        self._runtime = runtime

    async def ask_identity(self, ctx: Context, event: Message) -> None:
        """Ask who wrote, where it was meant for us: a command of ours, or an answer to what we said."""
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
        """The message, as one of whoever touched the button. Raises `UserError` when nobody knows them."""
        person, said = ctx.person, _message.decode(msgspec.json.encode(press.args["pesan"]))
        effects_of(ctx).unit.later.append(lambda c: mark_used(c, press.token, press.group, person.id, self._runtime.now_ms()))
        effects_of(ctx).outgoing.append(self._credit_sender(ctx, press))
        return msgspec.structs.replace(said, account=ctx.account)

    @staticmethod
    def _credit_sender(ctx: Context, press: StoredButton) -> Outgoing:
        text = Text((phrase("gerbang.atas_nama", siapa=ctx.person),))
        return Outgoing(key=new_key(), chat=ctx.chat, content=text, kind="edit", target=press.delivery)
