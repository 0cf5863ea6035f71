"""The least that a drawing page can be: a canvas, what a network reads, what it was given.

``benchmarks.app`` holds the app against it. Streamlit runs this file in the project's folder.
"""

import io

import numpy as np
import streamlit as st
from ai_edge_litert.interpreter import Interpreter
from PIL import Image, ImageOps
from streamlit_drawable_canvas import st_canvas

SIDE = 280


@st.cache_resource(show_spinner=False)
def network() -> Interpreter:
    """Return the smaller of the networks that ship."""
    made = Interpreter(model_path="models/seed-cnn/model.tflite")
    made.allocate_tensors()
    return made


st.set_page_config(layout="wide")
drawing = st_canvas(
    stroke_width=16,
    background_color="white",
    width=SIDE,
    height=SIDE,
    return_image_data=True,
    key="bare_canvas",
)
if drawing.image_bytes is not None:
    picture = ImageOps.invert(Image.open(io.BytesIO(drawing.image_bytes)).convert("L"))
    digit = picture.resize((28, 28))
    runner = network()
    (taken,), (given,) = runner.get_input_details(), runner.get_output_details()
    runner.set_tensor(taken["index"], np.asarray(digit, np.float32).reshape(1, 28, 28, 1) / 255)
    runner.invoke()
    st.title(str(runner.get_tensor(given["index"]).argmax()), anchor=False)
    st.image(digit.resize((112, 112), Image.Resampling.NEAREST), width=112)
