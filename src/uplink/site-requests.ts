import type { Clock } from '../../actors/ports.ts'
import type { Room } from '../room.ts'
import type { RequestTable } from './link-request.ts'

/** All that a running site does for its centre, one entry a kind. */
export const siteRequests = (_room: Room, _clock: Clock): RequestTable => ({})
