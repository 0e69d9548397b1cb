"""Contact sheets to look at. `contact_sheet.py plates|looks|held|errors --out FILE.png [--fonts F] [--run RUN]`."""

import argparse
import os

import cv2
import numpy as np

from plate_stream import Stream

ACROSS, COUNT = 10, 200


def sheet(images, texts, path):
    """Writes a grid of looks with their texts below."""
    rows = (len(images) + ACROSS - 1) // ACROSS
    canvas = np.full((rows * 60, ACROSS * 140, 3), 60, np.uint8)
    for i, (image, text) in enumerate(zip(images, texts)):
        y, x = (i // ACROSS) * 60, (i % ACROSS) * 140
        canvas[y : y + 40, x : x + 128] = image.transpose(1, 2, 0)
        cv2.putText(canvas, text, (x, y + 54), 0, 0.4, (255, 255, 255), 1, cv2.LINE_AA)
    cv2.imwrite(path, canvas[:, :, ::-1])


def plates(fonts, held, path):
    """Writes clean plates, as painted."""
    stream = Stream(5, fonts, held, stock=60)
    canvas = np.full((20 * 90, 5 * 400, 3), 128, np.uint8)
    for i in range(100):
        image = stream.painter.paint().image[:, :390]
        y, x = (i // 5) * 90, (i % 5) * 400
        canvas[y : y + image.shape[0], x : x + image.shape[1]] = image
    cv2.imwrite(path, canvas[:, :, ::-1])


def errors(run, path):
    """Writes validation plates that the run's mean weights read wrong, and prints what kinds of errors there are."""
    import torch

    from plate_net import PlateNet
    from train import FOLD, judge

    net = PlateNet()
    net.load_state_dict(torch.load(os.path.join(run, "checkpoint.pt"))["mean"])
    kept = np.load(os.path.join(run, "held.npz"))
    images, texts = kept["images"], list(kept["texts"])
    exact, folded, reads = judge(net, images, texts)
    wrong = [i for i, (a, b) in enumerate(zip(reads, texts)) if a.translate(FOLD) != b.translate(FOLD)]
    first = sum(reads[i][1:] == texts[i] for i in wrong)
    last = sum(reads[i][:-1] == texts[i] for i in wrong)
    print(f"exact {exact:.4f} folded {folded:.4f}; wrong {len(wrong)}: a character too much in front {first}, behind {last}")
    sheet(images[wrong[:COUNT]], [f"{texts[i]}>{reads[i]}" for i in wrong[:COUNT]], path)


def main():
    ask = argparse.ArgumentParser()
    ask.add_argument("what", choices=["plates", "looks", "held", "errors"])
    ask.add_argument("--out", required=True)
    ask.add_argument("--fonts", default="")
    ask.add_argument("--run", default="")
    args = ask.parse_args()
    if args.what == "plates":
        plates(args.fonts, False, args.out)
    elif args.what == "errors":
        errors(args.run, args.out)
    else:
        images, _, texts = Stream(5, args.fonts, args.what == "held", stock=60).batch(COUNT)
        sheet(images, texts, args.out)


if __name__ == "__main__":
    main()
