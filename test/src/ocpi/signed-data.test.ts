import { expect, test } from 'vitest'
import { signedDataOf } from '../../../src/ocpi/signed-data.ts'
import type { StoredFrame } from '../../../src/ocpp/frame-store.ts'

const row = { connector: 'CP-1/1', transactions: ['CP-1/tx-20', '17'], startedAt: '2026-11-22T10:00:00.000Z' }
const stored = (seq: number, minute: number, payload: object): StoredFrame => ({
  seq,
  at: `2026-11-22T10:${String(minute).padStart(2, '0')}:00.000Z`,
  chargePointId: 'CP-1',
  action: 'x',
  verdict: 'valid',
  signed: true,
  bytes: 1,
  frame: JSON.stringify([2, 'id', 'x', payload]),
})
const told = (frames: readonly StoredFrame[]) =>
  signedDataOf(row, (chargePointId, before) =>
    chargePointId === 'CP-1'
      ? frames
          .filter(({ seq }) => seq < (before ?? 99))
          .toSorted((a, b) => b.seq - a.seq)
          .slice(0, 2)
      : [],
  )

test('signed values of a session are told in their order, whichever OCPP brought them', () => {
  const begin = stored(1, 0, {
    transactionInfo: { transactionId: 'tx-20' },
    meterValue: [
      {
        sampledValue: [
          {
            value: 1000,
            context: 'Transaction.Begin',
            signedMeterValue: { signedMeterData: 'T0NNRnw=', encodingMethod: 'OCMF', publicKey: 'abc' },
          },
        ],
      },
    ],
  })
  const end = stored(3, 30, {
    transactionId: 17,
    transactionData: [
      { sampledValue: [{ value: 'OCMF|{}|{}', format: 'SignedData', context: 'Transaction.End' }, { value: '5' }] },
    ],
  })
  const others = stored(2, 10, {
    transactionId: 18,
    meterValue: [{ sampledValue: [{ value: 'OCMF|x', format: 'SignedData' }] }],
  })
  expect(told([begin, others, end])).toEqual({
    encoding_method: 'OCMF',
    public_key: 'abc',
    signed_values: [
      { nature: 'Start', plain_data: '1000', signed_data: 'T0NNRnw=' },
      { nature: 'End', plain_data: '', signed_data: 'OCMF|{}|{}' },
    ],
  })
})

test('frames that hold nothing of the session, or are no JSON, give no signed data', () => {
  const odd = { ...stored(1, 5, {}), frame: '{' }
  expect(
    told([odd, { ...odd, frame: null }, stored(2, 5, { transactionId: 17, meterValue: [null, { sampledValue: 7 }] })]),
  ).toBeNull()
})
