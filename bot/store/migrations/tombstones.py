"""Why what a tombstone stands for went: because it was kept long enough, or because somebody asked."""

STATEMENTS: tuple[str, ...] = ("ALTER TABLE tombstones ADD COLUMN by_retention INTEGER NOT NULL DEFAULT 0",)
