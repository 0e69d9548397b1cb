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
import torch.distributed as dist
import torch.multiprocessing as mp
import torch.nn.functional as F

from plate_net import PlateNet, export
from plate_stream import LONGEST, Stream
from stroke_face import CHARACTERS

LOOKS = 3
STRIDE = 8  # steps between two meetings of the learners
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
    """Rendered looks are costly: each is learnt from three times, the later times with its colours changed."""

    def __init__(self, queue, rng, size=8192):
        self.queue, self.rng, self.size = queue, rng, size
        self.images, self.labels, self.turn = [], [], 0

    def get(self, batch):
        self.turn += 1
        kept = len(self.images) * batch
        if self.turn % LOOKS and kept >= 1500:
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


def asked():
    ask = argparse.ArgumentParser()
    ask.add_argument("--run", required=True, help="folder for checkpoints, outside the repository")
    ask.add_argument("--fonts", default="", help="folder with unpacked @fontsource packages")
    ask.add_argument("--resume", action="store_true")
    ask.add_argument("--plates", type=int, default=600_000, help="looks to learn from in all, each rendered one three times")
    ask.add_argument("--batch", type=int, default=64)
    ask.add_argument("--rate", type=float, default=2e-3)
    ask.add_argument("--seed", type=int, default=6)
    ask.add_argument("--learners", type=int, default=2, help="processes that learn, one thread each; they share their weights every few steps")
    ask.add_argument("--renderers", type=int, default=1)
    ask.add_argument("--minutes", type=float, default=4, help="between checkpoints")
    return ask.parse_args()


class Run:
    """What a learner holds: weights, their running mean, the optimiser, and where the run stands."""

    def __init__(self, args):
        self.args = args
        self.net = PlateNet().to(memory_format=torch.channels_last)
        self.mean = PlateNet().to(memory_format=torch.channels_last)
        self.mean.load_state_dict(self.net.state_dict())
        self.step = torch.optim.AdamW(self.net.parameters(), lr=args.rate, weight_decay=0.02, betas=(0.9, 0.98))
        self.at = {"seen": 0, "seconds": 0.0, "runs": 0, "best": 0.0}
        self.file = os.path.join(args.run, "checkpoint.pt")
        if args.resume and os.path.exists(self.file):
            kept = torch.load(self.file)
            self.net.load_state_dict(kept["net"])
            self.mean.load_state_dict(kept["mean"])
            self.step.load_state_dict(kept["step"])
            self.at = kept["at"]
        self.at["runs"] += 1

    def learn(self, pixels, labels):
        """One step on one batch; returns its loss."""
        self.net.train()
        for group in self.step.param_groups:
            group["lr"] = rate(self.at["seen"], self.args.plates, self.args.rate)
        x = torch.from_numpy(pixels).float().contiguous(memory_format=torch.channels_last)
        with torch.autocast("cpu", dtype=torch.bfloat16):
            scores = self.net(x)
        y = torch.from_numpy(labels)
        chances = F.log_softmax(scores.float(), 2).transpose(0, 1)
        columns = torch.full((len(y),), chances.shape[0])
        loss = F.ctc_loss(chances, y.clamp(min=0), columns, (y >= 0).sum(1), zero_infinity=True)
        self.step.zero_grad()
        loss.backward()
        torch.nn.utils.clip_grad_norm_(self.net.parameters(), 2.0)
        self.step.step()
        return loss.item()

    def share(self, learners):
        """All learners go on from the mean of their weights."""
        with torch.no_grad():
            values = [v for v in self.net.state_dict().values() if v.is_floating_point()]
            if learners > 1:
                flat = torch.cat([v.reshape(-1) for v in values])
                dist.all_reduce(flat)
                flat /= learners
                begin = 0
                for v in values:
                    v.copy_(flat[begin : begin + v.numel()].view_as(v))
                    begin += v.numel()
            batches = self.at["seen"] / (self.args.batch * learners * STRIDE)
            keep = min(1 - STRIDE * 0.003, 1 - 1 / (1 + 0.1 * batches))
            for a, b in zip(self.mean.state_dict().values(), self.net.state_dict().values()):
                a.lerp_(b, 1 - keep) if a.is_floating_point() else a.copy_(b)

    def save(self, folded):
        names = ["last.onnx"] + (["best.onnx"] if folded >= self.at["best"] else [])
        # Before the checkpoint: a run that goes on from it must not take a lesser one for the best.
        self.at["best"] = max(folded, self.at["best"])
        kept = dict(net=self.net.state_dict(), mean=self.mean.state_dict(), step=self.step.state_dict(), at=self.at)
        torch.save(kept, self.file + ".new")
        os.replace(self.file + ".new", self.file)
        fixed = PlateNet()
        fixed.load_state_dict(self.mean.state_dict())
        for name in names:
            export(fixed, os.path.join(self.args.run, name + ".new"))
            os.replace(os.path.join(self.args.run, name + ".new"), os.path.join(self.args.run, name))


def learner(rank, args, queue, meeting):
    torch.set_num_threads(1)
    torch.manual_seed(args.seed)
    if args.learners > 1:
        dist.init_process_group("gloo", init_method="file://" + meeting, rank=rank, world_size=args.learners)
    run = Run(args)
    at = run.at
    if rank == 0:
        print(sum(p.numel() for p in run.net.parameters()), "parameters;", at, flush=True)
    images, texts = held_set(args.run, args.fonts, 2000)
    source = Echo(queue, np.random.default_rng(args.seed + 100 * rank + at["runs"]))
    began = saved = time.time()
    before, losses = at["seconds"], []
    while at["seen"] < args.plates:
        for _ in range(STRIDE):
            losses.append(run.learn(*source.get(args.batch)))
        at["seen"] += STRIDE * args.batch * args.learners
        run.share(args.learners)
        if rank == 0 and (time.time() - saved > 60 * args.minutes or at["seen"] >= args.plates):
            exact, folded, _ = judge(run.mean, images, texts)
            at["seconds"] = before + time.time() - began
            line = dict(seen=at["seen"], minutes=round(at["seconds"] / 60, 1), loss=round(float(np.mean(losses)), 4), exact=round(exact, 4), folded=round(folded, 4), rate=round(run.step.param_groups[0]["lr"], 6))
            losses, saved = [], time.time()
            print(line, flush=True)
            with open(os.path.join(args.run, "log.jsonl"), "a") as log:
                log.write(json.dumps(line) + "\n")
            run.save(folded)


def main():
    args = asked()
    os.makedirs(args.run, exist_ok=True)
    held_set(args.run, args.fonts, 2000)
    spawn = mp.get_context("spawn")
    queue = spawn.Queue(8)
    began = int(time.time())
    renderers = [
        # Each start of a run draws other plates: a resumed run must not see the first ones again.
        spawn.Process(target=renderer, args=(args.seed + began * args.resume + i, args.fonts, args.batch, queue), daemon=True)
        for i in range(args.renderers)
    ]
    meeting = os.path.join(os.path.abspath(args.run), f"meeting-{began}")
    learners = [spawn.Process(target=learner, args=(rank, args, queue, meeting), daemon=True) for rank in range(args.learners)]
    for process in renderers + learners:
        process.start()
    learners[0].join()


if __name__ == "__main__":
    main()
