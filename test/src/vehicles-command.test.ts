import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { vehicles } from '../../src/commands/vehicles.ts'
import { tokenDigest, tokenProof } from '../../src/server/token-proof.ts'
import { readVehicleCsv } from '../../src/vehicle-csv.ts'
import { openRegisterRoom } from './register-room.ts'
import { freePort } from './serve/free-port.ts'

let folder = ''
let out = ''
let err = ''

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'berth-vehicles-'))
  out = ''
  err = ''
  const hear = (text: unknown, take: (text: string) => void): boolean => {
    take(String(text))
    return true
  }
  vi.spyOn(process.stdout, 'write').mockImplementation((text) =>
    hear(text, (more) => {
      out += more
    }),
  )
  vi.spyOn(process.stderr, 'write').mockImplementation((text) =>
    hear(text, (more) => {
      err += more
    }),
  )
})

afterEach(async () => {
  vi.restoreAllMocks()
  vi.unstubAllEnvs()
  await rm(folder, { recursive: true })
})

async function file(name: string, text: string | Uint8Array): Promise<string> {
  const path = join(folder, name)
  await writeFile(path, text)
  return path
}

const csv = (...lines: string[]) => file('fleet.csv', ['plate,accountId', ...lines, ''].join('\n'))

const siteOn = (port: number) =>
  file(
    'site.yaml',
    `
site: { id: depot, name: Depot, timezone: Europe/London }
store: { kind: sqlite, path: ./depot.db }
http: { host: 127.0.0.1, port: ${port} }
ocpp: { host: 127.0.0.1, port: 9220, mode: csms }
cameras: [{ id: cam-1, token: cam-1-secret, kind: push }]
bays:
  - { id: bay-1, chargePoint: CP-1, evse: 1, zones: [{ camera: cam-1, polygon: [[0.1, 0.1], [0.9, 0.1], [0.9, 0.9], [0.1, 0.9]] }] }
chargePoints: [{ id: CP-1 }]
`,
  )

/** A berth's API over HTTP that imports into a real register; answers the port. */
async function serve(answerWith?: { readonly status: number; readonly body: object }) {
  const room = await openRegisterRoom()
  const asked: { authorization: string | undefined; body: string }[] = []
  const server = createServer(async (request, response) => {
    const chunks: Buffer[] = []
    for await (const chunk of request) chunks.push(chunk as Buffer)
    const body = Buffer.concat(chunks).toString()
    if (request.url === '/api/prove') {
      const { nonce } = JSON.parse(body) as { readonly nonce: string }
      const siteId = decodeURIComponent(String(request.headers['berth-site']))
      return void response.end(JSON.stringify({ proof: tokenProof(tokenDigest('secret-1'), siteId, nonce) }))
    }
    asked.push({ authorization: request.headers.authorization, body })
    const answer =
      answerWith?.body ??
      (await room.desk.importVehicles(
        readVehicleCsv(body).rows.map(({ fields }) => fields),
        { name: 'api', role: 'admin' },
      ))
    const refused = 'refused' in answer && Array.isArray(answer.refused) ? answer.refused.length : 0
    response
      .writeHead(answerWith?.status ?? (refused > 0 ? 422 : 200), {
        'content-type': 'application/json',
        'berth-site': String(request.headers['berth-site']),
      })
      .end(JSON.stringify(answer))
  })
  await new Promise<void>((done) => void server.listen(0, '127.0.0.1', done))
  return {
    room,
    asked,
    port: (server.address() as AddressInfo).port,
    close: () => new Promise((done) => void server.close(done)),
  }
}

describe('berth vehicles lint', () => {
  test('names refused rows by line, and warns of pairs one character apart', async () => {
    const path = await csv(
      'AB12CDO,acc-1',
      'AB12CD0,acc-1',
      'XY99KKK,acc-1',
      'XY99KKM,acc-2',
      'XY99KK,acc-2',
      '-,acc-1',
      'HELLO,acc-3',
    )
    expect(await vehicles(['lint', path])).toBe(1)
    expect(out).toContain(`${path}:3: refused: The plate looks the same to cameras as that of line 2`)
    expect(out).toContain(`${path}:7: refused: The plate has no letters or digits.`)
    expect(out).toContain(`${path}:4 and 5: warning: XY99KKK and XY99KKM are one character apart`)
    expect(out).toContain(`${path}:4 and 6: warning: XY99KKK and XY99KK are one character apart`)
    expect(out).toContain(`${path}:8: warning: HELLO is read as lettering`)
    expect(out).toContain('5 vehicles could be registered, 2 rows refused, 3 pairs one character apart.')
  })

  test('answers 0 where there is nothing but warnings, and 2 for a wrong call', async () => {
    expect(await vehicles(['lint', await csv('XY99KKK,acc-1', 'XY99KKM,acc-2')])).toBe(0)
    for (const call of [[], ['lint'], ['import', 'x.csv'], ['paint', 'x.csv'], ['lint', 'a', 'b']])
      expect(await vehicles(call)).toBe(2)
  })

  test('a file that is missing or no text is one sentence', async () => {
    expect(await vehicles(['lint', join(folder, 'none.csv')])).toBe(1)
    expect(err).toContain('there is no such file.')
    expect(await vehicles(['lint', await file('bad.csv', new Uint8Array([0x70, 0xff, 0xfe]))])).toBe(1)
    expect(err).toContain('not UTF-8')
  })

  test('names plates that none of the given countries issues, with what was meant', async () => {
    const path = await csv('KX19TYP,acc-1', 'AB123CD,acc-2', 'KXI8TYP,acc-3', '12WXYZ99,acc-4')
    expect(await vehicles(['lint', path, '--countries', 'gb,FR'])).toBe(0)
    expect(out).not.toMatch(/:[23]: warning/)
    expect(out).toContain(':4: warning: KXI8TYP is built like no plate of GB, FR; is it KX18TYP?')
    expect(out).toContain(':5: warning: 12WXYZ99 is built like no plate of GB, FR.')
    expect(await vehicles(['lint', path, '--countries', 'XX'])).toBe(2)
    expect(err).toContain('plates of XX are not known here; known are AL')
  })

  test('says what tolerance would cost: nothing on a thin list, a lot on a dense one', async () => {
    const cost = () => Number(/character would make ([\d.]+) %/.exec(out)?.[1])
    const thin = await csv(
      ...Array.from(
        { length: 200 },
        (_, i) =>
          `K${'XYTRPNM'[i % 7]}${(i * 37) % 10}${(i * 53) % 10}${'ABCDEFGHJK'[i % 10]}${'WVUTSR'[i % 6]}${'PNMLK'[i % 5]},a-${i}`,
      ),
    )
    await vehicles(['lint', thin])
    const thinCost = cost()
    out = ''
    await vehicles(['lint', await csv(...Array.from({ length: 900 }, (_, i) => `WA${String(10_000 + 7 * i)},a-${i}`))])
    expect(cost()).toBeGreaterThan(50)
    expect(thinCost).toBeLessThan(cost())
    expect(out).toMatch(/look like a listed one \(same matching key\)/)
  })

  test('100,000 rows are linted in one go', async () => {
    const digits = 'ACEFHJKMNP'
    const lines = Array.from(
      { length: 100_000 },
      (_, index) =>
        `${String((index * 7919) % 1_000_003)
          .padStart(7, '0')
          .replace(/./g, (digit) => digits[Number(digit)] ?? '')}7,acc-${index % 100}`,
    )
    const path = await csv(...lines)
    expect(await vehicles(['lint', path])).toBe(0)
    expect(out).toContain('100000 vehicles could be registered, 0 rows refused')
  })
})

describe('berth vehicles import', () => {
  test('goes to the server that runs, with the token, and says how many stand in the register', async () => {
    vi.stubEnv('BERTH_ADMIN_TOKEN', 'secret-1')
    const { room, asked, port, close } = await serve()
    expect(await vehicles(['import', await csv('AB12CDE,acc-1', 'XY99ZZZ,acc-2'), '--site', await siteOn(port)])).toBe(
      0,
    )
    await close()
    expect(asked.map(({ authorization }) => authorization)).toEqual(['Bearer secret-1'])
    expect(room.desk.vehicles().map(({ plate }) => plate)).toEqual(['AB12CDE', 'XY99ZZZ'])
    expect(out).toContain('2 vehicles')
  })

  test('rows that the register refuses are named by their line in the file, and nothing is imported', async () => {
    const { room, port, close } = await serve()
    await room.desk.putVehicle('XY99ZZZ', { accountId: 'acc-9' }, { name: 'ann', role: 'admin' })
    const path = await csv('AB12CDE,acc-1', '', 'XY99ZZZ,acc-2')
    expect(await vehicles(['import', path, '--site', await siteOn(port)])).toBe(1)
    await close()
    expect(out).toContain(`${path}:4: refused: Another account`)
    expect(err).toContain('nothing was imported')
    expect(room.desk.vehicles().map(({ plate }) => plate)).toEqual(['XY99ZZZ'])
  })

  test('a file that does not lint is not sent at all', async () => {
    const { asked, port, close } = await serve()
    expect(await vehicles(['import', await csv('AB12CDE,acc-1', 'AB12CDE,acc-1'), '--site', await siteOn(port)])).toBe(
      1,
    )
    await close()
    expect(asked).toEqual([])
  })

  test('a server that wants a token, says no, or is no berth gives one sentence', async () => {
    for (const [status, body, says] of [
      [401, {}, 'set BERTH_ADMIN_TOKEN'],
      [503, { detail: 'The journal cannot be written.' }, 'The journal cannot be written.'],
      [200, { hello: 1 }, 'did not answer as the berth that serves this site'],
    ] as const) {
      const { port, close } = await serve({ status, body })
      expect(await vehicles(['import', await csv('AB12CDE,acc-1'), '--site', await siteOn(port)])).toBe(1)
      await close()
      expect(err).toContain(says)
    }
  })

  test('with no server the store is taken for the import and given back, and without a way to it the sentence says what to start', async () => {
    const site = await siteOn(await freePort())
    const path = await csv('AB12CDE,acc-1')
    const room = await openRegisterRoom()
    let open = 0
    const take = async () => {
      open += 1
      return {
        register: room.desk,
        close: async () => {
          open -= 1
        },
      }
    }
    expect(await vehicles(['import', path, '--site', site], take)).toBe(0)
    expect(open).toBe(0)
    expect(room.desk.vehicle('AB12CDE')?.accountId).toBe('acc-1')
    expect(await vehicles(['import', path, '--site', site], null)).toBe(1)
    expect(err).toContain('start `berth serve --site')
    expect(await vehicles(['import', path, '--site', site])).toBe(0)
    expect(await vehicles(['import', path, '--site', site])).toBe(0)
  })
})
