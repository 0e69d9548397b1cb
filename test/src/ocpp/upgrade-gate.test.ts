import { connect } from 'node:net'
import { describe, expect, it } from 'vitest'
import { WebSocket } from 'ws'
import { ConnectionRate } from '../../../src/ocpp/connection-rate.ts'
import { readChargePointId } from '../../../src/ocpp/upgrade-gate.ts'
import { openClient, openRaw, openStage, pause, type Stage, soon } from '../../contracts/ocpp-stage.ts'
import { fc } from '../../seeded-check.ts'

const KEY = 'dGhlIHNhbXBsZSBub25jZQ=='

/** Sends bytes to the port and gives back the first line of the answer (empty when there is none, or none within so many ms). */
function knock(stage: Stage, bytes: string, within_ms = 60_000): Promise<string> {
  return new Promise((resolve) => {
    const socket = connect(stage.server.port, '127.0.0.1', () => socket.write(bytes, 'latin1'))
    let answer = ''
    const end = (): void => {
      socket.destroy()
      resolve(answer.split('\r\n', 1)[0] ?? '')
    }
    socket.on('data', (data) => {
      answer += data.toString('latin1')
      if (answer.includes('\r\n\r\n')) end()
    })
    socket.on('error', end)
    socket.on('close', end)
    setTimeout(end, within_ms).unref()
  })
}

function upgrade(path: string, headers: readonly string[] = []): string {
  const own = [
    'Host: x',
    'Connection: Upgrade',
    'Upgrade: websocket',
    'Sec-WebSocket-Version: 13',
    `Sec-WebSocket-Key: ${KEY}`,
  ]
  const protocol = headers.some((h) => h.startsWith('Sec-WebSocket-Protocol'))
    ? []
    : ['Sec-WebSocket-Protocol: ocpp1.6']
  return `GET ${path} HTTP/1.1\r\n${[...own, ...protocol, ...headers].join('\r\n')}\r\n\r\n`
}

const basic = (userPass: string | Buffer): string => `Authorization: Basic ${Buffer.from(userPass).toString('base64')}`

describe('the gate', () => {
  it('answers 404 to unknown charge points, whatever their password, and to every other path', async () => {
    const stage = await openStage([{ id: 'CP-1', password: 'secret' }])
    for (const path of [
      '/ocpp/CP-2',
      '/ocpp/',
      '/ocpp',
      '/',
      '/ocpp/CP-1/more',
      '/ocpp/more/CP-1',
      '/OCPP/CP-1',
      '//ocpp/CP-1',
      '/ocpp//CP-1',
      '/ocpp/cp-1',
      '*',
    ])
      expect(await knock(stage, upgrade(path, [basic('CP-1:secret')])), path).toBe('HTTP/1.1 404 Not Found')
    expect(stage.desk.heard).toEqual([])
  })

  it('outlives paths that cannot be decoded and upgrades that are none, and still serves', async () => {
    const stage = await openStage()
    const odd = [
      upgrade('/ocpp/%E0%A4%A'),
      upgrade('/ocpp/%'),
      upgrade('/ocpp/%00'),
      upgrade('/ocpp/%zz?x=%E0%A4%A'),
      upgrade('http://[::1'),
      upgrade('http://other/ocpp/CP-1'),
      upgrade('/ocpp/..'),
      upgrade(`/ocpp/${'A'.repeat(10_000)}`),
      upgrade(`/ocpp/${'A'.repeat(100_000)}`),
      upgrade('/ocpp/CP-1', ['Sec-WebSocket-Protocol: ,,;"']),
      upgrade('/ocpp/CP-1', ['Sec-WebSocket-Protocol: ocpp1.6, ocpp1.6']),
      upgrade('/ocpp/CP-1').replace('websocket', 'h2c'),
      upgrade('/ocpp/CP-1').replace(KEY, 'short'),
      upgrade('/ocpp/CP-1').replace('GET', 'POST'),
      upgrade('/ocpp/CP-1').replace('Version: 13', 'Version: 99'),
      'GET / HTTP/9\r\n\r\n',
      '\x16\x03\x01\x02\x00\x01\x00',
      'GET /ocpp/CP-1 HTTP/1.1\r\n\r\n',
    ]
    for (const bytes of odd) expect(await knock(stage, bytes, 400), bytes.slice(0, 60)).toMatch(/^$|^HTTP\/1\.1 4\d\d/)
    expect(stage.desk.heard).toEqual([])
    const raw = await openRaw(stage)
    expect(await raw.call('1', 'Heartbeat', {})).toMatchObject([3, '1', {}])
  })

  it('outlives a peer that leaves in the middle of the handshake', async () => {
    const stage = await openStage()
    for (let i = 0; i < 20; i++) {
      const socket = connect(stage.server.port, '127.0.0.1', () => {
        socket.write(upgrade('/ocpp/CP-1').slice(0, 20 + i * 8))
        socket.resetAndDestroy()
      })
      socket.on('error', () => undefined)
    }
    for (let i = 0; i < 20; i++) {
      const socket = connect(stage.server.port, '127.0.0.1', () => {
        socket.write(upgrade('/ocpp/CP-1'))
        socket.resetAndDestroy()
      })
      socket.on('error', () => undefined)
    }
    await pause(100)
    const raw = await openRaw(stage)
    expect(await raw.call('1', 'Heartbeat', {})).toMatchObject([3, '1', {}])
  })

  it('asks the password of the charge point, text or binary, and answers 401 to any other', async () => {
    const stage = await openStage([
      { id: 'CP:1', password: 'sécret:x' },
      { id: 'CP-2', password: 'hex:00ff10' },
      { id: 'CP-3' },
    ])
    const wrong = [
      [],
      [basic('CP:1:wrong')],
      [basic('CP:1:')],
      [basic('CP:1')],
      [basic('CP-2:sécret:x')],
      [basic('CP:1:sécret:xx')],
      ['Authorization: Basic %%%'],
      ['Authorization: Bearer x'],
    ]
    for (const headers of wrong)
      expect(await knock(stage, upgrade('/ocpp/CP%3A1', headers))).toBe('HTTP/1.1 401 Unauthorized')
    expect(await knock(stage, upgrade('/ocpp/CP%3A1', [basic('CP:1:sécret:x')]))).toBe(
      'HTTP/1.1 101 Switching Protocols',
    )
    expect(await knock(stage, upgrade('/ocpp/CP:1', [basic('CP:1:sécret:x').replace('Basic', 'basic')]))).toBe(
      'HTTP/1.1 101 Switching Protocols',
    )
    const binary = Buffer.concat([Buffer.from('CP-2:'), Buffer.from([0, 255, 16])])
    expect(await knock(stage, upgrade('/ocpp/CP-2', [basic(binary)]))).toBe('HTTP/1.1 101 Switching Protocols')
    expect(await knock(stage, upgrade('/ocpp/CP-3'))).toBe('HTTP/1.1 101 Switching Protocols')
    expect(stage.server.counters()['refused_password']).toBe(wrong.length)
    expect(stage.log.join()).not.toMatch(/wrong|cret/)
  })

  it('lets a charge point with a password in, and one with a wrong one never', async () => {
    const stage = await openStage([{ id: 'CP-1', password: 'secret' }])
    openClient(stage, { password: 'secret' })
    await soon(() => stage.desk.of('booted').length === 1)
    const other = openClient(stage, { password: 'Secret' })
    await soon(() => stage.server.counters()['refused_password'] === 2)
    expect(other.frames).toEqual([])
  })

  it('finishes the handshake of a foreign subprotocol without one, and closes it at once', async () => {
    const stage = await openStage()
    for (const protocols of [['ocpp2.0'], [], ['chat', 'ocpp1.5']]) {
      const socket = new WebSocket(`${stage.url}/CP-1`, protocols)
      const closed = await new Promise<string>((resolve) => {
        socket.on('error', (error) => resolve(error.message))
        socket.on('close', (code) => resolve(String(code)))
      })
      expect(closed).toMatch(/^1002$|Server sent no subprotocol/)
    }
    expect(stage.desk.heard).toEqual([])
    const raw = await openRaw(stage, 'CP-1', ['ocpp2.0', 'ocpp1.6'])
    expect(raw.socket.protocol).toBe('ocpp1.6')
  })

  it('takes the version that the charge point wants most, of those that it may speak', async () => {
    const stage = await openStage([{ id: 'CP-1' }, { id: 'CP-2', versions: ['ocpp1.6'] }])
    const chosen = async (id: string, offered: readonly string[]): Promise<string> =>
      (await openRaw(stage, id, offered)).socket.protocol
    expect(await chosen('CP-1', ['ocpp2.0.1', 'ocpp2.1', 'ocpp1.6'])).toBe('ocpp2.0.1')
    expect(await chosen('CP-1', ['ocpp2.1', 'ocpp1.6'])).toBe('ocpp2.1')
    expect(await chosen('CP-2', ['ocpp2.1', 'ocpp1.6'])).toBe('ocpp1.6')
    await expect(openRaw(stage, 'CP-2', ['ocpp2.1'])).rejects.toThrow('Server sent no subprotocol')
  })

  it('reads the id of any path without ever throwing', () => {
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string(),
          fc.string({ unit: 'binary' }).map((s) => `/ocpp/${s}`),
        ),
        (url) => {
          const id = readChargePointId(url)
          expect(id === null || id.length > 0).toBe(true)
        },
      ),
    )
    fc.assert(
      fc.property(
        fc.string({ minLength: 1 }).filter((s) => !s.includes('/') && s.isWellFormed()),
        (id) => readChargePointId(`/ocpp/${encodeURIComponent(id)}?x=1`) === id,
      ),
    )
  })
})

describe('the rate of one address', () => {
  it('is 200 at once and 20 a second after it; what was refused costs eleven times as much; others are not touched', () => {
    let now = 0
    const rate = new ConnectionRate({ now: () => now, after: () => () => undefined })
    for (let i = 0; i < 200; i++) expect(rate.admit('a')).toBe(true)
    expect(rate.admit('a')).toBe(false)
    expect(rate.admit('b')).toBe(true)
    now = 1_000
    for (let i = 0; i < 20; i++) expect(rate.admit('a')).toBe(true)
    expect(rate.admit('a')).toBe(false)
    let guesses = 0
    while (rate.admit('c')) {
      rate.penalize('c')
      guesses += 1
    }
    expect(guesses).toBe(19)
  })
})
