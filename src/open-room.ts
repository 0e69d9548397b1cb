import { mkdirSync } from 'node:fs'
import { dirname } from 'node:path'
import type { Clock } from '../actors/ports.ts'
import { Fault } from '../machines/faults.ts'
import { systemChance } from './chance.ts'
import { adoptMachines } from './journal/adopted-machines.ts'
import { ownCheckpoints } from './journal/checkpoint-desk.ts'
import { Checkpointer } from './journal/checkpointer.ts'
import { openSiteJournal } from './journal/site-store.ts'
import { openKeyStore } from './privacy/key-store.ts'
import { Room } from './room.ts'
import type { Log } from './room-parts.ts'
import type { SiteFile } from './site-file.ts'
import { berthVersion } from './version.ts'
import { openViews } from './views/site-views.ts'

/** Opens the store as its owner and rebuilds the site from it; nothing runs until `site.start`. `restored`: the store is an older copy, and whoever starts it knows. Throws Fault STORE_OWNED, KEY_UNAVAILABLE, STORE_CORRUPT. */
export async function openRoom(
  file: SiteFile,
  clock: Clock,
  log: Log,
  env: NodeJS.ProcessEnv,
  { restored = false } = {},
): Promise<Room> {
  const siteId = file.site.id
  makeFolder(file.store.path)
  const keys = openKeyStore({ path: `${file.store.path}.keys`, siteId, clock, chance: systemChance, env })
  try {
    const journal = await openSiteJournal(file.store, { siteId, clock, keys, ...(restored ? { restored: log } : {}) })
    const views = await openViews(`${file.store.path}.views`, journal, log)
    const room = new Room({ file, clock, log, journal, keys, views })
    room.downSince = await room.site.rebuild()
    const about = { machine: room.desk.machine, berth: berthVersion() }
    await adoptMachines(journal, room.site, file.store.path, about)
    signCheckpoints(room, clock, log)
    return room
  } catch (fault) {
    keys.close()
    throw fault
  }
}

/** Checkpoints are signed from now on, and a last one when the room closes. */
function signCheckpoints({ file, journal, keys, desk, closing }: Room, clock: Clock, log: Log): void {
  const siteId = file.site.id
  const checkpointer = new Checkpointer({
    storePath: file.store.path,
    siteId,
    rule: file.checkpoints,
    clock,
    head: () => journal.head(),
    signer: () => keys.signer(),
    log,
  })
  desk.ownCheckpoints = () => ownCheckpoints(siteId, checkpointer)
  closing.push(() => checkpointer.close())
  checkpointer.begin()
}

/** The folder of a store, where it is not there yet. */
function makeFolder(store: string): void {
  try {
    mkdirSync(dirname(store), { recursive: true })
  } catch (cause) {
    const says = `The folder of the store ${store} cannot be made; make it, or name another place in \`store.path\`.`
    throw new Fault('STORE_UNWRITABLE', {}, { cause, says })
  }
}
