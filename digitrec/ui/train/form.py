"""The settings of a training run, as widgets."""

from dataclasses import fields
from functools import partial
from typing import Any

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from digitrec.jobs.preview import augmented_digits
from digitrec.recipes.configuration import LEARNING_RATES, SCHEDULES, TrainingConfig
from digitrec.recipes.networks import NETWORKS, layer_rows, parameter_count
from digitrec.recipes.presets import PRESETS
from digitrec.runs.model_store import ModelStore
from digitrec.system.processes import in_processes
from digitrec.ui.images import animation
from digitrec.ui.runs.picker import follow_link, write_link

RATES = [float(f"{digit}e{power}") for power in range(-5, 1) for digit in (1, 2, 3, 5)]
BATCH_SIZES = [16, 32, 64, 128, 256, 512, 1024]
PREVIEW_ROUNDS = 12
PATIENCES = [0, 1, 2, 3, 5, 10]
OPTIMIZER_NAMES = {
    "adam": "Adam",
    "adamw": "AdamW",
    "nadam": "Nadam",
    "rmsprop": "RMSprop",
    "sgd": "SGD with momentum",
    "adagrad": "Adagrad",
    "adadelta": "Adadelta",
    "lion": "Lion",
}
# Shares are shown in percent.
PERCENT = ("validation_split", "training_share")
# What a preset leaves as it is.
PERSONAL = ("seed", "start_from", "tensorboard", "drawings")


def training_form(store: ModelStore) -> DeltaGenerator | None:
    """Show the settings; ``chosen_config`` returns what they say.

    Returns:
        The place of the preview, if one is wished: ``show_preview`` fills it. It may take some
        seconds, so the page does it last.
    """
    defaults = TrainingConfig()
    _preset()
    _network()
    st.slider(
        "Epochs",
        1,
        30,
        defaults.epochs,
        key=_key("epochs"),
        bind="query-params",
        help="How often the network sees every training picture. More is better up to a point, "
        "and takes longer in proportion.",
    )
    with st.expander("How it learns", icon=":material/tune:", key="train_how"):
        _learning(defaults)
    with st.expander("What it learns from", icon=":material/photo_library:", key="train_from"):
        preview = _pictures(defaults)
    with st.expander("Start and seed", icon=":material/flag:", key="train_beginning"):
        _beginning(store, defaults)
    return preview


def show_preview(place: DeltaGenerator) -> None:
    """Show eight training digits, varied anew every second.

    Raises:
        TrainingError: If they can't be made.
    """
    place.caption("Varying eight digits …")
    place.image(_varied_digits(), width="stretch")


def chosen_config() -> TrainingConfig:
    """Return what the form says.

    Raises:
        ConfigurationError: If a value is out of its limits.
    """
    names = [field.name for field in fields(TrainingConfig) if field.name != "drawings"]
    values = {name: st.session_state[_key(name)] for name in names}
    for name in PERCENT:
        values[name] /= 100
    return TrainingConfig(**values)


def _key(name: str) -> str:
    return f"train_{name}"


def _preset() -> None:
    st.session_state["train_preset"] = _matching_preset()
    st.segmented_control(
        "Preset",
        list(PRESETS),
        key="train_preset",
        format_func=str.capitalize,
        on_change=_follow_preset,
        width="stretch",
        help="*Quick* takes seconds, *Balanced* minutes and *Best* the better part of an hour; "
        "each can be changed below.",
    )


def _follow_preset() -> None:
    if chosen := st.session_state["train_preset"]:
        st.session_state.update(_state_of(PRESETS[chosen]))


def _matching_preset() -> str | None:
    state = _state_of(TrainingConfig()) | st.session_state.to_dict()
    return next((n for n, p in PRESETS.items() if _state_of(p).items() <= state.items()), None)


def _state_of(preset: TrainingConfig) -> dict[str, Any]:
    values = preset.to_dict().items()
    return {_key(name): _shown(name, value) for name, value in values if name not in PERSONAL}


def _shown(name: str, value: Any) -> Any:
    return round(value * 100) if name in PERCENT else value


def _network() -> None:
    st.selectbox(
        "Network",
        list(NETWORKS),
        key=_key("network"),
        bind="query-params",
        help="*seed-cnn* learns fast. *bn-cnn* has six convolutions with batch normalisation and "
        "reads handwriting better, at several times the work; *bn-cnn-wide* is twice as wide.",
    )
    name, count = st.session_state[_key("network")], st.session_state.get(_key("ensemble"), 1)
    classes = 11 if st.session_state.get(_key("non_digits")) else 10
    times = f"{count} × " if count > 1 else ""
    with st.popover(f"{times}{parameter_count(name, classes):,} parameters", type="tertiary"):
        st.markdown(f"**{name}**, from the 28×28 picture to the answer")
        st.table(
            [
                {
                    "Layer": row.layer,
                    "Out": "×".join(map(str, row.shape)),
                    "Parameters": f"{row.parameters:,}" if row.parameters else "",
                }
                for row in layer_rows(name, classes)
            ]
        )


def _learning(defaults: TrainingConfig) -> None:
    st.slider(
        "Ensemble",
        1,
        5,
        defaults.ensemble,
        key=_key("ensemble"),
        bind="query-params",
        help="How many such networks are trained side by side. Each makes mistakes of its own, "
        "so the mean of their answers is better than any; it takes as many times as long.",
    )
    st.selectbox(
        "Optimizer",
        list(OPTIMIZER_NAMES),
        key=_key("optimizer"),
        bind="query-params",
        format_func=lambda name: OPTIMIZER_NAMES[name],
        on_change=_follow_optimizer,
        help="The rule that turns mistakes into changes of the weights. Adam is a good first "
        "choice. Choosing one moves the learning rate to a value that works for it.",
    )
    st.select_slider(
        "Learning rate",
        RATES,
        defaults.learning_rate,
        key=_key("learning_rate"),
        bind="query-params",
        format_func=lambda rate: f"{rate:g}",
        help="How large each change is. Too small learns slowly, too large never settles.",
    )
    st.segmented_control(
        "Schedule",
        SCHEDULES,
        default=defaults.schedule,
        required=True,
        key=_key("schedule"),
        bind="query-params",
        format_func=lambda name: name.replace("-", " ").capitalize(),
        help="*Cosine* lets the learning rate fall to nought by the end, so that the network "
        "settles; *One cycle* lets it rise before that, which gets far in few epochs.",
    )
    st.select_slider(
        "Batch size",
        BATCH_SIZES,
        defaults.batch_size,
        key=_key("batch_size"),
        bind="query-params",
        help="How many pictures are looked at before the weights change. Larger is faster, "
        "smaller often learns more per epoch.",
    )
    st.slider(
        "Dropout",
        0.0,
        0.9,
        defaults.dropout,
        0.05,
        key=_key("dropout"),
        bind="query-params",
        help="The share of units that is switched off at random while training, so that no "
        "unit is relied on too much.",
    )
    st.select_slider(
        "Early stopping",
        PATIENCES,
        defaults.early_stopping,
        key=_key("early_stopping"),
        bind="query-params",
        format_func=lambda epochs: f"after {epochs} worse" if epochs else "off",
        help="Ends the training after so many epochs without a smaller validation loss, and keeps "
        "the network of the best one.",
    )


def _follow_optimizer() -> None:
    optimizer = st.session_state[_key("optimizer")]
    st.session_state[_key("learning_rate")] = LEARNING_RATES[optimizer]


def _pictures(defaults: TrainingConfig) -> DeltaGenerator | None:
    preview = None
    st.slider(
        "Validation share",
        0,
        50,
        _shown("validation_split", defaults.validation_split),
        format="%d %%",
        key=_key("validation_split"),
        bind="query-params",
        help="The part of the 60,000 training pictures that is held out, to see how the network "
        "does on digits it was not trained on. The test set is read once, at the end.",
    )
    st.slider(
        "Training share",
        1,
        100,
        _shown("training_share", defaults.training_share),
        format="%d %%",
        key=_key("training_share"),
        bind="query-params",
        help="How much of the other training pictures is learned from. With few of them one sees "
        "how a network learns by heart.",
    )
    for name, label, explanation in (
        (
            "augmentation",
            "Varied pictures",
            "Turns, slants, scales, moves, thickens and dirties each picture a little, each time "
            "it is seen. The network learns the shape and not the picture; it takes longer.",
        ),
        (
            "styles",
            "Other styles",
            "Adds 77,000 digits in styles that MNIST lacks: zeros with a slash, ones with flag "
            "and foot, crossed sevens, open fours and nines. Better on what people draw.",
        ),
        (
            "corruptions",
            "Spoilt pictures",
            "Adds 40,000 digits that are noisy, blurred, unevenly lit, scratched or cut by bands. "
            "Better on photographs and scans.",
        ),
        (
            "non_digits",
            "What is no digit",
            "Adds 20,000 letters, symbols, scribbles and lines as an eleventh class, so that the "
            "network can say that something is no digit.",
        ),
        (
            "hard_examples",
            "Hard pictures only",
            "Learns only from the quarter of each batch that the network is most wrong about. To "
            "ask is quick, to learn is slow: a long training gets further in the same time.",
        ),
    ):
        st.toggle(
            label,
            value=getattr(defaults, name),
            key=_key(name),
            bind="query-params",
            help=explanation,
        )
        if name == "augmentation" and st.session_state[_key(name)]:
            preview = st.empty()
    return preview


@st.cache_data(show_spinner=False)
def _varied_digits() -> bytes:
    (rounds,) = in_processes([partial(augmented_digits, PREVIEW_ROUNDS, 0)])
    return animation(rounds, factor=2, frame_ms=900)


def _beginning(store: ModelStore, defaults: TrainingConfig) -> None:
    names = [run.name for run in store.models() if run.can_be_trained_further]
    follow_link(_key("start_from"), names)
    st.selectbox(
        "Start from",
        names,
        index=None,
        placeholder="a new network",
        key=_key("start_from"),
        persist_state="session",
        format_func=store.title,
        help="Goes on with the network of this model, whatever network is chosen above.",
    )
    write_link(_key("start_from"))
    st.number_input(
        "Seed",
        0,
        2**31 - 1,
        defaults.seed,
        key=_key("seed"),
        bind="query-params",
        help="Where chance begins: the same seed and settings give the same run.",
    )
    st.toggle(
        "TensorBoard logs",
        value=defaults.tensorboard,
        key=_key("tensorboard"),
        bind="query-params",
        help="Also writes curves and histograms of the weights for TensorBoard: "
        "`tensorboard --logdir models` shows them.",
    )
