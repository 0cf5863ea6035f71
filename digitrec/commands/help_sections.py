"""Commands whose ``--help`` lists the options in sections."""

from collections.abc import Sequence
from typing import Any

import click

HELP_OPTIONS = {"help_option_names": ["-h", "--help"]}


class Option(click.Option):
    """An option with a section, and a default that can be described in words.

    Args:
        section: Its heading in ``--help``.
    """

    def __init__(self, names: Sequence[str], *, section: str = "Options", **settings: Any) -> None:
        super().__init__(names, **settings)
        self.section = section

    def get_help_extra(self, ctx: click.Context) -> Any:
        """Return what ``--help`` adds in brackets; click would add parentheses around words."""
        extra = super().get_help_extra(ctx)
        if isinstance(self.show_default, str):
            extra["default"] = self.show_default
        return extra


class Command(click.Command):
    """A command that lists its options by section."""

    def __init__(self, name: str, **settings: Any) -> None:
        super().__init__(name, context_settings=HELP_OPTIONS, **settings)

    def format_options(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the options for ``--help``."""
        sections: dict[str, list[tuple[str, str]]] = {}
        for param in self.get_params(ctx):
            record = param.get_help_record(ctx)
            if record and isinstance(param, click.Option):
                heading = param.section if isinstance(param, Option) else "Options"
                sections.setdefault(heading, []).append(record)
        for heading, rows in sections.items():
            with formatter.section(heading):
                formatter.write_dl(rows)
