"""A parametric stroke face: every plate character as a skeleton of lines and arcs, drawn with a pen.

Widths, weight, corners, terminals, slant and the form of single letters are drawn at random, so that one face can look
like FE-Schrift, another like Charles Wright or Mandatory, and most like no face that exists.
"""

import math

import cv2
import numpy as np

from stroke_skeleton import Pen, Skeleton

CHARACTERS = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"
CAP = 64  # pixels of a capital in the glyph masks
FINE = 2  # drawn so many times larger, then averaged


def draw_strokes(strokes, w, weight, round_ends, slant):
    """A mask of the strokes, CAP high; the pen stays inside the box, terminals at its edge are cut flat unless round."""
    scale = CAP * FINE
    t = weight * scale
    inner = scale - t  # the skeleton's height, so that the pen's edge touches the box
    width = int(round(w * inner + t + abs(slant) * scale)) + 2
    mask = np.zeros((scale, width), np.uint8)
    left = t / 2 + (max(0.0, -slant) * scale) + 1
    for stroke in strokes:
        points = np.array([(left + x * inner, t / 2 + y * inner) for x, y in stroke], np.float32)
        if slant:
            points[:, 0] += slant * (scale / 2 - points[:, 1]) + abs(slant) * scale / 2
        _draw_line(mask, points, t, round_ends)
    return cv2.resize(mask, ((width + 1) // FINE, CAP), interpolation=cv2.INTER_AREA)


def _draw_line(mask, points, t, round_ends):
    shift = 4
    closed = np.allclose(points[0], points[-1])
    for i in range(len(points) - 1):
        a, b = points[i], points[i + 1]
        d = b - a
        n = float(np.hypot(*d))
        if n < 1e-3:
            continue
        d = d / n
        if not round_ends:
            # Ends reach half a pen further and are square; bends do so only where the bend is sharp.
            if not closed and (i == 0 or _sharp(points, i)):
                a = a - d * t / 2
            if not closed and (i == len(points) - 2 or _sharp(points, i + 1)):
                b = b + d * t / 2
        e = np.array([-d[1], d[0]]) * t / 2
        quad = np.array([a + e, b + e, b - e, a - e])
        cv2.fillConvexPoly(mask, np.round(quad * 2**shift).astype(np.int32), 255, cv2.LINE_AA, shift)
        if round_ends or closed or (0 < i and not _sharp(points, i)):
            centres = [points[i], points[i + 1]] if round_ends else [points[i]]
            for c in centres:
                cv2.circle(mask, tuple(int(v * 2**shift) for v in c), int(t / 2 * 2**shift), 255, -1, cv2.LINE_AA, shift)


def _sharp(points, i):
    if i <= 0 or i >= len(points) - 1:
        return False
    a, b = points[i] - points[i - 1], points[i + 1] - points[i]
    turn = abs(math.atan2(a[0] * b[1] - a[1] * b[0], float(a @ b)))
    return 1.2 < turn < 1.9


def stroke_face(rng):
    """Masks of all characters of a random face: character -> uint8 array, CAP high."""
    pen = Pen(rng)
    glyphs = {}
    for c in CHARACTERS:
        w = pen.w * (pen.digit_w if c.isdigit() else 1.0) * (pen.zero_w if c == "0" else pen.o_w if c in "OQ" else 1.0)
        if c == "1":
            w *= 0.8
        if c == "I":
            w *= 0.7
        w *= 1 + rng.uniform(-pen.vary, pen.vary)
        skeleton = Skeleton(pen, w)
        strokes = skeleton.glyph(c)
        reach = max(x for s in strokes for x, _ in s)
        least = min(x for s in strokes for x, _ in s)
        strokes = [[(x - least, y) for x, y in s] for s in strokes]
        glyphs[c] = draw_strokes(strokes, reach - least, pen.weight, pen.round_ends, pen.slant)
    return glyphs
