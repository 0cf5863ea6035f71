"""Create the drawings' table."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None


def upgrade() -> None:
    op.create_table(
        "drawings",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("created_at", sa.DateTime, nullable=False, index=True),
        sa.Column("picture", sa.LargeBinary, nullable=False),
        sa.Column("strokes", sa.JSON, nullable=False),
        sa.Column("input", sa.LargeBinary, nullable=False),
        sa.Column("digit", sa.Integer, nullable=False),
        sa.Column("confidence", sa.Double, nullable=False),
        sa.Column("probabilities", sa.JSON, nullable=False),
        sa.Column("model", sa.String, nullable=False),
        sa.Column("label", sa.Integer),
        sa.Column("deleted_at", sa.DateTime, index=True),
        sqlite_autoincrement=True,
    )


def downgrade() -> None:
    op.drop_table("drawings")
