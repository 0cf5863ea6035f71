"""Allowlist of the Keras classes that an imported network may use: those that only compute.

Lambda and custom layers contain code. Layers that wrap another library's model or read a vocabulary
from a file access things outside the network. None of these are allowed.
"""

from collections.abc import Iterator
from typing import Any

MODELS = {"Functional", "Model", "Sequential"}

_SIZES = ("1D", "2D", "3D")

LAYERS = {
    # Activations
    "Activation", "ELU", "LeakyReLU", "PReLU", "ReLU", "Softmax", "ThresholdedReLU",
    # Attention
    "AdditiveAttention", "Attention", "GroupQueryAttention", "GroupedQueryAttention",
    "MultiHeadAttention",
    # Convolutions
    "DepthwiseConv1D", "DepthwiseConv2D", "SeparableConv1D", "SeparableConv2D",
    *(f"Conv{size}" for size in _SIZES), *(f"Conv{size}Transpose" for size in _SIZES),
    # Core
    "Dense", "EinsumDense", "Identity", "InputLayer", "Masking",
    # Merging
    "Add", "Average", "Concatenate", "Dot", "Maximum", "Minimum", "Multiply", "Subtract",
    # Normalization
    "BatchNormalization", "BatchNormalizationV1", "GroupNormalization", "LayerNormalization",
    "Normalization", "RMSNormalization", "SpectralNormalization", "UnitNormalization",
    # Pooling
    *(f"{kind}Pooling{size}" for size in _SIZES
      for kind in ("Average", "Max", "GlobalAverage", "GlobalMax", "AdaptiveAverage",
                   "AdaptiveMax")),
    # Preprocessing and augmentation
    "AutoContrast", "CenterCrop", "Equalization", "Rescaling", "Resizing", "Solarization",
    *(f"Random{what}" for what in (
        "Brightness", "ColorDegeneration", "ColorJitter", "Contrast", "Crop", "ElasticTransform",
        "Erasing", "Flip", "GaussianBlur", "Grayscale", "Height", "Hue", "Invert", "Perspective",
        "Posterization", "Rotation", "Saturation", "Sharpness", "Shear", "Translation", "Width",
        "Zoom")),
    # Recurrent
    "Bidirectional", "GRU", "LSTM", "SimpleRNN", "TimeDistributed",
    # Regularization
    "ActivityRegularization", "AlphaDropout", "Dropout", "GaussianDropout", "GaussianNoise",
    *(f"SpatialDropout{size}" for size in _SIZES),
    # Reshaping
    "Flatten", "Permute", "RepeatVector", "Reshape",
    *(f"{what}{size}" for size in _SIZES for what in ("Cropping", "UpSampling", "ZeroPadding")),
}  # fmt: skip

INITIALIZERS = {
    "Constant", "GlorotNormal", "GlorotUniform", "HeNormal", "HeUniform", "Identity",
    "IdentityInitializer", "LecunNormal", "LecunUniform", "Ones", "Orthogonal",
    "OrthogonalInitializer", "RandomNormal", "RandomUniform", "TruncatedNormal", "VarianceScaling",
    "Zeros",
}  # fmt: skip
REGULARIZERS = {"L1", "L1L2", "L2", "OrthogonalRegularizer"}
CONSTRAINTS = {"MaxNorm", "MinMaxNorm", "NonNeg", "UnitNorm"}
# Arithmetic between layers, such as ``inputs / 255``.
OPERATIONS = {
    "Absolute", "Add", "Cast", "Divide", "ExpandDims", "Mean", "Multiply", "Negative", "Relu",
    "Reshape", "Softmax", "Squeeze", "Subtract", "Transpose", "TrueDivide",
}  # fmt: skip
# The same in Keras 2.
ARITHMETIC = {
    "__operators__.add", "math.add", "math.divide", "math.multiply", "math.subtract",
    "math.truediv",
}  # fmt: skip
POLICIES = {"DTypePolicy", "Policy"}
VALUES = {"TensorShape", "__keras_tensor__", "__numpy__", "__tuple__"}

ACTIVATIONS = {
    "celu", "elu", "exponential", "gelu", "glu", "hard_shrink", "hard_sigmoid", "hard_silu",
    "hard_swish", "hard_tanh", "leaky_relu", "linear", "log_sigmoid", "log_softmax", "mish", "relu",
    "relu6", "selu", "sigmoid", "silu", "soft_shrink", "softmax", "softmax_v2", "softplus",
    "softsign", "sparse_plus", "sparse_sigmoid", "sparsemax", "squareplus", "swish", "tanh",
    "tanh_shrink", "threshold",
}  # fmt: skip

_CLASSES = (
    MODELS | LAYERS | INITIALIZERS | REGULARIZERS | CONSTRAINTS | OPERATIONS | POLICIES | VALUES
)
# ``tf_keras`` is the package of Keras 2 since Keras 3.
_PACKAGES = {"keras", "tf_keras"}


def is_allowed(part: dict[str, Any]) -> bool:
    """Return whether an object of a network's config, which has a class, is allowed."""
    name, package = part["class_name"], _package(part)
    if ">" in str(part.get("registered_name")):
        return False  # A custom class, registered under its package.
    if name == "function":
        is_activation = part.get("config") in ACTIVATIONS
        return is_activation and package in _PACKAGES | {"builtins"}
    if name == "TFOpLambda":  # Not a lambda: it refers to a TensorFlow function by name.
        return package in _PACKAGES and part["config"]["function"] in ARITHMETIC
    return name in _CLASSES and package in _PACKAGES


def config_objects(value: Any) -> Iterator[dict[str, Any]]:
    """Yield all objects of a network's config, including nested ones."""
    if isinstance(value, dict):
        yield value
        value = list(value.values())
    if isinstance(value, list):
        for one in value:
            yield from config_objects(one)


def _package(part: dict[str, Any]) -> str:
    return str(part.get("module") or "keras").split(".", maxsplit=1)[0]
