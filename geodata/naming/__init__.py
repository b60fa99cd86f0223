"""Names of places: what a name means, and what it might have meant."""
