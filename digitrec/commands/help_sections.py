"""Commands whose ``--help`` lists the options in sections."""

from collections.abc import Sequence
from typing import Any

import click

HELP_OPTIONS = {"help_option_names": ["-h", "--help"]}


class Option(click.Option):
    """An option with a section, and a default that may be said in words.

    Args:
        section: The heading under which ``--help`` lists it.
    """

    def __init__(self, names: Sequence[str], *, section: str = "Options", **settings: Any) -> None:
        super().__init__(names, **settings)
        self.section = section

    def get_help_extra(self, ctx: click.Context) -> Any:
        """Return what ``--help`` adds in brackets; click would put words into parentheses."""
        extra = super().get_help_extra(ctx)
        if isinstance(self.show_default, str):
            extra["default"] = self.show_default
        return extra


class Command(click.Command):
    """A command that lists its options section by section, in the order of their first options."""

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
