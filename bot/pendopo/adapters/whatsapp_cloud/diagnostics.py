"""Checks for `pendopo doctor` that ask the Graph API: the token, the number and its quality, and the template."""

import re
from collections.abc import Mapping, Sequence
from typing import Any

from pendopo.adapters.foreign_json import get_list, get_objects, get_text
from pendopo.adapters.whatsapp_cloud.api import GraphClient
from pendopo.adapters.whatsapp_cloud.errors import MissingPermissionError, NotVisibleError
from pendopo.adapters.whatsapp_cloud.ids import parse_id
from pendopo.config import WhatsAppCloudSettings
from pendopo.errors import OperatorError, SendError, TemporarySendError

ANSWER_SECONDS = 5.0
FIELDS = "name,language,status,rejected_reason,components"
PAGE, PAGES = "100", 10
"""Meta returns every template whose name contains ours, so ours may be on a later page."""
_VARIABLE = re.compile(r"\{\{\s*(\w+)\s*\}\}")
_USE_ANOTHER = "have another one approved and name it as adapters.whatsapp_cloud.template"
_REMEDIES = {
    "PENDING": "Meta looks at it for a day at most; ask again then",
    "IN_APPEAL": "Meta looks at it once more; ask again in a day",
    "REJECTED": "change its words in WhatsApp Manager and submit it again, or appeal there",
    "PAUSED": "people complained of it: it comes back in three or six hours; write less to who does not answer",
    "DISABLED": f"people complained of it too often: {_USE_ANOTHER}, or appeal in WhatsApp Manager",
}

Template = Mapping[str, Any]


async def diagnose_account(settings: WhatsAppCloudSettings) -> str:
    """One line about the number. Raises an `OperatorError` with the remedy if something is wrong."""
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


async def diagnose_template(settings: WhatsAppCloudSettings) -> str:
    """One line if the template is approved, else an `OperatorError` with the remedy (Meta, "Templates", 2026)."""
    token = settings.access_token.get_secret_value()
    graph = GraphClient(settings.graph_base_url, settings.graph_version, token, ANSWER_SECONDS, lambda: None)
    try:
        account = await _find_account(graph, settings.phone_number_id)
        templates = await _fetch_templates(graph, account, settings.template)
    except SendError as error:
        raise OperatorError(_explain_failure(settings.template, error)) from None
    finally:
        await graph.close()
    return _check_template(_select_language(templates, account, settings))


async def _find_account(graph: GraphClient, number: str) -> str:
    """The business account that owns the number and its templates."""
    answer = await graph.get(number, fields="health_status")
    for entity in get_objects(answer, "health_status", "entities"):
        if entity.get("entity_type") == "WABA" and (found := parse_id(entity.get("id"))).isdecimal():
            return found
    raise OperatorError(
        "Meta does not name the business account of the number, whose templates they are: "
        "see adapters.whatsapp_cloud.phone_number_id and .graph_version"
    )


async def _fetch_templates(graph: GraphClient, account: str, name: str) -> Sequence[Template]:
    """The template in each of its languages."""
    found: list[Template] = []
    after: dict[str, str] = {}
    for _ in range(PAGES):
        answer = await graph.get(f"{account}/message_templates", name=name, fields=FIELDS, limit=PAGE, **after)
        found += [each for each in get_objects(answer, "data") if each.get("name") == name]
        after = {"after": get_text(answer, "paging", "cursors", "after")}
        if not get_text(answer, "paging", "next") or not after["after"]:
            break
    return found


def _explain_failure(name: str, error: SendError) -> str:
    if isinstance(error, MissingPermissionError | NotVisibleError):
        remedy = "give its system user the business account, and make a token with the permission whatsapp_business_management"
        return f"the token may not see whether the template {name} is approved ({error}): {remedy}"
    if isinstance(error, TemporarySendError) and not error.whole_account:
        return f"no answer whether the template {name} is approved: {error}; ask again in a while"
    return f"Meta does not say whether the template {name} is approved: {error}; see adapters.whatsapp_cloud.access_token"


def _select_language(found: Sequence[Template], account: str, settings: WhatsAppCloudSettings) -> Template:
    """The template in the language it is sent in."""
    name, language = settings.template, settings.template_language
    languages = {get_text(each, "language"): each for each in found}
    if not languages:
        raise OperatorError(
            f"there is no template {name} in the business account {account}: "
            "have it approved there, or correct adapters.whatsapp_cloud.template"
        )
    if language not in languages:
        raise OperatorError(
            f"the template {name} is there in {', '.join(sorted(languages))}, not in {language}: "
            f"have it approved in {language} too, or set adapters.whatsapp_cloud.template_language"
        )
    return languages[language]


def _check_template(template: Template) -> str:
    status, shown = get_text(template, "status"), f"{get_text(template, 'name')} in {get_text(template, 'language')}"
    if status != "APPROVED":
        reason = get_text(template, "rejected_reason").removeprefix("NONE") if status == "REJECTED" else ""
        what = status.lower().replace("_", " ") + (f" ({reason})" if reason else "")
        raise OperatorError(f"{shown} is {what or 'in no state that Meta names'}: {_REMEDIES.get(status, _USE_ANOTHER)}")
    if (variables := _list_variables(template)) != ["BODY 1"]:
        raise OperatorError(
            f"{shown} is approved, but wants {', '.join(variables) or 'no words'} where one variable, {{{{1}}}} in its body, "
            f"takes what there is to say: change it in WhatsApp Manager, or {_USE_ANOTHER}"
        )
    return f"{shown} is approved"


def _list_variables(template: Template) -> list[str]:
    """The parameters needed to send the template, such as `BODY 1`."""
    variables = []
    for component in get_list(template, "components"):
        kind, form = get_text(component, "type"), get_text(component, "format")
        if form not in ("", "TEXT"):
            variables.append(f"{kind} {form.lower()}")
        for words in (get_text(component, "text"), *(get_text(each, "url") for each in get_list(component, "buttons"))):
            variables += [f"{kind} {name}" for name in dict.fromkeys(_VARIABLE.findall(words))]
    return variables
