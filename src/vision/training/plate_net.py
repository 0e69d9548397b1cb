"""The recogniser's network: convolutions only, CTC over the columns of an upper and a lower row."""

import torch
import torch.nn as nn

from plate_sampler import HIGH, WIDE
from stroke_face import CHARACTERS

CLASSES = len(CHARACTERS) + 1  # class 0 is CTC's blank


def block(inside, out, kernel=3, stride=1):
    pad = tuple(k // 2 for k in kernel) if isinstance(kernel, tuple) else kernel // 2
    return nn.Sequential(nn.Conv2d(inside, out, kernel, stride, pad, bias=False), nn.BatchNorm2d(out), nn.ReLU(inplace=True))


class PlateNet(nn.Module):
    """Pixels N×3×40×128 (0..255) in; N×64×37 scores out: 32 columns of the upper row, then 32 of the lower.

    A number in one line may appear in either row; a number in two lines in both.
    """

    def __init__(self, c=(24, 40, 64, 96, 128)):
        super().__init__()
        self.eye = nn.Sequential(
            block(3, c[0], stride=2),
            block(c[0], c[1]),
            nn.MaxPool2d(2),
            block(c[1], c[2]),
            block(c[2], c[2]),
            nn.MaxPool2d((2, 1)),
            block(c[2], c[3]),
            block(c[3], c[3]),
        )
        self.whole = nn.Sequential(nn.Linear(c[3], c[3]), nn.ReLU(inplace=True), nn.Linear(c[3], c[3]))
        self.column = nn.Sequential(nn.Conv2d(c[3], c[4], (5, 3), 1, (0, 1), bias=False), nn.BatchNorm2d(c[4]), nn.ReLU(inplace=True))
        self.context = nn.ModuleList([block(c[4], c[4], (1, 5)), block(c[4], c[4], (1, 5))])
        self.head = nn.Conv2d(c[4], 2 * CLASSES, 1)

    def forward(self, pixels):
        mean = pixels.mean((1, 2, 3), keepdim=True)
        spread = ((pixels - mean) ** 2).mean((1, 2, 3), keepdim=True).sqrt()
        x = self.eye((pixels - mean) / (spread + 4.0))
        x = x + self.whole(x.mean((2, 3)))[:, :, None, None]
        x = self.column(x)
        for layer in self.context:
            x = x + layer(x)
        x = self.head(x).squeeze(2)  # N × 2·CLASSES × 32
        upper, lower = x[:, :CLASSES], x[:, CLASSES:]
        return torch.cat([upper, lower], 2).transpose(1, 2)


class Exported(nn.Module):
    """The network with its scores as chances, as the model file has it."""

    def __init__(self, net):
        super().__init__()
        self.net = net

    def forward(self, pixels):
        return self.net(pixels).softmax(2)


def export(net, path):
    """Writes the ONNX file (opset 13, input `pixels`, output `chances`, any batch)."""
    torch.onnx.export(
        Exported(net.eval()).to(memory_format=torch.contiguous_format), torch.zeros(1, 3, HIGH, WIDE), path, opset_version=13,
        input_names=["pixels"], output_names=["chances"], dynamic_axes={"pixels": {0: "plates"}, "chances": {0: "plates"}},
    )
