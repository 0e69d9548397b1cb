import { generateKeyPairSync } from 'node:crypto'
import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { onTestFinished } from 'vitest'
import { systemClock } from '../../../src/clock.ts'
import { openRoom } from '../../../src/open-room.ts'
import { signerOfPem } from '../../../src/privacy/signing-key.ts'
import { openRegisterSource } from '../../../src/register-source/open-register-source.ts'
import { type SourceRegister, signRegister } from '../../../src/register-source/signed-register.ts'
import { readSiteFile } from '../../../src/site-file.ts'

/** A new key that signs registers. */
export const newSigner = () =>
  signerOfPem(String(generateKeyPairSync('ed25519').privateKey.export({ type: 'pkcs8', format: 'pem' })))

/** A register with what matters to the test. */
export const registerOf = (version: number, more: Partial<SourceRegister> = {}): SourceRegister => ({
  version,
  madeAt: '2026-11-23T10:00:00.000Z',
  sites: [],
  accounts: [],
  vehicles: [],
  ...more,
})

/** The site of a file without its doors, whose register comes from its source; what it said in `log`. `close` also ends with the test. */
export async function sourcedRoom(path: string) {
  const log: string[] = []
  const told = (line: string): void => void log.push(line)
  const room = await openRoom(await readSiteFile(path, {}), systemClock, told, {})
  await room.start()
  const end = openRegisterSource(room, systemClock, told)
  const plates = () => room.register.vehicles().map(({ plate }) => plate)
  let closing: Promise<void> | null = null
  const close = (): Promise<void> => {
    closing ??= end().then(() => room.close())
    return closing
  }
  onTestFinished(close)
  return { room, log, plates, close, alarms: () => room.desk.siteAlarms.open() }
}

/** A web server on this machine with one register, whole answers counted; `text` null: it answers 500. */
export async function openSourceServer(signer = newSigner()) {
  const state = { text: null as string | null, etag: '"0"', whole: 0, same: 0, tokens: [] as (string | undefined)[] }
  const server = createServer((request, response) => {
    state.tokens.push(request.headers.authorization)
    if (state.text === null) return void response.writeHead(500).end()
    if (request.headers['if-none-match'] === state.etag) {
      state.same += 1
      return void response.writeHead(304, { etag: state.etag }).end()
    }
    state.whole += 1
    response.writeHead(200, { etag: state.etag, 'content-type': 'application/json' }).end(state.text)
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const close = (): void => void server.close().closeAllConnections()
  onTestFinished(close)
  const { port } = server.address() as AddressInfo
  let marks = 0
  const hand = (text: string | null): void => {
    state.text = text
    marks += 1
    state.etag = `"${marks}"`
  }
  return {
    state,
    url: `http://127.0.0.1:${port}/register.json`,
    key: signer.publicKey,
    /** Hands this text out from now on. */
    hand,
    sign: (register: SourceRegister, by = signer) => hand(signRegister(register, by)),
    close,
  }
}
