"""Settings: one TOML file, environment variables over it, and nothing misspelt that goes unnoticed."""

import difflib
import os
import tomllib
from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from pathlib import Path
from typing import Annotated, Any, Literal, TypeVar
from zoneinfo import ZoneInfo

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, SecretStr, ValidationError

from bot.errors import ConfigError

PREFIX = "PENDOPO_"
DEFAULT_FILE = "pendopo.toml"
DEFAULT_PLUGINS = ("bantuan", "akun", "kelola", "izin", "laporan", "disposisi", "ingatkan", "rapat", "terlewat")


def _secret(value: Any) -> Any:
    """A secret may stand in a file or in an environment variable of another name."""
    if isinstance(value, Mapping):
        if set(value) == {"file"} and isinstance(value["file"], str):
            return Path(value["file"]).read_text(encoding="utf-8").strip()
        if set(value) == {"env"} and isinstance(value["env"], str) and value["env"] in os.environ:
            return os.environ[value["env"]]
        raise ValueError('a secret is a text, { file = "…" } or { env = "NAME" } of a variable that is set')
    return value


def _zone(name: str) -> str:
    try:
        ZoneInfo(name)
    except (KeyError, ValueError, OSError) as error:
        raise ValueError("there is no such time zone; an example is Asia/Jakarta") from error
    return name


Chosen = TypeVar("Chosen", bound="Options")
Secret = Annotated[SecretStr, BeforeValidator(_secret)]


class _Section(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, validate_default=True, hide_input_in_errors=True)


class Options(_Section):
    """What a plugin lets its operator decide: a class of this kind, given to `Plugin(options=…)`, is `[plugin.NAME]`."""


class DatabaseSettings(_Section):
    """`[database]`: the address may hold a password, so it may stand where secrets stand."""

    url: Annotated[str, BeforeValidator(_secret)] = "sqlite:///var/pendopo.db"


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
    """`[adapters.*]`"""

    telegram: TelegramSettings | None = None
    whatsapp_cloud: WhatsAppCloudSettings | None = None
    waha: WahaSettings | None = None
    simulator: SimulatorSettings | None = None

    @property
    def simulated(self) -> bool:
        """Whether the simulator runs: when asked for, or when there is no other adapter."""
        if self.simulator is not None:
            return self.simulator.enabled
        return not (self.telegram or self.whatsapp_cloud or self.waha)


class LogSettings(_Section):
    """`[log]`"""

    level: Literal["debug", "info", "warning"] = "info"


class Settings(_Section):
    """All settings of one installation."""

    locale: Literal["id", "en", "su"] = "id"
    timezone: Annotated[str, AfterValidator(_zone)] = "Asia/Jakarta"
    data_dir: str = "var"
    database: DatabaseSettings = DatabaseSettings()
    web: WebSettings = WebSettings()
    directory: DirectorySettings = DirectorySettings()
    plugins: PluginSettings = PluginSettings()
    plugin: dict[str, dict[str, Any]] = {}
    calendar: CalendarSettings = CalendarSettings()
    limits: LimitSettings = LimitSettings()
    log: LogSettings = LogSettings()
    audit: AuditSettings = AuditSettings()
    retention: RetentionSettings = RetentionSettings()
    storage: StorageSettings = StorageSettings()
    adapters: AdapterSettings = AdapterSettings()


def site_of(web: WebSettings) -> str:
    """What the dashboard is reached under: its public address, or on this machine alone the one it listens on; else ""."""
    if web.public_url:
        return web.public_url.rstrip("/")
    local = web.host in ("127.0.0.1", "localhost", "::1") and web.port
    host = f"[{web.host}]" if ":" in web.host else web.host
    return f"http://{host}:{web.port}" if local else ""


def options_of(settings: Settings, name: str, model: type[Chosen]) -> Chosen:
    """A plugin's own section, `[plugin.NAME]`. Raises `ConfigError` that names what is wrong in it."""
    try:
        return model.model_validate(settings.plugin.get(name, {}))
    except ValidationError as error:
        raise ConfigError("\n".join(_explain(f"[plugin.{name}]", fault, model) for fault in error.errors())) from error


def secrets_in(section: BaseModel) -> list[str]:
    """All secrets of an installation, so that they can be kept out of what is logged or stored."""
    found: list[str] = []
    for name in type(section).model_fields:
        value = getattr(section, name)
        if isinstance(value, SecretStr) and value.get_secret_value():
            found.append(value.get_secret_value())
        elif isinstance(value, BaseModel):
            found += secrets_in(value)
    return found


def redacted(text: str, secrets: Iterable[str]) -> str:
    """A text with every secret in it covered."""
    for secret in secrets:
        text = text.replace(secret, "•••")
    return text


def load(path: Path | None = None, environ: Mapping[str, str] | None = None) -> Settings:
    """Read the settings: `path`, else `./pendopo.toml` if there is one, else defaults; `PENDOPO_…` variables over it.

    Raises `ConfigError` for a named file that is missing, a key or variable that does not exist, a value that does not fit.
    """
    data = _read(path)
    _overlay(data, os.environ if environ is None else environ)
    try:
        return Settings.model_validate(data)
    except ValidationError as error:
        source = str(path or DEFAULT_FILE)
        raise ConfigError("\n".join(_explain(source, fault) for fault in error.errors())) from error
    except OSError as error:
        raise ConfigError(f"a secret's file cannot be read: {error}") from error


def _read(path: Path | None) -> dict[str, Any]:
    chosen = path or Path(DEFAULT_FILE)
    if path is None and not chosen.is_file():
        return {}
    try:
        return tomllib.loads(chosen.read_text(encoding="utf-8"))
    except FileNotFoundError as error:
        raise ConfigError(f"there is no configuration file {chosen}") from error
    except (OSError, ValueError) as error:
        raise ConfigError(f"{chosen}: {error}") from error
    except RecursionError as error:
        raise ConfigError(f"{chosen}: it is nested too deeply") from error


def _overlay(data: dict[str, Any], environ: Mapping[str, str]) -> None:
    for name, value in environ.items():
        if not name.startswith(PREFIX):
            continue
        path = name.removeprefix(PREFIX).lower().split("__")
        known = dict(_paths(Settings))
        dotted = ".".join(path)
        if dotted not in known:
            raise ConfigError(f"{name} is no setting" + _meant(dotted, known, lambda p: PREFIX + p.upper().replace(".", "__")))
        section = data
        for step in path[:-1]:
            section = section.setdefault(step, {})
            if not isinstance(section, dict):
                raise ConfigError(f"{name} cannot be set: {step} is no section in the configuration file")
        section[path[-1]] = [v.strip() for v in value.split(",") if v.strip()] if known[dotted] else value


def _paths(model: type[BaseModel], prefix: str = "") -> Iterator[tuple[str, bool]]:
    """All dotted names of settings, and whether each is a list."""
    for name, info in model.model_fields.items():
        inner = next((t for t in _members(info.annotation) if isinstance(t, type) and issubclass(t, BaseModel)), None)
        if inner is None:
            yield prefix + name, getattr(info.annotation, "__origin__", None) is list
        else:
            yield from _paths(inner, f"{prefix}{name}.")


def _members(annotation: Any) -> tuple[Any, ...]:
    return getattr(annotation, "__args__", (annotation,))


def _meant(name: str, known: Mapping[str, Any], shown: Any = str) -> str:
    close = difflib.get_close_matches(name, known, n=1, cutoff=0.5)
    return f"; did you mean {shown(close[0])}?" if close else ""


def _explain(source: str, fault: Any, model: type[BaseModel] | None = None) -> str:
    place = ".".join(str(step) for step in fault["loc"])
    if fault["type"] == "extra_forbidden":
        return f"{source}: {place} is no setting" + _meant(place, dict(_paths(model or Settings)))
    if fault["type"] == "missing":
        return f"{source}: {place} is missing"
    # The value itself is not repeated: it may be a secret that landed in the wrong place.
    return f"{source}: {place}: {fault['msg']}"
