import { describe, expect, it } from 'vitest'
import { makeToy, tellToy } from '../../simulations/toy-charge-point.ts'
import { TOY_PERSONALITIES, type ToyHabits } from '../../simulations/toy-habits.ts'
import { type ToyInput, wakesOf } from '../../simulations/toy-life.ts'
import type { Payload, Toy, ToyFrame } from '../../simulations/toy-wire.ts'

const T0 = Date.UTC(2026, 10, 22, 10)

/** A toy with a central system that says yes to everything, on a clock that goes when told. */
class Yard {
  readonly toy: Toy
  readonly said: string[] = []
  readonly sent: ToyFrame[] = []
  answers = true
  now = T0
  #ids = 100

  constructor(habits: Partial<ToyHabits>, connectors = 1) {
    this.toy = makeToy('CP-1', connectors, habits)
  }

  tell(input: ToyInput): void {
    const inbox = [...tellToy(this.toy, input, this.now)]
    for (let frame = inbox.shift(); frame; frame = inbox.shift()) {
      this.sent.push(frame)
      if (frame[0] !== 2) {
        this.said.push('answer')
        continue
      }
      this.said.push(frame[2] === 'StatusNotification' ? String(frame[3]['status']) : frame[2])
      if (this.answers)
        inbox.push(...tellToy(this.toy, { type: 'frame', frame: [3, frame[1], this.#answer(frame[2])] }, this.now))
    }
  }

  order(action: string, payload: Payload): void {
    this.tell({ type: 'frame', frame: [2, `order-${action}`, action, payload] })
  }

  /** Lets time pass, waking the toy when it wants. */
  wait(seconds: number): void {
    const until = this.now + seconds * 1_000
    for (let wakes = wakesOf(this.toy); wakes <= until; wakes = wakesOf(this.toy)) {
      expect(wakes).toBeGreaterThan(this.now)
      this.now = wakes
      this.tell({ type: 'tick' })
    }
    this.now = until
  }

  since(mark: number): string[] {
    return this.said.slice(mark)
  }

  #answer(action: string): Payload {
    const idTagInfo = { status: 'Accepted' }
    if (action === 'BootNotification')
      return { status: 'Accepted', interval: 300, currentTime: new Date(this.now).toISOString() }
    if (action === 'StartTransaction') return { transactionId: ++this.#ids, idTagInfo }
    return action === 'Authorize' ? { idTagInfo } : {}
  }
}

const START = { connectorId: 1, idTag: 'AA' }

describe('a toy charge point', () => {
  it.each([
    ['plain', ['answer', 'Preparing', 'StartTransaction', 'Charging']],
    ['terse', ['answer', 'StartTransaction', 'Charging']],
    ['thorough', ['Authorize', 'answer', 'Preparing', 'StartTransaction', 'Charging']],
    ['eager', ['Preparing', 'answer', 'StartTransaction', 'Charging']],
    ['hasty', ['answer', 'Preparing', 'Charging', 'StartTransaction']],
  ] as const)('that is %s keeps its own message order from remote start to charging', (name, wanted) => {
    const yard = new Yard(TOY_PERSONALITIES[name])
    yard.tell({ type: 'connected' })
    const mark = yard.said.length
    yard.order('RemoteStartTransaction', START)
    yard.tell({ type: 'plug', connector: 1 })
    expect(yard.since(mark)).toEqual(wanted)
  })

  it('gives up waiting for the cable after its ConnectionTimeOut, and starts nothing then', () => {
    const yard = new Yard({ preparing: 'after-answer', connectionTimeout_s: 30 })
    yard.tell({ type: 'connected' })
    const mark = yard.said.length
    yard.order('RemoteStartTransaction', START)
    yard.wait(31)
    yard.tell({ type: 'plug', connector: 1 })
    expect(yard.since(mark)).toEqual(['answer', 'Preparing', 'Available', 'Preparing'])
  })

  it('meters what flows: 10 A for half an hour at 230 V are 1,150 Wh', () => {
    const yard = new Yard({ meterInterval_s: 60 })
    yard.tell({ type: 'connected' })
    yard.tell({ type: 'drive', connector: 1, amps: 10 })
    yard.tell({ type: 'plug', connector: 1 })
    yard.tell({ type: 'tap', connector: 1, idTag: 'CARD' })
    yard.wait(1_800)
    yard.tell({ type: 'unplug', connector: 1 })
    const stop = yard.sent.findLast((f) => f[0] === 2 && f[2] === 'StopTransaction')
    expect(stop?.[3]).toMatchObject({ meterStop: 2_150, reason: 'EVDisconnected', transactionId: 101 })
    expect(yard.said.filter((s) => s === 'MeterValues')).toHaveLength(30)
  })

  it('says SuspendedEV while the car takes nothing', () => {
    const yard = new Yard({})
    yard.tell({ type: 'connected' })
    yard.tell({ type: 'plug', connector: 1 })
    yard.tell({ type: 'tap', connector: 1, idTag: 'CARD' })
    const mark = yard.said.length
    yard.tell({ type: 'drive', connector: 1, amps: 0 })
    yard.tell({ type: 'drive', connector: 1, amps: 8 })
    expect(yard.since(mark)).toEqual(['SuspendedEV', 'Charging'])
  })

  it('keeps a transaction of an offline hour and replays it in order, each once, with the id that the start was given', () => {
    const yard = new Yard({ meterInterval_s: 600 })
    yard.tell({ type: 'connected' })
    yard.tell({ type: 'disconnected' })
    yard.tell({ type: 'plug', connector: 1 })
    yard.tell({ type: 'tap', connector: 1, idTag: 'CARD' })
    yard.wait(3_600)
    yard.tell({ type: 'unplug', connector: 1 })
    expect(yard.said.filter((s) => s === 'StartTransaction')).toEqual([])
    const mark = yard.sent.length
    yard.tell({ type: 'connected' })
    const replayed = yard.sent.slice(mark).filter((f): f is ToyFrame & { 0: 2 } => f[0] === 2)
    expect(replayed.map((f) => f[2])).toEqual([
      'StartTransaction',
      ...Array.from({ length: 6 }, () => 'MeterValues'),
      'StopTransaction',
    ])
    expect(replayed.slice(1).every((f) => f[3]?.['transactionId'] === 101)).toBe(true)
    expect(replayed[0]?.[3]).toMatchObject({ timestamp: new Date(T0).toISOString() })
  })

  it('sends an unanswered StartTransaction again under a new message id and with the old content', () => {
    const yard = new Yard({ callTimeout_s: 5 })
    yard.tell({ type: 'connected' })
    yard.tell({ type: 'plug', connector: 1 })
    yard.answers = false
    yard.tell({ type: 'tap', connector: 1, idTag: 'CARD' })
    yard.tell({ type: 'frame', frame: [3, yard.sent.at(-1)?.[1] ?? '', { idTagInfo: { status: 'Accepted' } }] })
    yard.wait(11)
    const starts = yard.sent.filter((f) => f[0] === 2 && f[2] === 'StartTransaction')
    expect(starts).toHaveLength(3)
    expect(new Set(starts.map((f) => f[1])).size).toBe(3)
    expect(new Set(starts.map((f) => JSON.stringify(f[3]))).size).toBe(1)
  })

  it('that forgets says Available after a lost socket and never stops its transaction', () => {
    const yard = new Yard(TOY_PERSONALITIES.eager)
    yard.tell({ type: 'connected' })
    yard.tell({ type: 'plug', connector: 1 })
    yard.tell({ type: 'tap', connector: 1, idTag: 'CARD' })
    yard.tell({ type: 'disconnected' })
    const mark = yard.said.length
    yard.tell({ type: 'connected' })
    yard.wait(100)
    expect(yard.since(mark)).toEqual(['BootNotification', 'Available', 'Available'])
  })

  it('does the same twice: told the same at the same times, it sends the same', () => {
    const run = (): ToyFrame[] => {
      const yard = new Yard(TOY_PERSONALITIES.thorough, 2)
      yard.tell({ type: 'connected' })
      yard.order('RemoteStartTransaction', START)
      yard.tell({ type: 'plug', connector: 1 })
      yard.tell({ type: 'tap', connector: 2, idTag: 'CARD' })
      yard.wait(95)
      yard.order('RemoteStopTransaction', { transactionId: 101 })
      return yard.sent
    }
    expect(run()).toEqual(run())
    expect(run().length).toBeGreaterThan(15)
  })
})
