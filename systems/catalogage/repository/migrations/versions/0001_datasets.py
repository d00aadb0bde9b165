"""Datasets, and the first of them."""

from alembic import op

revision = "0001"
down_revision = None


def upgrade() -> None:
    op.execute("CREATE TABLE dataset (id serial PRIMARY KEY, title text NOT NULL)")
    op.execute("INSERT INTO dataset (title) VALUES ('Forests of France'), ('Lighthouses')")


def downgrade() -> None:
    op.execute("DROP TABLE dataset")
