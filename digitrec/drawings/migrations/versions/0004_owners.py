"""Whose a drawing is."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    op.add_column("drawings", sa.Column("owner", sa.String(32), nullable=False, server_default=""))
    op.create_index("ix_drawings_owner", "drawings", ["owner"])


def downgrade() -> None:
    raise NotImplementedError("the copy that was made before holds the older form")
