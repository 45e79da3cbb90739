"""Holds messages whose words are not yet their sender's own, until a button says so.

People who write under a group's or channel's name identify themselves; people who forward a command or an answer say that they
mean it themselves.
"""

from datetime import timedelta

import msgspec

from pendopo.engine import quoted_message
from pendopo.engine.inbound.button_presses import mark_used
from pendopo.engine.runtime import Runtime
from pendopo.model import Choice, Message, Phrase, Text
from pendopo.model.ids import new_key, to_ms
from pendopo.plugin import Context, phrase
from pendopo.plugin.command_text import parse_command
from pendopo.plugin.context import effects_of
from pendopo.plugin.values import ENGINE
from pendopo.store.queries.buttons import ButtonRow, StoredButton
from pendopo.store.queries.deliveries import Outgoing
from pendopo.store.queries.deliveries import encode as to_json

INTRODUCE, ADOPT = f"{ENGINE}.kenalkan", f"{ENGINE}.terusan"
PATIENCE = timedelta(minutes=30)
"""How long the button can be pressed; as long as a dialog waits."""

_message = msgspec.json.Decoder(Message)


class HeldMessages:
    """Asks whose words a message holds, and releases it to the person who says so."""

    def __init__(self, runtime: Runtime) -> None:
        self._runtime = runtime

    async def ask_identity(self, ctx: Context, event: Message) -> None:
        """Asks who wrote, if the message was meant for the bot: one of its commands, or an answer to its message."""
        typed = parse_command(event.text)
        if not (typed and self._runtime.router.find_command(typed)) and not await quoted_message.find_quoted_key(
            self._runtime, event
        ):
            return
        self._hold(ctx, event, INTRODUCE, phrase("gerbang.anonim"), phrase("gerbang.ini_saya"))

    def ask_adoption(self, ctx: Context, event: Message) -> None:
        """Asks whether the sender means the words that they passed on."""
        self._hold(ctx, event, ADOPT, phrase("gerbang.terusan", teks=event.text[:100]), phrase("gerbang.maksud_saya"))

    def release(self, ctx: Context, press: StoredButton) -> Message:
        """Returns the message as sent by the person who pressed. Raises `UserError` when the directory does not know them."""
        person, message = ctx.person, _message.decode(msgspec.json.encode(press.args["pesan"]))
        effects_of(ctx).unit.later.append(lambda c: mark_used(c, press.token, press.group, person.id, self._runtime.now_ms()))
        text = Text((phrase("gerbang.atas_nama", siapa=ctx.person),))
        effects_of(ctx).outgoing.append(
            Outgoing(key=new_key(), chat=ctx.chat, content=text, kind="edit", target=press.delivery)
        )
        return msgspec.structs.replace(message, account=ctx.account, forwarded=False)

    @staticmethod
    def _hold(ctx: Context, event: Message, route: str, said: Phrase, label: Phrase) -> None:
        kept = msgspec.to_builtins(msgspec.structs.replace(event, raw={}))
        row = ButtonRow(new_key(), to_json(label), route, {"pesan": kept}, (), new_key(), to_ms(ctx.now + PATIENCE))
        text = Text((said,), buttons=(Choice(row.token, label),))
        effects_of(ctx).outgoing.append(Outgoing(key=new_key(), chat=ctx.chat, content=text, reply_to=event.key, buttons=[row]))
