import type { Handle } from './events.ts'

/** Two sources disagree. Of a second plate: its vehicle, the question that the register was asked of it, and who pays for that one. */
export type Contradiction = {
  readonly kind: 'camera-empty' | 'other-plate'
  readonly since: number
  readonly handle: Handle | null
  /** People were told. */
  readonly shown: boolean
  readonly ask: string | null
  readonly accountId: string | null
}
