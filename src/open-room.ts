import { mkdirSync } from 'node:fs'
import { dirname } from 'node:path'
import type { Clock } from '../actors/ports.ts'
import { Fault } from '../machines/faults.ts'
import { systemChance } from './chance.ts'
import type { Seat } from './cluster/seat.ts'
import { adoptMachines } from './journal/adopted-machines.ts'
import { AppendPace } from './journal/append-pace.ts'
import { ownCheckpoints } from './journal/checkpoint-desk.ts'
import { checkpointsBeside } from './journal/checkpoint-file.ts'
import { Checkpointer } from './journal/checkpointer.ts'
import { openSiteJournal } from './journal/site-store.ts'
import { toldJournal } from './journal/told-journal.ts'
import { forkedFile } from './journal/trail-check.ts'
import { fileShelf } from './kept/kept-shelf.ts'
import { openPast } from './kept/open-past.ts'
import { ErasedCopies } from './privacy/erased-copies.ts'
import type { ErasedList } from './privacy/erased-list.ts'
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
  { restored = false, seat }: { readonly restored?: boolean; readonly seat?: Seat | undefined } = {},
): Promise<Room> {
  const siteId = file.site.id
  makeFolder(file.store.path)
  const copies = new ErasedCopies(file.checkpoints.to, log)
  const erasedElsewhere = await copies.read()
  const keys = openKeyStore({
    path: `${file.store.path}.keys`,
    siteId,
    clock,
    chance: systemChance,
    env,
    erasedElsewhere,
    ...(seat && { opened: seat.keysOpened }),
  })
  let opened: Room | null = null
  try {
    let isPutBack = false
    const putBack = (says: string): void => {
      isPutBack = true
      log(says)
    }
    const ground = {
      siteId,
      clock,
      keys,
      ...(restored ? { restored: putBack } : {}),
      ...(seat && { mayOwn: seat.mayOwn, lines: seat.lines }),
    }
    let made: Room | null = null
    const pace = new AppendPace((median_ms) => made?.troubles.storePace(median_ms))
    const journal = toldJournal(await openSiteJournal(file.store, ground), {
      altered: (fault) => made?.troubles.altered(fault),
      appended: (took_ms) => pace.took(took_ms),
      now: () => performance.now(),
    })
    if (seat) keys.settled = seat.owned(journal.epoch, keys.erasedList)
    const views = await openViews(`${file.store.path}.views`, journal, log)
    const shelf = seat?.shelf(journal.epoch) ?? fileShelf(`${file.store.path}.kept`)
    const make = (): Room => {
      made = new Room({ file, clock, log, journal, keys, views })
      return made
    }
    const room = await openPast({ make, file, journal, keys, shelf, clock, log, env })
    opened = room
    if (isPutBack && !hasNewer(keys.erasedList, room.downSince))
      room.troubles.listPutBack(`${file.store.path}.keys.erased`)
    copies.follow({ erasedList: keys.erasedList, mark: (text) => keys.mark(text) }, clock, room.closing)
    const about = { machine: room.desk.machine, berth: berthVersion() }
    await adoptMachines(room.memory.machines, room.site, file.store.path, about)
    signCheckpoints(room, clock, log)
    await compareTrails(room)
    return room
  } catch (fault) {
    // What goes on beside a room would keep the process, and on a node the site, for ever.
    await opened?.close().catch(() => {})
    keys.close()
    throw fault
  }
}

/** Checkpoints are signed from now on, and a last one when the room closes. */
function signCheckpoints({ file, journal, keys, desk, closing, troubles }: Room, clock: Clock, log: Log): void {
  const siteId = file.site.id
  // The site's own key stands from here on: who archives beside this process cannot make one.
  keys.signer()
  const checkpointer = new Checkpointer({
    storePath: file.store.path,
    siteId,
    rule: file.checkpoints,
    clock,
    head: () => journal.head(),
    signer: () => keys.signer(),
    log,
    forked: (of, says) => troubles.trail(of, says),
  })
  desk.ownCheckpoints = () => ownCheckpoints(siteId, checkpointer)
  closing.push(() => checkpointer.close())
  checkpointer.begin()
}

/** Whether somebody was erased after the newest record of the store: then the list was not put back with it. */
const hasNewer = ({ times }: ErasedList, downSince: number | null): boolean =>
  [...times.values()].some((time) => Date.parse(time) > (downSince ?? 0))

/** Checkpoints beside the store and in files elsewhere are held against it: one that was put back and written on is told. */
async function compareTrails({ file, journal, troubles }: Room): Promise<void> {
  const trail = { siteId: file.site.id, journal }
  const own = checkpointsBeside(file.store.path)
  const elsewhere = file.checkpoints.to.flatMap((one) => (one.kind === 'file' ? [one.path] : []))
  for (const path of [own, ...elsewhere]) troubles.trail(path, await forkedFile(trail, path))
}

/** The folder of a store, where it is not there yet. */
function makeFolder(store: string): void {
  try {
    mkdirSync(dirname(store), { recursive: true, mode: 0o700 })
  } catch (cause) {
    const says = `The folder of the store ${store} cannot be made; make it, or name another place in \`store.path\`.`
    throw new Fault('STORE_UNWRITABLE', {}, { cause, says })
  }
}
