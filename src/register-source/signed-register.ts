import type { Json } from '../../machines/events.ts'
import type { Signer } from '../journal/checkpoint.ts'
import { signPackage } from '../privacy/package-signature.ts'
import { asObject, openSigned } from '../privacy/signed-content.ts'

/** Name and version of a signed register's form. */
const FORMAT = 'berth-register-1'

/** One account or vehicle, as the API and a file of vehicles take it. */
export type RegisterRow = { readonly [field: string]: Json }

/**
 * The vehicles and accounts that a source wants in sites' registers. `version` counts up, from 1; `madeAt` ISO 8601 UTC; `sites`: those that
 * it is for, empty = any that trusts the key.
 */
export type SourceRegister = {
  readonly version: number
  readonly madeAt: string
  readonly sites: readonly string[]
  readonly accounts: readonly RegisterRow[]
  readonly vehicles: readonly RegisterRow[]
}

/** The text of a signed register, as `openRegister` reads it. */
export function signRegister(register: SourceRegister, signer: Signer): string {
  const { version, madeAt, sites, accounts, vehicles } = register
  const content = {
    format: FORMAT,
    version,
    madeAt,
    sites: [...sites],
    accounts: [...accounts],
    vehicles: [...vehicles],
  }
  return `${JSON.stringify({ content, signature: signPackage(signer, content) })}\n`
}

export type OpenedRegister =
  | { readonly broken: string }
  | { readonly broken: null; readonly register: SourceRegister; readonly key: string }

/** The register that a text holds, where whoever has the key (64 hex characters; null = any) signed it; else what is wrong, without its stop. Rows are not judged. */
export function openRegister(text: string, key: string | null): OpenedRegister {
  const opened = openSigned(text.trimEnd(), 'a register', FORMAT)
  if (opened.broken !== null) return opened
  const { content, publicKey } = opened
  if (key !== null && key !== publicKey)
    return { broken: `it is signed with the key ${publicKey}, and not with the one of the site file` }
  const { version, madeAt, sites, accounts, vehicles, format: _, ...more } = content
  const isWhole =
    Object.keys(more).length === 0 &&
    Number.isSafeInteger(version) &&
    Number(version) > 0 &&
    typeof madeAt === 'string' &&
    !Number.isNaN(Date.parse(madeAt)) &&
    Array.isArray(sites) &&
    sites.every((one) => typeof one === 'string') &&
    isRows(accounts) &&
    isRows(vehicles)
  if (!isWhole)
    return { broken: 'its content is not whole: version, madeAt, sites, accounts and vehicles, and nothing else' }
  return { broken: null, register: content as unknown as SourceRegister, key: publicKey }
}

const isRows = (value: Json | undefined): boolean =>
  Array.isArray(value) && value.every((row) => asObject(row) !== null)
