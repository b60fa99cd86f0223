"""Data elsewhere: PostgreSQL databases and official files to download."""
