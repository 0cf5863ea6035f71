"""Augments training pictures: bends, rotates, slants, scales, shifts, thickens and adds noise."""

import tensorflow as tf

from digitrec.ink.preprocessing import SIZE

# Standard deviations. They are small, since preprocessing normalizes size and position.
TURN_RAD = 0.1
SLANT = 0.15
SCALE = 0.06
# At most, in each direction.
SHIFT_PX = 1.0
# Elastic distortions: random shifts at the points of a grid, smooth in between. Their standard
# deviation is at most this. Simard et al., Best practices for convolutional neural networks applied
# to visual document analysis, 2003.
BEND_PX = 1.2
GRID_SIDE = 5
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
    """Bend, rotate, slant and scale about the center, and shift."""
    count = _count(images)
    normal = tf.random.stateless_normal([4, count, 1, 1], seed)
    shift = _uniform([2, count, 1, 1], seed + 1, -SHIFT_PX, SHIFT_PX)
    turn, slant = normal[0] * TURN_RAD, normal[1] * SLANT
    across, down = tf.exp(normal[2] * SCALE), tf.exp(normal[3] * SCALE)
    cos, sin = tf.cos(turn), tf.sin(turn)
    a, b = cos * across, (cos * slant - sin) * down
    c, d = sin * across, (sin * slant + cos) * down
    middle = (SIZE - 1) / 2
    x, y = tf.meshgrid(
        tf.range(SIZE, dtype=tf.float32) - middle, tf.range(SIZE, dtype=tf.float32) - middle
    )
    bend = _bend(count, seed + 2)
    return _sampled(
        images,
        a * x + b * y + middle + shift[0] + bend[..., 0],
        c * x + d * y + middle + shift[1] + bend[..., 1],
    )


def _bend(count: tf.Tensor, seed: tf.Tensor) -> tf.Tensor:
    """Return smooth random shifts of all pixels, float32 (n, 28, 28, 2), in pixels."""
    grid = tf.random.stateless_normal([count, GRID_SIDE, GRID_SIDE, 2], seed)
    amount = _uniform([count, 1, 1, 1], seed + 1, 0.0, BEND_PX)
    return amount * tf.image.resize(grid, [SIZE, SIZE], "bicubic")


def _sampled(images: tf.Tensor, x: tf.Tensor, y: tf.Tensor) -> tf.Tensor:
    """Return the pictures' values at places between their pixels, bilinear, 0 outside.

    Args:
        images: float32 (n, 28, 28, 1).
        x: float32 (n, 28, 28), in pixels from the left.
        y: float32 (n, 28, 28), in pixels from the top.
    """
    count, side = _count(images), SIZE + 2
    pixels = tf.reshape(tf.pad(images[..., 0], [[0, 0], [1, 1], [1, 1]]), [count, side * side])
    # Beyond the margin everything is as empty as at its edge.
    x, y = (tf.clip_by_value(tf.reshape(v, [count, -1]) + 1, 0.0, side - 1.001) for v in (x, y))
    left, top = tf.floor(x), tf.floor(y)
    right_share, bottom_share = x - left, y - top
    first = tf.cast(top, tf.int32) * side + tf.cast(left, tf.int32)

    def across(offset: int) -> tf.Tensor:
        at_left = tf.gather(pixels, first + offset, batch_dims=1)
        at_right = tf.gather(pixels, first + offset + 1, batch_dims=1)
        return at_left + (at_right - at_left) * right_share

    upper, lower = across(0), across(side)
    return tf.reshape(upper + (lower - upper) * bottom_share, tf.shape(images))


def _add_noise(images: tf.Tensor, seed: tf.Tensor) -> tf.Tensor:
    """Change the contrast of all pictures, and add noise to some."""
    chance = tf.random.stateless_uniform([3, _count(images), 1, 1, 1], seed)
    contrast = 0.6 + 0.5 * chance[0]
    noise = tf.where(chance[1] < NOISY_SHARE, NOISE * chance[2], 0.0)
    grain = tf.random.stateless_normal(tf.shape(images), seed + 1)
    return tf.clip_by_value(images * contrast + grain * noise, 0.0, 1.0)


def _count(images: tf.Tensor) -> tf.Tensor:
    return tf.shape(images)[0]
