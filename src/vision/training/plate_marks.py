"""What stands on a plate beside its number: bands with stars and codes, seals, stickers, frames and screws."""

import math

import cv2
import numpy as np

import plate_designs as designs


def paste(canvas, mask, colour, x, y, strength=1.0):
    """Lays a colour through a mask onto the canvas, cut at its edges."""
    h, w = mask.shape
    x, y = int(x), int(y)
    x0, y0 = max(0, x), max(0, y)
    x1, y1 = min(canvas.shape[1], x + w), min(canvas.shape[0], y + h)
    if x1 <= x0 or y1 <= y0:
        return
    part = canvas[y0:y1, x0:x1].astype(np.float32)
    alpha = mask[y0 - y : y1 - y, x0 - x : x1 - x, None].astype(np.float32) * (strength / 255)
    canvas[y0:y1, x0:x1] = part + (np.float32(colour) - part) * alpha


def near(rng, colour, spread=18):
    return np.clip(np.array(colour, np.float32) + rng.uniform(-spread, spread) + rng.normal(0, spread / 3, 3), 0, 255)


class Marks:
    """Paints marks; `rng`, `lettering` and `held` are the painter's."""

    def __init__(self, rng, lettering, held):
        self.rng, self.lettering, self.held = rng, lettering, held
        self.stars = [_ring_of_stars(r) for r in (18, 20, 22, 24)]

    def bands(self, canvas, d, room):
        rng = self.rng
        h, w = canvas.shape[:2]
        two = "/" in d["series"][0]
        if d.get("strip"):
            high = int(h * rng.uniform(0.18, 0.26))
            canvas[:high] = near(rng, (20, 50, 130), 20)
            room[1] = high
            word = designs.MERCOSUR[rng.integers(len(designs.MERCOSUR))] if not self.held else "URUGUAY"
            self.word(canvas, word, (240, 240, 240), 0.5 * w, high * 0.5, high * rng.uniform(0.4, 0.65), 0.5 * w)
            if rng.random() < 0.7:
                canvas[int(0.15 * high) : int(0.85 * high), int(w * 0.9) : int(w * 0.97)] = near(rng, (30, 140, 60), 30)
            if rng.random() < 0.4:
                cv2.rectangle(canvas, (int(0.02 * w), int(0.55 * h)), (int(0.07 * w), int(0.75 * h)), (60, 60, 60), 1)
            if rng.random() < 0.6:
                self.word(canvas, "BR", (40, 40, 40), 0.05 * w, 0.87 * h, 0.12 * h, 0.07 * w)
        kind = d.get("band")
        if kind and rng.random() < d.get("maybe_band", 0.96):
            wide = (rng.uniform(0.36, 0.48) if not two else rng.uniform(0.16, 0.26)) * h
            self.band(canvas, d, kind, wide, two)
            room[0] = wide + 0.02 * h
        right = d.get("right")
        if right and rng.random() < 0.9:
            wide = rng.uniform(0.33, 0.45) * h
            colour = (250, 200, 20) if right == "pt" else (15, 50, 150)
            canvas[:, int(w - wide) :] = near(rng, colour, 20)
            ink = (20, 20, 20) if right == "pt" else (240, 240, 240)
            middle = w - wide / 2
            if right == "pt":
                for y in (0.33, 0.67):
                    self.word(canvas, f"{rng.integers(0, 100):02d}", ink, middle, y * h, 0.2 * h, wide * 0.8)
            else:
                if rng.random() < 0.8:
                    self.word(canvas, f"{rng.integers(1, 96):02d}" if right == "fr" else "RM MI TO NA BO FI GE VR PD BS".split()[rng.integers(10)], ink, middle, 0.8 * h, 0.2 * h, wide * 0.8)
                if rng.random() < 0.8:
                    shape = canvas[int(0.15 * h) : int(0.5 * h), int(w - wide * 0.85) : int(w - wide * 0.15)]
                    shape[:] = near(rng, rng.integers(60, 255, 3), 30)
            room[2] = w - wide - 0.02 * h
        if d.get("stripes") and rng.random() < 0.8:
            for y in (0.03, 0.93):
                cv2.rectangle(canvas, (int(room[0]), int(y * h)), (w, int((y + 0.04) * h)), (200, 30, 40), -1)

    def band(self, canvas, d, kind, wide, two):
        """The left band: blue with a ring of stars (or a flag, or nothing) above the country's code, which is stacked or small."""
        rng = self.rng
        h = canvas.shape[0]
        x1 = int(wide)
        blue = (10, 45, 140) if rng.random() < 0.85 else (40, 80, 190)
        colour = near(rng, blue, 25)
        if kind == "uk" and rng.random() < 0.25:
            colour = near(rng, (20, 130, 60), 20)
        canvas[:, :x1] = colour
        ink = (245, 245, 245) if rng.random() < 0.9 else (250, 220, 60)
        if kind in ("eu", "uk") and rng.random() < 0.92:
            ring = self.stars[rng.integers(len(self.stars))]
            size = int(min(wide * rng.uniform(0.72, 0.95), h * 0.45))
            star = cv2.resize(ring, (size, size), interpolation=cv2.INTER_AREA)
            paste(canvas, star, (250, 210, 40) if rng.random() < 0.85 else (245, 245, 245), (wide - size) / 2, h * rng.uniform(0.08, 0.16))
        elif kind == "ukraine":
            canvas[int(0.12 * h) : int(0.27 * h), int(0.15 * wide) : int(0.85 * wide)] = (60, 120, 220)
            canvas[int(0.27 * h) : int(0.42 * h), int(0.15 * wide) : int(0.85 * wide)] = (245, 210, 30)
        elif kind in ("norway", "uk") or rng.random() < 0.3:
            flag = canvas[int(0.14 * h) : int(0.42 * h), int(0.12 * wide) : int(0.88 * wide)]
            flag[:] = near(rng, (200, 30, 40), 30)
            flag[flag.shape[0] // 3 : flag.shape[0] * 2 // 3 + 1] = near(rng, (240, 240, 240), 10)
        codes = d.get("codes") or ["EU"]
        code = codes[rng.integers(len(codes))]
        if rng.random() < 0.96:
            self.word(canvas, code, ink, wide * 0.5, h * rng.uniform(0.72, 0.82), h * rng.uniform(0.17, 0.3), wide * rng.uniform(0.7, 0.9))

    def word(self, canvas, text, colour, x, y, high, most):
        """Lettering centred at a point, `high` pixels, at most `most` wide."""
        mask = self.lettering.mask(text)
        wide = min(most, high * mask.shape[1] / mask.shape[0])
        high = min(high, max(3.0, 1.6 * wide))
        size = (max(2, int(wide)), max(3, int(high)))
        paste(canvas, cv2.resize(mask, size, interpolation=cv2.INTER_AREA), colour, x - size[0] / 2, y - size[1] / 2)

    def seals(self, canvas, d, x, y, wide, cap):
        """Coats of arms and test stickers between the groups: shields, discs and hexagons with something in them; at times worn off."""
        rng = self.rng
        if rng.random() < 0.06:
            return
        count = 2 if d.get("seal") == "two" and rng.random() < 0.85 else 1
        for i in range(count):
            r = min(wide * 0.48, cap * (0.22 if count == 2 else rng.uniform(0.2, 0.42)))
            cy = y if count == 1 else y + (i - 0.5) * cap * 0.52
            if count == 1:
                cy += rng.uniform(-0.15, 0.1) * cap
            self.shape(canvas, x + wide / 2, cy, r, r * rng.uniform(0.95, 1.25))

    def shape(self, canvas, x, y, rx, ry):
        rng = self.rng
        rx, ry = max(1.0, rx), max(1.0, ry)
        kind = rng.integers(4)
        colour = [float(v) for v in (rng.integers(0, 256, 3) if rng.random() < 0.7 else near(rng, (190, 190, 195), 30))]
        centre = (int(x), int(y))
        if kind == 0:
            cv2.ellipse(canvas, centre, (int(rx), int(ry)), 0, 0, 360, colour, -1, cv2.LINE_AA)
        elif kind == 1:
            shield = [(-1, -1), (1, -1), (1, 0.2), (0.6, 0.75), (0, 1), (-0.6, 0.75), (-1, 0.2)]
            cv2.fillPoly(canvas, [np.array([(x + px * rx, y + py * ry) for px, py in shield]).astype(np.int32)], colour, cv2.LINE_AA)
        else:
            n = rng.integers(4, 10)
            angle = np.sort(rng.uniform(0, 2 * math.pi, n)) if kind == 2 else np.linspace(0, 2 * math.pi, 7)[:-1]
            reach = rng.uniform(0.55, 1.0, len(angle)) if kind == 2 else np.ones(len(angle))
            points = np.column_stack([x + rx * reach * np.cos(angle), y + ry * reach * np.sin(angle)])
            cv2.fillPoly(canvas, [points.astype(np.int32)], colour, cv2.LINE_AA)
        for _ in range(rng.integers(0, 5)):
            inner = [float(v) for v in rng.integers(0, 256, 3)]
            px, py, r = x + rng.uniform(-0.5, 0.5) * rx, y + rng.uniform(-0.5, 0.5) * ry, max(1.0, rng.uniform(0.1, 0.5) * rx)
            if rng.random() < 0.5:
                cv2.circle(canvas, (int(px), int(py)), int(r), inner, -1, cv2.LINE_AA)
            else:
                cv2.line(canvas, (int(px - r), int(py)), (int(px + r), int(py + rng.uniform(-1, 1) * r)), inner, max(1, int(r / 2)), cv2.LINE_AA)

    def stickers(self, canvas, d, line):
        """Month and year stickers of American plates, in the corners and clear of the number."""
        rng = self.rng
        h, w = canvas.shape[:2]
        for x, y in ((0.09, 0.12), (0.91, 0.12), (0.09, 0.88), (0.91, 0.88)):
            if rng.random() > d.get("stickers", 0) * 0.55:
                continue
            sx, sy = w * rng.uniform(0.05, 0.09), h * rng.uniform(0.06, 0.1)
            cy = y * h
            if cy - sy < line[3] and cy + sy > line[1]:
                continue
            colour = near(rng, rng.integers(0, 256, 3), 20)
            cv2.rectangle(canvas, (int(x * w - sx), int(cy - sy)), (int(x * w + sx), int(cy + sy)), [float(v) for v in colour], -1)
            text = rng.choice(["OCT", "MAY", "JAN", "08", "12", "05", "14", "16", "2015", "SEP", "03"])
            self.word(canvas, text, 255 - colour, x * w, cy, sy * 1.4, sx * 1.8)

    def frame(self, canvas, d, fg):
        rng = self.rng
        h, w = canvas.shape[:2]
        edge = d.get("frame")
        if edge or rng.random() < 0.45:
            colour = edge or (fg if rng.random() < 0.6 else rng.integers(0, 256, 3))
            t = int(rng.integers(1, 4))
            inset = int(rng.integers(0, 4))
            cv2.rectangle(canvas, (inset, inset), (w - 1 - inset, h - 1 - inset), [float(v) for v in near(rng, colour, 10)], t, cv2.LINE_AA)
        if rng.random() < 0.45:
            american = d["ratio"][1] < 2.5
            spots = [(0.25, 0.07), (0.75, 0.07), (0.25, 0.93), (0.75, 0.93)] if american else [(0.12, 0.5), (0.5, 0.12), (0.88, 0.5), (0.3, 0.9), (0.7, 0.9), (0.3, 0.1), (0.7, 0.1)]
            for x, y in spots:
                if rng.random() < 0.5:
                    value = float(rng.integers(20, 240))
                    x, y = x + rng.uniform(-0.03, 0.03), y + rng.uniform(-0.03, 0.03)
                    r = max(1, int(h * rng.uniform(0.02, 0.05)))
                    cv2.circle(canvas, (int(x * w), int(y * h)), r, (value, value, value), -1, cv2.LINE_AA)


def _ring_of_stars(radius):
    size = 64
    mask = np.zeros((size * 2, size * 2), np.uint8)
    for k in range(12):
        a = 2 * math.pi * k / 12
        cx, cy = size + 1.9 * radius * math.sin(a) * 1.2, size - 1.9 * radius * math.cos(a) * 1.2
        points = []
        for j in range(10):
            r = 13 if j % 2 == 0 else 5.5
            b = math.pi * j / 5
            points.append((cx + r * math.sin(b), cy - r * math.cos(b)))
        cv2.fillPoly(mask, [np.array(points).astype(np.int32)], 255, cv2.LINE_AA)
    return cv2.resize(mask, (size, size), interpolation=cv2.INTER_AREA)
