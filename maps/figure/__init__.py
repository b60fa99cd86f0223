"""Figures for reports: the scene as one SVG picture, made without a browser."""
