import { writeFileSync } from 'node:fs'
import { connect } from 'node:net'
import { join } from 'node:path'
import { connect as connectTls } from 'node:tls'
import { expect, onTestFinished, test, vi } from 'vitest'
import { WebSocket } from 'ws'
import { systemClock } from '../../../src/clock.ts'
import { type ChargePointEntry, openOcppServer } from '../../../src/ocpp/ocpp-server.ts'
import { hashPassword } from '../../../src/ocpp/password-hash.ts'
import { certificateTrouble, watchCertificate } from '../../../src/ocpp/tls-files.ts'
import { scratchFolder } from '../../contracts/journal-drafts.ts'
import { soon } from '../../contracts/ocpp-stage.ts'
import { type Issued, ToyAuthority, writeIssued } from './toy-authority.ts'

vi.setConfig({ testTimeout: 180_000 })

const AUTHORITY = new ToyAuthority('Site authority')
const STRANGERS = new ToyAuthority('Another authority')

type Options = {
  readonly port?: number | null
  readonly server?: Issued
  readonly ping_s?: number
  readonly crl?: string
}

/** A server with TLS on a port of its own beside the one without; `port` null: TLS alone. */
async function opens(chargePoints: readonly ChargePointEntry[], { port = 0, server, ping_s, crl }: Options = {}) {
  const folder = scratchFolder()
  const clientCa = join(folder, 'ca.pem')
  writeFileSync(clientCa, AUTHORITY.cert)
  const clientCrl = crl === undefined ? null : join(folder, 'crl.pem')
  if (clientCrl !== null) writeFileSync(clientCrl, crl ?? '')
  const files = writeIssued(folder, server ?? AUTHORITY.issue('localhost'))
  const log: string[] = []
  const opened = await openOcppServer({
    host: '127.0.0.1',
    port: 0,
    tls: { ...files, clientCa, clientCrl, port },
    chargePoints,
    clock: systemClock,
    desk: { hear: async () => ({ status: 'accepted', transactionId: null }) },
    log: ({ says }) => void log.push(says),
    ...(ping_s === undefined ? {} : { ping_s }),
  })
  onTestFinished(() => opened.close())
  return { ...opened, folder, log }
}

type Server = Awaited<ReturnType<typeof opens>>

const basic = (id: string, password: string | Buffer): string =>
  `Basic ${Buffer.concat([Buffer.from(`${id}:`), Buffer.from(password)]).toString('base64')}`

type Knock = { readonly password?: string | Buffer; readonly certificate?: Issued; readonly plain?: boolean }

/** Comes in as this charge point: `open`, or the status with which it is refused. */
async function knock(server: Server, id: string, { password, certificate, plain = false }: Knock = {}) {
  const url = plain ? `ws://127.0.0.1:${server.port}` : `wss://127.0.0.1:${server.tlsPort}`
  const socket = new WebSocket(`${url}/ocpp/${id}`, ['ocpp1.6'], {
    ...(password === undefined ? {} : { headers: { authorization: basic(id, password) } }),
    ca: [AUTHORITY.cert, STRANGERS.cert],
    ...certificate,
  })
  onTestFinished(() => socket.terminate())
  const answer = await new Promise<string>((resolve) => {
    socket.once('open', () => resolve('open'))
    socket.once('unexpected-response', (_request, response) => resolve(String(response.statusCode)))
    socket.once('error', (error) => resolve(error.message))
  })
  return { answer, socket }
}

const comes = async (...about: Parameters<typeof knock>): Promise<string> => (await knock(...about)).answer

test('profile 0 asks nothing, profile 1 a password, on either port', async () => {
  const server = await opens([{ id: 'CP-0' }, { id: 'CP-1', password: 'a password of CP-1' }])
  for (const plain of [true, false]) {
    expect(await comes(server, 'CP-0', { plain })).toBe('open')
    expect(await comes(server, 'CP-1', { plain, password: 'a password of CP-1' })).toBe('open')
    expect(await comes(server, 'CP-1', { plain, password: 'another' })).toBe('401')
    expect(await comes(server, 'CP-1', { plain })).toBe('401')
  }
})

test('profile 2 is refused without TLS, whatever its password', async () => {
  const server = await opens([{ id: 'CP-2', password: 'a password of CP-2', security: 2 }])
  expect(await comes(server, 'CP-2', { plain: true, password: 'a password of CP-2' })).toBe('403')
  expect(await comes(server, 'CP-2', { password: 'a password of CP-2' })).toBe('open')
  expect(await comes(server, 'CP-2', { password: 'wrong' })).toBe('401')
  expect(server.log).toContainEqual(expect.stringMatching(/^CP-2 \(127\.0\.0\.1\): .*must come by wss/))
})

test('profile 3 takes a certificate of the site’s authority whose name is the charge point’s id, and nothing else', async () => {
  const server = await opens([
    { id: 'CP-3', security: 3 },
    { id: 'CP-4', security: 3 },
  ])
  const own = AUTHORITY.issue('CP-3')
  expect(await comes(server, 'CP-3', { certificate: own })).toBe('open')
  expect(await comes(server, 'CP-4', { certificate: own })).toBe('401')
  expect(await comes(server, 'CP-3')).toBe('401')
  expect(await comes(server, 'CP-3', { password: 'anything' })).toBe('401')
  expect(await comes(server, 'CP-3', { certificate: STRANGERS.issue('CP-3') })).toBe('401')
  expect(await comes(server, 'CP-3', { certificate: AUTHORITY.issue('CP-3', -1) })).toBe('401')
  expect(await comes(server, 'CP-3', { certificate: own, plain: true })).toBe('403')
  expect(server.counters()['refused_certificate']).toBe(5)
  const said = server.log.join('\n')
  for (const why of ['another charge point’s', 'shows no certificate', 'does not hold (CERT_HAS_EXPIRED)'])
    expect(said).toContain(why)
})

test('a certificate that its authority took back opens no door, from the moment that the list is read on', async () => {
  const [good, stolen] = [AUTHORITY.issue('CP-3'), AUTHORITY.issue('CP-4')]
  const ids = ['CP-3', 'CP-4'].map((id) => ({ id, security: 3 as const }))
  const server = await opens(ids, { crl: AUTHORITY.revokes([]) })
  const open = await knock(server, 'CP-3', { certificate: good })
  const thief = await knock(server, 'CP-4', { certificate: stolen })
  expect([open.answer, thief.answer]).toEqual(['open', 'open'])
  const cut = new Promise((resolve) => thief.socket.once('close', resolve))
  writeFileSync(join(server.folder, 'crl.pem'), AUTHORITY.revokes([stolen.cert]))
  server.reload([])
  await cut
  expect(server.log).toContainEqual(
    expect.stringMatching(/^CP-4 \(127\.0\.0\.1\): its certificate is on the list of revoked/),
  )
  expect(await comes(server, 'CP-4', { certificate: stolen })).toBe('401')
  expect(await comes(server, 'CP-3', { certificate: good })).toBe('open')
  expect(server.log.join('\n')).toContain('CERT_REVOKED')
  expect(open.socket.readyState).toBe(open.socket.OPEN)
  writeFileSync(join(server.folder, 'crl.pem'), 'half of a')
  server.reload([])
  expect(server.log.at(-1)).toMatch(/certificate of before goes on: .*crl\.pem holds no revocation list/)
  expect(await comes(server, 'CP-4', { certificate: stolen })).toBe('401')
  writeFileSync(join(server.folder, 'crl.pem'), AUTHORITY.revokes([], -1))
  server.reload([])
  expect(await comes(server, 'CP-3', { certificate: good })).toBe('401')
  expect(server.log.join('\n')).toContain('CRL_HAS_EXPIRED')
})

test('a revocation list that is due within a day, or late, is told', () => {
  const folder = scratchFolder()
  const clientCrl = join(folder, 'crl.pem')
  const files = { ...writeIssued(folder, AUTHORITY.issue('localhost', 90)), clientCa: null, clientCrl }
  const trouble = (days: number): string | undefined => {
    writeFileSync(clientCrl, `${AUTHORITY.revokes([], 30)}${AUTHORITY.revokes([AUTHORITY.cert], days)}`)
    return certificateTrouble(files, Date.now())?.says
  }
  expect(trouble(7)).toBeUndefined()
  expect(trouble(0.5)).toMatch(/^the revocation list ends on /)
  expect(trouble(-1)).toMatch(/^the revocation list ended on .*, and no charge point of security profile 3 comes in/)
})

test('a certificate of its own does not replace the password of profile 2', async () => {
  const server = await opens([{ id: 'CP-2', password: 'a password of CP-2', security: 2 }])
  expect(await comes(server, 'CP-2', { certificate: AUTHORITY.issue('CP-2') })).toBe('401')
})

test('without a port of its own TLS is all that is spoken', async () => {
  const server = await opens([{ id: 'CP-0' }], { port: null })
  expect(server.port).toBe(server.tlsPort)
  expect(await comes(server, 'CP-0')).toBe('open')
  expect(await comes(server, 'CP-0', { plain: true })).toMatch(/hang up|ECONNRESET|Parse Error/)
})

test('a new certificate is taken without dropping anybody, by a reload or because its files changed; one that does not hold is not', async () => {
  const server = await opens([{ id: 'CP-0' }, { id: 'CP-1' }])
  const { socket } = await knock(server, 'CP-0')
  const shown = (): Promise<string> =>
    new Promise((resolve, reject) => {
      const tls = connectTls({ host: '127.0.0.1', port: Number(server.tlsPort), ca: AUTHORITY.cert }, () => {
        resolve(String(tls.getPeerCertificate().subject.CN))
        tls.destroy()
      })
      tls.on('error', reject)
    })
  expect(await shown()).toBe('localhost')
  writeIssued(server.folder, AUTHORITY.issue('renewed'))
  server.reload([])
  expect(await shown()).toBe('renewed')
  const said = server.log.length
  expect(server.log.at(-1)).toContain('get the new certificate')
  server.reload([])
  expect(server.log).toHaveLength(said)
  writeFileSync(join(server.folder, 'server.key'), 'half of a')
  server.reload([])
  expect(server.log.at(-1)).toMatch(/certificate of before goes on: .*server\.key holds no private key/)
  expect(await shown()).toBe('renewed')
  writeIssued(server.folder, AUTHORITY.issue('by itself'))
  await vi.waitFor(async () => expect(await shown()).toBe('by itself'), { timeout: 60_000, interval: 200 })
  expect(socket.readyState).toBe(WebSocket.OPEN)
  socket.send('[2,"1","Heartbeat",{}]')
  const answer = await new Promise<string>((resolve) => socket.once('message', (data) => resolve(String(data))))
  expect(answer).toContain('currentTime')
})

test('a server whose certificate does not hold says which file, and does not start', async () => {
  const { cert } = AUTHORITY.issue('localhost')
  const { key } = AUTHORITY.issue('localhost')
  await expect(opens([{ id: 'CP-0' }], { server: { cert, key } })).rejects.toThrow(
    /server\.key is not the key of the certificate in .*server\.pem/,
  )
})

test('a new password holds after a reload, the old one does not, and who is connected stays', async () => {
  const [former, latter] = [hashPassword(Buffer.from('the former one')), hashPassword(Buffer.from('the latter one'))]
  const server = await opens([{ id: 'CP-1', password: former }])
  const { socket } = await knock(server, 'CP-1', { password: 'the former one' })
  server.reload([{ id: 'CP-1', password: latter }])
  expect(await comes(server, 'CP-1', { password: 'the former one' })).toBe('401')
  expect(socket.readyState).toBe(WebSocket.OPEN)
  expect(await comes(server, 'CP-1', { password: 'the latter one' })).toBe('open')
  server.reload([])
  expect(await comes(server, 'CP-1', { password: 'the latter one' })).toBe('401')
})

test('a socket that went silent without closing is found by its missing pong, and the newest one wins before that', async () => {
  const watching = await opens([{ id: 'CP-0' }], { ping_s: 1 })
  const mute = await knock(watching, 'CP-0', { plain: true })
  ;(mute.socket as unknown as { _receiver: { removeAllListeners(event: string): void } })._receiver.removeAllListeners(
    'ping',
  )
  await soon(() => watching.chargePoints.online('CP-0'))
  await soon(() => !watching.chargePoints.online('CP-0'))
  const server = await opens([{ id: 'CP-0' }])
  const first = await knock(server, 'CP-0')
  const code = new Promise<number>((resolve) => first.socket.once('close', resolve))
  const second = await knock(server, 'CP-0')
  expect(await code).toBe(4001)
  expect(second.socket.readyState).toBe(WebSocket.OPEN)
})

test('what breaks off a TLS handshake ends nothing', async () => {
  const server = await opens([{ id: 'CP-0' }])
  for (let i = 0; i < 10; i += 1) {
    const stranger = connectTls({ host: '127.0.0.1', port: Number(server.tlsPort), ca: STRANGERS.cert })
    stranger.on('error', () => undefined)
    const noTls = connect(Number(server.tlsPort), '127.0.0.1', () => noTls.write('GET /ocpp/CP-0 HTTP/1.1\r\n\r\n'))
    noTls.on('error', () => undefined)
  }
  await soon(() => (server.counters()['refused_tls'] ?? 0) > 0)
  expect(await comes(server, 'CP-0')).toBe('open')
})

test('one charge point that connects again and again is slowed down; its neighbour is not', async () => {
  const server = await opens([{ id: 'CP-0' }, { id: 'CP-1' }])
  const answers = new Set<string>()
  for (let i = 0; i < 40; i += 1) answers.add(await comes(server, 'CP-0', { plain: true }))
  expect([...answers].sort()).toEqual(['429', 'open'])
  expect(await comes(server, 'CP-1', { plain: true })).toBe('open')
})

test('a stranger is refused before the upgrade, with one line that says what to do, however often it comes', async () => {
  const server = await opens([{ id: 'CP-0' }])
  for (let i = 0; i < 5; i += 1) expect(await comes(server, 'CP-9', { plain: true })).toBe('404')
  expect(await comes(server, encodeURIComponent('<b>\n'.repeat(60)), { plain: true })).toBe('404')
  expect(server.log.filter((line) => line.includes('not in the site file'))).toEqual([
    'CP-9 (127.0.0.1): This charge point is not in the site file; add it under chargePoints.',
    `${'?b??'.repeat(12)} (127.0.0.1): This charge point is not in the site file; add it under chargePoints.`,
  ])
})

test('a certificate that ends within two weeks, or does not hold, is told at once and every half minute, until it is well again', () => {
  const folder = scratchFolder()
  const files = { ...writeIssued(folder, AUTHORITY.issue('localhost', 15)), clientCa: null }
  vi.useFakeTimers()
  const told: (string | null)[] = []
  const end = watchCertificate(
    files,
    () => Date.now(),
    (why) => void told.push(why),
  )
  onTestFinished(() => {
    end()
    vi.useRealTimers()
  })
  vi.advanceTimersByTime(86_400_000 + 20 * 60_000)
  writeFileSync(files.cert, 'broken')
  vi.advanceTimersByTime(30_000)
  writeIssued(folder, AUTHORITY.issue('localhost', 90))
  vi.advanceTimersByTime(30_000)
  expect(told[0]).toBeNull()
  expect(told.filter((one) => one?.startsWith('the certificate ends on')).length).toBeGreaterThan(20)
  expect(told.slice(-2)).toEqual([expect.stringContaining('holds no certificate'), null])
})
