"""Every setting there is, by its section."""

import os
from collections.abc import Iterable, Mapping
from contextlib import suppress
from datetime import date
from pathlib import Path
from typing import Annotated, Any, Literal, TypeVar
from zoneinfo import ZoneInfo

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, PlainValidator, SecretStr

SHORTEST_SECRET = 4
"""Letters of a text that may be a secret: fewer stand in any sentence."""
DEFAULT_PLUGINS = ("bantuan", "akun", "kelola", "izin", "laporan", "disposisi", "ingatkan", "rapat", "terlewat")


def resolve_secret(value: Any) -> Any:
    """A secret may stand in a file or in an environment variable of another name."""
    if isinstance(value, Mapping):
        if set(value) == {"file"} and isinstance(value["file"], str):
            return Path(value["file"]).read_text(encoding="utf-8").strip()
        if set(value) == {"env"} and isinstance(value["env"], str) and value["env"] in os.environ:
            return os.environ[value["env"]]
        raise ValueError('a secret is a text, { file = "…" } or { env = "NAME" } of a variable that is set')
    return value


def _check_zone(name: str) -> str:
    try:
        ZoneInfo(name)
    except (KeyError, ValueError, OSError) as error:
        raise ValueError("there is no such time zone; an example is Asia/Jakarta") from error
    return name


OptionsT = TypeVar("OptionsT", bound="Options")
Secret = Annotated[SecretStr, BeforeValidator(resolve_secret)]


class _Section(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, validate_default=True, hide_input_in_errors=True)


class Options(_Section):
    """What a plugin, or an adapter of another distribution, lets its operator decide.

    A class of this kind, given to `Plugin(options=…)`, is `[plugin.NAME]`; given to `Messenger(options=…)`, `[adapters.NAME]`.
    """


class RawSection:
    """A plugin's section as it was given. Until the plugin says which of its keys are secret, all of them may be."""

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
    """`[database]`: the address may hold a password, so it may stand where secrets stand."""

    url: Annotated[str, BeforeValidator(resolve_secret)] = "sqlite:///var/pendopo.db"


class WebSettings(_Section):
    """`[web]`"""

    host: str = "127.0.0.1"
    port: Annotated[int, Field(ge=0, le=65535)] = 8080
    public_url: str = ""


class DirectorySettings(_Section):
    """`[directory]`"""

    file: str = ""


class PluginSettings(_Section):
    """`[plugins]`: names of plugins to use, and folders in which to look for more."""

    enabled: list[str] = Field(default_factory=lambda: list(DEFAULT_PLUGINS))
    plugin_dirs: list[str] = []


class CalendarSettings(_Section):
    """`[calendar]`: whose holidays, what decrees add to them (`"2027-03-09" = "Cuti bersama"`), and what they take away."""

    country: Literal["ID", ""] = "ID"
    holidays: dict[date, str] = {}
    working: list[date] = []


class LimitSettings(_Section):
    """`[limits]`: what one person, and one chat, may ask of the bot in a minute; 0 is no limit."""

    per_person: Annotated[int, Field(ge=0, le=100_000)] = 30
    per_chat: Annotated[int, Field(ge=0, le=100_000)] = 120


class AuditSettings(_Section):
    """`[audit]`: a chat (`telegram:-100…`) in which the head of the audit log is posted every day; empty: nowhere."""

    post_to: str = ""


class RetentionSettings(_Section):
    """`[retention]`: after how many days words are removed; 0 keeps them. `fields` are those of plugins (`izin.keperluan`)."""

    messages: Annotated[int, Field(ge=0)] = 0
    notes: Annotated[int, Field(ge=0)] = 0
    fields: dict[str, Annotated[int, Field(ge=0)]] = {}


class StorageSettings(_Section):
    """`[storage]`: where files lie: in `data_dir` (`url = ""`), or in a bucket (`s3://bucket/prefix`). Sizes are megabytes."""

    url: str = ""
    endpoint: str = ""
    region: str = "us-east-1"
    access_key: Secret = SecretStr("")
    secret_key: Secret = SecretStr("")
    quota: Annotated[int, Field(ge=0)] = 0
    cache: Annotated[int, Field(ge=100)] = 2000


class TelegramSettings(_Section):
    """`[adapters.telegram]`"""

    token: Secret
    mode: Literal["polling", "webhook"] = "polling"
    api_base_url: str = "https://api.telegram.org"
    webhook_secret: Secret = SecretStr("")


class WhatsAppCloudSettings(_Section):
    """`[adapters.whatsapp_cloud]`"""

    access_token: Secret
    phone_number_id: str
    app_secret: Secret
    verify_token: Secret
    graph_base_url: str = "https://graph.facebook.com"
    graph_version: str = "v23.0"
    template: Annotated[str, Field(pattern=r"^[a-z0-9_]{0,512}$")] = ""
    template_language: Annotated[str, Field(pattern=r"^[a-z]{2,3}(_[A-Z]{2})?$")] = "id"


class WahaSettings(_Section):
    """`[adapters.waha]`"""

    base_url: str
    api_key: Secret
    session: str = "default"
    hmac_key: Secret = SecretStr("")
    mode: Literal["webhook", "websocket"] = "webhook"
    choices: Literal["numbers", "polls"] = "numbers"


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
        """Those that are configured, but for the simulator."""
        return [name for name in type(self).model_fields if name != "simulator" and getattr(self, name) is not None]

    @property
    def simulated(self) -> bool:
        """Whether the simulator runs: when asked for, or when there is no other adapter."""
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
    limits: LimitSettings = LimitSettings()
    log: LogSettings = LogSettings()
    audit: AuditSettings = AuditSettings()
    retention: RetentionSettings = RetentionSettings()
    storage: StorageSettings = StorageSettings()
    adapters: AdapterSettings = AdapterSettings()


def get_dashboard_url(web: WebSettings) -> str:
    """What the dashboard is reached under: its public address, or on this machine alone the one it listens on; else ""."""
    if web.public_url:
        return web.public_url.rstrip("/")
    local = web.host in ("127.0.0.1", "localhost", "::1") and web.port
    host = f"[{web.host}]" if ":" in web.host else web.host
    return f"http://{host}:{web.port}" if local else ""


def list_secrets(section: BaseModel) -> list[str]:
    """All secrets of an installation, so that they can be kept out of what is logged or stored."""
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


def list_texts(value: Any) -> list[str]:
    """Every text in what was given for a setting, and those that it points at: what may be a secret there."""
    with suppress(ValueError, OSError):
        value = resolve_secret(value)
    if isinstance(value, str):
        return [value.strip()] if len(value.strip()) >= SHORTEST_SECRET else []
    inner = value.values() if isinstance(value, Mapping) else value if isinstance(value, list | tuple | set | frozenset) else ()
    return [text for each in inner for text in list_texts(each)]


def redact_secrets(text: str, secrets: Iterable[str]) -> str:
    """A text with every secret in it covered: the longest first, since one may be a part of another."""
    for each in sorted(secrets, key=len, reverse=True):
        text = text.replace(each, "•••")
    return text
