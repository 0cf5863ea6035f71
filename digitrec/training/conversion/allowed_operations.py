"""The operations that an imported SavedModel's graph may have: those that only compute."""

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from google.protobuf.message import DecodeError
from tensorflow.core.protobuf import saved_model_pb2

from digitrec.errors import ModelError

MAX_GRAPH_BYTES = 100_000_000
# Other operations may read and write files or call Python.
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


def check_graph(folder: Path, name: str) -> None:
    """Reject a SavedModel whose graph does more than compute, before any of it runs.

    Args:
        folder: The SavedModel.
        name: Its name, for error messages.

    Raises:
        ModelError: If it does more, is damaged or isn't a SavedModel of TensorFlow 2.
    """
    file = folder / "saved_model.pb"
    if file.stat().st_size > MAX_GRAPH_BYTES:
        raise ModelError(f"{name}: its graph is larger than {MAX_GRAPH_BYTES:,} bytes")
    saved = saved_model_pb2.SavedModel()
    try:
        saved.ParseFromString(file.read_bytes())
        (graph,) = saved.meta_graphs
        operations = _reachable_operations(graph)
    except (DecodeError, ValueError, IndexError) as error:
        raise ModelError(f"{name} isn't a SavedModel, or is damaged") from error
    if not graph.HasField("object_graph_def"):
        raise ModelError(f"{name} is a SavedModel of TensorFlow 1; save it with TensorFlow 2")
    for node in graph.object_graph_def.nodes:
        # The functions of these nodes run while a SavedModel is loaded.
        if node.WhichOneof("kind") == "resource" or node.saveable_objects or node.registered_saver:
            raise ModelError(
                f"{name} can't be imported: its graph may read or write files or run code"
            )
    if strange := operations - OPERATIONS:
        raise ModelError(
            f"{name}: the operation {min(strange)[:80]!r} isn't allowed, because it may access "
            "files or run code"
        )


def _reachable_operations(graph: Any) -> set[str]:
    """Return all operations that the signatures call."""
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
