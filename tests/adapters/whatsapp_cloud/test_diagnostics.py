"""What the doctor hears of the template for who was silent for a day, and what it says to do."""

from typing import Any

import pytest
from pendopo.adapters.whatsapp_cloud.diagnostics import diagnose_account as ask_number
from pendopo.adapters.whatsapp_cloud.diagnostics import diagnose_template
from pendopo.config import WhatsAppCloudSettings
from pendopo.errors import OperatorError

from .approvals import ACCOUNT, template
from .bench import settings
from .conftest import Lab
from .graph import DISPLAY, NUMBER, TOKEN, error
from .wire import Answer

PERMISSION = "make a token with the permission whatsapp_business_management"


def chosen(lab: Lab, token: str = TOKEN, **more: Any) -> WhatsAppCloudSettings:
    return settings(lab.graph, token, "kabar").model_copy(update=more)


async def complaint(lab: Lab, token: str = TOKEN, **more: Any) -> str:
    """What the doctor shows on its one line."""
    with pytest.raises(OperatorError) as found:
        await diagnose_template(chosen(lab, token, **more))
    assert "\n" not in str(found.value)
    assert TOKEN not in str(found.value)
    return str(found.value)


async def test_one_that_is_approved_is_named(lab: Lab) -> None:
    assert await diagnose_template(chosen(lab)) == "kabar in id is approved"
    paths = [call.path for call in lab.graph.calls]
    assert paths == [f"/v23.0/{NUMBER}", f"/v23.0/{ACCOUNT}/message_templates"]


async def test_the_number_has_a_line_of_its_own(lab: Lab) -> None:
    lab.graph.approvals.may = False
    assert await ask_number(chosen(lab)) == DISPLAY


@pytest.mark.parametrize(
    ("status", "reason", "said"),
    [
        ("PENDING", "NONE", "kabar in id is pending: Meta looks at it for a day at most; ask again then"),
        ("IN_APPEAL", "SCAM", "kabar in id is in appeal: Meta looks at it once more; ask again in a day"),
        (
            "REJECTED",
            "INVALID_FORMAT",
            "kabar in id is rejected (INVALID_FORMAT): "
            "change its words in WhatsApp Manager and submit it again, or appeal there",
        ),
        ("REJECTED", "NONE", "kabar in id is rejected: change its words"),
        ("PAUSED", "NONE", "kabar in id is paused: people complained of it: it comes back in three or six hours"),
        ("DISABLED", "NONE", "kabar in id is disabled: people complained of it too often: have another one approved"),
        (
            "PENDING_DELETION",
            "NONE",
            "kabar in id is pending deletion: have another one approved and name it as adapters.whatsapp_cloud.template",
        ),
        ("ARCHIVED", "NONE", "kabar in id is archived: have another one approved"),
        ("", "NONE", "kabar in id is in no state that Meta names: have another one approved"),
    ],
)
async def test_what_is_not_approved_is_said_with_what_to_do(lab: Lab, status: str, reason: str, said: str) -> None:
    lab.graph.approvals.templates = [template(status=status, rejected_reason=reason)]
    assert (await complaint(lab)).startswith(said)


async def test_one_that_is_not_there_is_said_and_where_it_was_looked_for(lab: Lab) -> None:
    lab.graph.approvals.templates = [template("kabar_kota"), template("pengingat")]
    assert await complaint(lab) == (
        f"there is no template kabar in the business account {ACCOUNT}: "
        "have it approved there, or correct adapters.whatsapp_cloud.template"
    )


async def test_another_language_is_not_the_one_it_is_sent_in(lab: Lab) -> None:
    lab.graph.approvals.templates = [template(language="en_US"), template(language="en"), template("kabar_kota")]
    assert await complaint(lab) == (
        "the template kabar is there in en, en_US, not in id: "
        "have it approved in id too, or set adapters.whatsapp_cloud.template_language"
    )
    assert await diagnose_template(chosen(lab, template_language="en_US")) == "kabar in en_US is approved"


async def test_each_language_is_judged_by_itself(lab: Lab) -> None:
    lab.graph.approvals.templates = [template(language="en"), template(status="PAUSED"), template("kabar_kota")]
    assert "kabar in id is paused" in await complaint(lab)
    assert await diagnose_template(chosen(lab, template_language="en")) == "kabar in en is approved"


async def test_it_is_found_behind_pages_of_others_with_these_letters(lab: Lab) -> None:
    lab.graph.approvals.most = 2
    lab.graph.approvals.templates = [*(template(f"kabar_{n}") for n in range(7)), template()]
    assert await diagnose_template(chosen(lab)) == "kabar in id is approved"


async def test_a_list_without_an_end_is_not_read_for_ever(lab: Lab) -> None:
    lab.graph.approvals.most = 1
    lab.graph.approvals.templates = [template(f"kabar_{n}") for n in range(50)]
    assert "there is no template kabar" in await complaint(lab)
    assert len(lab.graph.calls) <= 12


@pytest.mark.parametrize(
    ("components", "said"),
    [
        ([{"type": "BODY", "text": "Ada kabar."}], "wants no words where"),
        ([{"type": "BODY", "text": "{{1}}: {{2}}"}], "wants BODY 1, BODY 2 where"),
        ([{"type": "BODY", "text": "Halo {{nama}}"}], "wants BODY nama where"),
        ([{"type": "HEADER", "format": "IMAGE"}, {"type": "BODY", "text": "{{1}}"}], "wants HEADER image, BODY 1 where"),
        (
            [
                {"type": "BODY", "text": "{{1}}"},
                {"type": "BUTTONS", "buttons": [{"type": "URL", "url": "https://kota.example/{{1}}"}]},
            ],
            "wants BODY 1, BUTTONS 1 where",
        ),
    ],
)
async def test_an_approved_one_that_takes_other_variables_than_ours_is_said(
    lab: Lab, components: list[dict[str, Any]], said: str
) -> None:
    lab.graph.approvals.templates = [template(components=components)]
    complained = await complaint(lab)
    assert said in complained
    assert "one variable, {{1}} in its body, takes what there is to say: change it in WhatsApp Manager" in complained


async def test_a_header_and_a_button_without_variables_are_no_matter(lab: Lab) -> None:
    more = [{"type": "HEADER", "format": "TEXT", "text": "Kabar"}, {"type": "BUTTONS", "buttons": [{"type": "QUICK_REPLY"}]}]
    lab.graph.approvals.templates = [template(components=[*more, *template()["components"]])]
    assert await diagnose_template(chosen(lab)) == "kabar in id is approved"


# -- who may not look, and who hears nothing ---------------------------------------------------------------------------


async def test_a_token_that_may_not_look_is_said(lab: Lab) -> None:
    lab.graph.approvals.may = False
    said = await complaint(lab)
    assert said.startswith("the token may not see whether the template kabar is approved (200 ")
    assert said.endswith(PERMISSION)


@pytest.mark.parametrize("answer", [error(10, 403), error(3), error(131005, 403), error(100, error_subcode=33)])
@pytest.mark.parametrize("first", [False, True])
async def test_whichever_way_meta_says_so(lab: Lab, answer: Answer, first: bool) -> None:
    lab.graph.faults.extend([answer] if first else [None, answer])
    assert (await complaint(lab)).endswith(PERMISSION)


async def test_another_refusal_is_no_matter_of_permission(lab: Lab) -> None:
    lab.graph.faults.extend([None, error(100, details="Invalid parameter")])
    said = await complaint(lab)
    assert PERMISSION not in said
    assert said.startswith("Meta does not say whether the template kabar is approved: 100 ")


async def test_a_refused_token_is_said_and_never_shown(lab: Lab) -> None:
    said = await complaint(lab, "EAAwrongwrongwrongwrongwrongwrong")
    assert said.startswith("Meta does not say whether the template kabar is approved: 190 ")
    assert said.endswith("see adapters.whatsapp_cloud.access_token")
    assert "EAAwrong" not in said


@pytest.mark.parametrize("answer", [Answer(0, lost=True), Answer(502, b"<html>Bad Gateway</html>"), error(2, 503)])
async def test_a_server_that_does_not_answer_is_reported(lab: Lab, answer: Answer) -> None:
    lab.graph.faults.extend([None, answer])
    said = await complaint(lab)
    assert said.startswith("no answer whether the template kabar is approved: ")
    assert said.endswith("; ask again in a while")


async def test_a_server_that_is_not_there_is_said(lab: Lab) -> None:
    gone = chosen(lab, graph_base_url="http://127.0.0.1:9")
    with pytest.raises(OperatorError, match="no answer whether the template kabar is approved: WhatsApp is out of reach"):
        await diagnose_template(gone)


@pytest.mark.parametrize("entity", ["7", '{"entity_type": "WABA"}', '{"entity_type": "WABA", "id": "1/../2"}', '{"id": "12"}'])
async def test_a_number_without_its_business_account_is_said(lab: Lab, entity: str) -> None:
    lab.graph.faults.append(Answer(200, b'{"health_status": {"entities": [' + entity.encode() + b"]}}"))
    assert "see adapters.whatsapp_cloud.phone_number_id" in await complaint(lab)
