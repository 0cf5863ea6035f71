"""From strokes or any picture to the 28 x 28 pixels that a network is given."""
