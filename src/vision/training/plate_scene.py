"""Puts a painted plate on a car, into the weather and before a camera, and cuts it out as a finder of plates or of text would."""

import math

import cv2
import numpy as np

from plate_designs import DEALERS
from plate_marks import near, paste
from plate_sampler import sample_box

SMALLEST, TALLEST = 6.5, 46.0  # pixels of a character


class Scene:
    def __init__(self, rng, lettering):
        self.rng, self.lettering = rng, lettering

    def look(self, plate):
        """One look at a plate: 3×40×128 floats, as the recogniser gets them."""
        picture, matrix, cap = self.placed(plate)
        picture = self.camera(self.weather(picture), cap)
        return sample_box(picture, self.box(plate, matrix))

    def placed(self, plate):
        """The plate on its car, seen from some side: the picture, the matrix from the plate's pixels to it, its characters' height."""
        rng = self.rng
        h, w = plate.image.shape[:2]
        cap = (plate.line[3] - plate.line[1]) / (1 if plate.lines == 1 else 2.3)
        scale = math.exp(rng.uniform(math.log(SMALLEST), math.log(TALLEST))) / cap
        scale = min(scale, 1.15)
        car, edge_x, edge_y = self.car(plate)
        first = min(1.0, 1.8 * scale)
        if first < 0.95:
            car = cv2.resize(car, None, fx=first, fy=first, interpolation=cv2.INTER_AREA)
        else:
            first = 1.0
        turn = self.turned(w, h, scale)
        corners = turn @ np.array([[0, w, w, 0], [0, 0, h, h], [1, 1, 1, 1]], float)
        corners = corners[:2] / corners[2]
        margin = 0.2 * scale * h + 2
        low = corners.min(1) - margin - rng.uniform(0, 2, 2)
        size = np.ceil(corners.max(1) + margin - low).astype(int)
        move = np.array([[1, 0, -low[0]], [0, 1, -low[1]], [0, 0, 1]])
        matrix = move @ turn
        to_car = np.array([[first, 0, first * edge_x], [0, first, first * edge_y], [0, 0, 1]])
        picture = cv2.warpPerspective(
            car, matrix @ np.linalg.inv(to_car), (int(size[0]), int(size[1])), flags=cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE
        )
        return picture, matrix, scale * cap

    def car(self, plate):
        """Bodywork around the plate, with its edges, a holder and at times a dealer's text."""
        rng = self.rng
        h, w = plate.image.shape[:2]
        ex, ey = int(0.3 * h), int(0.35 * h)
        paint = near(rng, rng.integers(0, 256, 3) if rng.random() < 0.4 else [rng.integers(10, 240)] * 3, 15)
        car = np.empty((h + 2 * ey, w + 2 * ex, 3), np.uint8)
        car[:] = paint
        for _ in range(rng.integers(0, 4)):
            colour = [float(v) for v in near(rng, paint, 70)]
            y = int(rng.uniform(0, car.shape[0]))
            if rng.random() < 0.6:
                cv2.line(car, (0, y), (car.shape[1], int(y + rng.uniform(-12, 12))), colour, int(rng.integers(1, 14)))
            else:
                x = int(rng.uniform(0, car.shape[1]))
                cv2.rectangle(car, (x, y), (x + int(rng.integers(5, 120)), y + int(rng.integers(5, 60))), colour, -1)
        if rng.random() < 0.45:
            t = int(h * rng.uniform(0.02, 0.1))
            low = int(h * rng.uniform(0.02, 0.2))
            shade = near(rng, [rng.integers(0, 60)] * 3 if rng.random() < 0.75 else [rng.integers(120, 230)] * 3, 8)
            car[ey - t : ey + h + low, ex - t : ex + w + t] = shade
            if low > 0.08 * h and rng.random() < 0.75:
                self.dealer(car, ex + w / 2, ey + h + low * 0.55, low * 0.75, 0.8 * w, 255 - shade if rng.random() < 0.8 else near(rng, (200, 180, 40), 40))
            if t > 0.07 * h and rng.random() < 0.3:
                self.dealer(car, ex + w / 2, ey - t * 0.5, t * 0.8, 0.6 * w, 255 - shade)
        car[ey : ey + h, ex : ex + w] = plate.image
        if plate.image.shape[1] < 2.3 * h and plate.lines == 1 and rng.random() < 0.15:
            # A dealer's frame covers what is written above and below the number.
            self.cover(car[ey : ey + h, ex : ex + w], plate)
        return car, ex, ey

    def cover(self, image, plate):
        rng = self.rng
        h, w = image.shape[:2]
        colour = near(rng, [rng.integers(0, 80)] * 3 if rng.random() < 0.7 else rng.integers(0, 255, 3), 10)
        top, low = int(min(plate.line[1] - 3, h * rng.uniform(0.04, 0.2))), int(max(plate.line[3] + 3, h * rng.uniform(0.8, 0.96)))
        side = int(max(1, min(plate.line[0] - 2, 0.05 * w)))
        inner = image[max(0, top) : low, side : w - side].copy()
        image[:] = colour
        image[max(0, top) : low, side : w - side] = inner
        if h - low > 7:
            self.dealer(image, w / 2, (low + h) / 2, (h - low) * 0.7, 0.85 * w, 255 - colour)
        if top > 7:
            self.dealer(image, w / 2, top / 2, top * 0.7, 0.85 * w, 255 - colour)

    def dealer(self, car, x, y, high, most, colour):
        mask = self.lettering.mask(DEALERS[self.rng.integers(len(DEALERS))])
        wide = min(most, high * mask.shape[1] / mask.shape[0])
        size = (max(2, int(wide)), max(2, int(high)))
        paste(car, cv2.resize(mask, size, interpolation=cv2.INTER_AREA), colour, x - size[0] / 2, y - size[1] / 2)

    def turned(self, w, h, scale):
        """A homography of the plate: scale, foreshortening, roll, shear, and a little of true perspective."""
        rng = self.rng
        hard = rng.random() < 0.25
        roll = rng.normal(0, 0.07 if hard else 0.025)
        wide = scale * (rng.uniform(0.55, 1.0) if hard else rng.uniform(0.85, 1.1))
        shear = rng.normal(0, 0.15 if hard else 0.05)
        rise = rng.normal(0, 0.07 if hard else 0.025)
        a = np.array([[wide, shear * scale, 0], [rise * wide, scale, 0], [0, 0, 1]])
        c, s = math.cos(roll), math.sin(roll)
        matrix = np.array([[c, -s, 0], [s, c, 0], [0, 0, 1]]) @ a
        bend = rng.normal(0, 0.12 if hard else 0.03) / w, rng.normal(0, 0.05) / h
        centre = np.array([[1, 0, -w / 2], [0, 1, -h / 2], [0, 0, 1.0]])
        far = np.array([[1, 0, 0], [0, 1, 0], [np.clip(bend[0], -0.5 / w, 0.5 / w), bend[1], 1.0]])
        return matrix @ far @ centre

    def weather(self, picture):
        rng = self.rng
        image = picture.astype(np.float32)
        h, w = image.shape[:2]
        if rng.random() < 0.2:  # dirt
            fog = cv2.resize(rng.random((int(rng.integers(2, 7)), int(rng.integers(3, 14)))).astype(np.float32), (w, h), interpolation=cv2.INTER_CUBIC)
            alpha = np.clip((fog - rng.uniform(0.3, 0.9)) * 3, 0, rng.uniform(0.2, 0.75))[..., None]
            image += (near(rng, (110, 90, 70), 40).astype(np.float32) - image) * alpha
        if rng.random() < 0.04:  # snow, from below or above, and flakes
            depth = rng.uniform(0.05, 0.3) * h
            line = depth + np.cumsum(rng.normal(0, 0.6, w))
            rows = np.arange(h)[:, None] if rng.random() < 0.5 else np.arange(h)[::-1, None]
            image[rows < line[None, :]] = rng.uniform(200, 255)
            for _ in range(rng.integers(3, 25)):
                cv2.circle(image, (int(rng.uniform(0, w)), int(rng.uniform(0, h))), int(rng.integers(0, 1 + h // 20 + 1)), (235, 238, 240), -1)
        if rng.random() < 0.25:  # a shadow's edge
            a, d = rng.uniform(0, 2 * math.pi), rng.uniform(-0.3, 0.3)
            y, x = np.mgrid[0:h, 0:w].astype(np.float32)
            side = (math.cos(a) * (x / w - 0.5) + math.sin(a) * (y / h - 0.5) - d) * rng.uniform(3, 40)
            image *= 1 - rng.uniform(0.2, 0.75) / (1 + np.exp(-side))[..., None]
        elif rng.random() < 0.35:  # light from one side
            slope = np.linspace(-1, 1, w, dtype=np.float32)[None, :] * rng.uniform(-0.4, 0.4) + np.linspace(-1, 1, h, dtype=np.float32)[:, None] * rng.uniform(-0.4, 0.4)
            image *= (1 + slope)[..., None]
        if rng.random() < 0.06:  # glare of a lamp or the sun
            y, x = np.mgrid[0:h, 0:w].astype(np.float32)
            r = rng.uniform(0.1, 0.5) * w
            image += 255 * rng.uniform(0.3, 1.0) * np.exp(-((x - rng.uniform(0, w)) ** 2 + (y - rng.uniform(0, h)) ** 2) / (2 * r * r))[..., None]
        return image

    def camera(self, image, cap):
        """Exposure, night, defocus, motion, noise, sharpening, JPEG."""
        rng = self.rng
        kind = rng.random()
        if kind < 0.15:  # infra-red: no colour, often bright plates on black cars
            grey = image @ np.float32(rng.dirichlet([2, 2, 2]))
            image = np.repeat(grey[..., None], 3, 2)
        elif kind < 0.25:
            grey = image @ np.float32([0.299, 0.587, 0.114])
            image = np.repeat(grey[..., None], 3, 2)
        else:
            image = image * np.float32(1 + rng.normal(0, 0.06, 3))
        gamma = math.exp(rng.normal(0, 0.3))
        image = 255 * (np.clip(image, 0, 255) / 255) ** gamma
        contrast = rng.uniform(0.45, 1.15)
        image = image * contrast + rng.uniform(-0.1, 1.0) * (1 - contrast) * 255 * rng.uniform(0.2, 1)
        if rng.random() < 0.65:
            image = cv2.GaussianBlur(image, (0, 0), rng.uniform(0.3, max(0.45, min(3.0, (0.06 if rng.random() < 0.7 else 0.1) * cap))))
        if rng.random() < 0.12:
            n = int(rng.integers(2, 3 + int(0.12 * cap)))
            kernel = np.zeros((n, n), np.float32)
            a = rng.uniform(0, math.pi)
            for t in np.linspace(-(n - 1) / 2, (n - 1) / 2, 2 * n):
                kernel[int(round((n - 1) / 2 + t * math.sin(a))), int(round((n - 1) / 2 + t * math.cos(a)))] = 1
            image = cv2.filter2D(image, -1, kernel / kernel.sum())
        if rng.random() < 0.6:
            image = image + rng.standard_normal(image.shape, dtype=np.float32) * (rng.uniform(1, 14) * contrast)
        if rng.random() < 0.3:
            image = image + (image - cv2.GaussianBlur(image, (0, 0), rng.uniform(0.7, 1.6))) * rng.uniform(0.3, 1.6)
        picture = np.clip(image, 0, 255).astype(np.uint8)
        if rng.random() < 0.75:
            ok, data = cv2.imencode(".jpg", picture, [cv2.IMWRITE_JPEG_QUALITY, int(rng.integers(25, 96))])
            picture = cv2.imdecode(data, cv2.IMREAD_COLOR)
        return picture

    def box(self, plate, matrix):
        """The box that a finder gives: around the plate, upright or turned with it, or around the text alone."""
        rng = self.rng
        h, w = plate.image.shape[:2]
        if rng.random() < 0.5:
            x0, y0, x1, y1 = 0, 0, w, h
            pads = rng.uniform(-0.04, 0.12, 4) * (rng.random() < 0.85)
            px, py = w, h
            if rng.random() < 0.3:
                pads = pads + np.array([1, 0, -1, 0]) * rng.uniform(-0.04, 0.04)
        else:
            x0, y0, x1, y1 = plate.line
            px = py = (y1 - y0) / plate.lines
            pads = rng.uniform([-0.03, -0.05, -0.03, -0.05], [0.55, 0.32, 0.55, 0.32])
        spots = np.array([[x0, x1, x1, x0], [y0, y0, y1, y1], [1, 1, 1, 1]], float)
        spots = matrix @ spots
        spots = (spots[:2] / spots[2]).T
        angle = 0.0
        if rng.random() < 0.3:
            along = (spots[1] - spots[0]) + (spots[2] - spots[3])
            angle = math.atan2(along[1], along[0]) + rng.normal(0, 0.01)
        c, s = math.cos(angle), math.sin(angle)
        u, v = spots[:, 0] * c + spots[:, 1] * s, spots[:, 1] * c - spots[:, 0] * s
        if angle == 0 and rng.random() < 0.3:  # labels are often drawn to the middle of slanted edges
            su, sv = np.sort(u), np.sort(v)
            u, v = np.array([su[:2].mean(), su[2:].mean()]), np.array([sv[:2].mean(), sv[2:].mean()])
        fx, fy = (u.max() - u.min()) / (x1 - x0), (v.max() - v.min()) / (y1 - y0)
        left, right = u.min() - pads[0] * px * fx, u.max() + pads[2] * px * fx
        top, low = v.min() - pads[1] * py * fy, v.max() + pads[3] * py * fy
        u, v = (left + right) / 2, (top + low) / 2
        return (u * c - v * s, u * s + v * c, right - left, low - top, angle)
