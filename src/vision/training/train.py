"""Trains the plate recogniser. `python3 train.py --run FOLDER` begins, the same with `--resume` goes on; see README.md."""

import argparse
import json
import math
import os
import time

os.environ.setdefault("OMP_NUM_THREADS", "1")
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

import cv2
import numpy as np
import torch
import torch.multiprocessing as mp
import torch.nn.functional as F

from plate_net import PlateNet, export
from plate_stream import LONGEST, Stream
from stroke_face import CHARACTERS

FOLD = str.maketrans("OQDILZSBG", "000112586")


def decode(scores):
    """The greedy reading of each row of scores."""
    texts = []
    for row in scores.argmax(2).numpy():
        keep = [k for i, k in enumerate(row) if k and (i == 0 or k != row[i - 1])]
        texts.append("".join(CHARACTERS[k - 1] for k in keep))
    return texts


def renderer(seed, fonts, size, queue):
    cv2.setNumThreads(1)
    torch.set_num_threads(1)
    stream = Stream(seed, fonts)
    while True:
        images, labels, _ = stream.batch(size)
        queue.put((images, labels))


def held_set(folder, fonts, count):
    """The validation plates: designs and faces that training never sees; made once for a run."""
    path = os.path.join(folder, "held.npz")
    if not os.path.exists(path):
        images, _, texts = Stream(777, fonts, held=True, stock=60, kept=200, looks=1).batch(count)
        np.savez(path, images=images, texts=np.array(texts))
    kept = np.load(path)
    return kept["images"], list(kept["texts"])


def judge(net, images, texts):
    """Shares of plates read exactly and folded."""
    net.eval()
    reads = []
    with torch.no_grad():
        for i in range(0, len(texts), 100):
            pixels = torch.from_numpy(images[i : i + 100]).float()
            reads += decode(net(pixels))
    exact = sum(a == b for a, b in zip(reads, texts)) / len(texts)
    folded = sum(a.translate(FOLD) == b.translate(FOLD) for a, b in zip(reads, texts)) / len(texts)
    return exact, folded, reads


class Echo:
    """Rendered looks are costly: each is learnt from twice, the second time much later, with its colours changed."""

    def __init__(self, queue, rng, size=8192):
        self.queue, self.rng, self.size = queue, rng, size
        self.images, self.labels, self.due = [], [], False

    def get(self, batch):
        self.due = not self.due
        kept = len(self.images) * batch
        if not self.due and kept >= self.size:
            i = self.rng.integers(0, len(self.images), batch)
            j = self.rng.integers(0, batch, batch)
            images = np.stack([self.images[a][b] for a, b in zip(i, j)])
            labels = np.stack([self.labels[a][b] for a, b in zip(i, j)])
            swap = self.rng.permutation(3)
            images = images[:, swap]
            negative = self.rng.random(batch) < 0.25
            images[negative] = 255 - images[negative]
            return images, labels
        images, labels = self.queue.get()
        if kept >= self.size:
            at = self.rng.integers(len(self.images))
            self.images[at], self.labels[at] = images, labels
        else:
            self.images.append(images)
            self.labels.append(labels)
        return images, labels


def rate(seen, total, top):
    """One cycle: up over the first 4 %, then a cosine down to a hundredth."""
    part = min(1.0, seen / total)
    if part < 0.04:
        return top * (0.05 + 0.95 * part / 0.04)
    return top * (0.01 + 0.99 * 0.5 * (1 + math.cos(math.pi * (part - 0.04) / 0.96)))


def main():
    ask = argparse.ArgumentParser()
    ask.add_argument("--run", required=True, help="folder for checkpoints, outside the repository")
    ask.add_argument("--fonts", default="", help="folder with unpacked @fontsource packages")
    ask.add_argument("--resume", action="store_true")
    ask.add_argument("--plates", type=int, default=2_000_000, help="looks to learn from in all, each rendered one twice")
    ask.add_argument("--batch", type=int, default=128)
    ask.add_argument("--rate", type=float, default=2.5e-3)
    ask.add_argument("--seed", type=int, default=6)
    ask.add_argument("--threads", type=int, default=1)
    ask.add_argument("--renderers", type=int, default=1)
    ask.add_argument("--minutes", type=float, default=4, help="between checkpoints")
    args = ask.parse_args()
    os.makedirs(args.run, exist_ok=True)
    torch.manual_seed(args.seed)
    torch.set_num_threads(args.threads)
    images, texts = held_set(args.run, args.fonts, 2000)

    net = PlateNet().to(memory_format=torch.channels_last)
    mean = PlateNet().to(memory_format=torch.channels_last)
    mean.load_state_dict(net.state_dict())
    step = torch.optim.AdamW(net.parameters(), lr=args.rate, weight_decay=0.02, betas=(0.9, 0.98))
    at = {"seen": 0, "seconds": 0.0, "runs": 0, "best": 0.0}
    file = os.path.join(args.run, "checkpoint.pt")
    if args.resume and os.path.exists(file):
        kept = torch.load(file)
        net.load_state_dict(kept["net"])
        mean.load_state_dict(kept["mean"])
        step.load_state_dict(kept["step"])
        at = kept["at"]
    at["runs"] += 1
    print(sum(p.numel() for p in net.parameters()), "parameters;", at, flush=True)

    queue = mp.get_context("spawn").Queue(8)
    for i in range(args.renderers):
        # Each start of a run draws other plates: a resumed run must not see the first ones again.
        seed = args.seed + 1000 * at["runs"] + i
        mp.get_context("spawn").Process(target=renderer, args=(seed, args.fonts, args.batch, queue), daemon=True).start()

    source = Echo(queue, np.random.default_rng(args.seed + at["runs"]))
    log = open(os.path.join(args.run, "log.jsonl"), "a")
    began = saved = time.time()
    before, losses, waited = at["seconds"], [], 0.0
    while at["seen"] < args.plates:
        t = time.time()
        pixels, labels = source.get(args.batch)
        waited += time.time() - t
        net.train()
        for group in step.param_groups:
            group["lr"] = rate(at["seen"], args.plates, args.rate)
        x = torch.from_numpy(pixels).float().contiguous(memory_format=torch.channels_last)
        with torch.autocast("cpu", dtype=torch.bfloat16):
            scores = net(x)
        y = torch.from_numpy(labels)
        chances = F.log_softmax(scores.float(), 2).transpose(0, 1)
        lengths = (y >= 0).sum(1)
        loss = F.ctc_loss(chances, y.clamp(min=0), torch.full((len(y),), chances.shape[0]), lengths, zero_infinity=True)
        step.zero_grad()
        loss.backward()
        torch.nn.utils.clip_grad_norm_(net.parameters(), 2.0)
        step.step()
        losses.append(loss.item())
        at["seen"] += len(y)
        keep = min(0.998, 1 - 10 / (10 + at["seen"] / args.batch))
        with torch.no_grad():
            for a, b in zip(mean.state_dict().values(), net.state_dict().values()):
                a.lerp_(b, 1 - keep) if a.is_floating_point() else a.copy_(b)
        if time.time() - saved > 60 * args.minutes or at["seen"] >= args.plates:
            exact, folded, _ = judge(mean, images, texts)
            at["seconds"] = before + time.time() - began
            line = dict(seen=at["seen"], minutes=round(at["seconds"] / 60, 1), loss=round(float(np.mean(losses)), 4), exact=round(exact, 4), folded=round(folded, 4), rate=round(group["lr"], 6), waited=round(waited / (time.time() - saved), 2))
            losses, waited, saved = [], 0.0, time.time()
            print(line, flush=True)
            log.write(json.dumps(line) + "\n")
            log.flush()
            kept = dict(net=net.state_dict(), mean=mean.state_dict(), step=step.state_dict(), at=at)
            torch.save(kept, file + ".new")
            os.replace(file + ".new", file)
            if folded >= at["best"]:
                at["best"] = folded
                fixed = PlateNet()
                fixed.load_state_dict(mean.state_dict())
                export(fixed, os.path.join(args.run, "best.onnx.new"))
                os.replace(os.path.join(args.run, "best.onnx.new"), os.path.join(args.run, "best.onnx"))
    print("done", at, flush=True)


if __name__ == "__main__":
    main()
