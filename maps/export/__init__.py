"""Data out: the tables of a publication as files that other programs read."""
