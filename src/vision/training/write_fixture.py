"""Writes what training's sampler makes of a small picture, for the test that inference makes the same: `python3 write_fixture.py FILE`."""

import base64
import json
import sys

import numpy as np

from plate_sampler import sample_box

EVERY = 13  # one value of so many is kept

BOXES = [(31.5, 20.25, 40.0, 13.0, 0.0), (30.0, 18.0, 75.0, 52.0, 0.0), (28.3, 21.1, 44.0, 15.5, 0.13), (40.0, 10.0, 20.0, 9.0, -0.4), (32.0, 20.0, 700.0, 430.0, 0.0)]


def main():
    rng = np.random.default_rng(6)
    picture = rng.integers(0, 256, (41, 63, 3), dtype=np.uint8)
    samples = [sample_box(picture, box).ravel()[::EVERY].astype("<f4") for box in BOXES]
    fixture = {
        "width": picture.shape[1],
        "height": picture.shape[0],
        "rgb": base64.b64encode(picture.tobytes()).decode(),
        "every": EVERY,
        "looks": [{"box": box, "values": base64.b64encode(values.tobytes()).decode()} for box, values in zip(BOXES, samples)],
    }
    with open(sys.argv[1], "w") as file:
        json.dump(fixture, file)
        file.write("\n")


if __name__ == "__main__":
    main()
