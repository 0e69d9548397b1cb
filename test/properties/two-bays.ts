import { ok } from 'node:assert/strict'
import { fold } from '../../machines/plate.ts'
import { ToySite, type ToySiteOptions } from '../../simulations/toy-site.ts'
import { fc } from '../seeded-check.ts'

/** Two bays side by side, each with its own charge point, two vehicles of two accounts, told anything in any order. */

export const BOTH = ['bay-1', 'bay-2'] as const
export const PLATES = ['AB12CDE', 'XY98ZWV'] as const
const OPTIONS: ToySiteOptions = {
  bays: BOTH.map((bayId, index) => ({ bayId, connectors: [{ chargePointId: `CP-${index + 1}`, evse: 1 }] })),
}

/** One thing that happens on the site. */
export type SiteMove =
  | { readonly kind: 'reads'; readonly bay: 0 | 1; readonly plate: string; readonly frames: number }
  | { readonly kind: 'empty' | 'start' | 'end' | 'plug' | 'away' | 'back'; readonly bay: 0 | 1 }
  | { readonly kind: 'pass'; readonly ms: number }
  | { readonly kind: 'crash' }

const bay = fc.constantFrom(0 as const, 1 as const)
const reads = fc.record({
  kind: fc.constant('reads' as const),
  bay,
  plate: fc.constantFrom('AB12CDE', 'AB12CDE', 'XY98ZWV'),
  frames: fc.integer({ min: 1, max: 3 }),
})
const atBay = fc.record({
  kind: fc.constantFrom(
    ...(['empty', 'empty', 'start', 'start', 'end', 'end', 'plug', 'plug', 'away', 'back'] as const),
  ),
  bay,
})
const pass = fc.record({ kind: fc.constant('pass' as const), ms: fc.constantFrom(500, 5000, 31_000, 310_000) })

export const siteMoves: fc.Arbitrary<SiteMove[]> = fc.array(
  fc.oneof(
    { weight: 6, arbitrary: reads },
    { weight: 6, arbitrary: atBay },
    { weight: 3, arbitrary: pass },
    { weight: 1, arbitrary: fc.record({ kind: fc.constant('crash' as const) }) },
  ),
  { minLength: 4, maxLength: 14 },
)

/** The handle under which the site knows a plate. */
export const handleOf = (site: ToySite, plate: string): string => site.keys.findVehicle(fold(plate)) ?? ''

async function move(site: ToySite, told: SiteMove, running: Map<string, string>): Promise<ToySite> {
  if (told.kind === 'crash') return site.crash()
  if (told.kind === 'pass') await site.pass(told.ms)
  else if (told.kind === 'reads') await read(site, told)
  else await atChargePoint(site, told, running)
  return site
}

async function read(site: ToySite, told: Extract<SiteMove, { kind: 'reads' }>): Promise<void> {
  for (let frame = 0; frame < told.frames; frame += 1) {
    await site.camera('cam-1', { plates: [{ bayId: BOTH[told.bay], plate: told.plate }] })
    await site.pass(200)
  }
}

async function atChargePoint(
  site: ToySite,
  told: Extract<SiteMove, { bay: 0 | 1 }>,
  running: Map<string, string>,
): Promise<void> {
  const bayId = BOTH[told.bay]
  const chargePointId = `CP-${told.bay + 1}`
  const says = (status: string) =>
    site.hear({ type: 'status', chargePointId, evse: 1, status, errorCode: null, happenedAt: null })
  switch (told.kind) {
    case 'empty': {
      const occupied = BOTH.filter((other) => other !== bayId && site.bay(other)?.here.presence === 'occupied')
      for (let picture = 0; picture < 3; picture += 1) await site.camera('cam-1', { occupied })
      return
    }
    case 'away':
    case 'back':
      await site.hear({ type: told.kind === 'away' ? 'offline' : 'online', chargePointId })
      return
    case 'plug':
      await says('Preparing')
      return
    case 'start': {
      const idToken = site.starts().findLast((start) => start.chargePointId === chargePointId)?.idToken ?? 'UNKNOWN'
      const happenedAt = site.clock.now()
      const answer = await site.hear({ type: 'started', chargePointId, evse: 1, idToken, register_Wh: 0, happenedAt })
      if (answer.transactionId) running.set(bayId, answer.transactionId)
      return
    }
    default: {
      const transactionId = running.get(bayId) ?? '-1'
      const ended = { type: 'ended' as const, chargePointId, transactionId, idToken: null, register_Wh: 100 }
      await site.hear({ ...ended, reason: 'Local', happenedAt: null, samples: [] })
      await says('Available')
    }
  }
}

/** Lives such a story; `breach` looks after every move and says what broke, or null. */
export const onTwoBays = (breach: (site: ToySite) => string | null): fc.IRawProperty<unknown> =>
  fc.asyncProperty(siteMoves, async (story) => {
    let site = await new ToySite(OPTIONS).open()
    await site.registers(PLATES[0], 'acc-1')
    await site.registers(PLATES[1], 'acc-2')
    const running = new Map<string, string>()
    for (const told of story) {
      site = await move(site, told, running)
      await site.clock.settle()
      const broken = breach(site)
      ok(broken === null, broken ?? '')
    }
  }) as fc.IRawProperty<unknown>
