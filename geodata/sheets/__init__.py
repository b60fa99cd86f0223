"""Tables as people bring them: sheets as text cells, numbers and periods as they are written."""
