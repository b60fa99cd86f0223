"""What a map shows, as plain data in both languages: one scene for every output."""
