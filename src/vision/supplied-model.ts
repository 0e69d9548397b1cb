import { createHash } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { InferenceSession, type Tensor } from 'onnxruntime-node'
import { fileTrouble } from '../file-trouble.ts'
import type { SuppliedModel } from './reader-plan.ts'

/** Larger files are no model of plates. */
const MOST_BYTES = 512 * 1024 * 1024

/** A model that cannot be used, in one sentence that names its file. */
export class UnfitModel extends Error {}

/** Loads a model whose bytes have the hash that they must have: what was checked is what runs. Throws UnfitModel. */
export async function loadSupplied(
  model: SuppliedModel,
  options: InferenceSession.SessionOptions,
): Promise<InferenceSession> {
  const bytes = await verifiedBytes(model)
  try {
    return await InferenceSession.create(bytes, options)
  } catch (cause) {
    const why = cause instanceof Error ? cause.message.split('\n')[0] : String(cause)
    throw new UnfitModel(`${model.file} is no ONNX model that can be loaded: ${why}`)
  }
}

/** The shape of a model's first input; a number for each side that is fixed, null for one that is open. Throws UnfitModel. */
export function inputShape(model: SuppliedModel, session: InferenceSession): Shape {
  const input = session.inputMetadata[0]
  if (session.inputNames.length !== 1 || input === undefined || !input.isTensor)
    throw new UnfitModel(`${model.file} takes ${session.inputNames.length} inputs; expected one picture`)
  return { type: input.type, sides: input.shape.map((side) => (typeof side === 'number' && side > 0 ? side : null)) }
}

/** A tensor's type and sides; null = any. */
export type Shape = { readonly type: Tensor.Type; readonly sides: readonly (number | null)[] }

/** A shape for people: `uint8 [?, 64, 128, 3]`. */
export const shapeText = ({ type, sides }: Shape): string => `${type} [${sides.map((side) => side ?? '?').join(', ')}]`

async function verifiedBytes({ file, sha256 }: SuppliedModel): Promise<Uint8Array> {
  let bytes: Uint8Array
  try {
    bytes = await readFile(file)
  } catch (cause) {
    throw new UnfitModel(`${file}: ${fileTrouble(cause)}`)
  }
  if (bytes.byteLength > MOST_BYTES) throw new UnfitModel(`${file} is larger than ${MOST_BYTES / 1024 / 1024} MB`)
  const found = createHash('sha256').update(bytes).digest('hex')
  if (found !== sha256.toLowerCase())
    throw new UnfitModel(`${file} has the sha256 ${found}, and not the one that the site file names`)
  return bytes
}
