import type { Entry } from '../../../actors/ports.ts'
import type { Json } from '../../../machines/events.ts'

const at = (minute: number): string => `2026-11-22T05:${String(minute).padStart(2, '0')}:00.000Z`
const entry = (stream: string, cause: Entry['cause'], more: Partial<Entry> = {}): Entry => ({
  ...{ stream, cause, decisions: [], personal: {} },
  ...more,
})
const site = (type: string, cause: { readonly [field: string]: Json } = {}): Entry => entry('site', { type, ...cause })
const audit = (type: string, cause: { readonly [field: string]: Json } = {}, more: Partial<Entry> = {}): Entry =>
  entry('audit', { type, ...cause }, more)

const HEX = (digit: string, length: number): string => digit.repeat(length)
const checkpoint = (seq: number, hash: string): Json => ({
  ...{ format: 'berth-checkpoint-1', siteId: 'next-door', seq, time: at(1), hash },
  ...{ key: HEX('c', 64), signature: HEX('d', 128) },
})

/** A piece of news of a bay of which nothing else is told, so that it stands. */
const bay = (type: string, cause: { readonly [field: string]: Json }, ...decisions: Entry['decisions']): RareNews => ({
  ...entry('site', { type, ...cause }, { decisions }),
  bayId: 'bay-0',
})

/** Entries, some of which are told of a bay. */
export type RareNews = Entry & { readonly bayId?: string }

/** What stands on record about a site and about people and seldom comes in a simulated day: one of everything that somebody remembers. */
export const RARE_NEWS: readonly RareNews[] = [
  bay('transaction.announced', { transactionId: 'tx-1', startId: 'start-1' }),
  bay('transaction.started', { transactionId: 'tx-2', connector: 'CP-1/1', accepted: true, key: 'mark-2' }),
  bay('transaction.ended', { transactionId: 'tx-2' }),
  bay('transaction.repeated', { transactionId: 'tx-2', chargePointId: 'CP-1' }),
  bay(
    'claim.ruled',
    {},
    ...['veh-8', 'veh-9'].map((handle, place) => ({
      type: 'ClaimGranted',
      handle,
      bayId: 'bay-1',
      visitId: `v-${place}`,
    })),
  ),
  bay('claim.ruled', {}, { type: 'ClaimContested', handle: 'veh-8', bayId: 'bay-2', visitId: 'v-3' }),
  bay('claim.ruled', {}, { type: 'ClaimLost', handle: 'veh-9', bayId: 'bay-1', visitId: 'v-1' }),
  bay('plate.seen', {
    ...{
      cameraId: 'cam-1',
      leader: 'veh-1',
      tally: [{ handle: 'veh-1', said: 0.8, share: 1, witnesses: 1, plausible: true, chance: null }],
    },
  }),
  audit('blind-review.opened', {
    ...{ review: 'blind-0', bayId: 'bay-0', visitId: 'v-4', cameraId: 'cam-1', handle: 'veh-1' },
  }),
  {
    ...bay('note', {}),
    effects: [
      { type: 'open.review', review: 'review-1', visitId: 'v-5', candidates: [{ handle: 'veh-5', witnesses: 1 }] },
    ],
  },
  bay('authorization.granted', { handle: 'veh-4', accountId: 'far-1', by: 'back-end', confirm: false }),
  bay(
    'note',
    {},
    { type: 'PlateAgreed', by: 'plate.agreed', visitId: 'v-5', handle: 'veh-5' },
    { type: 'VisitAuthorized', visitId: 'v-5', handle: 'veh-5', accountId: 'fleet-1', identifiedBy: 'plate' },
  ),
  bay('note', {}, { type: 'TransactionOpened', transactionId: 'tx-4', startId: 'start-4' }),
  bay('note', {}, { type: 'TransactionOpened', transactionId: 'tx-5', startId: 'start-5' }),
  bay(
    'note',
    {},
    { type: 'SessionBilled', sessionId: 'ses-4', visitId: 'v-5', accountId: 'fleet-1', transactions: ['tx-4'] },
  ),
  site('alias.refused', { chargePointId: 'CP-1', startId: 'start-4', heard: false }),
  entry(
    'site',
    { type: 'session.disputed' },
    { decisions: [{ type: 'SessionDisputed', sessionId: 'ses-4', startId: 'start-4' }] },
  ),
  site('trait.proposed', { chargePointId: 'CP-1', trait: 'restoresMeter', value: true, profile: 'mild' }),
  site('trait.proposed', { chargePointId: 'CP-2', trait: 'restoresMeter', value: true, profile: 'mild' }),
  site('trait.settled', { chargePointId: 'CP-2', trait: 'restoresMeter', value: true, profile: 'mild' }),
  site('mask.proposed', { cameraId: 'cam-1', box: [0.1, 0.1, 0.2, 0.1], reads: 9, since: 1, beside: 3, empty: 2 }),
  site('clock.learnt', { kind: 'camera', device: 'cam-1', offset_ms: 61_000, limit_ms: 60_000, overSince: at(1) }),
  site('clock.learnt', { kind: 'charge-point', device: 'CP-1', offset_ms: 900, limit_ms: 60_000, overSince: null }),
  site('camera.impaired', { cameraId: 'cam-1', fault: 'moved', zones: 'abcd' }),
  site('camera.impaired', { cameraId: 'cam-2', fault: 'slow' }),
  site('camera.mended', { cameraId: 'cam-2', fault: 'slow' }),
  site('push.quarantined', { cameraId: 'cam-1', reason: 'address' }),
  site('machines.adopted', { bundle: HEX('b', 64) }),
  site('reader.adopted', { reader: { name: 'one', profile: 'default' } }),
  site('zone.learnt', { cameraId: 'cam-1', bayId: 'bay-1', size: 4, grey: 'AAECAwQFBgcICQoLDA0ODw==' }),
  site('zones.ordered', {
    ...{ id: 'zones-1', by: 'anna', reason: 'camera-moved', putBack: null, tried: null },
    bays: [{ bayId: 'bay-1', zones: [{ cameraId: 'cam-1', polygon: [[0, 0]] }] }],
  }),
  site('reads.few', { cameraId: 'cam-2', visits: 20, read: 3 }),
  site('tariff.adopted', { tariff: { currency: 'EUR', perKwh: '0.40', perSession: '0', tax: '0.19' } }),
  site('authorizer.adopted', { rules: { host: 'pay.example' } }),
  site('policy.ordered', { policyVersion: 3, policy: { autonomy: 'suggest' } }),
  site('switch.ordered', { id: 'switch-1', automatic: false, by: 'anna', reason: null }),
  site('switch.ordered', { id: 'switch-2', automatic: true, by: 'centre:bea', reason: null }),
  site('order.withdrawn', {
    id: 'order-1',
    bayId: 'bay-1',
    command: 'stop',
    by: 'site',
    asked: 'centre:bea',
    why: 'time-over',
  }),
  entry('site', { type: 'bays.gone', bays: ['bay-9'] }),
  audit('centre.answered', { id: 'order-2', by: 'centre:bea', outcome: 'refused', why: 'no' }),
  audit('placing.opened', {
    review: 'placing-1',
    cameraId: 'cam-1',
    bays: ['bay-1', 'bay-2'],
    handle: 'veh-1',
    by: at(50),
  }),
  audit('placing.opened', {
    review: 'placing-2',
    cameraId: 'cam-1',
    bays: ['bay-1', 'bay-2'],
    handle: 'veh-2',
    by: at(50),
  }),
  audit('placing.closed', { review: 'placing-2', verdict: 'late', bayId: null, handle: null, by: 'site' }),
  audit('blind-review.opened', {
    review: 'blind-1',
    bayId: 'bay-1',
    visitId: 'bay-1-7',
    cameraId: 'cam-1',
    handle: 'veh-1',
  }),
  audit('blind-review.opened', {
    review: 'blind-2',
    bayId: 'bay-1',
    visitId: 'bay-1-7',
    cameraId: 'cam-2',
    handle: 'veh-2',
  }),
  audit('blind-review.closed', {
    review: 'blind-2',
    verdict: 'plate',
    result: 'wrong',
    handle: 'veh-1',
    cameraId: 'cam-2',
    by: 'anna',
  }),
  audit('review.crop-kept', { review: 'blind-1', ref: 'crop-1', sha256: HEX('a', 64), handle: 'veh-1', seenAt: at(2) }),
  audit('keys.rotated', { period: 2, carried: 3 }),
  audit('keys.period-ended', { period: 1, destroyed: 4 }),
  audit('hold.placed', { holdId: 'hold-1', handle: 'veh-1', reason: 'police', until: at(59), by: 'anna' }),
  audit('erasure.asked', {
    erasureId: 'erasure-1',
    handle: 'veh-7',
    by: 'anna',
    bays: [],
    heldBy: [],
    verified: { verifiedBy: 'staff-1' },
  }),
  audit(
    'erasure.done',
    { erasureId: 'erasure-1', handle: 'veh-7' },
    {
      decisions: [{ type: 'SubjectErased', erasureId: 'erasure-1', handle: 'veh-7' }],
    },
  ),
  audit('session.disputed', {}, { decisions: [{ type: 'SessionDisputed', sessionId: 'ses-unknown' }] }),
  audit('checkpoints.received', { by: 'far', checkpoints: [checkpoint(5, HEX('1', 64)), checkpoint(5, HEX('2', 64))] }),
  audit('driver.secret-set', { kind: 'pin', accountId: 'fleet-1', mark: 'abc', until: null }),
  audit('driver.began', { bayId: 'bay-0', visitId: 'v-4', device: 'device-2', order: 'order-9' }),
  audit('driver.began', { bayId: 'bay-0', visitId: 'bay-1-7', device: 'device-1' }),
  ...['pay-1', 'pay-2'].map((ref) =>
    audit('payment.asked', {
      ...{ ref, bayId: 'bay-0', visitId: 'bay-1-7', device: 'device-1', hold: '40.00', currency: 'EUR' },
      until: at(55),
    }),
  ),
  audit('payment.held', { ref: 'pay-1' }),
  audit('payment.held', { ref: 'pay-2' }),
  bay('note', {}, { type: 'TransactionEnded', transactionId: 'tx-5', accountId: 'pay-pay-2' }),
  bay('note', {}, { type: 'VisitEnded', visitId: 'bay-1-7' }),
  entry(
    'register',
    { type: 'account.changed', accountId: 'fleet-1', status: 'active' },
    { personal: { 'fleet-1': { name: 'Fleet One' } } },
  ),
  entry(
    'register',
    { type: 'vehicle.registered', handle: 'veh-1', accountId: 'fleet-1', hasAlias: true },
    {
      personal: { 'veh-1': { plate: 'AB12 CDE', alias: 'ALIAS1' } },
    },
  ),
  entry(
    'register',
    { type: 'vehicle.registered', handle: 'veh-3', accountId: 'fleet-1' },
    {
      personal: { 'veh-3': { plate: 'AB13 CDE' } },
    },
  ),
  entry(
    'register',
    { type: 'token.registered', handle: 'card-1', accountId: 'fleet-1' },
    { personal: { 'card-1': { idToken: 'CAFE01' } } },
  ),
  entry('register', { type: 'objection.entered', handle: 'veh-3' }, { personal: { 'veh-3': { plate: 'AB13 CDE' } } }),
]
