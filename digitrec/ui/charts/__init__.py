"""Charts in the theme's colors."""
