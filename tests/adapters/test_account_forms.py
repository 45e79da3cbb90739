"""Accounts are brought into the one form that their adapters make, or refused with that form."""

import pytest
from pendopo.adapters.account_forms import AccountFormError, canonicalise_account
from pendopo.adapters.telegram.ids import make_name_alias, make_user_alias
from pendopo.adapters.waha.ids import list_aliases
from pendopo.adapters.whatsapp_cloud.ids import make_account

RIGHT = "whatsapp:6281220000003"


@pytest.mark.parametrize(
    "written",
    [
        "whatsapp:081220000003",
        "whatsapp:+62 812-2000-0003",
        "whatsapp:62081220000003",
        "whatsapp:+62 (0)812 2000 0003",
        "whatsapp:6281220000003@c.us",
        "whatsapp:6281220000003:12@s.whatsapp.net",
        "whatsapp:6281220000003 ",
        " WhatsApp: 0812.2000.0003",
        "whatsapp:006281220000003",
        "wa:6281220000003",
        "whatsapp:6281220000003",
    ],
)
def test_a_phone_has_one_form(written: str) -> None:
    assert canonicalise_account(written) == RIGHT


@pytest.mark.parametrize(
    ("written", "form"),
    [
        ("telegram: 1000000001", "telegram:1000000001"),
        ("tg:1000000001", "telegram:1000000001"),
        ("telegram_username:@Rina_H", "telegram_username:rina_h"),
        ("telegram_username:https://t.me/Rina_H", "telegram_username:rina_h"),
        ("lid:382000000000001@lid", "lid:382000000000001"),
        ("bsuid:ID.1349", "bsuid:ID.1349"),
        ("whatsapp:+1 650-555-1234", "whatsapp:16505551234"),
        ("whatsapp:+81 90 1234 5678", "whatsapp:819012345678"),
        ("simulator:rina", "simulator:rina"),
        ("wa:k03", "wa:k03"),
        ("memory:camat-c", "memory:camat-c"),
    ],
)
def test_other_kinds_have_theirs_and_unknown_ones_stay(written: str, form: str) -> None:
    assert canonicalise_account(written) == form


@pytest.mark.parametrize(
    ("written", "form"),
    [
        ("telegram:@rina", "telegram:1000000001"),
        ("telegram:rina", "telegram:1000000001"),
        ("whatsapp:rina", RIGHT),
        ("whatsapp:81220000003", RIGHT),
        ("whatsapp:0812", RIGHT),
        ("whatsapp:120363000000000001@g.us", RIGHT),
        ("telegram_username:r", "telegram_username:rina_h"),
        ("lid:rina", "lid:382000000000001"),
        ("bsuid:1349", "bsuid:ID.1349"),
    ],
)
def test_what_cannot_be_is_refused_with_the_form(written: str, form: str) -> None:
    with pytest.raises(AccountFormError, match=form.replace(".", r"\.")):
        canonicalise_account(written)


def test_the_forms_are_those_the_adapters_make() -> None:
    made = [make_user_alias(1000000001), make_name_alias("@Rina_H"), *list_aliases("6281220000003@c.us", {})]
    cloud = make_account("6281220000003", ["ID.1349"])
    assert cloud is not None
    made += [*list_aliases("382000000000001@lid", {}), *cloud.aliases]
    assert [canonicalise_account(alias) for alias in made] == made
