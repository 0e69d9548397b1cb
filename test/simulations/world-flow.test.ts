import { expect, test } from 'vitest'
import type { ToyPost } from '../../simulations/toy-post.ts'
import { ToySite } from '../../simulations/toy-site.ts'
import { Flow } from '../../simulations/world-flow.ts'
import { planSite } from '../../simulations/world-plan.ts'

const post = (heard: boolean, amps: number): ToyPost =>
  ({ id: 'CP-1', body: { connectors: [{}], flowing_A: () => amps }, isHeard: () => heard }) as unknown as ToyPost

/** How many minutes until a vacant bay is called unlocked; 0 = never within twenty. */
async function minutesUntilCalled(one: ToyPost): Promise<number> {
  const { site } = await new ToySite({
    bays: [{ bayId: 'bay-1', connectors: [{ chargePointId: 'CP-1', evse: 1 }] }],
  }).open()
  const flow = new Flow(planSite(1))
  for (let minute = 1; minute <= 20; minute++) if (flow.unlocked([one], site, minute * 60_000) !== null) return minute
  return 0
}

test('a cable that gives current while its bay is vacant breaks the law after five minutes', async () => {
  expect(await minutesUntilCalled(post(true, 16))).toBe(6)
})

test('a cable that gives nothing, or that berth cannot hear, breaks no law', async () => {
  expect(await minutesUntilCalled(post(true, 0))).toBe(0)
  expect(await minutesUntilCalled(post(false, 16))).toBe(0)
})
