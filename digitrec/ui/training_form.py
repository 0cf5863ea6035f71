"""The settings of a training run, as widgets."""

import streamlit as st

from digitrec.configuration import LEARNING_RATES, NETWORKS, SCHEDULES, TrainingConfig

RATES = [float(f"{digit}e{power}") for power in range(-5, 1) for digit in (1, 2, 5)]
BATCH_SIZES = [16, 32, 64, 128, 256, 512, 1024]
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


def training_form() -> None:
    """Show the settings; ``chosen_config`` returns what they say."""
    defaults = TrainingConfig()
    st.session_state.setdefault("train_learning_rate", defaults.learning_rate)
    st.selectbox(
        "Network",
        NETWORKS,
        key="train_network",
        persist_state="session",
        help="*seed-cnn* learns fast. *bn-cnn* has six convolutions with batch normalisation and "
        "reads handwriting better, at several times the work; *bn-cnn-wide* is twice as wide.",
    )
    st.slider(
        "Epochs",
        1,
        30,
        defaults.epochs,
        key="train_epochs",
        persist_state="session",
        help="How often the network sees every training picture. More is better up to a point, "
        "and takes longer in proportion.",
    )
    st.selectbox(
        "Optimizer",
        list(OPTIMIZER_NAMES),
        key="train_optimizer",
        persist_state="session",
        format_func=lambda name: OPTIMIZER_NAMES[name],
        on_change=_follow_optimizer,
        help="The rule that turns mistakes into changes of the weights. Adam is a good first "
        "choice. Choosing one moves the learning rate to a value that works for it.",
    )
    st.select_slider(
        "Learning rate",
        RATES,
        key="train_learning_rate",
        persist_state="session",
        format_func=lambda rate: f"{rate:g}",
        help="How large each change is. Too small learns slowly, too large never settles.",
    )
    st.segmented_control(
        "Schedule",
        SCHEDULES,
        default=defaults.schedule,
        required=True,
        key="train_schedule",
        persist_state="session",
        format_func=str.capitalize,
        help="*Cosine* lets the learning rate fall to nought by the end, so that the network "
        "settles; it helps most in longer runs.",
    )
    st.select_slider(
        "Batch size",
        BATCH_SIZES,
        defaults.batch_size,
        key="train_batch_size",
        persist_state="session",
        help="How many pictures are looked at before the weights change. Larger is faster, "
        "smaller often learns more per epoch.",
    )
    st.slider(
        "Dropout",
        0.0,
        0.9,
        defaults.dropout,
        0.05,
        key="train_dropout",
        persist_state="session",
        help="The share of units that is switched off at random while training, so that no "
        "unit is relied on too much.",
    )
    st.slider(
        "Validation share",
        0,
        50,
        round(defaults.validation_split * 100),
        format="%d %%",
        key="train_validation_percent",
        persist_state="session",
        help="The part of the 60,000 training pictures that is held out, to see how the network "
        "does on digits it was not trained on. The test set is read once, at the end.",
    )
    st.toggle(
        "Varied pictures",
        value=defaults.augmentation,
        key="train_augmentation",
        persist_state="session",
        help="Turns, slants, scales, moves, thickens and dirties each picture a little, each time "
        "it is seen. The network learns the shape and not the picture; it takes longer.",
    )
    st.toggle(
        "Other styles",
        value=defaults.styles,
        key="train_styles",
        persist_state="session",
        help="Adds 77,000 digits in styles that MNIST lacks: zeros with a slash, ones with flag "
        "and foot, crossed sevens, open fours and nines. Better on what people draw.",
    )
    st.toggle(
        "Spoilt pictures",
        value=defaults.corruptions,
        key="train_corruptions",
        persist_state="session",
        help="Adds 40,000 digits that are noisy, blurred, unevenly lit, scratched or cut by bands. "
        "Better on photographs and scans.",
    )
    st.toggle(
        "What is no digit",
        value=defaults.non_digits,
        key="train_non_digits",
        persist_state="session",
        help="Adds 20,000 letters, symbols, scribbles and lines as an eleventh class, so that the "
        "network can say that something is no digit.",
    )
    st.toggle(
        "Hard pictures only",
        value=defaults.hard_examples,
        key="train_hard_examples",
        persist_state="session",
        help="Learns only from the quarter of each batch that the network is most wrong about. To "
        "ask is quick, to learn is slow: a long training gets further in the same time.",
    )
    with st.expander("Seed and name"):
        st.number_input(
            "Seed",
            0,
            2**31 - 1,
            defaults.seed,
            key="train_seed",
            persist_state="session",
            help="Where chance begins: the same seed and settings give the same run.",
        )
        st.text_input(
            "Name",
            key="train_name",
            persist_state="session",
            placeholder="network and time",
            max_chars=64,
            help="What to call the model. Left empty, it is named after its network and the time.",
        )


def chosen_config() -> TrainingConfig:
    """Return what the form says.

    Raises:
        ConfigurationError: If a value is out of its limits.
    """
    state = st.session_state
    return TrainingConfig(
        network=state["train_network"],
        epochs=state["train_epochs"],
        optimizer=state["train_optimizer"],
        learning_rate=state["train_learning_rate"],
        schedule=state["train_schedule"],
        batch_size=state["train_batch_size"],
        dropout=state["train_dropout"],
        validation_split=state["train_validation_percent"] / 100,
        augmentation=state["train_augmentation"],
        styles=state["train_styles"],
        corruptions=state["train_corruptions"],
        non_digits=state["train_non_digits"],
        hard_examples=state["train_hard_examples"],
        seed=state["train_seed"],
    )


def chosen_name() -> str | None:
    """Return the name that the form says; None where it is left empty."""
    return st.session_state["train_name"].strip() or None


def _follow_optimizer() -> None:
    optimizer = st.session_state["train_optimizer"]
    st.session_state["train_learning_rate"] = LEARNING_RATES[optimizer]
