"""Asks what was meant by words that name no choice clearly, privately: nothing is decided until a button is pressed."""

from datetime import timedelta

from pendopo.engine.inbound.offers import close_offer, make_offer
from pendopo.engine.inbound.typed_choices import Doubt, Takes, find_takes
from pendopo.engine.outbound import reachability
from pendopo.engine.runtime import Runtime
from pendopo.model import Message, Phrase, Text
from pendopo.model.ids import new_key, to_ms
from pendopo.plugin import Context, phrase
from pendopo.plugin.context import effects_of
from pendopo.plugin.values import ENGINE
from pendopo.store.queries.buttons import StoredButton, find_button
from pendopo.store.queries.deliveries import Outgoing, find_delivery

MEANT, NOT_YET = f"{ENGINE}.maksud", f"{ENGINE}.belum"
PATIENCE = timedelta(hours=24)
"""How long it can be said what was meant."""
SHORT = 40
"""Characters of somebody's words on a button."""


class Clarifications:
    """Asks what a typed answer means, and finds the choice that was then named."""

    def __init__(self, runtime: Runtime) -> None:
        self._runtime = runtime

    async def ask_meaning(self, ctx: Context, event: Message, doubt: Doubt) -> None:
        """Asks the writer back, where the group does not see it if that is possible."""
        offers = [(self._label_offer(ctx, offer), MEANT, {"token": offer.token, "kata": offer.words}) for offer in doubt.offers]
        said = phrase("tombol.maksud", pesan=await self._name_card(ctx, doubt), teks=event.text.strip()[:300])
        text, rows = make_offer(
            [said],
            [*offers, (phrase("tombol.belum"), NOT_YET, {})],
            to_ms(ctx.now + PATIENCE),
            group=new_key(),
            allowed=[ctx.sender.id] if ctx.sender else [],
        )
        chat = await reachability.find_quiet_chat(self._runtime, ctx.chat, ctx.sender)
        quoted = event.key if chat == ctx.chat else ""
        locale = ctx.sender.locale if ctx.sender and chat.private else ""
        effects_of(ctx).outgoing.append(
            Outgoing(key=new_key(), chat=chat, content=text, reply_to=quoted, buttons=rows, locale=locale)
        )

    async def find_meant(self, ctx: Context, press: StoredButton) -> StoredButton | None:
        """Returns the choice that a press names, with the words typed before; None when it is gone."""
        close_offer(ctx, press, phrase("tombol.dimaksud", pilihan=press.label), self._runtime.now_ms())
        return await find_button(self._runtime.database, press.args["token"])

    def leave(self, ctx: Context, press: StoredButton) -> None:
        """Leaves the matter undecided, as the person said."""
        close_offer(ctx, press, phrase("tombol.dibiarkan"), self._runtime.now_ms())

    async def _name_card(self, ctx: Context, doubt: Doubt) -> str:
        """The first two lines of the message that the choices belong to."""
        found = await find_delivery(self._runtime.database, doubt.offers[0].delivery)
        content = found.content if found else Text()
        said = content.said if isinstance(content, Text) else getattr(content, "caption", Text()).said
        text = "\n".join(self._runtime.catalogues.render_text(each, self._find_locale(ctx)) for each in said)
        return " ".join(text.split("\n")[:2])[:100]

    def _find_locale(self, ctx: Context) -> str:
        return (ctx.sender.locale if ctx.sender else "") or self._runtime.locale

    def _label_offer(self, ctx: Context, offer: StoredButton) -> Phrase:
        if not offer.words:
            return offer.label
        label = self._runtime.catalogues.render_text(offer.label, self._find_locale(ctx)).rstrip(" .…!")
        words = offer.words if len(offer.words) <= SHORT else offer.words[: SHORT - 1].rstrip() + "…"
        route = self._runtime.router.routes.get(offer.route)
        noted = route is not None and find_takes(route.params, offer.args) == Takes.NOTE
        return phrase("tombol.dengan_catatan" if noted else "tombol.dengan_kata", pilihan=label, kata=words)
