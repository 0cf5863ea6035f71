"""The network that reads strokes: its layers, its examples and its training."""
