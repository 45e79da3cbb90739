"""What the site makes out of the code while it is built: the commands as `pendopo --help` knows them."""

from typing import Any

from cyclopts.docs.markdown import generate_markdown_docs

from bot.cli.verbs import verbs

COMMANDS = "<!-- commands -->"


def on_page_markdown(markdown: str, **_: Any) -> str:
    """Put the command line's own help where a page asks for it."""
    if COMMANDS not in markdown:
        return markdown
    told = generate_markdown_docs(verbs(), heading_level=2, no_root_title=True, generate_toc=False)
    return markdown.replace(COMMANDS, told)
