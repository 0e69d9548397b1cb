import type { Checkpoint } from './checkpoint.ts'
import type { Checkpointer } from './checkpointer.ts'
import type { ReceivedCheckpoints } from './received-checkpoints.ts'

/** How this site's own checkpoints stand. `key` is null until the first was signed. */
export type OwnCheckpoints = {
  readonly siteId: string
  readonly key: string | null
  readonly newest: Checkpoint | null
  /** Receivers: seq of the newest checkpoint that each has taken, and how many it has not. */
  readonly to: readonly { readonly name: string; readonly delivered: number; readonly behind: number }[]
}

/** Checkpoints as servers see them. */
export interface CheckpointDesk {
  own(): OwnCheckpoints
  readonly received: Pick<ReceivedCheckpoints, 'sites' | 'take'>
}

/** Where no checkpoints are signed: a recording. */
export const noCheckpoints = (siteId: string): OwnCheckpoints => ({ siteId, key: null, newest: null, to: [] })

/** The running checkpointer's own. */
export const ownCheckpoints = (siteId: string, { newest, couriers }: Checkpointer): OwnCheckpoints => ({
  siteId,
  key: newest?.key ?? null,
  newest,
  to: couriers.map(({ name, delivered, behind }) => ({ name, delivered, behind })),
})
