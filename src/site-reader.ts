import type { Clock, PlateReader } from '../actors/ports.ts'
import { readNeed } from './read-need.ts'
import type { Room } from './room.ts'
import type { Log } from './room-parts.ts'
import { openReader, type ReaderPool } from './vision/reader.ts'
import { type SteadyReader, steadyReader } from './vision/steady-reader.ts'

/** A site's plate reader: it keeps crops for reviews, and spares what looks as it did by what each bay needs. `loaded` settles with its models. */
export function openSiteReader(
  room: Room,
  clock: Clock,
  log: Log,
  open: typeof openReader = openReader,
): { readonly reader: SteadyReader; readonly loaded: Promise<unknown> } {
  const { loaded, ...pool } = loadReader(room, log, open)
  const reader = steadyReader(
    room.reviews.evidence.watching(pool),
    () => performance.now(),
    (bayId) => readNeed(room.site.bay(bayId) ?? null, clock.now()),
  )
  return { reader, loaded }
}

/** A reader that loads beside everything else: pictures wait for it, and the site says that it is missing meanwhile. One that does not start is tried again. */
function loadReader(
  room: Room,
  log: Log,
  make: typeof openReader,
): PlateReader & { readonly loaded: Promise<unknown> } {
  let retry: NodeJS.Timeout | null = null
  const open = (): Promise<ReaderPool> => {
    const opening = openRecorded(room, make)
    room.readerLacks = 'plate reader: its models are loading'
    opening.then(
      () => {
        room.readerLacks = null
      },
      (fault: unknown) => {
        room.readerLacks = 'plate reader: it does not start'
        log(
          `Pictures are not read, berth tries again in a minute: ${fault instanceof Error ? fault.message : String(fault)}`,
        )
        retry = setTimeout(() => {
          pool = open()
        }, READER_RETRY_ms)
      },
    )
    return opening
  }
  let pool = open()
  return {
    loaded: pool,
    async read(picture, zones) {
      const answer = await (await pool).read(picture, zones)
      room.troubles.readerReads()
      return answer
    },
    async close() {
      if (retry) clearTimeout(retry)
      await (await pool).close()
    },
  }
}

/** A reader whose models stand in the journal before its first read. */
async function openRecorded(room: Room, make: typeof openReader): Promise<ReaderPool> {
  const plan = room.file.reader
  await room.senses.reader.adopt(plan)
  return make({
    // A read waits for a core when the machine is swamped; replacing its child then would only make it wait again.
    deadline_ms: 20_000,
    crops: true,
    plan,
    onFault: (fault) => room.troubles.readerFailed(fault),
  })
}

const READER_RETRY_ms = 60_000
