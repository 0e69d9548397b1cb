import { closeSync, openSync, readFileSync, readSync } from 'node:fs'
import { asObject, openSigned } from './signed-content.ts'

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
  const opened = openSigned(readFileSync(path, 'utf8'), 'a package', FORMAT)
  if (opened.broken !== null) return opened
  const { content, publicKey } = opened
  if (key !== null && key !== publicKey) return { broken: `it is signed with ${publicKey}, and --key says another key` }
  return {
    broken: null,
    siteId: String(asObject(content['site'])?.['id']),
    madeAt: String(content['madeAt']),
    key: publicKey,
  }
}
