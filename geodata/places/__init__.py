"""What the name or code of a place means: keys, codes, gazetteer, one resolver."""
