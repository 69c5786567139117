"""The storage engine: connections, prepared statements, checkpoints and the schema."""
