"""Makes the model that ships of the one that training writes: `python3 quantise.py best.onnx plate-recogniser.onnx --fonts FOLDER`.

Its inner convolutions take and give whole numbers of 8 bits (the first and the last stay as they are): a processor adds more of them at
once. Weights have 7 bits, so that processors without the newest instructions add them up without overflow, and every machine reads the
same. How large the numbers get is measured on rendered plates.
"""

import argparse

import torch
import torch.nn as nn
import torch.nn.functional as F

from onnx_weights import conv_weights
from plate_net import CLASSES
from plate_sampler import HIGH, WIDE
from plate_stream import Stream
from train import decode

LOOKS = 512
TOP_WEIGHT = 63
TAIL = 0.9999  # what is larger than all but this share is cut off
# Strides and pads of the convolutions, in the order of PlateNet.
SHAPES = [(2, 1), (1, 1), (1, 1), (1, 1), (1, 1), (1, 1), (1, (0, 1)), (1, (0, 2)), (1, (0, 2)), (1, 0)]


class Steps(nn.Module):
    """Rounds numbers to 256 steps, once it knows how large they get."""

    def __init__(self):
        super().__init__()
        self.least, self.most, self.scale, self.zero = 0.0, 0.0, None, 0

    def settle(self):
        self.scale = max(self.most - self.least, 1e-6) / 255
        self.zero = round(-self.least / self.scale)

    def forward(self, x):
        if self.scale is not None:
            return torch.fake_quantize_per_tensor_affine(x, self.scale, self.zero, 0, 255)
        sorted_values = x.flatten().sort().values
        self.least = min(self.least, float(sorted_values[0]))
        self.most = max(self.most, float(sorted_values[int(TAIL * (len(sorted_values) - 1))]))
        return x


class Conv(nn.Module):
    def __init__(self, weight, bias, stride, pad):
        super().__init__()
        self.register_buffer("weight", torch.tensor(weight))
        self.register_buffer("bias", torch.tensor(bias))
        self.register_buffer("scales", self.weight.abs().amax((1, 2, 3)).clamp(min=1e-8) / TOP_WEIGHT)
        self.register_buffer("zeros", torch.zeros(len(weight), dtype=torch.int32))
        self.stride, self.pad, self.whole = stride, pad, False

    def forward(self, x):
        weight = self.weight
        if self.whole:
            weight = torch.fake_quantize_per_channel_affine(weight, self.scales, self.zeros, 0, -128, 127)
        return F.conv2d(x, weight, self.bias, self.stride, self.pad)


class WholeNet(nn.Module):
    """PlateNet after training, its steps between float numbers and whole ones marked for the runtime."""

    def __init__(self, path):
        super().__init__()
        constants, convs = conv_weights(path)
        self.conv = nn.ModuleList(Conv(constants[w], constants[b], *shape) for (w, b), shape in zip(convs, SHAPES))
        self.steps = nn.ModuleDict({name: Steps() for name in ("0", "1", "2", "3", "4", "5", "all", "6", "7", "sum", "8")})
        for layer in (0, 2):
            for part in ("weight", "bias"):
                self.register_buffer(f"whole{layer}{part}", torch.tensor(constants[f"net.whole.{layer}.{part}"]))

    def settle(self):
        for steps in self.steps.values():
            steps.settle()
        for conv in self.conv[1:9]:
            conv.whole = True

    def layer(self, i, x):
        return self.steps[str(i)](F.relu(self.conv[i](x)))

    def forward(self, pixels):
        mean = pixels.mean((1, 2, 3), keepdim=True)
        spread = ((pixels - mean) ** 2).mean((1, 2, 3), keepdim=True).sqrt()
        x = self.layer(0, (pixels - mean) / (spread + 4.0))
        # Beside a pooling the same steps stand on both sides: the runtime then pools whole numbers.
        x = self.steps["1"](F.max_pool2d(self.layer(1, x), 2))
        x = self.layer(3, self.layer(2, x))
        x = self.steps["3"](F.max_pool2d(x, (2, 1)))
        x = self.layer(5, self.layer(4, x))
        seen = F.relu(F.linear(x.mean((2, 3)), self.whole0weight, self.whole0bias))
        x = x + F.linear(seen, self.whole2weight, self.whole2bias)[:, :, None, None]
        x = self.layer(6, self.steps["all"](x))
        x = x + self.layer(7, x)
        x = x + self.layer(8, self.steps["sum"](x))
        x = self.conv[9](x).squeeze(2)
        return torch.cat([x[:, :CLASSES], x[:, CLASSES:]], 2).transpose(1, 2).softmax(2)


def main():
    ask = argparse.ArgumentParser()
    ask.add_argument("source")
    ask.add_argument("target")
    ask.add_argument("--fonts", default="", help="folder with unpacked @fontsource packages")
    call = ask.parse_args()
    torch.set_num_threads(1)
    images, _, texts = Stream(4242, call.fonts, stock=80, kept=300, looks=1).batch(LOOKS)
    looks = torch.from_numpy(images).float().split(64)
    net = WholeNet(call.source).eval()
    with torch.no_grad():
        before = [text for part in looks for text in decode(net(part))]
        net.settle()
        after = [text for part in looks for text in decode(net(part))]
    share = lambda reads: sum(a == b for a, b in zip(reads, texts)) / len(texts)
    print(f"{LOOKS} rendered looks: {share(before):.3f} read exactly before, {share(after):.3f} after")
    torch.onnx.export(
        net, torch.zeros(1, 3, HIGH, WIDE), call.target, opset_version=13,
        input_names=["pixels"], output_names=["chances"], dynamic_axes={"pixels": {0: "plates"}, "chances": {0: "plates"}},
    )


if __name__ == "__main__":
    main()
