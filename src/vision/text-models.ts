import { readFile } from 'node:fs/promises'
import { InferenceSession } from 'onnxruntime-node'
import { MODEL_FILES } from './model-files.ts'
import { loadPlaceRecogniser } from './place-recogniser.ts'
import { loadPlateDetector, type PlateDetector } from './plate-detector.ts'
import { loadPlateRecogniser, type PlateRecogniser } from './plate-recogniser.ts'
import { DEFAULT_PLAN, type ReaderPlan } from './reader-plan.ts'
import { type CharacterMap, characterMap } from './text-decoder.ts'

/** The text detector and recogniser, loaded, with the recogniser's characters; and the recogniser of plates: our own, or the site's. */
export type TextModels = {
  readonly detector: InferenceSession
  readonly recogniser: InferenceSession
  readonly characters: CharacterMap
  readonly plates: PlateRecogniser
  /** Finds plates in the text detector's place; null = that finds them. */
  readonly finder: PlateDetector | null
  /** When the text recogniser is asked too: always, so that two witnesses say each plate, or only where the first is unsure. */
  readonly second: 'always' | 'unsure'
}

/** Loads all models of a plan; each runs on one thread, so that readers in several processes share the cores fairly. Throws UnfitModel. */
export async function loadTextModels(plan: ReaderPlan = DEFAULT_PLAN): Promise<TextModels> {
  const options: InferenceSession.SessionOptions = {
    intraOpNumThreads: 1,
    interOpNumThreads: 1,
    executionMode: 'sequential',
    // A plan of memory is kept for each shape of input, and every zone has its own.
    enableMemPattern: false,
    logSeverityLevel: 3,
  }
  const plates = plan.recogniser ? await loadPlaceRecogniser(plan.recogniser, options) : await loadPlateRecogniser()
  const finder = plan.detector ? await loadPlateDetector(plan.detector, options) : null
  const [detector, recogniser, keys] = await Promise.all([
    InferenceSession.create(MODEL_FILES.textDetector, options),
    InferenceSession.create(MODEL_FILES.textRecogniser, options),
    readFile(MODEL_FILES.textKeys, 'utf8'),
  ])
  const second = plan.profile === 'fast' ? 'unsure' : 'always'
  return { detector, recogniser, characters: characterMap(keys.split('\n')), plates, finder, second }
}
