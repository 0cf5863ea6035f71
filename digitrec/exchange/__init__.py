"""Networks of other programs, as far as they can be read without TensorFlow."""
