"""Add whether the model saw a digit; older drawings have NULL."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    op.add_column("drawings", sa.Column("is_digit", sa.Boolean))
    op.add_column("drawings", sa.Column("digit_score", sa.Double))


def downgrade() -> None:
    with op.batch_alter_table("drawings") as table:
        table.drop_column("digit_score")
        table.drop_column("is_digit")
