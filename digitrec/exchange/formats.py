"""The formats that a model can be exported to."""

# By the name of the format: the ending of its files; a SavedModel is a folder.
EXPORT_FORMATS = {
    "keras": ".keras",
    "h5": ".h5",
    "litert": ".tflite",
    "onnx": ".onnx",
    "saved-model": "",
}
