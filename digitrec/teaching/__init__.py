"""Teaching a model with labeled drawings: what it learns from, and how its answers changed."""
