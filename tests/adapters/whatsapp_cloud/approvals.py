"""What Meta tells of a number, its business account, and the templates of that: strict about what is asked."""

from typing import Any

from .rules import Refused, require
from .wire import Request

ACCOUNT = "102290129340398"
_NUMBER = ("id", "display_phone_number", "verified_name", "quality_rating", "health_status")
_TEMPLATE = ("id", "name", "language", "status", "category", "rejected_reason", "quality_score", "components")
_ASKED = ("name", "language", "status", "category", "fields", "limit", "after", "before")


def template(name: str = "kabar", language: str = "id", status: str = "APPROVED", **more: Any) -> dict[str, Any]:
    """A template as Meta tells of it."""
    body = {"type": "BODY", "text": "Kabar dari Pemerintah Kota: {{1}}", "example": {"body_text": [["Rapat dimulai"]]}}
    made = {"name": name, "language": language, "status": status, "category": "UTILITY", "id": "1667192013751005"}
    return {**made, "rejected_reason": "NONE", "components": [body], **more}


class Approvals:
    """The business account of one number; `may`: the token has whatsapp_business_management."""

    def __init__(self, number: str, display: str) -> None:
        self._number, self._display = number, display
        self.templates: list[dict[str, Any]] = [template()]
        self.may = True
        self.most = 25
        """Templates on one page."""

    def number(self, request: Request) -> dict[str, Any]:
        names = _fields(request, _NUMBER, "WhatsAppBusinessPhoneNumber")
        known = {"display_phone_number": self._display, "verified_name": "Kota", "quality_rating": "GREEN"}
        known["id"] = self._number
        return {name: known[name] for name in names if name in known} | (
            {"health_status": self._health()} if "health_status" in names else {}
        )

    def _health(self) -> dict[str, Any]:
        kinds = {"PHONE_NUMBER": self._number, "WABA": ACCOUNT, "BUSINESS": "506914307656634", "APP": "634974688087057"}
        entities = [{"entity_type": kind, "id": id_, "can_send_message": "AVAILABLE"} for kind, id_ in kinds.items()]
        return {"can_send_message": "AVAILABLE", "entities": entities}

    def listed(self, request: Request, root: str) -> dict[str, Any]:
        """One page of templates; a name is found in whatever holds its letters."""
        if not self.may:
            raise Refused(200, "You do not have the necessary permissions", 403)
        for name in request.query:
            require(name in _ASKED, f"unknown parameter {name}", 100)
        names = _fields(request, _TEMPLATE, "WhatsAppMessageTemplate")
        found = [each for each in self.templates if request.query.get("name", "") in each["name"]]
        begin = int(request.query.get("after", "0"))
        end = begin + min(int(request.query.get("limit", "25")), self.most)
        shown = [{name: each[name] for name in {"id", *names} if name in each} for each in found[begin:end]]
        paging: dict[str, Any] = {"cursors": {"before": str(begin), "after": str(end)}}
        if end < len(found):
            paging["next"] = f"{root}/{ACCOUNT}/message_templates?after={end}"
        return {"data": shown, **({"paging": paging} if shown else {})}


def _fields(request: Request, known: tuple[str, ...], node: str) -> list[str]:
    names = request.query.get("fields", "id").split(",")
    for name in names:
        require(name in known, f"Tried accessing nonexisting field ({name}) on node type ({node})", 100)
    return names
