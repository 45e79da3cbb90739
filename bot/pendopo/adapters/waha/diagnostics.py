"""Checks for `pendopo doctor` that ask the gateway: whether it answers, accepts our key, and is signed in."""

from pendopo.adapters.foreign_json import get_text
from pendopo.adapters.waha.api import KEY_REFUSED, Gateway
from pendopo.adapters.waha.health import WORKING
from pendopo.config import WahaSettings
from pendopo.errors import OperatorError, SendError

ANSWER_SECONDS = 5.0


async def diagnose_account(settings: WahaSettings) -> str:
    """One line about the account. Raises an `OperatorError` with the remedy if something is wrong."""
    troubles: list[str] = []
    key = settings.api_key.get_secret_value()
    gateway = Gateway(settings.base_url, key, settings.session, lambda kind, _: troubles.append(kind), ANSWER_SECONDS)
    try:
        session = await gateway.get(f"/api/sessions/{settings.session}", ANSWER_SECONDS)
    except SendError as error:
        if KEY_REFUSED in troubles:
            raise OperatorError("the gateway refuses the key: see adapters.waha.api_key") from None
        raise OperatorError(f"{settings.base_url} does not answer as it should: {error}; see adapters.waha.base_url") from None
    finally:
        await gateway.close()
    status = get_text(session, "status")
    if status != WORKING:
        raise OperatorError(
            f"the session {settings.session} is {status or 'unknown'}: start it and scan its code in the gateway's dashboard"
        )
    return f"session {settings.session} works"
