"""All settings, by their section."""

import os
import re
from collections.abc import Iterable, Mapping
from contextlib import suppress
from datetime import date, time
from pathlib import Path
from typing import Annotated, Any, Literal, TypeVar
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, PlainValidator, SecretStr

SHORTEST_SECRET = 4
"""The shortest text that is redacted as a possible secret: shorter ones occur in any sentence."""
DEFAULT_PLUGINS = ("bantuan", "akun", "kelola", "izin", "laporan", "disposisi", "ingatkan", "rapat", "terlewat")


def resolve_secret(value: Any) -> Any:
    """Resolves a secret that is given as a file, a credential of systemd or another environment variable.

    Credentials: systemd.exec(5), `LoadCredential=`. Raises `ValueError` or `OSError`.
    """
    if isinstance(value, Mapping):
        if set(value) == {"file"} and isinstance(value["file"], str):
            return Path(value["file"]).read_text(encoding="utf-8").strip()
        if set(value) == {"credential"} and isinstance(name := value["credential"], str):
            if not (folder := os.environ.get("CREDENTIALS_DIRECTORY")):
                raise ValueError(f"there are no credentials here: the unit needs LoadCredential={name}:/etc/pendopo/{name}")
            return (Path(folder) / Path(name).name).read_text(encoding="utf-8").strip()
        if set(value) == {"env"} and isinstance(name := value["env"], str):
            if name in os.environ:
                return os.environ[name]
            raise ValueError(f"the environment has no variable {name}")
        raise ValueError('a secret is a text, { file = "…" }, { credential = "…" } or { env = "NAME" }')
    return value


def _check_zone(name: str) -> str:
    try:
        ZoneInfo(name)
    except (KeyError, ValueError, OSError) as error:
        raise ValueError("there is no such time zone; an example is Asia/Jakarta") from error
    return name


def _check_public_url(url: str) -> str:
    """Pages and links begin at the root of their host; an address without a scheme is no link."""
    try:
        parts = urlsplit(url)
        whole = parts.scheme in ("https", "http") and parts.hostname and (parts.port or True)
    except ValueError:
        whole = False
    if url and not whole:
        raise ValueError("write it as people open it, https://bot.kota.go.id")
    if url and (parts.path.strip("/") or parts.query or parts.fragment or "@" in parts.netloc):
        raise ValueError("the bot needs a host of its own: no path or anything else behind it, https://bot.kota.go.id")
    return url


def _check_chat(key: str) -> str:
    if key and not re.fullmatch(r"[a-z][a-z0-9_]*:\S+", key):
        raise ValueError("a chat is MESSENGER:ID, such as telegram:-1001234567890; /id in the chat shows it")
    return key


OptionsT = TypeVar("OptionsT", bound="Options")
Secret = Annotated[SecretStr, BeforeValidator(resolve_secret)]


class _Section(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, validate_default=True, hide_input_in_errors=True)


class Options(_Section):
    """The options of a plugin, or of another distribution's adapter, that its operator may set.

    A subclass given to `Plugin(options=…)` is `[plugin.NAME]`; given to `Messenger(options=…)`, `[adapters.NAME]`.
    """


class RawSection:
    """A plugin's section, not parsed yet. Until the plugin says which keys are secret, all of them may be."""

    def __init__(self, values: Mapping[str, Any]) -> None:
        self.values = values

    def __repr__(self) -> str:
        return f"Unread({', '.join(self.values)})"


def _wrap_section(value: Any) -> Any:
    if isinstance(value, Mapping):
        return RawSection(value)
    if isinstance(value, RawSection | Options):
        return value
    raise ValueError("a section is needed here")


class DatabaseSettings(_Section):
    """`[database]`: `url` may be given like a secret, since it may hold a password."""

    url: Annotated[str, BeforeValidator(resolve_secret)] = "sqlite:///var/pendopo.db"


class WebSettings(_Section):
    """`[web]`"""

    host: str = "127.0.0.1"
    port: Annotated[int, Field(ge=0, le=65535)] = 8080
    public_url: Annotated[str, AfterValidator(_check_public_url)] = ""
    """Where people reach the web app from outside, without which it has no links to send."""
    monitor_token: Secret = SecretStr("")
    """With it /metrics and the details of /readyz are told to other machines too, as `Authorization: Bearer`."""


class DirectorySettings(_Section):
    """`[directory]`"""

    file: str = ""


class PluginSettings(_Section):
    """`[plugins]`: the plugins in use, and folders in which to look for more."""

    enabled: list[str] = Field(default_factory=lambda: list(DEFAULT_PLUGINS))
    plugin_dirs: list[str] = []


class CalendarSettings(_Section):
    """`[calendar]`: the country whose holidays count, days that decrees add (`"2027-03-09" = "Cuti bersama"`) or take away."""

    country: Literal["ID", ""] = "ID"
    holidays: dict[date, str] = {}
    working: list[date] = []


class QuietHoursSettings(_Section):
    """`[quiet_hours]`: when only what is urgent, or was just asked for, rings; twice the same: never."""

    begins: time = time(21)
    ends: time = time(5, 30)


class LimitSettings(_Section):
    """`[limits]`: requests a minute allowed for one person and for one chat; 0: no limit."""

    per_person: Annotated[int, Field(ge=0, le=100_000)] = 30
    per_chat: Annotated[int, Field(ge=0, le=100_000)] = 120


class AuditSettings(_Section):
    """`[audit]`: where the head of the audit log goes: into a chat (`telegram:-100…`) every day, into a file every hour.

    The file is only added to, and should lie where the database's owner cannot change it. Empty: nowhere.
    """

    post_to: Annotated[str, AfterValidator(_check_chat)] = ""
    head_file: str = ""


class RetentionSettings(_Section):
    """`[retention]`: after how many days texts are removed; 0 keeps them. `fields` are those of plugins (`izin.keperluan`)."""

    messages: Annotated[int, Field(ge=0)] = 0
    notes: Annotated[int, Field(ge=0)] = 0
    fields: dict[str, Annotated[int, Field(ge=0)]] = {}


class StorageSettings(_Section):
    """`[storage]`: files are in `data_dir` (`url = ""`) or in a bucket (`s3://bucket/prefix`). Sizes are in megabytes."""

    url: str = ""
    endpoint: str = ""
    region: str = "us-east-1"
    access_key: Secret = SecretStr("")
    secret_key: Secret = SecretStr("")
    quota: Annotated[int, Field(ge=0)] = 0
    """Largest size of the whole store; 0: no limit."""
    cache: Annotated[int, Field(ge=100)] = 2000
    """Size of the local copies of a bucket's files."""


class TelegramSettings(_Section):
    """`[adapters.telegram]`"""

    token: Secret
    mode: Literal["polling", "webhook"] = "polling"
    api_base_url: str = "https://api.telegram.org"
    webhook_secret: Secret = SecretStr("")
    """Telegram repeats it in a header of each webhook delivery."""


class WhatsAppCloudSettings(_Section):
    """`[adapters.whatsapp_cloud]`"""

    access_token: Secret
    phone_number_id: str
    app_secret: Secret
    """Signs each webhook delivery."""
    verify_token: Secret
    """Answers Meta's check when the webhook is registered."""
    graph_base_url: str = "https://graph.facebook.com"
    graph_version: str = "v23.0"
    template: Annotated[str, Field(pattern=r"^[a-z0-9_]{0,512}$")] = ""
    """The approved template that carries notices outside the 24-hour window; "": none."""
    template_language: Annotated[str, Field(pattern=r"^[a-z]{2,3}(_[A-Z]{2})?$")] = "id"


class WahaSettings(_Section):
    """`[adapters.waha]`"""

    base_url: str
    api_key: Secret
    session: str = "default"
    hmac_key: Secret = SecretStr("")
    mode: Literal["webhook", "websocket"] = "webhook"
    choices: Literal["numbers", "polls"] = "numbers"
    """How choices are shown: numbers to type, or WhatsApp polls."""


class SimulatorSettings(_Section):
    """`[adapters.simulator]`: on by default when no other adapter is configured."""

    enabled: bool = True


class AdapterSettings(_Section):
    """`[adapters.*]`: those that ship; another distribution's adds its section (`pendopo.adapters.messenger`)."""

    telegram: TelegramSettings | None = None
    whatsapp_cloud: WhatsAppCloudSettings | None = None
    waha: WahaSettings | None = None
    simulator: SimulatorSettings | None = None

    @property
    def messengers(self) -> list[str]:
        """The adapters that are configured, without the simulator."""
        return [name for name in type(self).model_fields if name != "simulator" and getattr(self, name) is not None]

    @property
    def simulated(self) -> bool:
        """Whether the simulator runs: when enabled, or when no other adapter is configured."""
        return not self.messengers if self.simulator is None else self.simulator.enabled


class LogSettings(_Section):
    """`[log]`"""

    level: Literal["debug", "info", "warning"] = "info"


class Settings(_Section):
    """All settings of one installation."""

    locale: Literal["id", "en", "su"] = "id"
    timezone: Annotated[str, AfterValidator(_check_zone)] = "Asia/Jakarta"
    data_dir: str = "var"
    database: DatabaseSettings = DatabaseSettings()
    web: WebSettings = WebSettings()
    directory: DirectorySettings = DirectorySettings()
    plugins: PluginSettings = PluginSettings()
    plugin: dict[str, Annotated[RawSection | Options, PlainValidator(_wrap_section)]] = {}
    calendar: CalendarSettings = CalendarSettings()
    quiet_hours: QuietHoursSettings = QuietHoursSettings()
    limits: LimitSettings = LimitSettings()
    log: LogSettings = LogSettings()
    audit: AuditSettings = AuditSettings()
    retention: RetentionSettings = RetentionSettings()
    storage: StorageSettings = StorageSettings()
    adapters: AdapterSettings = AdapterSettings()


def get_dashboard_url(web: WebSettings) -> str:
    """Returns the dashboard's address: public, or local when it listens on this machine only; else ""."""
    if web.public_url:
        return web.public_url.rstrip("/")
    local = web.host in ("127.0.0.1", "localhost", "::1") and web.port
    host = f"[{web.host}]" if ":" in web.host else web.host
    return f"http://{host}:{web.port}" if local else ""


def list_secrets(section: BaseModel) -> list[str]:
    """Returns all secrets of a section, so that they can be kept out of logs and rows."""
    return [each for name in type(section).model_fields for each in _find_secrets(getattr(section, name))]


def _find_secrets(value: Any) -> list[str]:
    if isinstance(value, SecretStr):
        return [value.get_secret_value()] if value.get_secret_value() else []
    if isinstance(value, BaseModel):
        return list_secrets(value)
    if isinstance(value, RawSection):
        return list_texts(value.values)
    if isinstance(value, Mapping):
        return [each for inner in value.values() for each in _find_secrets(inner)]
    return (
        [each for inner in value for each in _find_secrets(inner)] if isinstance(value, list | tuple | set | frozenset) else []
    )


def _is_plain_name(text: Any) -> bool:
    """Tells whether a text is a variable's name as people write them, and no secret in the wrong place."""
    return isinstance(text, str) and re.fullmatch(r"[A-Z][A-Z0-9_]*|[a-z]+([._-][a-z]+)*", text) is not None


def list_texts(value: Any) -> list[str]:
    """Returns every text of a setting's value, and of the file or variable it points at: any may be a secret."""
    with suppress(ValueError, OSError):
        value = resolve_secret(value)
    if isinstance(value, str):
        return [value.strip()] if len(value.strip()) >= SHORTEST_SECRET else []
    if isinstance(value, Mapping) and set(value) <= {"env", "credential"} and all(map(_is_plain_name, value.values())):
        return []
    inner = value.values() if isinstance(value, Mapping) else value if isinstance(value, list | tuple | set | frozenset) else ()
    return [text for each in inner for text in list_texts(each)]


def redact_secrets(text: str, secrets: Iterable[str]) -> str:
    """Replaces every secret in a text, the longest first, since one may be part of another."""
    for each in sorted(secrets, key=len, reverse=True):
        text = text.replace(each, "•••")
    return text
