import { mkdirSync } from 'node:fs'
import { dirname } from 'node:path'
import { beforeAll, describe, expect, test } from 'vitest'
import { WebSocket } from 'ws'
import type { Json } from '../../../machines/events.ts'
import { systemClock } from '../../../src/clock.ts'
import { serve } from '../../../src/compose.ts'
import { type ChargePointClient, openChargePointClient } from '../../../src/demo/charge-point-client.ts'
import { OPERATIONS } from '../../../src/server/operations.ts'
import { tokenHash, writeTokens } from '../../../src/server/token-book.ts'
import { newFolder } from '../../contracts/journal-drafts.ts'
import { readsBody, until, writeSite } from '../serve/serving-line.ts'
import { ROLES } from './running-server.ts'

const [OWN, OTHER, CHANGED] = ['own-haulage-acc', 'other-bakery-acc', 'third-joinery-acc']
/** What each role was told, by address: every list, every bay, every feed. */
const told = new Map<string, Map<string, string>>()
const as = (role: string) => ({ authorization: `Bearer ${role}-token` })

/**
 * A real site: a charge of each account in its bay has ended and is billed, another of each runs, and one bay was given to a third
 * account by a person. Then every role asks everything.
 */
beforeAll(async () => {
  const site = await writeSite(2, { folder: newFolder(), policy: { voteWindow_s: 2 } })
  mkdirSync(dirname(site.store), { recursive: true })
  writeTokens(
    `${site.store}.tokens`,
    ROLES.map((role) => ({
      name: `the ${role}`,
      role,
      sha256: tokenHash(`${role}-token`),
      madeAt: '2026-11-22T10:00:00.000Z',
      ...(role === 'fleet' && { accounts: [OWN] }),
    })),
  )
  const serving = await serve(site.path, { env: {}, readerFollows: true })
  const points = [1, 2].map((number) =>
    openChargePointClient({
      url: `ws://127.0.0.1:${site.ocppPort}/ocpp`,
      id: `CP-${number}`,
      clock: systemClock,
      reconnect_ms: 100,
      habits: { meterInterval_s: 0.5, callTimeout_s: 3 },
    }),
  )
  const send = async (method: string, path: string, body: object): Promise<void> => {
    const headers = { 'content-type': 'application/json', ...as('admin') }
    const answer = await fetch(serving.url + path, { method, headers, body: JSON.stringify(body) })
    if (!answer.ok) throw new Error(`${method} ${path}: ${await answer.text()}`)
  }
  try {
    await until(() => points.every(({ online }) => online))
    await send('PUT', '/api/vehicles/AB12CDE', { accountId: OWN })
    await send('PUT', '/api/vehicles/ZZ91XYZ', { accountId: OTHER })
    await send('PUT', `/api/accounts/${CHANGED}`, {})
    const visit = visitsOf(site, points, serving)
    await visit.arrive('f')
    await visit.leave()
    await visit.arrive('g')
    await send('POST', '/api/bays/bay-2/commands', { id: 'other-payer', type: 'authorize', accountId: CHANGED })
    await until(() => serving.desk.bay('bay-2')?.visit?.accountId === CHANGED)
    const seq = serving.desk.seq()
    await Promise.all(ROLES.map(async (role) => told.set(role, await everythingTold(serving.url, role, seq))))
  } finally {
    for (const point of points) await point.close()
    await serving.stop()
  }
}, 180_000)

type Site = Awaited<ReturnType<typeof writeSite>>

/** The vehicles of both accounts arrive and charge, and leave. */
function visitsOf(site: Site, points: readonly ChargePointClient[], serving: Awaited<ReturnType<typeof serve>>) {
  const post = (body: object) =>
    fetch(`${serving.url}/in/cam-1-secret/reads`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body),
    })
  const both = [
    { bay: 1, plate: 'AB12CDE' },
    { bay: 2, plate: 'ZZ91XYZ' },
  ]
  const bays = () => serving.desk.bays()
  const says = () => JSON.stringify(bays())
  return {
    async arrive(name: string) {
      for (const frame of [`${name}1`, `${name}2`]) await post(readsBody(site, both, { frame }))
      await until(() => bays().every(({ state }) => state === 'authorizing'), 60_000, says)
      for (const point of points) point.plug(1)
      let amps = 0
      // A meter is on record once a minute while current flows: one that stops and comes again is news at once.
      const isCharged = async () => {
        amps = amps === 0 ? 16 : 0
        for (const point of points) point.drive(1, amps)
        await new Promise((resolve) => setTimeout(resolve, 700))
        return bays().every(({ session }) => (session?.energy_Wh ?? 0) > 0)
      }
      await until(isCharged, 60_000, says)
    },
    async leave() {
      for (const point of points) point.unplug(1)
      let frame = 0
      const isGone = async () => {
        frame += 1
        await post(readsBody(site, [], { frame: `gone${frame}` }))
        return bays().every(({ state }) => state === 'vacant')
      }
      await until(isGone, 60_000, says)
    },
  }
}

/** Every GET of the API and both feeds, as this role is answered; calls that it may not make are left out. */
async function everythingTold(url: string, role: string, seq: number): Promise<Map<string, string>> {
  const answers = new Map<string, string>()
  const sessions = await fetch(`${url}/api/sessions`, { headers: as('admin') })
  const [session] = ((await sessions.json()) as { items: { sessionId: string }[] }).items
  for (const { method, path, right } of Object.values(OPERATIONS)) {
    if (method !== 'GET' || right === undefined || ['/api/live', '/inspect'].includes(path)) continue
    for (const at of addressesOf(path, { seq, sessionId: session?.sessionId ?? '' })) {
      const answer = await fetch(url + at, { headers: as(role) })
      if (answer.ok) answers.set(at, await answer.text())
    }
  }
  const feeds = ['/api/live', '/inspect', '/inspect?from=1']
  await Promise.all(feeds.map(async (feed) => answers.set(feed, await heard(url + feed, role))))
  return answers
}

/** The addresses of one call: of every bay, record and report that there is. */
function addressesOf(path: string, { seq, sessionId }: { seq: number; sessionId: string }): readonly string[] {
  const ids: { readonly [name: string]: readonly string[] } = {
    bayId: ['bay-1', 'bay-2'],
    cameraId: ['cam-1'],
    chargePointId: ['CP-1', 'CP-2'],
    accountId: [OWN, OTHER],
    plate: ['AB12CDE', 'ZZ91XYZ'],
    report: ['board', 'visits', 'sessions', 'fleets', 'occupancy', 'reviews', 'alarms', 'audit', 'tariffs'],
    sessionId: [sessionId],
  }
  const filled = (at: string): readonly string[] => {
    const name = /:(\w+)/.exec(at)?.[1]
    return name === undefined ? [at] : (ids[name] ?? ['none']).flatMap((id) => filled(at.replace(`:${name}`, id)))
  }
  const asked: { readonly [path: string]: readonly string[] } = {
    '/api/bays/:bayId/at': [`?seq=${seq}`, `?seq=${Math.floor(seq / 2)}`],
    '/api/bays/:bayId/difference': [`?from=1&to=${seq}`, `?from=${Math.floor(seq / 2)}&to=${seq}`],
    '/api/replay': ['', `?seq=${Math.floor(seq / 2)}&bay=bay-2`, '?seq=1'],
    '/api/journal': ['?limit=1000', '?stream=register', '?stream=audit'],
  }
  return filled(path).flatMap((at) => (asked[path] ?? ['']).map((query) => at + query))
}

async function heard(address: string, role: string): Promise<string> {
  const socket = new WebSocket(address.replace('http', 'ws'), { headers: as(role) })
  let text = ''
  socket.on('message', (bytes) => {
    text += `${String(bytes)}\n`
  })
  const hasBegun = () => (address.endsWith('/api/live') ? text.includes('"type":"snapshot"') : text !== '')
  await until(hasBegun, 60_000, () => `${address} tells the ${role} something`)
  // And whatever else it says in a while.
  await new Promise((resolve) => setTimeout(resolve, 1_500))
  socket.terminate()
  return text
}

/** Each energy in an answer, with the accounts that are named around it. */
function energiesIn(text: string): { readonly name: string; readonly of: readonly string[] }[] {
  const found: { name: string; of: readonly string[] }[] = []
  const walk = (value: Json | undefined, of: readonly string[]): void => {
    if (value === null || typeof value !== 'object') return
    if (Array.isArray(value)) {
      for (const one of value) walk(one as Json, of)
      return
    }
    const fields = value as { readonly [name: string]: Json }
    const visit = fields['visit'] as { readonly accountId?: Json } | null | undefined
    const named = [fields['accountId'], visit?.accountId].filter((one) => typeof one === 'string')
    const around = named.length > 0 ? named : of
    for (const [name, field] of Object.entries(fields)) {
      if (name.endsWith('_Wh') && field !== null) found.push({ name, of: around })
      walk(field, around)
    }
  }
  for (const line of text.split('\n')) if (/^[[{]/.test(line)) walk(JSON.parse(line) as Json, [])
  return found
}

const textsOf = (role: string): readonly (readonly [string, string])[] => [...(told.get(role) ?? [])]
const placesOf = (role: string, account: string): readonly string[] =>
  textsOf(role).flatMap(([at, text]) => (text.includes(account) ? [at] : []))

describe('who pays, and how much energy it was', () => {
  test.each(['operator', 'supervisor', 'auditor', 'admin'])(
    'is told to the %s, in the bay, its journal and the feeds',
    (role) => {
      for (const account of [OWN, OTHER, CHANGED])
        expect(placesOf(role, account)).toEqual(
          expect.arrayContaining(
            ['/api/bays/bay-1', '/api/live', '/api/journal?limit=1000', '/api/replay'].slice(account === OWN ? 0 : 1),
          ),
        )
      expect(energiesIn(told.get(role)?.get('/api/bays') ?? '')).toHaveLength(2)
    },
  )

  test.each(['viewer', 'installer'])('is told to the %s by no call and no feed', (role) => {
    for (const account of [OWN, OTHER, CHANGED]) expect(placesOf(role, account)).toEqual([])
    const energies = textsOf(role).flatMap(([at, text]) => energiesIn(text).map(({ name }) => `${at} ${name}`))
    expect(energies).toEqual([])
    expect(told.get(role)?.get('/api/bays')).toContain('"accountHidden":true')
    expect(told.get(role)?.size).toBeGreaterThan(25)
  })

  test('is told to a fleet of its own account alone, whatever it asks', () => {
    for (const account of [OTHER, CHANGED]) expect(placesOf('fleet', account)).toEqual([])
    const own = ['/api/bays/bay-1', '/api/live', '/api/journal?limit=1000', '/api/sessions', '/api/reports/sessions']
    expect(placesOf('fleet', OWN)).toEqual(expect.arrayContaining(own))
    const strange = textsOf('fleet').flatMap(([at, text]) =>
      energiesIn(text).flatMap(({ name, of }) => (of.includes(OWN) || isOwnMeter(at) ? [] : [`${at} ${name}`])),
    )
    expect(strange).toEqual([])
    const bays = JSON.parse(told.get('fleet')?.get('/api/bays') ?? '') as { items: { session: Json; visit: Json }[] }
    expect(bays.items.map(({ visit }) => visit)).toMatchObject([
      { accountId: OWN },
      { accountId: null, accountHidden: true },
    ])
    expect(bays.items.map(({ session }) => session)).toMatchObject([
      { energy_Wh: expect.any(Number) },
      { energy_Wh: null },
    ])
  })

  test('of the meter: a fleet reads the register of the charge that is its own, nobody else’s and no older one', () => {
    const registers = (role: string, bay: string) =>
      (
        JSON.parse(told.get(role)?.get(`/api/bays/${bay}/meter`) ?? '') as {
          items: { transactionId: string | null; register_Wh: number | null; current_A: number | null }[]
        }
      ).items
    const mine = registers('fleet', 'bay-1')
    const shown = new Set(mine.filter(({ register_Wh }) => register_Wh !== null).map((one) => one.transactionId))
    expect(shown.size).toBe(1)
    expect(new Set(mine.map((one) => one.transactionId)).size).toBeGreaterThan(1)
    expect(registers('fleet', 'bay-2').every(({ register_Wh }) => register_Wh === null)).toBe(true)
    expect(registers('viewer', 'bay-2').some(({ current_A }) => (current_A ?? 0) > 0)).toBe(true)
    expect(registers('operator', 'bay-2').some(({ register_Wh }) => register_Wh !== null)).toBe(true)
  })

  test('of a record whose account is not one’s own: what is left out is named, and no record is', () => {
    const records = (role: string) =>
      (
        JSON.parse(told.get(role)?.get('/api/journal?limit=1000') ?? '') as {
          items: { seq: number; withheld?: string[] }[]
        }
      ).items
    const fleets = records('fleet').map(({ seq }) => seq)
    expect(fleets.length).toBeGreaterThan(50)
    expect(
      records('admin')
        .slice(0, fleets.length)
        .map(({ seq }) => seq),
    ).toEqual(fleets)
    expect(records('admin').filter(({ withheld }) => withheld)).toEqual([])
    const meter = (role: string) =>
      records(role).filter((one) => (one as unknown as { cause: { type: string } }).cause.type === 'meter.values')
    expect(meter('viewer').some(({ withheld }) => withheld?.includes('cause'))).toBe(true)
  })
})

/** The readings of the fleet's own charge name a transaction, and no account. */
const isOwnMeter = (at: string): boolean => at === '/api/bays/bay-1/meter'
