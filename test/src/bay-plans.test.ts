import { expect, test } from 'vitest'
import { DEFAULT_PROFILE } from '../../actors/ocpp/profiles/default.ts'
import { DEFAULT_POLICY } from '../../machines/events.ts'
import { bayPlans, profileOf } from '../../src/bay-plans.ts'
import { readSiteFile, type SiteFile } from '../../src/site-file.ts'
import { writeSite } from './serve/serving-line.ts'

/** A site of these bays (each a list of `CP-1/1`) with these profiles. */
async function siteOf(bays: readonly string[][], profiles: { readonly [id: string]: string }): Promise<SiteFile> {
  const file = await readSiteFile((await writeSite(bays.length)).path, {})
  return {
    ...file,
    bays: file.bays.map((bay, index) => ({
      ...bay,
      connectors: (bays[index] ?? []).map((key) => {
        const [chargePoint = '', evse = '1'] = key.split('/')
        return { chargePoint, evse: Number(evse) }
      }),
    })),
    chargePoints: Object.entries(profiles).map(([id, profile]) => ({ id, password: null, profile, display: null })),
    policy: DEFAULT_POLICY,
  }
}

test('a bay is handed every trait of its charge point’s profile that it must know', async () => {
  const file = await siteOf([['CP-1/1'], ['CP-2/1']], { 'CP-1': 'grizzl-e', 'CP-2': 'by-register + silent-end' })
  const [first, second] = bayPlans(file)
  expect(first?.connectors).toEqual([
    {
      connector: 'CP-1/1',
      chargePointId: 'CP-1',
      evse: 1,
      connectionTimeout_s: 60,
      startOn: 'validation',
      drawingBy: 'current',
      suspendedEvse: 'may-draw',
      silentWhenSuspended: true,
      finishing: 'done',
      availableMay: 'orphan',
    },
  ])
  expect(second?.connectors).toMatchObject([{ drawingBy: 'register', availableMay: 'ended' }])
})

test('E35 a connector that two bays reach, or one of several in a bay, waits for its plug whatever its profile says', async () => {
  const file = await siteOf([['CP-1/1', 'CP-2/1'], ['CP-3/1'], ['CP-3/1'], ['CP-4/1'], ['CP-5/1']], {
    'CP-1': 'default',
    'CP-2': 'default',
    'CP-3': 'default',
    'CP-4': 'evbox',
    'CP-5': 'default',
  })
  expect(bayPlans(file).map((plan) => plan.connectors.map((one) => one.startOn))).toEqual([
    ['plug', 'plug'],
    ['plug'],
    ['plug'],
    ['plug'],
    ['validation'],
  ])
})

test('a charge point that the file does not name has the default profile', async () => {
  expect(profileOf(await siteOf([['CP-1/1']], { 'CP-1': 'evbox' }), 'CP-9')).toEqual(DEFAULT_PROFILE)
})
