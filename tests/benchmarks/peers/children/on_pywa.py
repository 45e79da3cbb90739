"""pywa: a handler a command, the signature checked; the call of the Graph API is stubbed above HTTP."""

from typing import Any

import rounds
from pywa import WhatsApp, filters

ANSWER = {"messaging_product": "whatsapp", "contacts": [{"input": "62812", "wa_id": "62812"}], "messages": [{"id": "wamid.x"}]}


def echo(number: int) -> Any:
    def handler(_: WhatsApp, message: Any) -> None:
        message.reply(rounds.reply(number, message.text.partition(" ")[2]))

    return handler


async def prepare(commands: int, replies: rounds.Replies) -> rounds.Handle:
    client = WhatsApp(phone_id="1", token="x", server=None, verify_token="y", app_secret=rounds.SECRET)
    for number in range(commands):
        client.on_message(filters.command(rounds.name(number), prefixes="/"))(echo(number))

    def send(*args: Any, **more: Any) -> dict[str, Any]:
        replies.take(more["msg"]["body"])
        return ANSWER

    client.api.send_message = send

    async def handle(raw: bytes) -> None:
        if client.webhook_update_validator(raw, rounds.signature(raw)) is not None:
            raise AssertionError("the signature is refused")
        client.webhook_update_handler(raw)

    return handle


if __name__ == "__main__":
    rounds.run(prepare, rounds.whatsapp)
