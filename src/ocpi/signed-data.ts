import { type Row, textIn, textsIn } from '../../projections/row-fold.ts'
import type { FramesAsked, StoredFrame } from '../ocpp/frame-store.ts'

type Fields = { readonly [field: string]: unknown }

/** One signed reading, as OCPI carries it. */
type SignedValue = {
  readonly nature: 'Start' | 'End' | 'Intermediate'
  readonly plain_data: string
  readonly signed_data: string
}

/** Signed meter values of one session, as OCPI carries them. */
export type SignedData = {
  readonly encoding_method: string
  readonly public_key?: string
  readonly signed_values: readonly SignedValue[]
}

/** Frames of one charge point, newest first, before the frame `before`. */
export type SignedFrames = (chargePointId: string, before: number | undefined) => readonly StoredFrame[]

/** Which frames those are; a page at a time. */
export const signedFrames = (chargePointId: string, before: number | undefined): FramesAsked => ({
  chargePointId,
  signed: true,
  limit: 200,
  ...(before === undefined ? {} : { before }),
})

/** OCPI takes this much of a text. */
const PLAIN = 512
const SIGNED = 5_000
const PAGES = 50

/** What the frames of its charge point hold of a session's signed meter values; null where they hold none any more. */
export function signedDataOf(row: Row, frames: SignedFrames): SignedData | null {
  const chargePointId = (textIn(row, 'connector') ?? '').split('/').slice(0, -1).join('/')
  const transactions = new Set(textsIn(row, 'transactions').map((id) => id.slice(id.lastIndexOf('/') + 1)))
  // A charge point that was away tells late, never early.
  const from = new Date(Date.parse(textIn(row, 'startedAt') ?? '') - 300_000).toISOString()
  const found: Found[] = []
  let before: number | undefined
  for (let page = 0; page < PAGES; page++) {
    const some = frames(chargePointId, before)
    for (const { at, frame } of some) if (at >= from && frame !== null) found.unshift(...signedIn(frame, transactions))
    const last = some.at(-1)
    if (last === undefined || last.at < from) break
    before = last.seq
  }
  const [first] = found
  if (first === undefined) return null
  const key = found.find(({ publicKey }) => publicKey !== null)?.publicKey
  return {
    encoding_method: first.method,
    ...(key ? { public_key: key.slice(0, PLAIN) } : {}),
    signed_values: found.map(({ value }) => value),
  }
}

type Found = { readonly value: SignedValue; readonly method: string; readonly publicKey: string | null }

/** Signed values of a call about one of these transactions. */
function signedIn(frame: string, transactions: ReadonlySet<string>): readonly Found[] {
  const payload = payloadOf(frame)
  if (payload === null) return []
  const info = fieldsOf(payload['transactionInfo'])
  const transactionId = String(info?.['transactionId'] ?? payload['transactionId'] ?? '')
  if (!transactions.has(transactionId)) return []
  const meters = [payload['meterValue'], payload['transactionData']].flatMap((list) =>
    Array.isArray(list) ? list : [],
  )
  return meters.flatMap((meter) => {
    const samples = fieldsOf(meter)?.['sampledValue']
    return (Array.isArray(samples) ? samples : []).flatMap((one) => signedSample(fieldsOf(one)))
  })
}

function signedSample(sample: Fields | null): readonly Found[] {
  if (sample === null) return []
  const nature = natureOf(sample['context'])
  const { value, format } = sample
  // 1.6: the value itself is the signed text.
  if (String(format).toLowerCase() === 'signeddata' && typeof value === 'string')
    return [
      {
        value: { nature, plain_data: '', signed_data: value.slice(0, SIGNED) },
        method: methodIn(value),
        publicKey: null,
      },
    ]
  const signed = fieldsOf(sample['signedMeterValue'])
  const text = signed?.['signedMeterData']
  if (signed === null || typeof text !== 'string') return []
  const { encodingMethod, publicKey } = signed
  return [
    {
      value: { nature, plain_data: String(value ?? '').slice(0, PLAIN), signed_data: text.slice(0, SIGNED) },
      method:
        typeof encodingMethod === 'string' && encodingMethod !== '' ? encodingMethod.slice(0, 36) : methodIn(text),
      publicKey: typeof publicKey === 'string' && publicKey !== '' ? publicKey : null,
    },
  ]
}

const natureOf = (context: unknown): SignedValue['nature'] =>
  context === 'Transaction.Begin' ? 'Start' : context === 'Transaction.End' ? 'End' : 'Intermediate'

/** The signed text says by its beginning what it is, where it is one that is widely used. */
const methodIn = (text: string): string => (text.startsWith('OCMF|') ? 'OCMF' : 'unknown')

function payloadOf(frame: string): Fields | null {
  try {
    const call = JSON.parse(frame) as unknown
    return Array.isArray(call) ? fieldsOf(call[3]) : null
  } catch {
    return null
  }
}

const fieldsOf = (value: unknown): Fields | null =>
  typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Fields) : null
