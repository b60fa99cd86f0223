"""Transport networks from line layers: columns, noding, gaps, nodes."""
