"""The one form of an account of each kind, as its adapters make it, and how people write it besides.

An account that is stored in any other form is nobody's: its owner would be told that it is not registered.
"""

import re
from collections.abc import Callable, Mapping

_NUMBER = re.compile(r"\d{8,15}", re.ASCII)
_JOINTS = re.compile(r"[\s()./\u00a0\u2010-\u2015-]+")
_JID = re.compile(r"(?::\d+)?@(?:c\.us|s\.whatsapp\.net|lid)$", re.IGNORECASE)
_USER_NAME = re.compile(r"@?([A-Za-z]\w{3,31})", re.ASCII)
_BSUID = re.compile(r"[A-Z]{2}\.[A-Za-z0-9.]{1,140}")
_KINDS: Mapping[str, str] = {
    "wa": "whatsapp",
    "whatsap": "whatsapp",
    "whatapp": "whatsapp",
    "wahtsapp": "whatsapp",
    "tg": "telegram",
    "tele": "telegram",
    "telegramm": "telegram",
}
"""Other words for a kind, taken where an account of that kind follows."""


class AccountFormError(ValueError):
    """An account is not written in the form of its kind; the message says that form."""


def canonicalise_account(alias: str) -> str:
    """The one form of an account (`kind:value`). Raises `AccountFormError`; a kind that is not known here stays as it is."""
    kind, _, value = alias.strip().partition(":")
    kind, value = kind.strip().lower(), value.strip()
    if kind in _KINDS and any(sign.isdecimal() for sign in value) and not any(sign.isalpha() for sign in _JID.sub("", value)):
        kind = _KINDS[kind]
    rule = _RULES.get(kind)
    return rule(value) if rule is not None else f"{kind}:{value}" if kind else alias.strip()


def _canonicalise_phone(value: str) -> str:
    phone = _JOINTS.sub("", _JID.sub("", value))
    if phone.startswith(("+62", "62")):
        phone = "62" + phone.removeprefix("+").removeprefix("62").removeprefix("0")  # "+62 (0)812"
    elif phone.startswith("00"):
        phone = phone[2:]
    elif phone.startswith("0"):
        phone = "62" + phone[1:]
    phone = phone.removeprefix("+")
    if not _NUMBER.fullmatch(phone) or (phone.startswith("8") and len(phone) > 8 and "+" not in value):
        raise AccountFormError("is no phone number with its country code: write whatsapp:6281220000003, digits only")
    return f"whatsapp:{phone}"


def _canonicalise_telegram(value: str) -> str:
    number = _JOINTS.sub("", value)
    if not re.fullmatch(r"\d{1,19}", number, re.ASCII):
        raise AccountFormError(
            "is no number of Telegram: write telegram:1000000001; a user name may change hands, so nobody signs in by one"
        )
    return f"telegram:{number}"


def _canonicalise_user_name(value: str) -> str:
    found = _USER_NAME.fullmatch(re.sub(r"^(?:https?://)?t\.me/", "", value.strip(), flags=re.IGNORECASE))
    if found is None:
        raise AccountFormError("is no user name of Telegram: write telegram_username:rina_h")
    return f"telegram_username:{found[1].lower()}"


def _canonicalise_lid(value: str) -> str:
    number = _JOINTS.sub("", _JID.sub("", value))
    if not number.isdecimal():
        raise AccountFormError("is no hidden number of WhatsApp: write lid:382000000000001, digits only")
    return f"lid:{number}"


def _canonicalise_bsuid(value: str) -> str:
    if not _BSUID.fullmatch(value):
        raise AccountFormError("is no user id of WhatsApp Cloud: write bsuid:ID.1349, as Meta shows it")
    return f"bsuid:{value}"


_RULES: Mapping[str, Callable[[str], str]] = {
    "whatsapp": _canonicalise_phone,
    "telegram": _canonicalise_telegram,
    "telegram_username": _canonicalise_user_name,
    "lid": _canonicalise_lid,
    "bsuid": _canonicalise_bsuid,
}
