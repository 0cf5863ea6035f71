"""From strokes or pictures to the 28 x 28 pixels that a network takes as input."""
