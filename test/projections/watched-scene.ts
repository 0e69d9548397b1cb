import type { Autonomy } from '../../machines/events.ts'
import { type Shadow, shadow, type WatchedVisit } from '../../projections/shadow.ts'
import { Scene, TWO_BAYS } from '../../simulations/toy-scene.ts'

/** Two bays that only watch. AB12CDE and CARD1 are of acc-1, CARD2 is of acc-2. */
export async function watching(autonomy: Autonomy = 'observe'): Promise<Scene> {
  const scene = await Scene.open({ ...TWO_BAYS, policy: { autonomy } })
  await scene.registers('AB12CDE', 'acc-1')
  await scene.registersCard('CARD1', 'acc-1')
  await scene.registersCard('CARD2', 'acc-2')
  return scene
}

/** A whole visit of bay-1: parks, plugs in, presents a card (or nothing), charges, leaves. */
export async function visits(
  scene: Scene,
  plate: string | null,
  card: string | null,
  { wait_s = 12 } = {},
): Promise<void> {
  await scene.arrives(plate)
  await scene.watch(wait_s)
  if (card !== null) {
    await scene.taps(card)
    await scene.plugsIn()
    const { transactionId } = await scene.begins({ idToken: card })
    await scene.watch(2)
    await scene.ends(transactionId, 1600)
    await scene.unplugs()
  }
  await scene.leaves()
}

/** What the shadow says of everything so far. */
export const folded = (scene: Scene): Shadow => scene.site.journal.records.reduce(shadow.fold, shadow.start())
/** The watched visits that are over. */
export const seen = (scene: Scene): readonly WatchedVisit[] => folded(scene).visits
