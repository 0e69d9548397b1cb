"""Reads the weights of an ONNX file: enough of its protobuf for that, for Debian 12 brings no runtime that could."""

import numpy as np

FLOAT = 1


def _fields(data):
    """(number, value) of each field of a message: whole numbers, or bytes."""
    at = 0

    def varint():
        nonlocal at
        value = shift = 0
        while True:
            byte = data[at]
            at += 1
            value |= (byte & 127) << shift
            shift += 7
            if byte < 128:
                return value

    while at < len(data):
        key = varint()
        if key & 7 == 0:
            yield key >> 3, varint()
            continue
        size = {1: 8, 5: 4}.get(key & 7) or varint()
        yield key >> 3, data[at : at + size]
        at += size


def conv_weights(path):
    """The graph's float constants by name, and the names of weight and bias of its convolutions in their order."""
    with open(path, "rb") as file:
        graph = next(value for number, value in _fields(file.read()) if number == 7)
    constants, convs = {}, []
    for number, value in _fields(graph):
        if number == 1:
            node = list(_fields(value))
            if any(n == 4 and v == b"Conv" for n, v in node):
                convs.append([v.decode() for n, v in node if n == 1][1:])
        elif number == 5:
            tensor = list(_fields(value))
            sides = [v for n, v in tensor if n == 1]
            name, kind, raw = (next((v for n, v in tensor if n == field), b"") for field in (8, 2, 9))
            if kind == FLOAT:
                constants[name.decode()] = np.frombuffer(raw, np.float32).reshape(sides).copy()
    return constants, convs
