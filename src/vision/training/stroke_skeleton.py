"""Every plate character as a skeleton of lines and arcs, and the free choices of one face."""

import math

import numpy as np


def arc(cx, cy, rx, ry, start, end):
    """Points of an elliptic arc; angles in degrees, 0 = right, 90 = down."""
    steps = max(2, int(abs(end - start) / 15) + 1)
    return [
        (cx + rx * math.cos(math.radians(a)), cy + ry * math.sin(math.radians(a)))
        for a in np.linspace(start, end, steps)
    ]


class Pen:
    """The free choices of one face. `w` is the usual width of a letter in cap heights."""

    def __init__(self, rng):
        self.w = rng.uniform(0.42, 0.78) if rng.random() < 0.85 else rng.uniform(0.34, 0.9)
        self.weight = float(np.clip(rng.normal(0.15, 0.03), 0.07, 0.24))
        self.weight = min(self.weight, self.w * 0.3)
        self.corner = rng.choice([rng.uniform(0.5, 0.5), rng.uniform(0.3, 0.5), rng.uniform(0.12, 0.3)], p=[0.4, 0.35, 0.25])
        self.round_ends = rng.random() < 0.4
        self.slant = 0.0 if rng.random() < 0.93 else rng.uniform(-0.05, 0.18)
        self.middle = rng.uniform(0.45, 0.52)
        self.zero_w = rng.uniform(0.8, 1.0)
        self.o_w = rng.uniform(0.95, 1.15)
        self.digit_w = rng.uniform(0.85, 1.0)
        self.zero_mark = rng.choice(["", "slash", "dot", "cut"], p=[0.9, 0.05, 0.01, 0.04])
        self.one = rng.choice(["flag", "base", "bar", "long"], p=[0.55, 0.25, 0.1, 0.1])
        self.two = rng.choice(["straight", "curved"])
        self.three = rng.choice(["round", "flat"], p=[0.75, 0.25])
        self.four = rng.choice(["closed", "open", "tall", "low"], p=[0.5, 0.15, 0.15, 0.2])
        self.four_bar = rng.uniform(0.66, 0.84)
        self.four_stem = rng.uniform(0.35, 0.58)
        self.six = rng.choice(["curved", "hook", "straight"], p=[0.4, 0.4, 0.2])
        self.seven = rng.choice(["straight", "curved", "serif"], p=[0.7, 0.2, 0.1])
        self.i = rng.choice(["plain", "serif"], p=[0.7, 0.3])
        self.j_top = rng.random() < 0.3
        self.a_flat = rng.uniform(0.0, 0.35) if rng.random() < 0.5 else 0.0
        self.a_arch = rng.random() < 0.06
        self.m_deep = rng.uniform(0.45, 1.0)
        self.w_high = rng.uniform(0.0, 0.5)
        self.g = rng.choice(["bar", "spur", "short"])
        self.q_inside = rng.random() < 0.5
        self.open = rng.uniform(0.2, 0.32)
        self.k_joined = rng.random() < 0.5
        self.y_fork = rng.uniform(0.4, 0.6)
        self.vary = rng.uniform(0.0, 0.06)


class Skeleton:
    """Strokes of one character in a box `w` wide and 1 high, y down."""

    def __init__(self, pen, w):
        self.pen, self.w = pen, w
        self.r = pen.corner * w  # radius of a bowl's corner along x
        self.ry = min(0.5, pen.corner * w * (1.0 if pen.corner < 0.4 else 1.15))

    def bowl(self, x0, y0, x1, y1, left=True):
        """A closed rounded box; with left=False a bowl on a stem at x0."""
        rx, ry = min(self.r, (x1 - x0) / 2), min(self.ry, (y1 - y0) / 2)
        right = arc(x1 - rx, y0 + ry, rx, ry, -90, 0) + arc(x1 - rx, y1 - ry, rx, ry, 0, 90)
        if left:
            return right + arc(x0 + rx, y1 - ry, rx, ry, 90, 180) + arc(x0 + rx, y0 + ry, rx, ry, 180, 270) + right[:1]
        return [(x0, y0)] + right + [(x0, y1)]

    def glyph(self, c):
        return getattr(self, "d" + c if c.isdigit() else c)()

    def d0(self):
        s = [self.bowl(0, 0, self.w, 1)]
        mark = self.pen.zero_mark
        if mark == "slash":
            s.append([(self.w * 0.9, 0.12), (self.w * 0.1, 0.88)])
        elif mark == "dot":
            s.append([(self.w * 0.5, 0.48), (self.w * 0.5, 0.52)])
        elif mark == "cut":
            s.append([(self.w * 0.55, 0.3), (self.w, 0.02)])
        return s

    def O(self):
        return [self.bowl(0, 0, self.w, 1)]

    def d1(self):
        x = self.w * (0.5 if self.pen.one == "base" else 0.6)
        s = [[(x, 1), (x, 0), (x - 0.4 * self.w, 0.24)]]
        if self.pen.one == "bar":
            return [[(x, 1), (x, 0)]]
        if self.pen.one == "long":
            s = [[(x, 1), (x, 0), (x - 0.5 * self.w, 0.4)]]
        if self.pen.one == "base":
            s.append([(0.1 * self.w, 1), (0.9 * self.w, 1)])
        return s

    def d2(self):
        rx, ry = self.w / 2, min(self.ry, 0.29)
        rx = min(rx, max(self.r, 0.1))
        top = arc(rx, ry, rx, ry, 190, 270) + arc(self.w - rx, ry, rx, ry, -90, 0)
        if self.pen.two == "curved":
            y = 0.36
            return [top + [(self.w, y)] + arc(self.w * 0.45, y, self.w * 0.55, 0.25, 5, 60) + [(0, 0.98), (0, 1), (self.w, 1)]]
        return [top + [(self.w, 0.33), (self.w * 0.9, 0.47), (0, 1), (self.w, 1)]]

    def d3(self):
        m, w = self.pen.middle, self.w
        rx, ry = min(self.r, w / 2), min(self.ry, m / 2)
        low = arc(w - rx, m + min(self.ry, (1 - m) / 2), rx, min(self.ry, (1 - m) / 2), -90, 0)
        low += arc(w - rx, 1 - min(self.ry, (1 - m) / 2), rx, min(self.ry, (1 - m) / 2), 0, 90)
        low += arc(rx, 1 - ry, rx, ry, 90, 170)
        if self.pen.three == "flat":
            return [[(0, 0), (w, 0), (w * 0.45, m - 0.05), (w * 0.55, m - 0.02)] + low]
        high = arc(rx, ry, rx, ry, 190, 270) + arc(w - rx, ry, rx, ry, -90, 0) + arc(w - rx, m - ry, rx, ry, 0, 90)
        return [high + [(w * 0.35, m)], [(w * 0.35, m)] + low]

    def d4(self):
        w, x, y = self.w, self.w * 0.74, self.pen.four_bar
        if self.pen.four == "low":
            return [[(w * 0.42, 0), (0, y), (w, y)], [(x, self.pen.four_stem), (x, 1)]]
        if self.pen.four == "open":
            return [[(w * 0.5, 0), (0, y), (w, y)], [(x, 0.42), (x, 1)]]
        if self.pen.four == "tall":
            return [[(x, 1), (x, 0), (x - 0.12 * w, 0), (0, y), (w, y)]]
        return [[(x, 1), (x, 0), (0, y), (w, y)]]

    def d5(self):
        w, m = self.w, 0.4
        rx, ry = min(self.r, w / 2), min(self.ry, (1 - m) / 2)
        bowl = arc(w - rx, m + ry, rx, ry, -90, 0) + arc(w - rx, 1 - ry, rx, ry, 0, 90) + arc(rx, 1 - ry, rx, ry, 90, 165)
        return [[(w * 0.94, 0), (w * 0.1, 0), (w * 0.04, m + 0.04), (w * 0.3, m)] + bowl]

    def d6(self):
        w, m = self.w, 0.41
        loop = self.bowl(0, m, w, 1)
        if self.pen.six == "straight":
            return [loop, [(w * 0.72, 0), (0.02 * w, 0.6)]]
        rx, ry = min(self.r, w / 2), min(self.ry, 0.25)
        if self.pen.six == "hook":
            return [loop, [(0, 0.7), (0, ry)] + arc(rx, ry, rx, ry, 180, 270) + arc(w - rx, ry, rx, ry, -90, -15)]
        return [loop, [(0, 0.72)] + arc(w * 0.85, 0.66, w * 0.85, 0.66, 185, 262)]

    def d9(self):
        return [[(self.w - x, 1 - y) for x, y in s] for s in self.d6()]

    def d7(self):
        w = self.w
        if self.pen.seven == "curved":
            return [[(0, 0), (w, 0), (w, 0.08), (w * 0.55, 0.45), (w * 0.38, 0.75), (w * 0.34, 1)]]
        s = [[(0, 0), (w, 0), (w * 0.3, 1)]]
        if self.pen.seven == "serif":
            s.append([(0, 0), (0, 0.12)])
        return s

    def d8(self):
        m, w = self.pen.middle, self.w
        inset = 0.04 * w
        return [self.bowl(inset, 0, w - inset, m), self.bowl(0, m, w, 1)]

    def A(self):
        w, f = self.w, self.pen.a_flat * self.w / 2
        if self.pen.a_arch:
            return [[(0, 1)] + arc(w / 2, 0.35, w / 2, 0.35, 180, 360) + [(w, 1)], [(0, 0.6), (w, 0.6)]]
        y = 0.68
        x = (w / 2 - f) * (1 - y)
        top = [(w / 2 - f, 0), (w / 2 + f, 0)] if f > 0 else [(w / 2, 0)]
        return [[(0, 1)] + top + [(w, 1)], [(x, y), (w - x, y)]]

    def B(self):
        m, w = self.pen.middle, self.w
        return [self.bowl(0, 0, w * 0.95, m, False), self.bowl(0, m, w, 1, False), [(0, 0), (0, 1)]]

    def C(self):
        w, o = self.w, self.pen.open
        rx, ry = min(self.r, w / 2), min(self.ry, o + 0.08)
        top = [(w, o)] + arc(w - rx, ry, rx, ry, 0, -90) if ry < o else arc(w - rx, ry, rx, ry, -5, -90)
        left = arc(rx, ry, rx, ry, 270, 180) + arc(rx, 1 - ry, rx, ry, 180, 90)
        low = arc(w - rx, 1 - ry, rx, ry, 90, 5) if ry >= o else arc(w - rx, 1 - ry, rx, ry, 90, 0) + [(w, 1 - o)]
        return [top + left + low]

    def D(self):
        return [self.bowl(0, 0, self.w, 1, False), [(0, 0), (0, 1)]]

    def E(self):
        w = self.w * 0.92
        return [[(w, 0), (0, 0), (0, 1), (w, 1)], [(0, self.pen.middle), (w * 0.85, self.pen.middle)]]

    def F(self):
        w = self.w * 0.9
        return [[(w, 0), (0, 0), (0, 1)], [(0, self.pen.middle), (w * 0.85, self.pen.middle)]]

    def G(self):
        w = self.w
        s = self.C()
        y = 0.55
        if self.pen.g == "spur":
            s.append([(w * 0.5, y), (w, y), (w, 1)])
        elif self.pen.g == "short":
            s.append([(w * 0.55, y), (w, y), (w, 0.85)])
        else:
            s.append([(w * 0.5, y), (w, y), (w, 0.75)])
        return s

    def H(self):
        m = self.pen.middle
        return [[(0, 0), (0, 1)], [(self.w, 0), (self.w, 1)], [(0, m), (self.w, m)]]

    def I(self):
        if self.pen.i == "plain":
            return [[(self.w / 2, 0), (self.w / 2, 1)]]
        return [[(self.w / 2, 0), (self.w / 2, 1)], [(self.w * 0.15, 0), (self.w * 0.85, 0)], [(self.w * 0.15, 1), (self.w * 0.85, 1)]]

    def J(self):
        w = self.w * 0.9
        rx, ry = min(self.r, w / 2), min(self.ry, 0.3)
        s = [[(w, 0), (w, 1 - ry)] + arc(w - rx, 1 - ry, rx, ry, 0, 90) + arc(rx, 1 - ry, rx, ry, 90, 175)]
        if self.pen.j_top:
            s.append([(w * 0.4, 0), (w, 0)])
        return s

    def K(self):
        w = self.w
        if self.pen.k_joined:
            return [[(0, 0), (0, 1)], [(w, 0), (0, 0.6)], [(w * 0.38, 0.42), (w, 1)]]
        return [[(0, 0), (0, 1)], [(w, 0), (0.05 * w, self.pen.middle), (w, 1)]]

    def L(self):
        return [[(0, 0), (0, 1), (self.w * 0.92, 1)]]

    def M(self):
        w = self.w * 1.2
        return [[(0, 1), (0, 0), (w / 2, self.pen.m_deep), (w, 0), (w, 1)]]

    def N(self):
        return [[(0, 1), (0, 0), (self.w, 1), (self.w, 0)]]

    def P(self):
        return [self.bowl(0, 0, self.w, 0.56, False), [(0, 0), (0, 1)]]

    def Q(self):
        w = self.w
        tail = [(w * 0.55, 0.68), (w, 1.0)] if self.pen.q_inside else [(w * 0.62, 0.78), (w * 1.08, 1.06)]
        return [self.bowl(0, 0, w, 1), tail]

    def R(self):
        w = self.w
        return [self.bowl(0, 0, w, 0.54, False), [(0, 0), (0, 1)], [(w * 0.42, 0.54), (w, 1)]]

    def S(self):
        w, m = self.w, self.pen.middle
        rx, ry, rl = min(self.r, w / 2), min(self.ry, m / 2), min(self.ry, (1 - m) / 2)
        s = arc(w - rx, ry, rx, ry, -10, -90) + arc(rx, ry, rx, ry, 270, 180) + arc(rx, m - ry, rx, ry, 180, 90)
        s += arc(w - rx, m + rl, rx, rl, -90, 0) + arc(w - rx, 1 - rl, rx, rl, 0, 90) + arc(rx, 1 - rl, rx, rl, 90, 170)
        return [s]

    def T(self):
        return [[(0, 0), (self.w, 0)], [(self.w / 2, 0), (self.w / 2, 1)]]

    def U(self):
        rx, ry = min(self.r, self.w / 2), self.ry
        return [[(0, 0)] + arc(rx, 1 - ry, rx, ry, 180, 90) + arc(self.w - rx, 1 - ry, rx, ry, 90, 0) + [(self.w, 0)]]

    def V(self):
        return [[(0, 0), (self.w / 2, 1), (self.w, 0)]]

    def W(self):
        w = self.w * 1.25
        return [[(0, 0), (w * 0.25, 1), (w / 2, self.pen.w_high), (w * 0.75, 1), (w, 0)]]

    def X(self):
        return [[(0, 0), (self.w, 1)], [(self.w, 0), (0, 1)]]

    def Y(self):
        y = self.pen.y_fork
        return [[(0, 0), (self.w / 2, y), (self.w, 0)], [(self.w / 2, y), (self.w / 2, 1)]]

    def Z(self):
        return [[(0, 0), (self.w, 0), (0, 1), (self.w, 1)]]
