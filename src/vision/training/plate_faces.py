"""The faces that plates are painted in: stroke faces of our own and fonts of free packages, as masks of single characters."""

import glob
import os

import numpy as np
from PIL import Image, ImageDraw, ImageFont

from stroke_face import CAP, CHARACTERS, stroke_face

FONTS = [
    "/usr/share/fonts/truetype/opendin/OSP-DIN.ttf",
    "/usr/share/fonts/truetype/roadgeek/RG2014B.ttf",
    "/usr/share/fonts/truetype/roadgeek/RG2014C.ttf",
    "/usr/share/fonts/truetype/roadgeek/RG2014E.ttf",
    "/usr/share/fonts/truetype/roadgeek/RG2014EM.ttf",
    "/usr/share/fonts/truetype/roadgeek/RG2014F.ttf",
    "/usr/share/fonts/truetype/dejavu/DejaVuSans.ttf",
    "/usr/share/fonts/truetype/dejavu/DejaVuSans-Bold.ttf",
    "/usr/share/fonts/truetype/dejavu/DejaVuSansCondensed.ttf",
    "/usr/share/fonts/truetype/dejavu/DejaVuSansCondensed-Bold.ttf",
    "/usr/share/fonts/truetype/dejavu/DejaVuSansMono-Bold.ttf",
    "/usr/share/fonts/truetype/liberation/LiberationSans-Bold.ttf",
    "/usr/share/fonts/truetype/liberation/LiberationSans-Regular.ttf",
    "/usr/share/fonts/truetype/liberation/LiberationMono-Bold.ttf",
]
HELD_FONTS = [
    "/usr/share/fonts/truetype/roadgeek/RG2014D.ttf",
    "/usr/share/fonts/truetype/liberation/LiberationSansNarrow-Bold.ttf",
    "/usr/share/fonts/truetype/liberation/LiberationSansNarrow-Regular.ttf",
]
LETTERING = [
    "/usr/share/fonts/truetype/dejavu/DejaVuSans-Bold.ttf",
    "/usr/share/fonts/truetype/dejavu/DejaVuSerif-Bold.ttf",
    "/usr/share/fonts/truetype/dejavu/DejaVuSerif-BoldItalic.ttf",
    "/usr/share/fonts/truetype/dejavu/DejaVuSansCondensed.ttf",
    "/usr/share/fonts/truetype/liberation/LiberationSans-BoldItalic.ttf",
    "/usr/share/fonts/truetype/liberation/LiberationSerif-Bold.ttf",
    "/usr/share/fonts/truetype/liberation/LiberationSerif-Italic.ttf",
    "/usr/share/fonts/truetype/liberation/LiberationSansNarrow-Bold.ttf",
    "/usr/share/fonts/truetype/roadgeek/RG2014C.ttf",
]
# Of the unpacked @fontsource packages: training and held weights.
PACKED = ("barlow-condensed", "saira-semi-condensed", "oswald", "overpass", "roboto-condensed", "rajdhani")
HELD_PACKED = ("archivo-narrow",)


def packed_fonts(folder, names):
    """Files of unpacked font packages; an empty list where they are not there."""
    found = []
    for name in names:
        for weight in (500, 600, 700):
            found += glob.glob(os.path.join(folder, name, "files", f"{name}-latin-{weight}-normal.woff"))
    return sorted(found)


def font_face(path):
    """Masks of all characters of a font, CAP high."""
    font = ImageFont.truetype(path, 2 * CAP)
    glyphs = {}
    for c in CHARACTERS:
        left, top, right, bottom = font.getbbox(c)
        image = Image.new("L", (right - left + 4, bottom - top), 0)
        ImageDraw.Draw(image).text((2 - left, -top), c, fill=255, font=font)
        width = max(4, round(image.width * CAP / image.height))
        glyphs[c] = np.asarray(image.resize((width, CAP), Image.LANCZOS))
    return glyphs


class Faces:
    """A stock of faces: all fonts, and stroke faces that are replaced one by one, so that no two hours see the same."""

    def __init__(self, rng, held, folder, stock):
        self.rng = rng
        paths = (HELD_FONTS if held else FONTS) + packed_fonts(folder, HELD_PACKED if held else PACKED)
        self.fonts = [font_face(p) for p in paths if os.path.exists(p)]
        self.strokes = [stroke_face(rng) for _ in range(stock)]

    def choose(self):
        rng = self.rng
        if rng.random() < 0.012:
            self.strokes[rng.integers(len(self.strokes))] = stroke_face(rng)
        if rng.random() < 0.6:
            return self.strokes[rng.integers(len(self.strokes))]
        return self.fonts[rng.integers(len(self.fonts))]


class Lettering:
    """Masks of words that are not the plate's number: names of states, slogans, dealers. Drawn once and kept."""

    def __init__(self, rng):
        self.rng = rng
        self.kept = {}
        self.fonts = [ImageFont.truetype(p, 28) for p in LETTERING if os.path.exists(p)]

    def mask(self, text):
        kept = self.kept.setdefault(text, [])
        if len(kept) < 4:
            font = self.fonts[self.rng.integers(len(self.fonts))]
            left, top, right, bottom = font.getbbox(text)
            image = Image.new("L", (max(2, right - left + 2), max(2, bottom - top + 2)), 0)
            ImageDraw.Draw(image).text((1 - left, 1 - top), text, fill=255, font=font)
            kept.append(np.asarray(image))
            return kept[-1]
        return kept[self.rng.integers(4)]
