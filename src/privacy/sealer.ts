import type { Json } from '../../machines/events.ts'

/** Seals and opens personal fields under a key of each subject's own. What the journal needs of the key store. */
export interface Sealer {
  /** Random name of this key store: a journal refuses another one's. */
  readonly storeId: string
  /** Base64 of the sealed bytes; the subject's key is made at first use. Null when the subject's key was destroyed: nothing may be kept about it. */
  seal(subject: string, fields: Json): string | null
  /** The fields, or undefined when the subject's key is gone. Throws Fault STORE_CORRUPT when the bytes were altered. */
  open(subject: string, sealed: string): Json | undefined
  /** 16 random bytes, base64. */
  salt(): string
  /** Makes every key and handle made so far durable; the journal calls it before each commit. Throws Fault STORE_UNWRITABLE. */
  flush(): void
  /** Resolves once what `flush` made durable here is so for every machine that may own the site next; absent = there is no other. Rejects with Fault STORE_UNREACHABLE or STORE_FENCED. */
  readonly settled?: () => Promise<void>
}
