import type { CropReader, ReaderSays } from '../../actors/second-reader.ts'
import { answerOf, plateText, senseless, shareIn } from './bounded-answer.ts'

/** How a second reader is reached. */
export type ReaderAddress = { readonly url: string; readonly token: string; readonly timeout_ms: number }

/** Readers by the API that they speak. */
export const CROP_READERS = { berth: berthReader, platerecognizer: plateRecognizer } as const
export type ReaderKind = keyof typeof CROP_READERS

/**
 * Another berth (`berth serve-reader`): the crop is the body, the answer its reads, the most plate-like first. Every version of berth reads
 * with the same text recogniser, so it is never independent of ours, whatever it calls its models.
 */
function berthReader({ url, token, timeout_ms }: ReaderAddress): CropReader {
  return {
    name: hostOf(url),
    independent: false,
    async read(crop) {
      const sent = fetch(new URL('v1/read', url.endsWith('/') ? url : `${url}/`), {
        method: 'POST',
        headers: { authorization: `Bearer ${token}`, 'content-type': 'image/jpeg', 'user-agent': 'berth' },
        body: new Uint8Array(crop),
        redirect: 'error',
        signal: AbortSignal.timeout(timeout_ms),
      })
      return berthSays(await answerOf(sent))
    },
  }
}

function berthSays(answer: unknown): ReaderSays {
  const { model, reads } = fieldsOf(answer)
  if (typeof model !== 'string' || model.length > 64 || !Array.isArray(reads)) throw senseless()
  const [first] = reads
  if (first === undefined) return { text: null, confidence: null, model }
  const { text, confidence } = fieldsOf(first)
  return { text: plateText(text), confidence: shareIn(confidence), model }
}

/** Plate Recognizer's Snapshot API, in its cloud or on premises, and whatever speaks it: a form with `upload`, the answer its `results`. */
function plateRecognizer({ url, token, timeout_ms }: ReaderAddress): CropReader {
  return {
    name: hostOf(url),
    independent: true,
    async read(crop) {
      const form = new FormData()
      form.append('upload', new Blob([new Uint8Array(crop)], { type: 'image/jpeg' }), 'crop.jpg')
      const sent = fetch(url, {
        method: 'POST',
        headers: { authorization: `Token ${token}`, 'user-agent': 'berth' },
        body: form,
        redirect: 'error',
        signal: AbortSignal.timeout(timeout_ms),
      })
      return recognizerSays(await answerOf(sent))
    },
  }
}

/** Its `score` is of the text; `dscore`, of the place, says nothing of what was read. */
function recognizerSays(answer: unknown): ReaderSays {
  const { results } = fieldsOf(answer)
  if (!Array.isArray(results)) throw senseless()
  const said = results
    .map(fieldsOf)
    .map(({ plate, score }) => ({ text: plateText(plate), confidence: shareIn(score) }))
    .filter(({ text }) => text !== null)
    .toSorted((a, b) => (b.confidence ?? 0) - (a.confidence ?? 0))
  return { ...(said[0] ?? { text: null, confidence: null }), model: 'platerecognizer' }
}

function fieldsOf(value: unknown): { readonly [name: string]: unknown } {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw senseless()
  return value as { readonly [name: string]: unknown }
}

const hostOf = (url: string): string => new URL(url).host
