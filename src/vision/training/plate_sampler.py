"""Cuts a turned box out of a picture for the recogniser: the same arithmetic as src/vision/plate-sampler.ts, to the pixel."""

import math

import numpy as np

HIGH, WIDE = 40, 128
MOST_TAPS = 8


def taps_of(step):
    return int(min(MOST_TAPS, max(1, math.floor(step + 0.5))))


def sample_box(picture, box):
    """`picture` H×W×3 uint8, `box` (cx, cy, width, height, angle) in pixels and radians; 3×HIGH×WIDE float32, 0..255.

    Each pixel is the mean of taps×taps bilinear samples; beyond its edge the picture goes on as at the edge.
    """
    cx, cy, width, height, angle = box
    step_u, step_v = width / WIDE, height / HIGH
    tu, tv = taps_of(step_u), taps_of(step_v)
    u = (np.arange(WIDE * tu) + 0.5) / tu * step_u - width / 2
    v = (np.arange(HIGH * tv) + 0.5) / tv * step_v - height / 2
    if angle == 0:
        rows = _between(picture, cy + v - 0.5, 0).reshape(HIGH, tv, -1, 3).mean(1)
        return np.ascontiguousarray(_between(rows, cx + u - 0.5, 1).reshape(HIGH, WIDE, tu, 3).mean(2).transpose(2, 0, 1))
    cos, sin = math.cos(angle), math.sin(angle)
    x = cx + u[None, :] * cos - v[:, None] * sin - 0.5
    y = cy + u[None, :] * sin + v[:, None] * cos - 0.5
    fine = _bilinear(picture, x, y)
    return np.ascontiguousarray(fine.reshape(HIGH, tv, WIDE, tu, 3).mean((1, 3)).transpose(2, 0, 1), dtype=np.float32)


def _between(image, places, axis):
    """Rows (axis 0) or columns (axis 1) at fractional places."""
    last = image.shape[axis] - 1
    places = np.clip(places, 0, last)
    low = np.floor(places).astype(np.int64)
    part = (places - low).astype(np.float32)
    part = part[:, None, None] if axis == 0 else part[None, :, None]
    a, b = image.take(low, axis), image.take(np.minimum(low + 1, last), axis)
    return a * (1 - part) + b * part


def _bilinear(picture, x, y):
    h, w = picture.shape[:2]
    x, y = np.clip(x, 0, w - 1), np.clip(y, 0, h - 1)
    x0, y0 = np.floor(x).astype(np.int64), np.floor(y).astype(np.int64)
    fx, fy = (x - x0)[..., None].astype(np.float32), (y - y0)[..., None].astype(np.float32)
    x1, y1 = np.minimum(x0 + 1, w - 1), np.minimum(y0 + 1, h - 1)
    flat = picture.reshape(-1, 3)
    top = flat.take(y0 * w + x0, 0) * (1 - fx) + flat.take(y0 * w + x1, 0) * fx
    low = flat.take(y1 * w + x0, 0) * (1 - fx) + flat.take(y1 * w + x1, 0) * fx
    return top * (1 - fy) + low * fy
