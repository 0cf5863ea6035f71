"""Move pictures and strokes to their own table; add opinions, notes, sources and hashes."""

import hashlib

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"

MOVED = ("picture", "strokes", "input", "probabilities")
CHUNK = 500


def upgrade() -> None:
    op.create_table(
        "contents",
        sa.Column(
            "drawing_id",
            sa.Integer,
            sa.ForeignKey("drawings.id", ondelete="CASCADE"),
            primary_key=True,
        ),
        sa.Column("picture", sa.LargeBinary, nullable=False),
        sa.Column("strokes", sa.JSON, nullable=False),
        sa.Column("input", sa.LargeBinary, nullable=False),
        sa.Column("probabilities", sa.JSON, nullable=False),
    )
    op.create_table(
        "opinions",
        sa.Column(
            "drawing_id",
            sa.Integer,
            sa.ForeignKey("drawings.id", ondelete="CASCADE"),
            primary_key=True,
        ),
        sa.Column("model", sa.String, primary_key=True),
        sa.Column("model_version", sa.String, nullable=False),
        sa.Column("digit", sa.Integer, nullable=False),
        sa.Column("confidence", sa.Double, nullable=False),
        sa.Column("is_digit", sa.Boolean, nullable=False),
        sa.Column("asked_at", sa.DateTime, nullable=False),
    )
    columns = ", ".join(MOVED)
    op.execute(f"INSERT INTO contents (drawing_id, {columns}) SELECT id, {columns} FROM drawings")
    op.add_column("drawings", sa.Column("changed_at", sa.DateTime))
    for name, default in (("source", "canvas"), ("note", "")):
        words = sa.Column(name, sa.String, nullable=False, server_default=default)
        op.add_column("drawings", words)
    op.add_column("drawings", sa.Column("model_version", sa.String))
    for name in ("picture_hash", "input_hash"):
        blob = sa.Column(name, sa.LargeBinary, nullable=False, server_default="")
        op.add_column("drawings", blob)
    _hash_all(op.get_bind())
    for name in ("picture_hash", "input_hash"):
        op.create_index(f"ix_drawings_{name}", "drawings", [name])
    for name in MOVED:
        op.drop_column("drawings", name)


def _hash_all(connection: sa.Connection) -> None:
    rows = sa.text("SELECT drawing_id, picture, input FROM contents WHERE drawing_id > :last "
                   "ORDER BY drawing_id LIMIT :chunk")  # fmt: skip
    change = sa.text("UPDATE drawings SET picture_hash = :picture, input_hash = :input "
                     "WHERE id = :number")  # fmt: skip
    last = 0
    while found := connection.execute(rows, {"last": last, "chunk": CHUNK}).all():
        connection.execute(
            change,
            [
                {"number": number, "picture": _hash(picture), "input": _hash(digit_input)}
                for number, picture, digit_input in found
            ],
        )
        last = found[-1][0]


def _hash(content: bytes) -> bytes:
    return hashlib.blake2b(content, digest_size=16).digest()


def downgrade() -> None:
    raise NotImplementedError("use the backup made before the migration")
