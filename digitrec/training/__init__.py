"""What a training process runs: the only room with TensorFlow and Keras."""
