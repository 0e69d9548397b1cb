import type { PictureAnswer } from '../../actors/ports.ts'
import type { ReaderZone } from '../../actors/reader-zone.ts'
import { Fault, type FaultCode } from '../../machines/faults.ts'
import { answerPicture } from './picture-answer.ts'
import { warmUp } from './plate-eye.ts'
import { loadTextModels } from './text-models.ts'

// The process that opens pictures: whatever a hostile picture does to it, the site goes on without it. It keeps nothing.

/** What the pool sends: one picture to read. */
export type ReaderOrder = {
  readonly id: number
  readonly picture: Uint8Array
  readonly zones: { readonly [zoneId: string]: ReaderZone }
  /** Each plate's own small picture comes with its text. */
  readonly crops: boolean
}

/** What a child answers: that it is ready, a read with the processor time that it took, or why the picture could not be read. */
export type ReaderNews =
  | { readonly type: 'ready' }
  | { readonly type: 'answer'; readonly id: number; readonly answer: PictureAnswer; readonly cpu_ms: number }
  | { readonly type: 'fault'; readonly id: number; readonly code: FaultCode; readonly about: Record<string, unknown> }

const say = (news: ReaderNews): void => {
  process.send?.(news)
}

// The parent decides when a child ends: a signal to the whole group (Ctrl-C) must not look like a crash.
process.on('SIGINT', () => undefined)
process.on('SIGTERM', () => undefined)
process.on('disconnect', () => process.exit(0))

const models = await loadTextModels()
await warmUp(models)

process.on('message', (order: ReaderOrder) => {
  const from = process.cpuUsage()
  answerPicture(models, order.picture, order.zones, order.crops).then(
    (answer) => {
      const spent = process.cpuUsage(from)
      say({ type: 'answer', id: order.id, answer, cpu_ms: (spent.user + spent.system) / 1000 })
    },
    (error: unknown) => {
      // A fault is the picture's; anything else means that this process can no longer be trusted.
      if (!(error instanceof Fault)) throw error
      say({ type: 'fault', id: order.id, code: error.code, about: error.about })
    },
  )
})
say({ type: 'ready' })
