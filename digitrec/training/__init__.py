"""The code of a training process, and the only package that imports TensorFlow and Keras."""
