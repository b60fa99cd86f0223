"""Boundary layers as people bring them: opened safely, recognised, codes and names mended."""
