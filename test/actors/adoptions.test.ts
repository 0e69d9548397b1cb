import { expect, test } from 'vitest'
import { adoptions } from '../../actors/adoptions.ts'
import { DEFAULT_POLICY } from '../../machines/events.ts'
import { learnSite } from '../../machines/learn-site.ts'
import { emptyBay } from '../../machines/new-bay.ts'

const SQUARE = [
  [0, 0],
  [1, 0],
  [1, 1],
] as const
const zones = [{ cameraId: 'cam-1', polygon: SQUARE }]
const plan = { bayId: 'bay-1', policy: DEFAULT_POLICY, connectors: [], zones, masks: zones }
const ids = { next: (kind: string) => kind }

test('what a camera overlooks is on record beside the zones, once, and anew when it changes', () => {
  const first = adoptions(emptyBay('bay-1'), plan, ids)
  const published = first.find(({ type }) => type === 'zones.published')
  expect(published).toMatchObject({ zones, masks: zones })
  const known = first.reduce(
    (bay, news, index) => learnSite(bay, { ...news, at: 1, version: index + 1 } as Parameters<typeof learnSite>[1]),
    { ...emptyBay('bay-1'), version: 1 },
  )
  expect(adoptions(known, plan, ids)).toEqual([])
  const { masks: _, ...bare } = plan
  expect(adoptions(known, bare, ids)).toMatchObject([{ type: 'zones.published', zones }])
})
