/** Writes small ONNX models by hand: enough of its protobuf for tests that need a network whose answer is known. */

/** A tensor's type and sides; a side in words is open. */
export type TinyTensor = {
  readonly name: string
  readonly type: 'float32' | 'uint8'
  readonly sides: readonly (number | string)[]
}
/** One operation; attributes are whole numbers or lists of them. */
export type TinyNode = {
  readonly op: string
  readonly inputs: readonly string[]
  readonly outputs: readonly string[]
  readonly attributes?: { readonly [name: string]: number | readonly number[] }
}
/** A constant; `int64` for shapes. */
export type TinyConstant = {
  readonly name: string
  readonly sides: readonly number[]
  readonly values: readonly number[]
  readonly type: 'float32' | 'int64'
}

const TYPES = { float32: 1, uint8: 2, int64: 7 } as const

/** The bytes of a model of one graph, opset 13. */
export function tinyOnnx(graph: {
  readonly input: TinyTensor
  readonly output: TinyTensor
  readonly nodes: readonly TinyNode[]
  readonly constants?: readonly TinyConstant[]
}): Buffer {
  return Buffer.concat([
    number(1, 8),
    message(8, text(1, ''), number(2, 13)),
    message(
      7,
      ...graph.nodes.map(node),
      text(2, 'tiny'),
      ...(graph.constants ?? []).map(constant),
      message(11, tensor(graph.input)),
      message(12, tensor(graph.output)),
    ),
  ])
}

const node = ({ op, inputs, outputs, attributes = {} }: TinyNode): Buffer =>
  message(
    1,
    ...inputs.map((name) => text(1, name)),
    ...outputs.map((name) => text(2, name)),
    text(4, op),
    ...Object.entries(attributes).map(([name, value]) =>
      typeof value === 'number'
        ? message(5, text(1, name), number(3, value), number(20, 2))
        : message(5, text(1, name), ...value.map((one) => number(8, one)), number(20, 7)),
    ),
  )

function constant({ name, sides, values, type }: TinyConstant): Buffer {
  const raw = type === 'float32' ? Float32Array.from(values) : BigInt64Array.from(values, BigInt)
  return message(
    5,
    ...sides.map((side) => number(1, side)),
    number(2, TYPES[type]),
    text(8, name),
    bytes(9, Buffer.from(raw.buffer)),
  )
}

function tensor({ name, type, sides }: TinyTensor): Buffer {
  const dims = sides.map((side) => message(1, typeof side === 'number' ? number(1, side) : text(2, side)))
  return Buffer.concat([text(1, name), message(2, message(1, number(1, TYPES[type]), message(2, ...dims)))])
}

function varint(value: number): Buffer {
  const out: number[] = []
  let rest = value
  while (rest > 127) {
    out.push((rest & 127) | 128)
    rest = Math.floor(rest / 128)
  }
  return Buffer.from([...out, rest])
}
const number = (field: number, value: number): Buffer => Buffer.concat([varint(field * 8), varint(value)])
const bytes = (field: number, value: Buffer): Buffer =>
  Buffer.concat([varint(field * 8 + 2), varint(value.length), value])
const text = (field: number, value: string): Buffer => bytes(field, Buffer.from(value))
const message = (field: number, ...parts: readonly Buffer[]): Buffer => bytes(field, Buffer.concat(parts))
