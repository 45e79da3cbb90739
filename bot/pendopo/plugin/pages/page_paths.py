"""The addresses of pages."""

import re
from collections.abc import Sequence

from pendopo.errors import PluginError
from pendopo.plugin.arguments.signature import Param

_IN_PATH = re.compile(r"\{(\w+)\}")
_PATH = re.compile(r"/[a-z][a-z_-]*(/[a-z_-]+|/\{\w+\})*")


def check_page_path(name: str, path: str, params: Sequence[Param]) -> None:
    """Raises `PluginError` when an address can never fill the parameters of a page."""
    if not _PATH.fullmatch(path):
        raise PluginError(f"{name}: {path!r} is no path of a page, such as /izin/{{nomor}}")
    inside = set(_IN_PATH.findall(path))
    if unknown := inside - {param.name for param in params}:
        raise PluginError(f"{name}: its path names {min(unknown)}, which is no parameter of it")
    if missing := [param.name for param in params if param.required and param.name not in inside]:
        raise PluginError(f"{name}: {missing[0]} stands neither in its path nor has a default")
