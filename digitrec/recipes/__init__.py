"""Training parameters, networks and presets."""
