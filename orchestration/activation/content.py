"""From a template and a customer's figures to the parts of one message.

Here: finding `<content_key>.<language>.j2`, rendering its blocks (`subject`, `text`, and `html`, which escapes what is
put in). Not here: how a channel packs the parts (adapters/). A template that is missing or names what the campaign does
not give stops the send before anything is claimed; a figure that one customer lacks stops that customer's message
alone.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType

from jinja2 import (
    BaseLoader,
    Environment,
    FileSystemLoader,
    StrictUndefined,
    TemplateError,
    TemplateNotFound,
    TemplateSyntaxError,
    UndefinedError,
    select_autoescape,
)

from orchestration.activation.errors import ContentError

FOLDER = Path(__file__).parent / "content"
PLAIN_PARTS = ("subject", "text")
MARKUP_PARTS = ("html",)


class EmptyValueError(TemplateError):
    """A template prints a value that this customer does not have."""


@dataclass(frozen=True)
class Content:
    """The parts of one message by name: `subject` on one line, `text`, and `html` where the template has it."""

    parts: Mapping[str, str]


def _refuse_empty(value: object) -> object:
    if value is None:
        raise EmptyValueError("the template prints a value that this customer does not have")
    return value


def _environment(loader: BaseLoader, *, escapes: bool) -> Environment:
    """Plain text parts are mailed as text/plain, where nothing is to be escaped; markup escapes what is put in."""
    return Environment(
        loader=loader,
        autoescape=select_autoescape(enabled_extensions=(), default=escapes),
        undefined=StrictUndefined,
        finalize=_refuse_empty,
        keep_trailing_newline=True,
    )


class Templates:
    """The templates of one folder in one language, each read once."""

    def __init__(self, language: str, folder: Path = FOLDER) -> None:
        self.language = language
        loader = FileSystemLoader(folder)
        self._plain = _environment(loader, escapes=False)
        self._markup = _environment(loader, escapes=True)

    def check(self, content_key: str) -> None:
        """Raise ContentError unless the template is there, can be read and has a subject and a text."""
        name = self._name(content_key)
        try:
            blocks = self._plain.get_template(name).blocks
        except TemplateNotFound as error:
            raise ContentError(
                f"no template content/{name}: write it with the blocks {', '.join(PLAIN_PARTS)}"
            ) from error
        except TemplateSyntaxError as error:
            raise ContentError(f"content/{name}, line {error.lineno}: {error.message}") from error
        if missing := [part for part in PLAIN_PARTS if part not in blocks]:
            raise ContentError(f"content/{name} lacks the block {', '.join(missing)}")

    def render(self, content_key: str, values: Mapping[str, object]) -> Content:
        """The parts of one message.

        ContentError when the template cannot fit the campaign, EmptyValueError when one customer lacks a value.
        """
        self.check(content_key)
        name = self._name(content_key)
        parts: dict[str, str] = {}
        for environment, wanted in ((self._plain, PLAIN_PARTS), (self._markup, MARKUP_PARTS)):
            template = environment.get_template(name)
            for part in (part for part in wanted if part in template.blocks):
                try:
                    rendered = "".join(template.blocks[part](template.new_context(dict(values))))
                except UndefinedError as error:
                    given = ", ".join(sorted(values))
                    raise ContentError(
                        f"content/{name}, block {part}: {error.message}; the campaign gives {given}"
                    ) from error
                parts[part] = " ".join(rendered.split()) if part == "subject" else rendered.strip() + "\n"
        return Content(MappingProxyType(parts))

    def _name(self, content_key: str) -> str:
        return f"{content_key}.{self.language}.j2"
