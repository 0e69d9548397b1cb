import type { Clock } from '../../actors/ports.ts'
import type { Looked } from '../cameras/site-line.ts'
import { randomIds } from '../ids.ts'
import type { Room } from '../room.ts'
import type { ZoneServing } from '../server/zone-routes.ts'
import { ZoneDesk } from './zone-desk.ts'
import { type KeepFile, keepHere } from './zone-file.ts'
import { ZoneTrials } from './zone-trials.ts'

/** Where the zones of a running site are drawn, tried and published, over its cameras’ pictures. */
export function openDrawing(
  room: Room,
  looked: Looked,
  clock: Clock,
  { env, keep = keepHere }: { readonly env: NodeJS.ProcessEnv; readonly keep?: KeepFile | undefined },
): ZoneServing {
  const { file, journal, site, senses } = room
  const trials: ZoneTrials = new ZoneTrials({
    clock,
    journal,
    desk: () => desk,
    timezone: file.site.timezone,
    hasNoReader: file.secondReader === null,
  })
  const desk = new ZoneDesk({
    path: file.path,
    file,
    env,
    keep,
    ids: randomIds,
    journal,
    site,
    zones: senses.zones,
    health: senses.health,
    second: room.desk.second,
    tried: trials.tried,
  })
  room.desk.orders.draws(desk)
  // What an order that was cut off wrote into the site file is taken back before anybody else opens it.
  room.closing.push(
    async () => trials.stop(),
    () => desk.settled(),
  )
  const { pictures, vehicles } = looked
  return { desk, trials, pictures, vehicles, zones: senses.zones }
}
