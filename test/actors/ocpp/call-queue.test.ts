import { expect, it } from 'vitest'
import { CallQueue, type OutboundCall } from '../../../actors/ocpp/call-queue.ts'
import { OcppCounters } from '../../../actors/ocpp/ocpp-counters.ts'
import type { Clock } from '../../../actors/ports.ts'
import { faultOf } from '../../contracts/ocpp-stage.ts'
import { fc } from '../../seeded-check.ts'

/** A clock that goes when told. */
class HandClock implements Clock {
  #now = 0
  #timers: { at: number; run: () => void }[] = []

  now(): number {
    return this.#now
  }

  after(delay: number, run: () => void): () => void {
    const timer = { at: this.#now + delay, run }
    this.#timers.push(timer)
    return () => {
      this.#timers = this.#timers.filter((t) => t !== timer)
    }
  }

  async go(ms: number): Promise<void> {
    const until = this.#now + ms
    for (;;) {
      const due = this.#timers.filter((t) => t.at <= until).sort((a, b) => a.at - b.at)[0]
      if (!due) break
      this.#timers = this.#timers.filter((t) => t !== due)
      this.#now = Math.max(this.#now, due.at)
      due.run()
      await Promise.resolve()
    }
    this.#now = until
  }
}

type Placed = {
  readonly name: string
  readonly call: OutboundCall
  withdrawn: boolean
  sentAt: number[]
  settled: string | null
}
const ANSWER_MS = 30
const RANKS = ['stop', 'start', 'ask', 'config', 'tell'] as const

const step = fc.oneof(
  fc.record({
    do: fc.constant('place' as const),
    rank: fc.constantFrom(...RANKS),
    deadline: fc.integer({ min: -20, max: 100 }),
  }),
  fc.record({
    do: fc.constantFrom('connect' as const, 'open' as const, 'lose' as const, 'answer' as const, 'refuse' as const),
  }),
  fc.record({ do: fc.constant('withdraw' as const), which: fc.nat(20) }),
  fc.record({ do: fc.constant('wait' as const), ms: fc.integer({ min: 1, max: 40 }) }),
)

it('whatever happens: one call outstanding, each sent at most once, none after its deadline or withdrawal, stop first, and every promise ends', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(step, { maxLength: 60 }), async (steps) => {
      const clock = new HandClock()
      const queue = new CallQueue(clock, 'CP-1', new OcppCounters())
      const placed: Placed[] = []
      const broken: string[] = []
      let epoch = 0
      let opened = false
      let out: { placed: Placed; epoch: number; end: (how: 'answer' | 'lost') => void }[] = []
      const send =
        (from: number) =>
        (name: string): Promise<unknown> =>
          new Promise((resolve, reject) => {
            const one = placed.find((p) => p.name === name)
            if (!one) throw new Error('sent what was never placed')
            const waiting = placed.filter(
              (p) =>
                p !== one &&
                p.sentAt.length === 0 &&
                p.settled === null &&
                !p.withdrawn &&
                p.call.deadline > clock.now(),
            )
            const underWay = out.filter(
              (o) =>
                o.epoch === epoch && o.placed.settled === null && clock.now() < (o.placed.sentAt[0] ?? 0) + ANSWER_MS,
            )
            // Noted, not thrown: a throw in here would pass for a lost connection.
            if (from !== epoch) broken.push('sent on a former connection')
            if (!opened) broken.push('sent before the charge point has spoken')
            if (one.withdrawn) broken.push('sent though withdrawn')
            if (clock.now() > one.call.deadline) broken.push('sent after its deadline')
            if (one.sentAt.length > 0) broken.push('sent twice')
            if (underWay.length > 0) broken.push('two outstanding')
            if (waiting.some((w) => RANKS.indexOf(w.call.rank) < RANKS.indexOf(one.call.rank)))
              broken.push('a better rank waited')
            one.sentAt.push(clock.now())
            out.push({
              placed: one,
              epoch: from,
              end: (how) => (how === 'answer' ? resolve({ status: 'Accepted' }) : reject(new Error('lost'))),
            })
          })
      for (const s of steps) {
        if (s.do === 'place') {
          const name = `call-${placed.length}`
          const one: Placed = {
            name,
            withdrawn: false,
            sentAt: [],
            settled: null,
            call: {
              action: name,
              payload: {},
              rank: s.rank,
              deadline: clock.now() + s.deadline,
              answerWithin_ms: ANSWER_MS,
              waits: s.rank === 'start',
              withdrawn: () => one.withdrawn,
            },
          }
          placed.push(one)
          void faultOf(queue.place(one.call)).then((word) => {
            one.settled = word.startsWith('answered') ? 'answered' : word
          })
        } else if (s.do === 'connect') {
          epoch += 1
          opened = false
          queue.attach({ epoch, send: send(epoch) })
        } else if (s.do === 'open') {
          opened = true
          queue.open(epoch)
        } else if (s.do === 'lose') queue.detach(epoch)
        else if (s.do === 'withdraw') {
          const one = placed[s.which]
          if (one && one.sentAt.length === 0) one.withdrawn = true
        } else if (s.do === 'wait') await clock.go(s.ms)
        else {
          out[0]?.end(s.do === 'answer' ? 'answer' : 'lost')
          out = out.slice(1)
        }
        for (let i = 0; i < 12; i++) await Promise.resolve()
      }
      await clock.go(1_000)
      for (let i = 0; i < 20; i++) await Promise.resolve()
      expect(broken).toEqual([])
      for (const one of placed) {
        expect(one.settled, one.name).not.toBeNull()
        expect(one.sentAt.length).toBeLessThanOrEqual(1)
        if (one.settled === 'CHARGE_POINT_OFFLINE' || one.settled === 'CALL_CANCELLED')
          expect(one.sentAt, `${one.settled} means never sent`).toEqual([])
        if (one.settled === 'CHARGE_POINT_SILENT' || one.settled === 'answered') expect(one.sentAt).toHaveLength(1)
      }
    }),
    { numRuns: 500 },
  )
})
