"""The shell: ``python -m digitrec``.

Results go to stdout, progress and errors to stderr. The exit status is 0 for success, 1 for a
failure and 2 for bad input.
"""

import sys
from collections.abc import Sequence

import click

from digitrec.commands.add_stroke_reader import add_stroke_reader
from digitrec.commands.convert_unipen import convert_unipen
from digitrec.commands.evaluate import evaluate
from digitrec.commands.export import export
from digitrec.commands.give import give
from digitrec.commands.help_sections import HELP_OPTIONS
from digitrec.commands.import_network import import_network
from digitrec.commands.predict import predict
from digitrec.commands.teach import teach
from digitrec.commands.train import train
from digitrec.errors import BadInputError, DigitrecError, one_line
from digitrec.formatting import sentence

PROGRAM = "python -m digitrec"
FAILURE = 1
BAD_INPUT = 2


class _InOrder(click.Group):
    """Lists its commands in the order they were added."""

    def list_commands(self, _: click.Context) -> list[str]:
        return list(self.commands)


@click.group(
    cls=_InOrder,
    commands=[
        train,
        teach,
        add_stroke_reader,
        evaluate,
        predict,
        export,
        import_network,
        convert_unipen,
        give,
    ],
    no_args_is_help=False,
    context_settings=HELP_OPTIONS,
)
def digitrec() -> None:
    """A workbench for handwritten digits: train, recognize, teach."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command and return the exit status.

    Args:
        arguments: The command and its options; None uses the process's arguments.
    """
    try:
        return _run(sys.argv[1:] if arguments is None else list(arguments))
    except click.UsageError as error:
        command = error.ctx.command_path if error.ctx else PROGRAM
        message = one_line(error.format_message()).removesuffix(".")
        print(f"{command}: {message} (--help lists the options)", file=sys.stderr)
        return BAD_INPUT
    except DigitrecError as error:
        print(f"digitrec: {error}", file=sys.stderr)
        return BAD_INPUT if isinstance(error, BadInputError) else FAILURE
    except KeyboardInterrupt:
        print("digitrec: interrupted", file=sys.stderr)
        return FAILURE
    except Exception as error:
        print(f"digitrec: {sentence(error)}", file=sys.stderr)
        return FAILURE


def _run(arguments: list[str]) -> int:
    # click's own ``main`` would print errors in its own format.
    try:
        with digitrec.make_context(PROGRAM, arguments) as context:
            return digitrec.invoke(context) or 0
    except click.exceptions.Exit as done:
        return done.exit_code
