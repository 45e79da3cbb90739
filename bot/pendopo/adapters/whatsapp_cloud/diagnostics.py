"""What the Graph API says of an installation, for `pendopo doctor`: the token, the number, and its quality."""

from pendopo.adapters.whatsapp_cloud.api import GraphClient
from pendopo.config import WhatsAppCloudSettings
from pendopo.errors import OperatorError, SendError

ANSWER_SECONDS = 5.0


async def diagnose_account(settings: WhatsAppCloudSettings) -> str:
    """One line on what is right. Raises `OperatorError` with what to do where it is not."""
    token = settings.access_token.get_secret_value()
    graph = GraphClient(settings.graph_base_url, settings.graph_version, token, ANSWER_SECONDS, lambda: None)
    try:
        number = await graph.get(settings.phone_number_id, fields="display_phone_number,verified_name,quality_rating")
    except SendError as error:
        why = graph.trouble or str(error)
        raise OperatorError(
            f"the Graph API does not answer as it should: {why}; see adapters.whatsapp_cloud.access_token and .phone_number_id"
        ) from None
    finally:
        await graph.close()
    shown, quality = number.get("display_phone_number", settings.phone_number_id), number.get("quality_rating", "")
    if quality == "RED":
        raise OperatorError(f"{shown}: WhatsApp rates its quality as low and will limit it: write less to who does not answer")
    if not settings.template:
        return f"{shown}; without a template (adapters.whatsapp_cloud.template) who was silent for a day gets nothing first"
    return str(shown)
