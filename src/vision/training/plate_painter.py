"""Paints one clean plate: its ground, its number and words; the marks around them are in plate_marks.py."""

import cv2
import numpy as np

import plate_designs as designs
from plate_marks import Marks, near, paste

HIGH = 80  # pixels of a painted plate


class Plate:
    """A painted plate: `image` RGB, `text` its number, `line` the number's box (x0, y0, x1, y1) in pixels, `lines` 1 or 2."""

    def __init__(self, image, text, line, lines):
        self.image, self.text, self.line, self.lines = image, text, line, lines


class Painter(Marks):
    def __init__(self, rng, faces, lettering, held):
        super().__init__(rng, lettering, held)
        self.faces = faces
        chosen = [d for d in designs.DESIGNS if bool(d.get("held")) == held]
        self.designs = chosen
        weights = np.array([d.get("weight", 1) for d in chosen], float)
        self.odds = weights / weights.sum()

    def paint(self):
        rng = self.rng
        d = self.designs[rng.choice(len(self.designs), p=self.odds)]
        ratio = rng.uniform(*d["ratio"])
        width = int(HIGH * ratio)
        bg, fg = d["colours"][rng.integers(len(d["colours"]))]
        if not self.held and rng.random() < 0.08:
            bg, fg = rng.integers(120, 256, 3), rng.integers(0, 90, 3)
            if rng.random() < 0.3:
                bg, fg = fg, bg
        bg, fg = near(rng, bg), near(rng, fg)
        canvas = np.empty((HIGH, width, 3), np.uint8)
        canvas[:] = bg
        room = [0.02 * width, 0.0, 0.98 * width, float(HIGH)]
        self.shade(canvas, d, bg)
        self.drawing(canvas, d, bg)
        self.bands(canvas, d, room)
        self.words(canvas, d, fg, room)
        text, line, lines = self.number(canvas, d, bg, fg, room)
        self.stickers(canvas, d, line)
        self.frame(canvas, d, fg)
        return Plate(canvas, text, line, lines)

    def shade(self, canvas, d, bg):
        rng = self.rng
        if rng.random() > d.get("shade", 0.15):
            return
        other = near(rng, bg, 60)
        ramp = np.linspace(0, 1, HIGH, dtype=np.float32)[:, None, None]
        if rng.random() < 0.5:
            ramp = np.abs(2 * ramp - 1)
        canvas[:] = bg + (other - bg) * ramp

    def drawing(self, canvas, d, bg):
        """Hills, suns, trees, bridges: faint shapes behind the number, bolder ones at the sides and above."""
        rng = self.rng
        if rng.random() > d.get("drawing", 0.02):
            return
        h, w = canvas.shape[:2]
        layer = canvas.copy()
        for _ in range(rng.integers(1, 6)):
            kind, colour = rng.integers(5), [float(v) for v in near(rng, bg if rng.random() < 0.6 else rng.integers(30, 230, 3), 70)]
            if kind == 0:
                n = rng.integers(4, 9)
                ys = h * (rng.uniform(0.3, 0.9) + rng.uniform(-0.25, 0.25, n))
                points = np.column_stack([np.linspace(-5, w + 5, n), ys])
                cv2.fillPoly(layer, [np.vstack([points, [[w + 5, h], [-5, h]]]).astype(np.int32)], colour, cv2.LINE_AA)
            elif kind == 1:
                cv2.circle(layer, (int(rng.uniform(0, w)), int(rng.uniform(0, h))), int(rng.uniform(0.06, 0.35) * h), colour, -1, cv2.LINE_AA)
            elif kind == 2:
                x, y, s = rng.uniform(0, w), rng.uniform(0.2 * h, h), rng.uniform(0.1, 0.5) * h
                points = np.column_stack([x + s * rng.uniform(-1, 1, 7), y + s * rng.uniform(-1, 1, 7)])
                cv2.fillPoly(layer, [cv2.convexHull(points.astype(np.int32))], colour, cv2.LINE_AA)
            elif kind == 3:
                x, y, s = rng.uniform(0, w), rng.uniform(0.4 * h, h), rng.uniform(0.15, 0.5) * h
                cv2.line(layer, (int(x), int(y)), (int(x), int(y - s)), colour, int(rng.integers(1, 5)), cv2.LINE_AA)
                cv2.ellipse(layer, (int(x), int(y - s)), (int(s / 3) + 1, int(s / 2) + 1), 0, 0, 360, colour, -1, cv2.LINE_AA)
            else:
                y = int(rng.uniform(0, h))
                cv2.line(layer, (0, y), (w, int(y + rng.uniform(-10, 10))), colour, int(rng.integers(1, 8)), cv2.LINE_AA)
        strength = rng.uniform(0.1, 0.7)
        canvas[:] = cv2.addWeighted(layer, strength, canvas, 1 - strength, 0)

    def words(self, canvas, d, fg, room):
        rng = self.rng
        h, w = canvas.shape[:2]
        lists = {
            "us": (designs.STATES, designs.SLOGANS),
            "held": (designs.HELD_WORDS, designs.HELD_WORDS),
            "brazil": (designs.BRAZIL, designs.BRAZIL),
            "plain": (designs.PLAIN, designs.PLAIN),
            "mercosur": (designs.MERCOSUR, designs.MERCOSUR),
        }
        tops, bottoms = lists[d.get("texts", "us")]
        for place, chance, words in (("top", d.get("top", 0), tops), ("bottom", d.get("bottom", 0), bottoms)):
            if rng.random() > chance:
                continue
            text = words[rng.integers(len(words))]
            if rng.random() < 0.3:
                text = text.upper() if rng.random() < 0.5 else text.title()
            high = h * rng.uniform(0.09, 0.2)
            colour = fg if rng.random() < 0.5 else near(rng, rng.integers(0, 256, 3), 20)
            y = h * 0.04 + high / 2 if place == "top" else h * 0.97 - high / 2
            self.word(canvas, text, colour, w * rng.uniform(0.4, 0.6), y, high, w * rng.uniform(0.45, 0.85))
            if place == "top":
                room[1] = max(room[1], h * 0.05 + high)
            else:
                room[3] = min(room[3], h * 0.95 - high)

    def number(self, canvas, d, bg, fg, room):
        """Sets the number in its room, one line or two; returns its text, its box and its lines."""
        rng = self.rng
        series = d["series"][rng.integers(len(d["series"]))]
        if rng.random() < 0.12 and not self.held:
            series = free_series(rng, "/" in series)
        lines = series.split("/")
        face = self.face = self.faces.choose()
        x0, y0, x1, y1 = room
        high = (y1 - y0) / len(lines)
        cap = rng.uniform(*d["cap"]) * (high if len(lines) == 2 or "top" not in d and "strip" not in d else HIGH)
        if "strip" in d:
            cap = min(rng.uniform(0.72, 0.88) * high, cap * 1.2)
        cap = min(cap, high * 0.92)
        weight = rng.choice([0, 0, 0, 1, -1])
        emboss = rng.random() < 0.35
        text, boxes = "", []
        for i, line in enumerate(lines):
            left = x0
            if len(lines) == 2 and i == 1 and rng.random() < 0.5:
                left = 0.03 * canvas.shape[1]
            y = y0 + (i + 0.5) * high + rng.uniform(-0.03, 0.03) * high
            part, box = self.line(canvas, d, line, face, bg, fg, cap, (left, x1), y, weight, emboss)
            text += part
            boxes.append(box)
        box = (min(b[0] for b in boxes), min(b[1] for b in boxes), max(b[2] for b in boxes), max(b[3] for b in boxes))
        return text, box, len(lines)

    def line(self, canvas, d, series, face, bg, fg, cap, span, y, weight, emboss):
        rng = self.rng
        parts = [self.part(p, d, face) for p in _parts(series)]
        stretch = rng.uniform(0.8, 1.25) * cap / 64
        space = cap * rng.uniform(0.06, 0.26)
        gap = cap * rng.uniform(0.2, 0.75)
        natural = sum(self.wide(p, cap, gap, stretch) for p in parts) + space * (len(parts) - 1)
        least = 0.5 if len(series) < 5 else 0.72
        room = (span[1] - span[0]) * rng.uniform(least, 0.98) if natural < span[1] - span[0] else (span[1] - span[0]) * rng.uniform(0.9, 0.98)
        factor = float(np.clip(room / natural, 0.45, 1.35))
        if natural * factor > span[1] - span[0]:
            factor = (span[1] - span[0]) / natural
        free = (span[1] - span[0]) - natural * factor
        x = span[0] + free * (0.5 if rng.random() < 0.75 else rng.uniform(0.05, 0.95))
        text, first, last = "", None, x
        for kind, value in parts:
            wide = self.wide((kind, value), cap, gap, stretch) * factor
            if kind in ("glyph", "stack"):
                first = x if first is None else first
                last = x + wide
                self.glyphs(canvas, kind, value, face, bg, fg, x, y, wide, cap, weight, emboss)
                text += value
            else:
                self.separator(canvas, d, kind, fg, x, y, wide, cap)
            x += wide + space * factor
        return text, (first, y - cap / 2, last, y + cap / 2)

    def part(self, p, d, face):
        rng = self.rng
        letters = d.get("letters", designs.ALL)
        if rng.random() < 0.1:
            letters = designs.ALL
        pick = lambda c: letters[rng.integers(len(letters))] if c == "A" else str(rng.integers(10)) if c == "0" else designs.ALL[rng.integers(26)] if rng.random() < 0.6 else str(rng.integers(10))
        if p[0] == "[":
            return "stack", "".join(pick(c) for c in p[1:-1])
        if p[0] == "\\":
            return "glyph", p[1]
        if p in ("A", "0", "?"):
            return "glyph", pick(p)
        return p, p

    def wide(self, part, cap, gap, stretch):
        kind, value = part
        if kind == "glyph":
            return self.face_width(value) * stretch
        if kind == "stack":
            return cap * 0.42
        return {" ": gap, "-": cap * 0.32, ".": cap * 0.2, ":": cap * 0.2, "#": cap * 0.5, "|": cap * 0.55}[kind]

    def face_width(self, c):
        return self.face[c].shape[1]

    def glyphs(self, canvas, kind, value, face, bg, fg, x, y, wide, cap, weight, emboss):
        if kind == "stack":
            each = cap / len(value)
            for i, c in enumerate(value):
                self.glyph(canvas, face[c], bg, fg, x, y - cap / 2 + i * each + each * 0.04, wide, each * 0.92, 0, False)
            return
        self.glyph(canvas, face[value], bg, fg, x, y - cap / 2, wide, cap, weight, emboss)

    def glyph(self, canvas, mask, bg, fg, x, y, wide, high, weight, emboss):
        size = (max(2, int(round(wide))), max(4, int(round(high))))
        mask = cv2.resize(mask, size, interpolation=cv2.INTER_AREA)
        if weight:
            kernel = np.ones((2, 2), np.uint8)
            mask = cv2.dilate(mask, kernel) if weight > 0 else (cv2.erode(mask, kernel) if size[0] > 12 else mask)
        x, y = round(x), round(y)
        if emboss:
            paste(canvas, mask, np.clip(bg * 1.25 + 20, 0, 255), x - 1, y - 1, 0.6)
            paste(canvas, mask, bg * 0.5, x + 1, y + 1, 0.6)
        paste(canvas, mask, fg, x, y)

    def separator(self, canvas, d, kind, fg, x, y, wide, cap):
        rng = self.rng
        if kind == "-":
            t = max(1.0, cap * rng.uniform(0.06, 0.13))
            cv2.rectangle(canvas, (int(x + 0.1 * wide), int(y - t / 2)), (int(x + 0.9 * wide), int(y + t / 2)), [float(v) for v in fg], -1)
        elif kind in ".:":
            r = max(1, int(cap * rng.uniform(0.04, 0.09)))
            for dy in (0,) if kind == "." else (-0.2, 0.2):
                cv2.circle(canvas, (int(x + wide / 2), int(y + dy * cap)), r, [float(v) for v in fg], -1, cv2.LINE_AA)
        elif kind == "#":
            self.seals(canvas, d, x, y, wide, cap)
        elif kind == "|":
            self.shape(canvas, x + wide / 2, y, wide * rng.uniform(0.5, 1.05) / 2, cap * rng.uniform(0.35, 1.0) / 2)

def free_series(rng, two):
    """A series that no country issues: letters and digits in any order, with gaps."""
    count = int(rng.integers(3, 5 if two else 9))
    make = lambda n: "".join(rng.choice(["A", "0"]) + (rng.choice([" ", "-", "."], p=[0.7, 0.2, 0.1]) if rng.random() < 0.15 and i < n - 1 else "") for i in range(n))
    return make(count) + "/" + make(int(rng.integers(2, 6))) if two else make(count)


def _parts(series):
    parts, i = [], 0
    while i < len(series):
        if series[i] == "[":
            end = series.index("]", i)
            parts.append(series[i : end + 1])
            i = end + 1
        elif series[i] == "\\":
            parts.append(series[i : i + 2])
            i += 2
        else:
            parts.append(series[i])
            i += 1
    return parts
