import { loadPlaceRecogniser } from './place-recogniser.ts'
import { loadPlateDetector } from './plate-detector.ts'
import type { ReaderPlan } from './reader-plan.ts'
import { UnfitModel } from './supplied-model.ts'

/** What is wrong with a model of the site's own, in one sentence. */
export type ModelTrouble = { readonly model: 'recogniser' | 'detector'; readonly says: string }

/** Loads every model that a plan brings and holds it against its contract: files that are missing, others than their hash says, or unfit. */
export async function planTroubles({ recogniser, detector }: ReaderPlan): Promise<readonly ModelTrouble[]> {
  const options = { intraOpNumThreads: 1, interOpNumThreads: 1, logSeverityLevel: 3 } as const
  const troubles: ModelTrouble[] = []
  const look = async (model: ModelTrouble['model'], load: () => Promise<unknown>): Promise<void> => {
    try {
      await load()
    } catch (cause) {
      if (!(cause instanceof UnfitModel)) throw cause
      troubles.push({ model, says: cause.message })
    }
  }
  if (recogniser) await look('recogniser', () => loadPlaceRecogniser(recogniser, options))
  if (detector) await look('detector', () => loadPlateDetector(detector, options))
  return troubles
}
