"""Reported flows from tables as people have them: long lists and matrices."""
