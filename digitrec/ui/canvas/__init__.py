"""The canvas that people draw on."""
