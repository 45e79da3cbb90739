"""Checks for `pendopo doctor` that ask Telegram: the token, privacy mode and the webhook."""

import time

from telegram.error import InvalidToken, TelegramError

from pendopo.adapters.contract import Look
from pendopo.adapters.foreign_json import JsonObject, get_int, get_text
from pendopo.adapters.telegram.adapter import PRIVACY_MODE_NOTE, WEBHOOK_PATH
from pendopo.adapters.telegram.api import BotApiClient, Timing
from pendopo.adapters.telegram.errors import redact_error
from pendopo.config import TelegramSettings
from pendopo.errors import OperatorError

PATIENCE = Timing(connect=5.0, read=5.0)
RECENT_SECONDS = 3600
"""Seconds during which a failed delivery is reported."""


async def diagnose_account(settings: TelegramSettings, public_url: str) -> str:
    """One line about the account. Raises an `OperatorError` with the remedy if something is wrong."""
    token = settings.token.get_secret_value()
    client = BotApiClient(settings.api_base_url, token, PATIENCE)
    try:
        me = await client.call_method("getMe")
        _check_webhook(settings, public_url, await client.call_method("getWebhookInfo"))
    except InvalidToken:
        raise OperatorError("Telegram refuses the token: take a new one from BotFather (adapters.telegram.token)") from None
    except TelegramError as error:
        raise OperatorError(f"{settings.api_base_url} does not answer as it should: {redact_error(error, token)}") from None
    finally:
        await client.close()
    if not me.get("can_read_all_group_messages"):
        return Look(f"@{get_text(me, 'username')}; {PRIVACY_MODE_NOTE}")
    return f"@{get_text(me, 'username')}, hears everything in its groups"


def _check_webhook(settings: TelegramSettings, public_url: str, info: JsonObject) -> None:
    url, wanted = get_text(info, "url"), public_url.rstrip("/") + WEBHOOK_PATH
    if settings.mode == "polling":
        if url:
            raise OperatorError(
                "a webhook is set, from elsewhere or from before: the next start removes it; "
                "if another bot runs on this token, give one of them a token of its own"
            )
        return
    if url != wanted:
        was = "no webhook is set" if not url else "another address is set as webhook"
        raise OperatorError(f"{was}, not {wanted}: the next start sets it; if that does not last, another bot has the token")
    if (get_int(info, "last_error_date") or 0) > time.time() - RECENT_SECONDS:
        raise OperatorError(
            f"Telegram could not deliver to {wanted}: {get_text(info, 'last_error_message')}; see web.public_url"
        )
