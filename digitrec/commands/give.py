"""``give``: hands drawings over to another person."""

import click

from digitrec.commands.help_sections import Command
from digitrec.commands.options import database_option, option
from digitrec.words import counted


@click.command("give", cls=Command)
@option(
    "--from",
    "giver",
    default="",
    metavar="ID",
    help="Take the drawings of this person.",
    show_default="those drawn without a log-in",
)
@option(
    "--to",
    "receiver",
    default="",
    metavar="ID",
    help="Give them to this person, as the app's account menu shows the ID.",
    show_default="whoever uses the app without a log-in",
)
@database_option
def give(*, giver: str, receiver: str, database_url: str) -> None:
    """Give drawings to another person."""
    from digitrec.drawings.store import DrawingStore  # With SQLAlchemy, which training can spare.

    database = DrawingStore(database_url)
    try:
        count = database.of(giver).give(receiver)
    finally:
        database.close()
    print(f"{counted(count, 'drawing')} given")
