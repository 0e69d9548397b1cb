import type { Json } from '../../machines/events.ts'
import { canonicalJson } from '../journal/canonical.ts'
import { isSignedBy } from '../journal/checkpoint.ts'
import { hasTwins } from '../journal/twin-names.ts'

/** What was signed, and by whom (public key, 64 hex characters); `broken`: one sentence without its stop, where it does not hold. */
export type SignedContent =
  | { readonly broken: string }
  | { readonly broken: null; readonly content: { readonly [name: string]: Json }; readonly publicKey: string }

/** Opens a text of `content` and `signature` (Ed25519 over the content's canonical JSON), as `signPackage` signs. `what` it should be, `format`: its name and version. */
export function openSigned(text: string, what: string, format: string): SignedContent {
  const members = asObject(parsed(text))
  if (members === null || hasTwins(text, members))
    return { broken: 'this is not JSON as berth writes it (cut off, or damaged)' }
  const signature = asObject(members['signature'])
  const content = asObject(members['content'])
  if (Object.keys(members).sort().join(' ') !== 'content signature' || signature === null || content === null)
    return { broken: `${what} has \`content\` and \`signature\`, and nothing else` }
  const { algorithm, publicKey, value } = signature
  if (content['format'] !== format)
    return { broken: `its form is ${String(content['format']).slice(0, 40)}; this berth knows ${format}` }
  const bytes = Buffer.from(String(value), 'base64')
  const isWhole =
    Object.keys(signature).length === 3 &&
    algorithm === 'Ed25519' &&
    /^[0-9a-f]{64}$/.test(String(publicKey)) &&
    bytes.length === 64 &&
    bytes.toString('base64') === value
  if (!isWhole) return { broken: 'its signature is not whole' }
  const message = messageOf(content)
  if (message === null || !isSignedBy(String(publicKey), message, bytes))
    return { broken: 'its content or its signature was altered: they do not fit' }
  return { broken: null, content, publicKey: String(publicKey) }
}

/** Null where it holds what no JSON of berth's does: a number beyond all bounds, half a character, lists in lists without end. */
function messageOf(content: object): Buffer | null {
  try {
    return Buffer.from(canonicalJson(content))
  } catch {
    return null
  }
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return null
  }
}

/** The members of a JSON object; null where it is none. */
export const asObject = (value: unknown): { readonly [name: string]: Json } | null =>
  typeof value === 'object' && value !== null && !Array.isArray(value)
    ? { ...(value as { [name: string]: Json }) }
    : null
