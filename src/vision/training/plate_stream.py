"""An endless stream of looks at rendered plates, and the fixed set for validation."""

import numpy as np

from plate_faces import Faces, Lettering
from plate_painter import Painter
from plate_scene import Scene
from stroke_face import CHARACTERS

LONGEST = 10


class Stream:
    """Plates are painted, kept for a while and looked at several times, each time in other weather."""

    def __init__(self, seed, fonts, held=False, stock=300, kept=600, looks=3):
        self.rng = np.random.default_rng(seed)
        lettering = Lettering(self.rng)
        self.painter = Painter(self.rng, Faces(self.rng, held, fonts, stock), lettering, held)
        self.scene = Scene(self.rng, lettering)
        self.kept = [None] * kept
        self.chance = 1.0 / looks

    def next(self):
        i = self.rng.integers(len(self.kept))
        if self.kept[i] is None or self.rng.random() < self.chance:
            plate = self.painter.paint()
            while not 2 <= len(plate.text) <= LONGEST:
                plate = self.painter.paint()
            self.kept[i] = plate
        plate = self.kept[i]
        return self.scene.look(plate), plate.text

    def batch(self, size):
        """(size, 3, 40, 128) uint8 (rounded, to be quick through queues), labels (size, LONGEST) with -1 behind, texts."""
        images, texts = zip(*(self.next() for _ in range(size)))
        images = np.clip(np.round(np.stack(images)), 0, 255).astype(np.uint8)
        labels = np.full((size, LONGEST), -1, np.int64)
        for i, text in enumerate(texts):
            labels[i, : len(text)] = [CHARACTERS.index(c) + 1 for c in text]
        return images, labels, texts
