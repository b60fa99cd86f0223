"""The embedded Peru study: data files only."""
