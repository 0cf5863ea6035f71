"""Reads a served model: its first filters, and the feature maps of each convolution."""

import threading
from typing import Any, NamedTuple

import numpy as np
from ai_edge_litert.interpreter import Interpreter, OpResolverType

from digitrec.arrays import Digits, Floats
from digitrec.errors import ModelError
from digitrec.recognition.tensor_format import OWN, TensorFormat

_CONVOLUTIONS = {"CONV_2D", "DEPTHWISE_CONV_2D"}
# LiteRT's converter fuses bias, normalization and ReLU into the convolution where it can, as in all
# of ``NETWORKS``. In imported models these operators may follow the convolution.
_FINISHES = {
    "ADD", "BATCH_TO_SPACE_ND", "ELU", "GELU", "HARD_SWISH", "LEAKY_RELU", "LOGISTIC", "MUL",
    "PRELU", "RELU", "RELU6", "SUB", "TANH",
}  # fmt: skip


class FeatureMaps(NamedTuple):
    """The output of a convolution for one picture.

    Attributes:
        name: *Convolution* and its number, from 1.
        maps: float32 (height, width, filters), after normalization and activation; at least 0
            with ReLU.
    """

    name: str
    maps: Floats


class Inspector:
    """Reads the filters and feature maps of an exported model, or of an ensemble's first network.

    One instance may serve many threads.

    Args:
        model: The bytes of a ``.tflite`` file that a ``Recognizer`` can run.
        name: The model's name.
        tensor_format: The model's input and output format.

    Attributes:
        networks: Number of networks in the ensemble; 1 for a single network.
        filters: float32 (height, width, filters), the weights of the first convolution, scaled
            by its normalization and summed over input channels.

    Raises:
        ModelError: If the bytes aren't a LiteRT model, it has no convolutions, or it is quantized.
    """

    def __init__(self, model: bytes, name: str, tensor_format: TensorFormat = OWN) -> None:
        self._tensor_format = tensor_format
        self._lock = threading.Lock()
        try:
            self._interpreter = Interpreter(
                model_content=model,
                num_threads=1,
                experimental_preserve_all_tensors=True,
                # The default delegate would replace the model's operators.
                experimental_op_resolver_type=OpResolverType.BUILTIN_WITHOUT_DEFAULT_DELEGATES,
            )
            self._interpreter.allocate_tensors()
        except (ValueError, RuntimeError) as error:
            raise ModelError(f"model {name!r} isn't a LiteRT model: {error}") from error
        operators = [_operator(details) for details in self._interpreter._get_ops_details()]
        networks = _networks(operators)
        if not networks:
            raise ModelError(f"model {name!r} has no convolutions to show")
        (tensor_details,) = self._interpreter.get_input_details()
        if tensor_details["dtype"] is not np.float32:
            raise ModelError(f"model {name!r} is quantized to integers, which can't be shown here")
        convolutions = networks[0].convolutions
        self.networks = len(networks)
        self.filters = self._filters(convolutions[0])
        self._results = [_result(convolution, operators) for convolution in convolutions]

    def feature_maps(self, digit: Digits) -> list[FeatureMaps]:
        """Return the feature maps of all convolutions, from first to last.

        Args:
            digit: uint8 (28, 28), preprocessed, white ink (255) on black.
        """
        (tensor_details,) = self._interpreter.get_input_details()
        inputs = self._tensor_format.tensor(digit[None], tensor_details)
        with self._lock:
            self._interpreter.set_tensor(tensor_details["index"], inputs)
            self._interpreter.invoke()
            maps = [self._interpreter.get_tensor(tensor)[0] for tensor in self._results]
        return [FeatureMaps(f"Convolution {i}", each) for i, each in enumerate(maps, start=1)]

    def _filters(self, convolution: "_Operator") -> Floats:
        weights = self._interpreter.get_tensor(convolution.inputs[1])
        if convolution.kind == "DEPTHWISE_CONV_2D":
            return weights[0]
        return weights.sum(axis=3).transpose(1, 2, 0)


class _Operator(NamedTuple):
    """An operator of a model, with the indices of the tensors it reads and writes."""

    kind: str
    inputs: tuple[int, ...]
    outputs: tuple[int, ...]


class _Network(NamedTuple):
    """Connected convolutions, and the tensors that depend on them."""

    convolutions: list[_Operator]
    tensors: set[int]


def _operator(details: dict[str, Any]) -> _Operator:
    return _Operator(
        details["op_name"],
        tuple(int(tensor) for tensor in details["inputs"]),
        tuple(int(tensor) for tensor in details["outputs"]),
    )


def _networks(operators: list[_Operator]) -> list[_Network]:
    """Split a model into its networks, which share only the input and the output.

    The members of an ensemble are averaged after their softmax layers, so nothing after a softmax
    connects them.
    """
    networks: list[_Network] = []
    for operator in operators:
        inputs, outputs = set(operator.inputs), set(operator.outputs)
        joined = [network for network in networks if network.tensors & inputs]
        own = [operator] if operator.kind in _CONVOLUTIONS else []
        if operator.kind != "SOFTMAX" and (joined or own):
            before = [each for network in joined for each in network.convolutions]
            whole = _Network(before + own, outputs.union(*(each.tensors for each in joined)))
            networks = [network for network in networks if network not in joined] + [whole]
    return sorted(networks, key=lambda network: operators.index(network.convolutions[0]))


def _result(convolution: _Operator, operators: list[_Operator]) -> int:
    """Return the tensor at the end of a convolution's layer: after bias, norm and activation."""
    computed = {tensor for operator in operators for tensor in operator.outputs}
    (tensor,) = convolution.outputs
    while True:
        readers = [operator for operator in operators if tensor in operator.inputs]
        if len(readers) != 1 or readers[0].kind not in _FINISHES:
            return tensor
        if computed & (set(readers[0].inputs) - {tensor}):
            return tensor  # A shortcut connection is added here, which isn't part of the layer.
        (tensor,) = readers[0].outputs
