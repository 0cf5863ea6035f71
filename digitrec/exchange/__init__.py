"""Networks from other programs: everything that works without TensorFlow."""
