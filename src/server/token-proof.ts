import { createHash, createHmac } from 'node:crypto'

/** What a server keeps of a token: SHA-256 of its text. */
export const tokenDigest = (token: string): Buffer => createHash('sha256').update(token).digest()

/** By this a server finds the token that is meant; nobody learns the token from it. 64 hexadecimal characters. */
export const tokenMark = (digest: Buffer): string =>
  createHmac('sha256', digest).update('berth token mark').digest('hex')

/** Only who knows the token, or what is kept of it, answers this to a `nonce` of the asker's: of this site, so that no other's answer can be passed on. */
export const tokenProof = (digest: Buffer, siteId: string, nonce: string): string =>
  createHmac('sha256', digest).update(`berth proof ${siteId} ${nonce}`).digest('hex')
