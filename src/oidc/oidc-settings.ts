import type { Role } from '../site-desk.ts'

/** Roles that a claim may be worth, the one with most rights first: who has several gets the first of them. A fleet's needs accounts, which no claim names. */
export const CLAIM_ROLES = [
  'admin',
  'supervisor',
  'operator',
  'auditor',
  'installer',
  'viewer',
] as const satisfies readonly Role[]
export type ClaimRole = (typeof CLAIM_ROLES)[number]

/** A claim of the ID token, and what each of its values is worth. */
export type ClaimMap<Worth> = { readonly claim: string; readonly map: { readonly [value: string]: Worth } }

/** People who sign in at a provider of OpenID Connect, and what they are here. */
export type OidcSettings = {
  /** As the provider spells itself. */
  readonly issuer: string
  readonly clientId: string
  /** Null = a public client: PKCE alone proves that who asks is who began. */
  readonly clientSecret: string | null
  readonly scopes: readonly string[]
  /** The claim by which people are called on record, beside their `sub`. */
  readonly name: string
  /** How long a sign-in lasts. */
  readonly session_h: number
  readonly roles: ClaimMap<ClaimRole>
  /** Null = every site. */
  readonly sites: ClaimMap<readonly string[]> | null
}
