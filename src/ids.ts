import { randomBytes } from 'node:crypto'
import type { Ids } from '../actors/ports.ts'

/** New names, `visit-` and 80 random bits: unique without a counter that a restart would have to remember. */
export const randomIds: Ids = { next: (kind) => `${kind}-${randomBytes(10).toString('hex')}` }
