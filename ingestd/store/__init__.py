"""The database: tables, statements by noun, and what differs between SQLite and PostgreSQL."""
