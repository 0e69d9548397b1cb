import fc from 'fast-check'
import { expect, test } from 'vitest'
import { ToySite } from '../../simulations/toy-site.ts'
import { RUNS } from './bay-run.ts'

// Law 10. Between two bays on one post a cable crosses easily; the wrong start is the wrong bill.

const SHARED = { chargePointId: 'CP-1', evse: 1 }
const options = {
  bays: [
    { bayId: 'bay-1', connectors: [SHARED, { chargePointId: 'CP-1', evse: 2 }] },
    { bayId: 'bay-2', connectors: [SHARED] },
  ],
}
const PLATES = ['AB12CDE', 'XY98ZWV'] as const

const order = fc.shuffledSubarray([0, 1, 2, 3] as const, { minLength: 1, maxLength: 4 })

test('law 10: a plug that could belong to either of two waiting visits starts nothing unattended', {
  timeout: 0,
}, async () => {
  await fc.assert(
    fc.asyncProperty(
      order,
      fc.integer({ min: 0, max: 4000 }),
      fc.constantFrom('Preparing', 'Charging', 'Preparing'),
      async (steps, gap_ms, word) => {
        const site = await new ToySite(options).open()
        await site.registers(PLATES[0], 'acc-1')
        await site.registers(PLATES[1], 'acc-2')
        const arrived = new Set<string>()
        let plugged = false
        for (const step of steps) {
          if (step < 2) {
            const bayId = `bay-${step + 1}`
            for (let i = 0; i < 2; i++) {
              await site.camera('cam-1', { plates: [{ bayId, plate: PLATES[step as 0 | 1] }] })
              await site.pass(100)
            }
            arrived.add(bayId)
          } else {
            const both = arrived.size === 2 && !plugged
            const before = site.starts().length
            await site.hear({
              type: 'status',
              chargePointId: 'CP-1',
              evse: 1,
              status: word,
              errorCode: null,
              happenedAt: null,
            })
            await site.pass(gap_ms)
            plugged = true
            if (both) expect(site.starts().length).toBe(before)
          }
        }
        // A start that did go out was for the one visit that could be meant, and its token pays only there.
        for (const start of site.starts()) {
          const made = site.keys.findStart(start.idToken as string)
          const bayId = made?.visitId.replace(/-\d+$/, '') as string
          expect(site.bay(bayId)?.visit?.payer?.accountId).toBe(bayId === 'bay-1' ? 'acc-1' : 'acc-2')
        }
        expect(site.starts().filter((start) => start.evse === 1).length).toBeLessThanOrEqual(1)
      },
    ),
    { numRuns: RUNS },
  )
})
