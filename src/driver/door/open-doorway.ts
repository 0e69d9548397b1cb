import type { Clock } from '../../../actors/ports.ts'
import type { Room } from '../../room.ts'
import { Doorway } from './doorway.ts'

/** What drivers may do here, by whichever way they come. */
export function openDoorway({ desk, keys, words, file, site }: Room, clock: Clock): Doorway {
  const { payment, http } = file
  const { publicUrl } = http
  const alarms = desk.siteAlarms
  return new Doorway({ desk, keys, scribe: site, clock, book: words.doors, alarms, payment, publicUrl })
}
