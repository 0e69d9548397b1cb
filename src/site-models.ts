import type { Check } from './site-sense.ts'
import type { ReaderPlan } from './vision/reader-plan.ts'

/** `reader` of the site file, its defaults filled in. */
export type RawReader = {
  profile: 'default' | 'fast'
  recogniser?: { file: string; sha256: string; alphabet: string; pad: string }
  detector?: { file: string; sha256: string; confidence: number; size: number }
}

/** The plan that a site file names; its files are relative to it. */
export function readerPlan({ profile, recogniser, detector }: RawReader, beside: (file: string) => string): ReaderPlan {
  return {
    profile,
    recogniser: recogniser ? { ...recogniser, file: beside(recogniser.file) } : null,
    detector: detector ? { ...detector, file: beside(detector.file) } : null,
  }
}

/** What the schema cannot say of the reader: an alphabet without its pad or with a character twice; models that nobody has measured here. */
export const readerSense: Check = ({ reader: { recogniser, detector } }, error, warn) => {
  if (recogniser) {
    const { alphabet, pad } = recogniser
    const at = ['reader', 'recogniser', 'alphabet']
    if (!alphabet.includes(pad)) error(at, `the pad ${pad} is not among them`, 'all classes of the model, the pad too')
    if (new Set(alphabet).size !== [...alphabet].length)
      error(at, 'a character stands there twice', 'each class once, in the order of the model')
  }
  if (recogniser || detector)
    warn(
      ['reader', recogniser ? 'recogniser' : 'detector'],
      'how sure a read is was measured with the models that berth brings, not with this one',
      'a week on `observe` and `berth shadow-report` first',
    )
}
