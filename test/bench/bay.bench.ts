import { createActor } from 'xstate'
import { BayHost } from '../../actors/bay-actor.ts'
import { bay as machine } from '../../machines/bay.ts'
import type { Draft, FactRecord } from '../../machines/record.ts'
import { type BaySnapshot, eventOf, opened, step } from '../../machines/step.ts'
import { best, fresh, timed, visits } from './bay-visits.ts'

/** One line of `npm run bench`. */
export type BenchLine = {
  readonly name: string
  readonly value: string | number
  readonly note?: string | undefined
}

/** Bay steps against plain `actor.send`, replay, and memory per live bay. */
export function bayBench(): BenchLine[] {
  const events = [...visits(400)]
  const plain = (): number => {
    const list = fresh(events)
    const actor = createActor(machine, { input: { bayId: 'bay-1' } }).start()
    const s = timed(() => {
      for (const event of list) actor.send(event)
    })
    actor.stop()
    return s
  }
  const sourced = (): number => {
    const list = fresh(events)
    const host = new BayHost('bay-1')
    return timed(() => {
      for (const event of list) host.tell(event)
    })
  }
  const drafts: Draft[] = []
  let snapshot: BaySnapshot = opened('bay-1')
  for (const event of fresh(events)) {
    const made = step(snapshot, event)
    snapshot = made.snapshot
    drafts.push(JSON.parse(JSON.stringify(made.draft)) as Draft)
  }
  const replay = (): number =>
    timed(() => {
      let state = opened('bay-1')
      for (const draft of drafts) state = step(state, eventOf(draft)).snapshot
    })
  plain()
  sourced()
  const [send, told, replayed] = [best(5, plain), best(5, sourced), best(5, replay)]
  const locked = drafts.filter((draft) => draft.state === 'charging-locked').length
  return [
    {
      name: 'bay steps, event-sourced : plain actor.send',
      value: (send / told).toFixed(2),
      note: `${Math.round(events.length / told)} against ${Math.round(events.length / send)} events per CPU-second; bar 0.85`,
    },
    {
      name: 'replayed bay records per CPU-second',
      value: String(Math.round(drafts.length / replayed)),
      note: `${locked} of ${drafts.length} while locked`,
    },
    {
      name: 'bytes of one record, canonical JSON without personal',
      value: String(Math.round(drafts.reduce((sum, draft) => sum + JSON.stringify(draft).length, 0) / drafts.length)),
    },
    { name: 'bytes per live bay, 10,000 bays', value: String(bytesPerBay(10_000)) },
  ]
}

function bytesPerBay(count: number): number {
  const collect = (globalThis as { gc?: () => void }).gc ?? (() => {})
  collect()
  const before = process.memoryUsage().heapUsed
  const hosts = Array.from({ length: count }, (_, index) => {
    const host = new BayHost(`bay-${index}`)
    let version = 0
    for (const event of visits(0)) {
      const draft = host.tell({ ...event, version: ++version })
      host.committedNext({ ...draft, seq: version } as unknown as FactRecord)
    }
    return host
  })
  collect()
  const after = process.memoryUsage().heapUsed
  return hosts.length === 0 ? 0 : Math.round((after - before) / count)
}
