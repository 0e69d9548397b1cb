import { closeSync, openSync, readFileSync, readSync } from 'node:fs'
import { canonicalJson } from '../journal/canonical.ts'
import { isSignedBy } from '../journal/checkpoint.ts'
import { hasTwins } from '../journal/twin-names.ts'

/** What a check of a person's package found: `broken` is one sentence, null where it is as it was signed. `key`: who signed, a public key in hex. */
export type PackageVerdict =
  | { readonly broken: string }
  | { readonly broken: null; readonly siteId: string; readonly madeAt: string; readonly key: string }

/** Name and version of a package's form. */
const FORMAT = 'berth-subject-1'
const BEGINS = /^\s*\{\s*"(content|signature)"\s*:\s*\{/

/** Whether a file begins as a package does (`subject.json`). Throws the file system's error. */
export function looksLikePackage(path: string): boolean {
  const file = openSync(path, 'r')
  try {
    const start = Buffer.alloc(64)
    return BEGINS.test(start.toString('utf8', 0, readSync(file, start, 0, start.length, 0)))
  } finally {
    closeSync(file)
  }
}

/** Holds a package against its signature; `key` is the only one that may have signed it, null = any, and it is named. Throws the file system's error. */
export function checkPackage(path: string, key: string | null): PackageVerdict {
  const text = readFileSync(path, 'utf8')
  const members = asObject(parsed(text))
  if (members === null || hasTwins(text, members))
    return { broken: 'this is not JSON as berth writes it (cut off, or damaged)' }
  const signature = asObject(members['signature'])
  const content = asObject(members['content'])
  if (Object.keys(members).sort().join(' ') !== 'content signature' || signature === null || content === null)
    return { broken: 'a package has `content` and `signature`, and nothing else' }
  const { algorithm, publicKey, value } = signature
  const { format, site, madeAt } = content
  if (format !== FORMAT) return { broken: `its form is ${String(format)}; this berth knows ${FORMAT}` }
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
  if (key !== null && key !== publicKey)
    return { broken: `it is signed with ${String(publicKey)}, and --key says another key` }
  return { broken: null, siteId: String(asObject(site)?.['id']), madeAt: String(madeAt), key: String(publicKey) }
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

const asObject = (value: unknown): { readonly [name: string]: unknown } | null =>
  typeof value === 'object' && value !== null && !Array.isArray(value) ? { ...value } : null
