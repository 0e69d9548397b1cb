import { Fault } from '../../machines/faults.ts'

/** A second reader says a few hundred bytes. */
const MOST_BYTES = 64 * 1024

/** The JSON of a second reader's answer, bounded in size. Rejects with Fault BACK_END_SILENT or BACK_END_REFUSED; no fault holds what was sent or answered. */
export async function answerOf(sent: Promise<Response>): Promise<unknown> {
  const answer = await sent.catch((cause: unknown) => {
    const late = cause instanceof Error && cause.name === 'TimeoutError'
    throw new Fault(
      'BACK_END_SILENT',
      {},
      { says: `The second reader ${late ? 'did not answer in time' : 'cannot be reached'}.` },
    )
  })
  if (!answer.ok) {
    await answer.body?.cancel()
    const retry = answer.status >= 500 || answer.status === 429
    const says = `The second reader answers ${answer.status}${retry ? '' : '; check its address and its token'}.`
    throw new Fault(retry ? 'BACK_END_SILENT' : 'BACK_END_REFUSED', { status: answer.status }, { says })
  }
  return parsed(await bytesOf(answer))
}

async function bytesOf({ body }: Response): Promise<Uint8Array> {
  const parts: Uint8Array[] = []
  let size = 0
  try {
    for await (const part of body ?? []) {
      size += part.length
      if (size > MOST_BYTES) throw senseless()
      parts.push(part)
    }
  } catch (cause) {
    if (cause instanceof Fault) throw cause
    throw new Fault('BACK_END_SILENT', {}, { says: 'The second reader broke off.' })
  }
  return Buffer.concat(parts)
}

function parsed(bytes: Uint8Array): unknown {
  try {
    return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes))
  } catch {
    throw senseless()
  }
}

/** An answer that is none of its kind. */
export const senseless = (): Fault =>
  new Fault(
    'BACK_END_REFUSED',
    {},
    { says: 'The second reader answers what is no answer; check its address and its kind.' },
  )

/** A text that may be a plate, of whatever case; null otherwise. */
export const plateText = (value: unknown): string | null =>
  typeof value === 'string' && value.length <= 32 && /[A-Za-z0-9]/.test(value) ? value : null

/** A share 0..1; null otherwise. */
export const shareIn = (value: unknown): number | null =>
  typeof value === 'number' && value >= 0 && value <= 1 ? value : null
