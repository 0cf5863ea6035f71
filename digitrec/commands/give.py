"""``give``: transfers drawings to another person."""

import click

from digitrec.commands.help_sections import Command
from digitrec.commands.options import database_option, option
from digitrec.formatting import counted


@click.command("give", cls=Command)
@option(
    "--from",
    "giver",
    default="",
    metavar="ID",
    help="The person who owns the drawings now.",
    show_default="those drawn without logging in",
)
@option(
    "--to",
    "receiver",
    default="",
    metavar="ID",
    help="The person who gets them. The app's account menu shows the ID.",
    show_default="people who use the app without logging in",
)
@database_option
def give(*, giver: str, receiver: str, database_url: str) -> None:
    """Transfer drawings to another person."""
    from digitrec.drawings.store import DrawingStore  # Imports SQLAlchemy.

    database = DrawingStore(database_url)
    try:
        count = database.for_owner(giver).give(receiver)
    finally:
        database.close()
    print(f"{counted(count, 'drawing')} given")
