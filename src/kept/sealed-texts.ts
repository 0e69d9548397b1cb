import { cell, type Memory } from '../../actors/record-memory.ts'
import type { Json } from '../../machines/events.ts'
import type { Sealer } from '../privacy/sealer.ts'

/** Texts of people, by subject: said sealed under each subject's own key, as the journal has them. Of whoever is forgotten since nothing can be taken back. */
export function sealedTexts<Text>(keys: Pick<Sealer, 'seal' | 'open'>, texts: Map<string, Text>): Memory {
  return cell(
    () =>
      [...texts].flatMap(([subject, text]): (readonly [string, string])[] => {
        const sealed = keys.seal(subject, text as Json)
        return sealed === null ? [] : [[subject, sealed]]
      }),
    (said) => {
      texts.clear()
      for (const [subject, sealed] of said) {
        const text = keys.open(subject, sealed)
        if (text !== undefined) texts.set(subject, text as Text)
      }
    },
  )
}
