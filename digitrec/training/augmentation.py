"""Augments training pictures: rotates, slants, scales, shifts, thickens and adds noise."""

import tensorflow as tf

# Standard deviations. They are small, since preprocessing normalizes size and position.
TURN_RAD = 0.1
SLANT = 0.15
SCALE = 0.06
# At most, in each direction.
SHIFT_PX = 1.0
NOISY_SHARE = 0.15
# The largest standard deviation of the noise.
NOISE = 0.25


def augment(images: tf.Tensor, seed: tf.Tensor) -> tf.Tensor:
    """Augment pictures at random; the same seed gives the same result.

    Args:
        images: float32 (n, 28, 28, 1), 0 to 1.
        seed: int64 (2,).

    Returns:
        float32 (n, 28, 28, 1), 0 to 1.
    """
    seeds = tf.unstack(tf.random.split(seed, 3))
    return _add_noise(_move(_thicken(images, seeds[0]), seeds[1]), seeds[2])


def _uniform(shape: list[int], seed: tf.Tensor, low: float, high: float) -> tf.Tensor:
    return tf.random.stateless_uniform(shape, seed, low, high)


def _thicken(images: tf.Tensor, seed: tf.Tensor) -> tf.Tensor:
    """Make strokes up to a pixel thicker or thinner; leave a third as they are."""
    amount = _uniform([_count(images), 1, 1, 1], seed, -1.2, 1.2)
    amount = tf.where(tf.abs(amount) < 0.4, 0.0, tf.clip_by_value(amount, -0.7, 1.0))
    thick = tf.nn.max_pool2d(images, 2, 1, "SAME")
    thin = -tf.nn.max_pool2d(-images, 2, 1, "SAME")
    return tf.where(
        amount > 0, images + (thick - images) * amount, images + (images - thin) * amount
    )


def _move(images: tf.Tensor, seed: tf.Tensor) -> tf.Tensor:
    """Rotate, slant and scale about the center, and shift."""
    count = _count(images)
    normal = tf.random.stateless_normal([4, count], seed)
    shift = _uniform([2, count], seed + 1, -SHIFT_PX, SHIFT_PX)
    turn, slant = normal[0] * TURN_RAD, normal[1] * SLANT
    across, down = tf.exp(normal[2] * SCALE), tf.exp(normal[3] * SCALE)
    cos, sin = tf.cos(turn), tf.sin(turn)
    a, b = cos * across, (cos * slant - sin) * down
    c, d = sin * across, (sin * slant + cos) * down
    middle, zero = 13.5, tf.zeros([count])
    rows = [
        a, b, middle - (a + b) * middle + shift[0],
        c, d, middle - (c + d) * middle + shift[1],
        zero, zero,
    ]  # fmt: skip
    return tf.raw_ops.ImageProjectiveTransformV3(
        images=images,
        transforms=tf.stack(rows, axis=1),
        output_shape=[28, 28],
        fill_value=0.0,
        interpolation="BILINEAR",
        fill_mode="CONSTANT",
    )


def _add_noise(images: tf.Tensor, seed: tf.Tensor) -> tf.Tensor:
    """Change the contrast of all pictures, and add noise to some."""
    chance = tf.random.stateless_uniform([3, _count(images), 1, 1, 1], seed)
    contrast = 0.6 + 0.5 * chance[0]
    noise = tf.where(chance[1] < NOISY_SHARE, NOISE * chance[2], 0.0)
    grain = tf.random.stateless_normal(tf.shape(images), seed + 1)
    return tf.clip_by_value(images * contrast + grain * noise, 0.0, 1.0)


def _count(images: tf.Tensor) -> tf.Tensor:
    return tf.shape(images)[0]
