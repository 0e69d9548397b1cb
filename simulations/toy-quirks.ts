import type { ToyPost } from './toy-post.ts'
import type { Payload, ToyFrame } from './toy-wire.ts'
import type { Dice } from './world-chance.ts'
import type { WorldClock } from './world-clock.ts'
import type { Faults } from './world-faults.ts'

/** How often each quirk shows, per frame that it could touch. */
const OFTEN = { duplicate: 0.15, reorder: 0.04, lostStop: 0.03, garble: 0.01 } as const

type Quirks = (post: ToyPost, frame: ToyFrame) => readonly ToyFrame[]

/** Makes what a charge point sends worse: doubled, overtaken, swallowed, garbled, or lying about the current. */
export function toyQuirks(clock: WorldClock, faults: Faults, dice: Dice): Quirks {
  const dices = {
    duplicate: dice.fork('duplicate'),
    reorder: dice.fork('reorder'),
    stop: dice.fork('stop'),
    garble: dice.fork('garble'),
  }
  let copies = 0
  const again = (post: ToyPost, frame: readonly [2, string, string, Payload]): void => {
    const copy: ToyFrame = [2, `${frame[1]}-again-${++copies}`, frame[2], frame[3]]
    clock.after(dices.duplicate.between(500, 90_000), () => {
      if (post.body.online) post.line.up(copy)
    })
  }
  /** Answered on berth's behalf, so that the charge point goes on. */
  const swallow = (post: ToyPost, id: string): void => {
    clock.after(1, () => post.tell({ type: 'frame', frame: [3, id, {}] }))
  }
  return (post, frame) => {
    if (frame[0] !== 2) return [frame]
    const [, id, action, payload] = frame
    const event = action === 'TransactionEvent' ? payload['eventType'] : null
    const isEnd = action === 'StopTransaction' || event === 'Ended'
    const transactional = action === 'StartTransaction' || isEnd || event === 'Started'
    if (transactional && dices.duplicate.chance(OFTEN.duplicate) && faults.inject('duplicate-message'))
      again(post, frame)
    if (isEnd && dices.stop.chance(OFTEN.lostStop) && faults.inject('missing-stop')) {
      swallow(post, id)
      return []
    }
    if (action === 'StatusNotification' && dices.reorder.chance(OFTEN.reorder) && faults.inject('reordered')) {
      swallow(post, id)
      clock.after(dices.reorder.between(200, 4_000), () => post.line.up([2, `${id}-late`, action, payload]))
      return []
    }
    if (action === 'MeterValues') return [[2, id, action, lied(post, payload, clock.now(), faults)]]
    if (post.body.speaks === '1.6' && dices.garble.chance(OFTEN.garble) && faults.inject('garbled-frame'))
      return [[2, id, action, garbled(action, payload)]]
    return [frame]
  }
}

/** The current as a lying meter tells it. */
function lied(post: ToyPost, payload: Payload, now: number, faults: Faults): Payload {
  const { lies } = post
  if (!lies || now > lies.until) return payload
  const moments = payload['meterValue'] as readonly { readonly sampledValue: readonly Payload[] }[]
  return {
    ...payload,
    meterValue: moments.map((moment) => ({
      ...moment,
      sampledValue: moment.sampledValue.map((value) => {
        if (value['measurand'] !== 'Current.Import' && value['measurand'] !== 'Power.Active.Import') return value
        if (!faults.inject('lying-current')) return value
        if (lies.mode === 'zero') return { ...value, value: '0.0' }
        if (lies.mode === 'noise') return { ...value, value: value['measurand'] === 'Current.Import' ? '0.15' : '1.4' }
        if (lies.last === '') lies.last = String(value['value'])
        return { ...value, value: lies.last }
      }),
    })),
  }
}

/** Numbers as text, an odd spelling, a stamp that cannot be read, a field nobody knows: what boxes really send. */
function garbled(action: string, payload: Payload): Payload {
  const connectorId = payload['connectorId']
  const strange = {
    ...payload,
    vendorExtra: { a: [1, null] },
    ...(connectorId === undefined ? {} : { connectorId: String(connectorId) }),
  }
  return action === 'StatusNotification'
    ? { ...strange, timestamp: 'yesterday', status: String(payload['status']).toUpperCase() }
    : strange
}
