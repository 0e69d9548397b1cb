import { deserialize, serialize } from 'node:v8'
import type { Clock, Journal } from '../../../actors/ports.ts'
import type { Draft, FactRecord } from '../../../machines/record.ts'
import { openMemoryJournal } from '../../../src/journal/memory.ts'
import type { KeptState } from '../../../src/kept/kept-state.ts'
import { takeKept } from '../../../src/kept/room-rebuild.ts'
import type { KeyStore } from '../../../src/privacy/key-store.ts'
import { openMemoryKeys } from '../../../src/privacy/key-store.ts'
import { Room } from '../../../src/room.ts'
import { checkSiteFile, type SiteFile } from '../../../src/site-file.ts'
import { heldViews } from '../../../src/views/site-views.ts'
import { siteText } from '../../bench/long-site.ts'

/** Later than every past: nothing is held back, and nothing becomes due. */
const clock: Clock = { now: () => Date.parse('2030-01-01T00:00:00.000Z'), after: () => () => {} }

/** A site with a past, of which rooms can be made in both ways. */
export type PastSite = {
  readonly journal: Journal
  readonly keys: KeyStore
  readonly file: SiteFile
  /** A room that lived its journal up to the record `until`. */
  lived(until?: number): Promise<Room>
  /** A room that took back what one remembered after the record `cut`, and lived the rest. */
  resumed(cut: number, until?: number): Promise<Room>
  /** The same, taken back and kept anew after every so many records. */
  resumedAtEach(step: number): Promise<Room>
}

/** Opens a site over these records, plates and all. */
export async function pastSite(past: readonly Draft[], more: object = {}): Promise<PastSite> {
  const bays = [...new Set(past.flatMap(({ bayId }) => bayId ?? []))].toSorted()
  // The last of several bays is one that the site file names no more.
  if (bays.length > 3) bays.pop()
  const { site: file, errors } = checkSiteFile(siteText(bays, '/nowhere/site.db', more), '/nowhere/site.yaml')
  if (!file) throw new Error(JSON.stringify(errors))
  const siteId = file.site.id
  let made = 0
  const chance = { hex: (length: number) => (made++).toString(16).toUpperCase().padStart(length, '0') }
  const keys = openMemoryKeys({ siteId, clock, chance })
  const journal = openMemoryJournal({ siteId, clock, keys })
  await journal.append(past)
  const open = (until: number): Room => {
    const upTo: Journal = {
      ...journal,
      readSite: (after = 0, limit = 1_000) => journal.readSite(after, Math.max(0, Math.min(limit, until - after))),
    }
    return new Room({ file, clock, log: () => {}, journal: upTo, keys, views: heldViews(upTo) })
  }
  const lived = async (until = past.length): Promise<Room> => {
    const room = open(until)
    room.downSince = await room.site.rebuild()
    return room
  }
  const linkAt = async (seq: number) => ({ seq, hash: ((await journal.readSite(seq - 1, 1))[0] as FactRecord).hash })
  const after = async (before: Room, cut: number, until: number): Promise<Room> => {
    const kept: KeptState = { link: await linkAt(cut), said: deserialize(serialize(before.memory.say())) }
    const room = open(until)
    takeKept(room, kept)
    room.downSince = await room.site.rebuild(kept.link)
    return room
  }
  return {
    ...{ journal, keys, file, lived },
    resumed: async (cut, until = past.length) => after(await lived(cut), cut, until),
    async resumedAtEach(step) {
      let room = await lived(step)
      for (let cut = step; cut < past.length; cut += step)
        room = await after(room, cut, Math.min(past.length, cut + step))
      return room
    },
  }
}

/** What a room says that it remembers, with sealed texts open: each sealing gives other bytes. */
export function remembered(room: Room): unknown {
  const said = deserialize(serialize(room.memory.say()))
  for (const name of ['vehicles', 'cards', 'names', 'objections', 'plates'])
    said.desk[name] = said.desk[name].map(([subject, sealed]: [string, string]) => [
      subject,
      room.keys.open(subject, sealed),
    ])
  return said
}
