import type { Caller } from '../site-desk.ts'
import { CLAIM_ROLES, type OidcSettings } from './oidc-settings.ts'

/** What an ID token says of somebody, once it holds. */
export type Claims = { readonly sub: string; readonly [claim: string]: unknown }

/** Somebody as berth knows them: `sites` null = every site. */
export type ClaimedPerson = { readonly caller: Caller; readonly sites: readonly string[] | null }

const MOST_NAME = 100
/** Nobody has more; a token with more is not walked through. */
const MOST_VALUES = 1_000

/** Who somebody is here; a word for why they are nobody: no mapping is no access. */
export function personOf(
  claims: Claims,
  { name, roles, sites }: Pick<OidcSettings, 'name' | 'roles' | 'sites'>,
): ClaimedPerson | 'no-role' | 'no-site' {
  const theirs = valuesOf(claims, roles.claim).flatMap((value) => worthOf(roles.map, value) ?? [])
  const role = CLAIM_ROLES.find((one) => theirs.includes(one))
  if (role === undefined) return 'no-role'
  const caller = { name: nameOf(claims, name), role }
  if (sites === null) return { caller, sites: null }
  const named = valuesOf(claims, sites.claim).flatMap((value) => worthOf(sites.map, value) ?? [])
  return named.length === 0 ? 'no-site' : { caller, sites: [...new Set(named)] }
}

/** Only what the file itself says is worth anything: a value like `constructor` is nobody's. */
const worthOf = <Worth>(map: { readonly [value: string]: Worth }, value: string): Worth | undefined =>
  Object.hasOwn(map, value) ? map[value] : undefined

/** The name and, since people may choose that themselves, the `sub` that the provider alone gives. */
function nameOf(claims: Claims, claim: string): string {
  const sub = plain(claims.sub)
  const named = [claim, 'name', 'email'].map((one) => claims[one]).find((one) => typeof one === 'string' && plain(one))
  return named === undefined ? sub : `${plain(String(named))} (${sub})`
}

/** Without what would write over a line of a log or turn its letters round. */
const plain = (text: string): string =>
  text
    .replaceAll(/[\p{C}\p{Zl}\p{Zp}]/gu, '')
    .trim()
    .slice(0, MOST_NAME)

/** A claim's texts: by its own name, else by the path that its dots spell (`realm_access.roles`). */
function valuesOf(claims: Claims, claim: string): readonly string[] {
  const found = Object.hasOwn(claims, claim) ? claims[claim] : at(claims, claim.split('.'))
  const all = Array.isArray(found) ? found.slice(0, MOST_VALUES) : [found]
  return all.filter((one) => typeof one === 'string')
}

function at(value: unknown, [key, ...rest]: readonly string[]): unknown {
  if (key === undefined) return value
  return typeof value === 'object' && value !== null && Object.hasOwn(value, key)
    ? at((value as { readonly [key: string]: unknown })[key], rest)
    : undefined
}
