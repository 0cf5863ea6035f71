"""A network from a TensorFlow SavedModel, which holds a graph in place of layers.

Only a process that needs TensorFlow anyway imports this module.
"""

import math
import shutil
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path, PurePosixPath
from tempfile import TemporaryDirectory
from typing import Any

import numpy as np
import tensorflow as tf
from google.protobuf.message import DecodeError
from tensorflow.core.protobuf import saved_model_pb2

from digitrec.arrays import Digits, Floats
from digitrec.errors import DatasetError, ModelError
from digitrec.exchange.input_scale import AS_IT_IS, Scale
from digitrec.recognition.tensor_format import is_color, takes_digits
from digitrec.system.archives import open_member, open_zip

MAX_GRAPH_BYTES = 100_000_000
# Pictures at once.
BATCH = 100

# What only computes with tensors. A graph can also read and write files, or call Python.
OPERATIONS = {
    "Abs", "Add", "AddN", "AddV2", "All", "Any", "ArgMax", "AvgPool", "AvgPool3D", "BatchMatMul",
    "BatchMatMulV2", "BatchMatMulV3", "BatchToSpaceND", "BiasAdd", "BroadcastArgs", "BroadcastTo",
    "Cast", "Ceil", "ClipByValue", "ConcatV2", "Const", "Conv2D", "Conv2DBackpropInput", "Conv3D",
    "Conv3DBackpropInputV2", "Cos", "DepthwiseConv2dNative", "Div", "DivNoNan", "Einsum", "Elu",
    "Equal", "Erf", "Exp", "ExpandDims", "Expm1", "Fill", "Floor", "FloorDiv", "FloorMod",
    "FusedBatchNorm", "FusedBatchNormV2", "FusedBatchNormV3", "Gather", "GatherNd", "GatherV2",
    "Greater", "GreaterEqual", "Identity", "IdentityN", "LeakyRelu", "Less", "LessEqual", "Log",
    "Log1p", "LogSoftmax", "LogicalAnd", "LogicalNot", "LogicalOr", "MatMul", "Max", "MaxPool",
    "MaxPool3D", "MaxPoolV2", "Maximum", "Mean", "Min", "Minimum", "MirrorPad", "Mul", "Neg",
    "NoOp", "NotEqual", "OneHot", "OnesLike", "Pack", "Pad", "PadV2", "PartitionedCall",
    "Placeholder", "PlaceholderWithDefault", "Pow", "Prod", "Range", "Rank", "ReadVariableOp",
    "RealDiv", "Reciprocal", "Relu", "Relu6", "Reshape", "ResizeBilinear", "ResizeNearestNeighbor",
    "ReverseV2", "Round", "Rsqrt", "Select", "SelectV2", "Selu", "Shape", "ShapeN", "Sigmoid",
    "Sign", "Sin", "Size", "Slice", "Softmax", "Softplus", "Softsign", "SpaceToBatchND", "Split",
    "SplitV", "Sqrt", "Square", "SquaredDifference", "Squeeze", "StatefulPartitionedCall",
    "StopGradient", "StridedSlice", "Sub", "Sum", "Tanh", "Tile", "TopKV2", "Transpose", "Unpack",
    "Where", "ZerosLike",
}  # fmt: skip


class GraphNetwork:
    """A SavedModel's signature for serving, with pictures of digits as its input.

    Args:
        folder: The SavedModel.
        name: Its name, for messages.

    Attributes:
        shape: What goes into the graph, without the batch's size.
        parameters: How many numbers the graph's variables hold.

    Raises:
        ModelError: If it has no such signature, or does more than to compute.
    """

    def __init__(self, folder: Path, name: str) -> None:
        _check_graph(folder, name)
        # What is loaded lives as long as this object, or its variables are gone.
        self._loaded = tf.saved_model.load(str(folder))
        self._signature = _signature(self._loaded, name)
        (self._input,) = self._signature.structured_input_signature[1].values()
        (self._output,) = self._signature.structured_outputs.values()
        self.shape = tuple(int(size) for size in self._input.shape[1:])
        self.parameters = sum(math.prod(v.shape) for v in self._signature.variables)

    def outputs(self, pictures: Digits, scale: Scale) -> Floats:
        """Return what the graph answers: uint8 (n, 28, 28) in, float32 (n, classes) out."""
        serve = self._function(scale, softmax=False)
        at_once = self._input.shape[0] or BATCH
        values = pictures[..., None].astype(np.float32) / np.float32(255)
        parts = [values[i : i + at_once] for i in range(0, len(values), at_once)]
        return np.concatenate([serve(part).numpy() for part in parts])

    def to_litert(self, scale: Scale, *, softmax: bool) -> bytes:
        """Convert it: float32 (n, 28, 28, 1) from 0 to 1 in.

        Args:
            scale: The scale of pixels that the graph wants.
            softmax: Whether a softmax comes last.
        """
        function = self._function(scale, softmax=softmax).get_concrete_function()
        converter = tf.lite.TFLiteConverter.from_concrete_functions([function], self._loaded)
        return converter.convert()

    def _function(self, scale: Scale, *, softmax: bool) -> Any:
        name = next(iter(self._signature.structured_input_signature[1]))
        spec = tf.TensorSpec([self._input.shape[0], 28, 28, 1], tf.float32)

        def serve(pictures: tf.Tensor) -> tf.Tensor:
            values = pictures * scale.factor + scale.offset if scale != AS_IT_IS else pictures
            values = tf.repeat(values, 3, axis=-1) if is_color(self.shape) else values
            values = tf.cast(tf.reshape(values, [-1, *self.shape]), self._input.dtype)
            (answers,) = self._signature(**{name: values}).values()
            answers = tf.reshape(tf.cast(answers, tf.float32), [-1, math.prod(answers.shape[1:])])
            return tf.nn.softmax(answers) if softmax else answers

        return tf.function(serve, input_signature=[spec])


@contextmanager
def unpacked(file: Path) -> Iterator[Path]:
    """Give a SavedModel's folder, which may be packed in a ZIP.

    Raises:
        ModelError: If the ZIP is damaged, or holds several.
    """
    if file.is_dir():
        yield file
        return
    with TemporaryDirectory() as place:
        folder = Path(place)
        try:
            _unpack(file, folder)
        except DatasetError as error:
            raise ModelError(f"{file} can't be unpacked: {error}") from error
        yield folder


def _unpack(file: Path, folder: Path) -> None:
    with file.open("rb") as content, open_zip(content, file.name) as archive:
        paths = {PurePosixPath(member.filename): member for member in archive.infolist()}
        roots = [path.parent for path in paths if path.name == "saved_model.pb"]
        if len(roots) > 1:
            raise DatasetError(f"there are {len(roots)} SavedModels in it; import one at a time")
        (folder / "variables").mkdir()
        for path, member in paths.items():
            is_variables = path.parent == roots[0] / "variables"
            if is_variables or path == roots[0] / "saved_model.pb":
                target = folder / ("variables" if is_variables else "") / path.name
                with open_member(archive, member) as packed, target.open("wb") as unpacked_file:
                    shutil.copyfileobj(packed, unpacked_file)


def _check_graph(folder: Path, name: str) -> None:
    """Refuse a graph that does more than to compute, before anything of it is run."""
    file = folder / "saved_model.pb"
    if file.stat().st_size > MAX_GRAPH_BYTES:
        raise ModelError(f"{name}: its graph is larger than {MAX_GRAPH_BYTES:,} bytes")
    saved = saved_model_pb2.SavedModel()
    try:
        saved.ParseFromString(file.read_bytes())
        (graph,) = saved.meta_graphs
        operations = _reachable_operations(graph)
    except (DecodeError, ValueError, IndexError) as error:
        raise ModelError(f"{name} is no SavedModel, or is damaged") from error
    if not graph.HasField("object_graph_def"):
        raise ModelError(f"{name} is a SavedModel of TensorFlow 1; save it with TensorFlow 2")
    for node in graph.object_graph_def.nodes:
        # Their functions are run while a SavedModel is loaded.
        if node.WhichOneof("kind") == "resource" or node.saveable_objects or node.registered_saver:
            raise ModelError(f"{name} is not accepted: it does more than to compute")
    if strange := operations - OPERATIONS:
        raise ModelError(
            f"{name}: the operation {min(strange)[:80]!r} is not accepted; a network may have only "
            "those that compute"
        )


def _reachable_operations(graph: Any) -> set[str]:
    """Return the operations of all that the signatures call."""
    functions = {function.signature.name: function for function in graph.graph_def.library.function}
    nodes = graph.object_graph_def.nodes
    waiting = {
        nodes[signature.node_id].bare_concrete_function.concrete_function_name
        for child in nodes[0].children
        if child.local_name == "signatures"
        for signature in nodes[child.node_id].children
    }
    operations: set[str] = set()
    seen: set[str] = set()
    while waiting:
        name = waiting.pop()
        seen.add(name)
        for node in functions[name].node_def if name in functions else ():
            operations.add(node.op)
            called = {node.op, *_called(node.attr.values())} & set(functions)
            waiting |= called - seen
    return operations - set(functions)


def _called(settings: Iterable[Any]) -> Iterator[str]:
    for setting in settings:
        yield setting.func.name
        yield from (function.name for function in setting.list.func)


def _signature(loaded: Any, name: str) -> Any:
    """Return the signature that serves; one picture's numbers in, the digits' answers out."""
    signatures = loaded.signatures
    found = signatures.get("serving_default") or signatures.get("serve")
    if found is None:
        raise ModelError(f"{name} has no signature for serving")
    inputs = list(found.structured_input_signature[1].values())
    outputs = list(found.structured_outputs.values())
    if [len(inputs), len(outputs)] != [1, 1] or not _fits(inputs[0].shape, outputs[0].shape):
        raise ModelError(
            f"{name}: expected a network with 28 x 28 x 1 in and 10 classes out, or 11 with the "
            f"non-digit last, got {_words(inputs)} in and {_words(outputs)} out"
        )
    return found


def _fits(taken: tf.TensorShape, given: tf.TensorShape) -> bool:
    if not taken.rank or not given.rank or None in [*taken[1:], *given[1:]]:
        return False
    return takes_digits(tuple(taken[1:])) and math.prod(given[1:]) in (10, 11)


def _words(tensors: list[Any]) -> str:
    if len(tensors) != 1:
        return "several tensors"
    shape = tensors[0].shape
    return " x ".join(str(size) for size in shape[1:]) if shape.rank else "a tensor of any shape"
