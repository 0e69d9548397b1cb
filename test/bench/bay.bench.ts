import { createActor } from 'xstate'
import { BayHost } from '../../actors/bay-actor.ts'
import { bay as machine } from '../../machines/bay.ts'
import type { Draft, FactRecord } from '../../machines/record.ts'
import { type BaySnapshot, eventOf, opened, step } from '../../machines/step.ts'
import { best, fresh, timed, visits } from './bay-visits.ts'
import { atLeast, type Figure, rates } from './figure-table.ts'

/** Bay steps and replay against plain `actor.send`, a record against what was told, and a live bay against a bare actor. */
export function bayBench(): Figure[] {
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
  const mean = (of: (draft: Draft) => unknown): number =>
    Math.round(drafts.reduce((sum, draft) => sum + JSON.stringify(of(draft)).length, 0) / drafts.length)
  const [record, cause] = [mean((draft) => draft), mean((draft) => draft.cause)]
  const [live, actor] = [bytesEach(10_000, liveBay), bytesEach(10_000, bareActor)]
  return [
    {
      name: 'bay steps, event-sourced, events per CPU-second',
      ...rates(events.length / told, events.length / send),
      note: 'floor: plain actor.send',
      ...atLeast(0.75, send / told),
    },
    {
      name: 'bay records replayed per CPU-second',
      ...rates(drafts.length / replayed, events.length / send),
      note: `floor: the same; ${locked} of ${drafts.length} while locked`,
    },
    { name: 'bytes of one record', value: record, floor: cause, ratio: record / cause, note: 'floor: what was told' },
    {
      name: 'bytes of a live bay, of 10,000',
      value: live,
      floor: actor,
      ratio: live / actor,
      note: 'floor: an actor that heard nothing',
    },
  ]
}

const collect = (): void => (globalThis as { gc?: () => void }).gc?.()

/** Heap that each of so many keeps, bytes. */
function bytesEach(count: number, make: (index: number) => object): number {
  collect()
  const before = process.memoryUsage().heapUsed
  const all = Array.from({ length: count }, (_, index) => make(index))
  collect()
  const after = process.memoryUsage().heapUsed
  return Math.round((after - before) / all.length)
}

const bareActor = (index: number): object => createActor(machine, { input: { bayId: `bay-${index}` } }).start()

/** A bay that has adopted what its site file says. */
function liveBay(index: number): object {
  const host = new BayHost(`bay-${index}`)
  let version = 0
  for (const event of visits(0)) {
    const draft = host.tell({ ...event, version: ++version })
    host.committedNext({ ...draft, seq: version } as unknown as FactRecord)
  }
  return host
}
