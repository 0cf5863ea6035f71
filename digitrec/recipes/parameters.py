"""The kinds of training parameters: what each can be, and what people read of it.

A field of a configuration carries one of these. The form, the shell's options, links, the
comparison, the report and the table in the documentation are all made from it.
"""

from abc import ABC, abstractmethod
from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from enum import StrEnum
from typing import Annotated, Any, Literal

import msgspec

from digitrec.errors import ConfigurationError


class Section(StrEnum):
    """A part of the training form, and of the shell's help."""

    NETWORK = "Network and epochs"
    LEARNING = "How it learns"
    PICTURES = "What it learns from"
    START = "Start and seed"


@dataclass(frozen=True, kw_only=True)
class Parameter(ABC):
    """A training parameter.

    Attributes:
        label: What people call it.
        help: What happens if it is changed, in a sentence.
        section: Where the form and the shell's help show it.
        personal: Whether a preset leaves it as it is.
        in_form: Whether the form asks for it.
        unset: What None stands for, in words; empty if it can't be None.
    """

    label: str
    help: str
    section: Section
    personal: bool = False
    in_form: bool = True
    unset: str = ""

    @property
    @abstractmethod
    def checked_as(self) -> Any:
        """The type, with its limits, that msgspec holds a value to."""

    @property
    @abstractmethod
    def expected(self) -> str:
        """What a value must be, as a part of a sentence."""

    def words(self, value: Any) -> str:
        """Return a value as people read it."""
        return self.unset if value is None else self._words(value)

    def _words(self, value: Any) -> str:
        return str(value)

    def checked(self, name: str, value: Any) -> Any:
        """Return a value that can be used; a whole number becomes a float where one is needed.

        Raises:
            ConfigurationError: If it has another type or is out of the limits.
        """
        if value is None and self.unset:
            return None
        try:
            return msgspec.convert(value, self.checked_as)
        except (msgspec.ValidationError, UnicodeEncodeError) as error:
            # msgspec compares texts as UTF-8, which half a surrogate pair can't become.
            raise ConfigurationError(f"{name} must be {self.expected}, got {value!r}") from error


@dataclass(frozen=True, kw_only=True)
class Choice(Parameter):
    """One of a few values.

    Attributes:
        choices: What people call each of them.
        side_by_side: Whether the form shows them all at once.
    """

    choices: Mapping[str, str]
    side_by_side: bool = False

    @property
    def checked_as(self) -> Any:
        """One of the choices."""
        return Literal[tuple(self.choices)]

    @property
    def expected(self) -> str:
        """Names all of them."""
        return f"one of {', '.join(self.choices)}"

    def _words(self, value: str) -> str:
        return self.choices[value]


@dataclass(frozen=True, kw_only=True)
class Switch(Parameter):
    """On or off."""

    @property
    def checked_as(self) -> Any:
        """True or false."""
        return bool

    @property
    def expected(self) -> str:
        """True or false."""
        return "true or false"

    def _words(self, value: bool) -> str:
        return "yes" if value else "no"


@dataclass(frozen=True, kw_only=True)
class ModelName(Parameter):
    """The name of a model's folder."""

    @property
    def checked_as(self) -> Any:
        """A text."""
        return str

    @property
    def expected(self) -> str:
        """A name."""
        return "the name of a model"


@dataclass(frozen=True, kw_only=True)
class Number(Parameter):
    """A number.

    Attributes:
        low: The least that it can be.
        high: The most that it can be.
        slider: The least and the most that the form offers, where that is less.
        step: How far a move of the form's slider goes.
        stops: What the form's slider offers, where that is not evenly spaced.
    """

    low: float
    high: float
    slider: tuple[float, float] | None = None
    step: float | None = None
    stops: tuple[float, ...] = ()

    @property
    def limits(self) -> str:
        """The limits in words: ``1 to 200``."""
        return f"{self.low:g} to {self.high:g}"


@dataclass(frozen=True, kw_only=True)
class Whole(Number):
    """A whole number.

    Attributes:
        wording: How a value is written.
        zero: How 0 is written, if it means something else than a number.
    """

    wording: str = "{}"
    zero: str = ""

    @property
    def checked_as(self) -> Any:
        """A whole number within the limits."""
        return Annotated[int, msgspec.Meta(ge=int(self.low), le=int(self.high))]

    @property
    def expected(self) -> str:
        """The limits."""
        return f"a whole number from {self.limits}"

    @property
    def limits(self) -> str:
        """The limits in words: ``1 to 4,096``."""
        return f"{self.low:,} to {self.high:,}"

    def _words(self, value: int) -> str:
        return self.zero if self.zero and value == 0 else self.wording.format(value)


@dataclass(frozen=True, kw_only=True)
class Real(Number):
    """A number that need not be whole."""

    @property
    def checked_as(self) -> Any:
        """A number within the limits."""
        return Annotated[float, msgspec.Meta(ge=self.low, le=self.high)]

    @property
    def expected(self) -> str:
        """The limits."""
        return f"a number from {self.limits}"

    def _words(self, value: float) -> str:
        return f"{value:g}"


@dataclass(frozen=True, kw_only=True)
class Share(Real):
    """A part of a whole, 0 to 1, which people read in percent."""

    def _words(self, value: float) -> str:
        return f"{round(value * 100, 2):g}%"


def parameter(default: Any, about: Parameter) -> Any:
    """Return a field of a configuration that carries what is to be known of it."""
    return field(default=default, metadata={"parameter": about})


def parameters(config: Any) -> dict[str, Parameter]:
    """Return the parameters of a configuration, or of its class, by the names of its fields."""
    return {each.name: each.metadata["parameter"] for each in fields(config)}
