import { createHmac } from 'node:crypto'
import { isSameSecret } from '../../same-secret.ts'

/** The operator's payment page: where drivers are sent, and the secret that both sides sign with. `hold` decimal, `valid_min` minutes. */
export type SitePayment = {
  readonly kind: 'webhook'
  readonly url: string
  readonly secret: string
  readonly hold: string
  readonly currency: string
  readonly valid_min: number
}
/** Members of one signed address. */
type Members = { readonly [name: string]: string }

/** Which way a signed address goes: one of the one way is never good for the other. */
type Way = 'ask' | 'return'

/**
 * HMAC-SHA256 in hex over the way (`ask` to the payment page, `return` from it) and every member but `sig` as `name=value`, sorted by
 * name, one a line. Values are as they are before they are written into an address.
 */
export function paymentSignature(secret: string, way: Way, members: Members): string {
  const lines = Object.keys(members)
    .filter((name) => name !== 'sig')
    .toSorted()
    .map((name) => `${name}=${members[name] ?? ''}`)
  return createHmac('sha256', secret)
    .update([way, ...lines].join('\n'))
    .digest('hex')
}

/** The payment page's address with these members, signed; what stands in its query already stays. */
export function paymentAddress({ url, secret }: Pick<SitePayment, 'url' | 'secret'>, members: Members): string {
  const address = new URL(url)
  for (const [name, value] of Object.entries(members)) address.searchParams.set(name, value)
  address.searchParams.set('sig', paymentSignature(secret, 'ask', members))
  return address.href
}

/** Whether the payment page signed these members. Takes the same time whatever differs. */
export function isSignedReturn(secret: string, members: Members): boolean {
  const wanted = paymentSignature(secret, 'return', members)
  return Object.values(members).every((value) => !value.includes('\n')) && isSameSecret(members['sig'] ?? '', wanted)
}

/** Whether `held` is at least `asked`, both decimals. */
export const isEnough = (held: string, asked: string): boolean =>
  /^\d{1,9}(\.\d{1,3})?$/.test(held) && Number(held) >= Number(asked)
