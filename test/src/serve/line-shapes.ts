import { expect } from 'vitest'

/** UTC with milliseconds. */
export const TIME = expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/)
const HASH = expect.stringMatching(/^[0-9a-f]{64}$/)

/** A bay that charges, every key of the contract. */
export const aChargingBay = (plate: string, idToken: string): object => ({
  bayId: 'bay-1',
  version: expect.any(Number),
  state: 'charging-locked',
  detail: 'charging',
  since: TIME,
  visit: {
    visitId: expect.any(String),
    plate,
    identifiedBy: 'plate',
    accountId: 'acc-1',
    startedAt: TIME,
    evidence: expect.any(Array),
    erasurePending: false,
  },
  session: {
    sessionId: expect.any(String),
    transactionId: '1',
    idToken,
    energy_Wh: expect.any(Number),
    startedAt: TIME,
  },
  lock: { locked: true, reasons: ['transaction-open', 'current-16A'] },
  chargers: [
    {
      chargePointId: 'CP-1',
      evse: 1,
      online: true,
      status: 'Charging',
      current_A: 16,
      power_W: 3680,
      at: TIME,
      skew_s: expect.toBeOneOf([null, expect.any(Number)]),
    },
  ],
  cameras: [{ cameraId: 'cam-1', status: 'live', lastReadAt: TIME, skew_s: null, blind: null }],
  service: 'in-service',
  autonomy: 'act',
  why: {
    event: expect.any(String),
    seq: expect.any(Number),
    at: TIME,
    rule: expect.any(String),
    guards: expect.any(Array),
    evidence: expect.any(Array),
  },
  noted: expect.toBeOneOf([
    null,
    { event: expect.any(String), seq: expect.any(Number), at: TIME, rule: expect.any(String) },
  ]),
  next: { expect: expect.any(String), by: null, what: null, others: expect.any(Array) },
  blocked: null,
  contradiction: null,
  contradictions: [],
  automatic: true,
  alarms: [],
})

/** A guard of `why`, without its value. */
export const A_GUARD = { name: expect.any(String), ok: expect.any(Boolean), need: expect.any(String) }

/** A record, every key that does not depend on its stream; `prev` is the hash before. */
export const A_RECORD = {
  schema: 1,
  siteId: 'depot-north',
  stream: expect.stringMatching(/^(bay:bay-[12]|site|register|audit)$/),
  version: expect.any(Number),
  at: TIME,
  recordedAt: TIME,
  machine: expect.any(String),
  cause: { type: expect.any(String) },
  decisions: expect.any(Array),
  guards: expect.any(Array),
  effects: expect.any(Array),
  timers: { set: expect.any(Array), cleared: expect.any(Array) },
  personal: expect.any(Object),
  personalHash: HASH,
  contentHash: HASH,
  hash: HASH,
}
