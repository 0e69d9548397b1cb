import fc from 'fast-check'
import { expect, test } from 'vitest'
import { ToySite } from '../../simulations/toy-site.ts'
import { RUNS } from './bay-run.ts'

// Law 3. A cloned or misread plate must not let one account pay for two cars.

const BAYS = ['bay-1', 'bay-2'] as const
const options = {
  bays: BAYS.map((bayId, index) => ({ bayId, connectors: [{ chargePointId: `CP-${index + 1}`, evse: 1 }] })),
}

type Step =
  | { readonly kind: 'reads'; readonly bay: 0 | 1; readonly plate: string; readonly frames: number }
  | { readonly kind: 'empty' | 'start' | 'end' | 'plug'; readonly bay: 0 | 1 }
  | { readonly kind: 'pass'; readonly ms: number }
  | { readonly kind: 'crash' }

const bay = fc.constantFrom(0 as const, 1 as const)
const steps = fc.array(
  fc.oneof(
    {
      weight: 6,
      arbitrary: fc.record({
        kind: fc.constant('reads' as const),
        bay,
        plate: fc.constantFrom('AB12CDE', 'AB12CDE', 'XY98ZWV'),
        frames: fc.integer({ min: 1, max: 3 }),
      }),
    },
    {
      weight: 6,
      arbitrary: fc.record({
        kind: fc.constantFrom('empty' as const, 'start' as const, 'end' as const, 'plug' as const),
        bay,
      }),
    },
    {
      weight: 3,
      arbitrary: fc.record({ kind: fc.constant('pass' as const), ms: fc.constantFrom(500, 5000, 31_000, 310_000) }),
    },
    { weight: 1, arbitrary: fc.record({ kind: fc.constant('crash' as const) }) },
  ),
  { minLength: 4, maxLength: 14 },
)

/** Visits that this vehicle is held by: claims granted, and payers by plate. */
function holders(site: ToySite, handle: string): string[] {
  return BAYS.filter((bayId) => {
    const visit = site.bay(bayId)?.visit
    return visit?.claim?.handle === handle && visit.claim.state === 'granted'
  })
}

async function live(site: ToySite, step: Step, running: Map<string, string>): Promise<ToySite> {
  if (step.kind === 'crash') return site.crash()
  if (step.kind === 'pass') {
    await site.pass(step.ms)
    return site
  }
  const bayId = BAYS[step.bay]
  const chargePointId = `CP-${step.bay + 1}`
  if (step.kind === 'reads') {
    for (let i = 0; i < step.frames; i++) {
      await site.camera('cam-1', { plates: [{ bayId, plate: step.plate }] })
      await site.pass(200)
    }
  } else if (step.kind === 'empty') {
    for (let i = 0; i < 3; i++)
      await site.camera('cam-1', {
        occupied: BAYS.filter((other) => other !== bayId && site.bay(other)?.here.presence === 'occupied'),
      })
  } else if (step.kind === 'plug') {
    await site.hear({ type: 'status', chargePointId, evse: 1, status: 'Preparing', errorCode: null, happenedAt: null })
  } else if (step.kind === 'start') {
    const idToken = site.starts().findLast((start) => start.chargePointId === chargePointId)?.idToken ?? 'UNKNOWN'
    const answer = await site.hear({
      type: 'started',
      chargePointId,
      evse: 1,
      idToken,
      register_Wh: 0,
      happenedAt: site.clock.now(),
    })
    if (answer.transactionId) running.set(bayId, answer.transactionId)
  } else {
    await site.hear({
      type: 'ended',
      chargePointId,
      transactionId: running.get(bayId) ?? '-1',
      idToken: null,
      register_Wh: 100,
      reason: 'Local',
      happenedAt: null,
      samples: [],
    })
    await site.hear({ type: 'status', chargePointId, evse: 1, status: 'Available', errorCode: null, happenedAt: null })
  }
  return site
}

test('law 3: whatever is read where, one vehicle is held by at most one live visit', { timeout: 0 }, async () => {
  await fc.assert(
    fc.asyncProperty(steps, async (story) => {
      let site = await new ToySite(options).open()
      await site.registers('AB12CDE', 'acc-1')
      await site.registers('XY98ZWV', 'acc-2')
      const running = new Map<string, string>()
      for (const step of story) {
        site = await live(site, step, running)
        await site.clock.settle()
        for (const plate of ['AB12CDE', 'XY98ZWV'])
          expect(
            holders(
              site,
              site.keys.findVehicle(
                plate.replace(/[BDZS]/g, (c) => ({ B: '8', D: '0', Z: '2', S: '5' })[c] as string),
              ) ?? '',
            ).length,
          ).toBeLessThanOrEqual(1)
        const payers = BAYS.map((bayId) => site.bay(bayId)?.visit?.payer)
          .filter((payer) => payer?.rank === 'plate')
          .map((payer) => payer?.handle)
        expect(new Set(payers).size).toBe(payers.length)
      }
    }),
    { numRuns: RUNS },
  )
})
