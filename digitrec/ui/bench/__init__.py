"""A canvas with the answer beside it, as several pages show it."""
