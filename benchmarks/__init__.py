"""How good and how quick Citewell is, measured on the same work as its parts alone."""
