import type { Journal } from '../actors/ports.ts'
import type { Handle, Json } from '../machines/events.ts'
import type { Cause } from '../machines/record.ts'
import { emptyRegister, foldRegister, type Register } from '../machines/register.ts'
import type { VehicleBlock } from './site-desk.ts'

/**
 * What people typed into the register, for showing it again: it lies in `personal` of the newest record of each entry and is gone when
 * that subject's key is. Changed in place as records come, like the register itself.
 */
export type RegisterTexts = {
  /** By vehicle handle: the plate as typed, the token that an upstream knows, and why it is blocked where somebody said so. */
  readonly vehicles: Map<Handle, VehicleTexts>
  /** By card handle: the token's text, upper case. */
  readonly cards: Map<Handle, string>
  /** By account id. */
  readonly names: Map<string, string>
  /** By vehicle handle: the plate of which somebody objects that it starts anything. */
  readonly objections: Map<Handle, string>
}

type VehicleTexts = { readonly plate: string; readonly alias: string | null; readonly block: VehicleBlock | null }

export const emptyTexts = (): RegisterTexts => ({
  vehicles: new Map(),
  cards: new Map(),
  names: new Map(),
  objections: new Map(),
})

type Personal = { readonly [subject: string]: Json }

/** Folds one record of the stream `register`, its personal fields open (subjects whose key is gone left out). */
export function foldTexts(texts: RegisterTexts, cause: Cause, personal: Personal): void {
  const subject = String(cause['handle'] ?? cause['accountId'])
  const field = (key: string): string | null => {
    const fields = personal[subject]
    const value =
      fields !== null && typeof fields === 'object' && !Array.isArray(fields)
        ? (fields as { [key: string]: Json })[key]
        : null
    return typeof value === 'string' ? value : null
  }
  const plate = field('plate')
  if (cause.type === 'account.changed') keep(texts.names, subject, field('name'))
  else if (cause.type.startsWith('vehicle.'))
    keep(texts.vehicles, subject, plate === null ? null : { plate, alias: field('alias'), block: blockOf(cause) })
  else if (cause.type.startsWith('objection.')) keep(texts.objections, subject, plate)
  else if (cause.type.startsWith('token.')) keep(texts.cards, subject, field('idToken'))
}

function blockOf({ block }: Cause): VehicleBlock | null {
  if (block === null || typeof block !== 'object' || Array.isArray(block)) return null
  return block as VehicleBlock
}

/** The newest word counts: a record that brings no text (removed, or its key gone) takes the old one away. */
function keep<T>(map: Map<string, T>, subject: string, value: T | null): void {
  if (value === null) map.delete(subject)
  else map.set(subject, value)
}

/** Reads the stream `register` from its beginning, page by page: who pays, and what people typed. */
export async function rebuildRegister(
  journal: Pick<Journal, 'readStream' | 'open'>,
): Promise<{ readonly register: Register; readonly texts: RegisterTexts }> {
  const register = emptyRegister()
  const texts = emptyTexts()
  for (;;) {
    const page = await journal.readStream('register', register.version, 1000)
    if (page.length === 0) return { register, texts }
    for (const record of page) {
      foldRegister(register, record)
      foldTexts(texts, record.cause, journal.open(record))
    }
  }
}
