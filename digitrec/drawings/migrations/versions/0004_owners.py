"""Add each drawing's owner."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    op.add_column("drawings", sa.Column("owner", sa.String(32), nullable=False, server_default=""))
    op.create_index("ix_drawings_owner", "drawings", ["owner"])


def downgrade() -> None:
    raise NotImplementedError("use the backup made before the migration")
