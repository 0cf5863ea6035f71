"""The network that reads strokes: one-dimensional convolutions along the pen's path."""

import keras
from keras import layers

from digitrec.ink.pen_path import CHANNELS, POINTS
from digitrec.recognition.stroke_reader import CLASSES

DROPOUT = 0.3


def build_stroke_network() -> keras.Model:
    """Build a new network: two convolutions and a residual block, twice (He et al., 2016).

    Returns:
        A model that takes float32 (n, 96, 9), as ``path_features`` makes it, and returns
        probabilities, float32 (n, 11), *not a digit* last.
    """
    inputs = keras.Input((POINTS, CHANNELS))
    x = _convolution(inputs, 48, 5)
    x = _residual_block(_convolution(x, 64, 5, strides=2), 96)
    x = _convolution(x, 128, 3, strides=2)
    x = _residual_block(_residual_block(x, 128), 128)
    pooled = [layers.GlobalAveragePooling1D()(x), layers.GlobalMaxPooling1D()(x)]
    x = layers.Dropout(DROPOUT)(layers.Concatenate()(pooled))
    return keras.Model(inputs, layers.Dense(CLASSES, activation="softmax")(x), name="strokes")


def _residual_block(x: keras.KerasTensor, filters: int) -> keras.KerasTensor:
    change = layers.Conv1D(filters, 3, padding="same", use_bias=False)(_convolution(x, filters, 3))
    change = layers.BatchNormalization()(change)
    if x.shape[-1] != filters:
        x = layers.Conv1D(filters, 1)(x)
    return layers.ReLU()(layers.Add()([x, change]))


def _convolution(
    x: keras.KerasTensor, filters: int, kernel: int, strides: int = 1
) -> keras.KerasTensor:
    x = layers.Conv1D(filters, kernel, strides=strides, padding="same", use_bias=False)(x)
    return layers.ReLU()(layers.BatchNormalization()(x))
