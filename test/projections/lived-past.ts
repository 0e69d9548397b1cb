import type { FactRecord } from '../../machines/record.ts'
import { World } from '../../simulations/world.ts'
import { WORLD_PORTS } from '../../src/commands/worlds.ts'

/** The journal of some hours of a simulated site of four bays under every fault: charges, wrong registers, restarts, people. */
export async function livedPast(seed: number, days = 0.2): Promise<readonly FactRecord[]> {
  const world = new World({ seed, days, bays: 4, without: [], ...WORLD_PORTS })
  await world.run()
  return world.records
}
