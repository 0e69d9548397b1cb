import type { PictureAnswer } from '../../actors/ports.ts'
import type { ReaderZone } from '../../actors/reader-zone.ts'
import { Fault, type FaultCode } from '../../machines/faults.ts'
import { answerPicture } from './picture-answer.ts'
import { warmUp } from './plate-eye.ts'
import { DEFAULT_PLAN, type ReaderPlan } from './reader-plan.ts'
import { UnfitModel } from './supplied-model.ts'
import { loadTextModels, type TextModels } from './text-models.ts'

// The process that opens pictures: whatever a hostile picture does to it, the site goes on without it. It keeps nothing.

/** What the pool sends: one picture to read. */
export type ReaderOrder = {
  readonly id: number
  readonly picture: Uint8Array
  readonly zones: { readonly [zoneId: string]: ReaderZone }
  /** Each plate's own small picture comes with its text. */
  readonly crops: boolean
}

/** What a child answers: that it is ready, or that a model of the site's own is unfit, a read with the processor time that it took, or why the picture could not be read. */
export type ReaderNews =
  | { readonly type: 'ready' }
  | { readonly type: 'unfit'; readonly says: string }
  | { readonly type: 'answer'; readonly id: number; readonly answer: PictureAnswer; readonly cpu_ms: number }
  | { readonly type: 'fault'; readonly id: number; readonly code: FaultCode; readonly about: Record<string, unknown> }

const say = (news: ReaderNews): void => {
  process.send?.(news)
}

// The parent decides when a child ends: a signal to the whole group (Ctrl-C) must not look like a crash.
process.on('SIGINT', () => undefined)
process.on('SIGTERM', () => undefined)
process.on('disconnect', () => process.exit(0))

const models = await loadTextModels(planOf(process.argv[2])).catch((cause: unknown) => {
  if (!(cause instanceof UnfitModel)) throw cause
  say({ type: 'unfit', says: cause.message })
  return null
})
if (models !== null) await attend(models)

/** The plan that the pool hands over; the default where there is none. */
function planOf(text: string | undefined): ReaderPlan {
  return text === undefined ? DEFAULT_PLAN : (JSON.parse(text) as ReaderPlan)
}

async function attend(loaded: TextModels): Promise<void> {
  await warmUp(loaded)
  process.on('message', (order: ReaderOrder) => {
    const from = process.cpuUsage()
    answerPicture(loaded, order.picture, order.zones, order.crops).then(
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
}
