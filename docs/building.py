"""What the site makes out of the code while it is built: the commands, and public names that a page forgot."""

from typing import Any

import pendopo
from cyclopts.docs.markdown import generate_markdown_docs
from pendopo.cli.command_table import build_cli

COMMANDS = "<!-- commands -->"
REST = "<!-- the other names of pendopo -->"


def on_page_markdown(markdown: str, **_: Any) -> str:
    """Put the command line's own help, and what is public and not yet spoken of, where a page asks for it."""
    if COMMANDS in markdown:
        told = generate_markdown_docs(build_cli(), heading_level=2, no_root_title=True, generate_toc=False)
        return markdown.replace(COMMANDS, told)
    if REST in markdown:
        spoken = set(markdown.split())
        rest = [f"::: pendopo.{name}" for name in pendopo.__all__ if f"pendopo.{name}" not in spoken]
        return markdown.replace(REST, "\n\n".join(["## More", *rest]) if rest else "")
    return markdown
