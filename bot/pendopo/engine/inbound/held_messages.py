"""Holds messages whose words are not yet their sender's own, until a button says so.

People who write under a group's or channel's name identify themselves; people who forward a command or an answer say that they
mean it themselves; people who were not understood say what it is.
"""

from collections.abc import Sequence
from datetime import timedelta

import msgspec

from pendopo.engine import quoted_message
from pendopo.engine.inbound.offers import close_offer, make_offer
from pendopo.engine.runtime import Runtime
from pendopo.model import Chat, Message, Phrase
from pendopo.model.ids import new_key, to_ms
from pendopo.plugin import Context, phrase
from pendopo.plugin.command_text import parse_command
from pendopo.plugin.context import effects_of
from pendopo.plugin.values import ENGINE
from pendopo.store.queries.buttons import StoredButton
from pendopo.store.queries.deliveries import Outgoing

INTRODUCE, ADOPT, BEGIN = f"{ENGINE}.kenalkan", f"{ENGINE}.terusan", f"{ENGINE}.mulai"
HELP = "bantuan"
"""The command that is offered beside the others, where a plugin has it."""
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
        self._hold(ctx, event, INTRODUCE, [phrase("gerbang.anonim")], [(phrase("gerbang.ini_saya"), "")])

    def ask_adoption(self, ctx: Context, event: Message) -> None:
        """Asks whether the sender means the words that they passed on."""
        said = phrase("gerbang.terusan", teks=event.text[:100])
        self._hold(ctx, event, ADOPT, [said], [(phrase("gerbang.maksud_saya"), "")])

    def offer_commands(self, ctx: Context, event: Message, words: Sequence[str], chat: Chat, usable: bool) -> None:
        """Offers to begin a command to somebody who was not understood; if it is `usable`, with what was written."""
        said = phrase("umum.belum_dipahami", teks=event.text[:100]) if event.text else phrase("umum.belum_dipakai")
        offers = [(phrase("umum.mulai", kata=word.capitalize()), f"/{word}") for word in words]
        if HELP in self._runtime.router.commands:
            offers.append((phrase("umum.bantuan"), f"/{HELP}"))
        kept = event if usable else msgspec.structs.replace(event, text="")
        self._hold(ctx, kept, BEGIN, [said, phrase("umum.ini_apa")] if offers else [said], offers, chat)

    def release(self, ctx: Context, press: StoredButton) -> Message:
        """Returns the message as sent by the person who pressed. Raises `UserError` when the directory does not know them."""
        person, message = ctx.person, _message.decode(msgspec.json.encode(press.args["pesan"]))
        said = press.label if press.route == BEGIN else phrase("gerbang.atas_nama", siapa=person)
        close_offer(ctx, press, said, self._runtime.now_ms())
        text = message.text if press.args["perintah"] != f"/{HELP}" else ""
        return msgspec.structs.replace(
            message, account=ctx.account, forwarded=False, text=f"{press.args['perintah']} {text}".strip()
        )

    @staticmethod
    def _hold(
        ctx: Context,
        event: Message,
        route: str,
        said: Sequence[Phrase],
        offers: Sequence[tuple[Phrase, str]],
        chat: Chat | None = None,
    ) -> None:
        """Stores a message behind buttons, each with the command that is put before its text ("" for none)."""
        kept = msgspec.to_builtins(msgspec.structs.replace(event, raw={}))
        choices = [(label, route, {"pesan": kept, "perintah": command}) for label, command in offers]
        text, rows = make_offer(said, choices, to_ms(ctx.now + PATIENCE), group=new_key())
        quoted = "" if route == BEGIN and chat != ctx.chat else event.key
        effects_of(ctx).outgoing.append(
            Outgoing(key=new_key(), chat=chat or ctx.chat, content=text, reply_to=quoted, buttons=rows)
        )
