import { readFileSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { onTestFinished } from 'vitest'
import { parse, stringify } from 'yaml'
import type { FactRecord } from '../../../machines/record.ts'
import { systemClock } from '../../../src/clock.ts'
import { serve } from '../../../src/compose.ts'
import { type ChargePointClient, openChargePointClient } from '../../../src/demo/charge-point-client.ts'
import { paymentSignature } from '../../../src/driver/door/payment-link.ts'
import { freePort } from '../serve/free-port.ts'
import { readsBody, until, writeSite } from '../serve/serving-line.ts'

export const SECRET = 'a secret of the payment page'
type Answered = { readonly status: number; readonly to: string; readonly page: string }

/** A phone: one cookie, no redirect followed by itself. */
export class Phone {
  cookie = ''
  readonly #url: string

  constructor(url: string) {
    this.#url = url
  }

  async ask(path: string, form?: Record<string, string>, headers: Record<string, string> = {}): Promise<Answered> {
    const answer = await fetch(new URL(path, this.#url), {
      redirect: 'manual',
      headers: { ...(this.cookie === '' ? {} : { cookie: this.cookie }), ...headers },
      ...(form === undefined ? {} : { method: 'POST', body: new URLSearchParams(form) }),
    })
    this.cookie = answer.headers.get('set-cookie')?.split(';')[0] ?? this.cookie
    return { status: answer.status, to: answer.headers.get('location') ?? '', page: await answer.text() }
  }
}

/** What the payment page at the other end was asked, and how it answers: by a real HTTP server of its own. */
async function openProvider(answering: (asked: URLSearchParams) => Record<string, string>) {
  const asked: URLSearchParams[] = []
  const server = createServer((request, response) => {
    const members = new URL(request.url ?? '/', 'http://provider').searchParams
    asked.push(members)
    const { sig = '', back = '', ...rest } = Object.fromEntries(members)
    if (sig !== paymentSignature(SECRET, 'ask', { ...rest, back })) return void response.writeHead(403).end()
    response.writeHead(303, { location: signedReturn(back, answering(members)) }).end()
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  onTestFinished(() => void server.close())
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/pay`, asked }
}

/** The address that the payment page sends the driver back to. */
export function signedReturn(back: string, members: Record<string, string>, secret = SECRET): string {
  const address = new URL(back)
  for (const [name, value] of Object.entries(members)) address.searchParams.set(name, value)
  address.searchParams.set('sig', paymentSignature(secret, 'return', members))
  return address.href
}

/** What a payment page says that held what it was asked to. */
export const heldFor = (asked: URLSearchParams): Record<string, string> => ({
  ...Object.fromEntries(['site', 'bay', 'ref', 'hold', 'currency'].map((name) => [name, asked.get(name) ?? ''])),
  status: 'held',
  payment: 'pi_4711',
})

/** A served site of two bays with charge points and a payment page, and what drivers do there; with `centre` phones reach it there alone. */
export async function openDoorScene(answering = heldFor, centre?: { readonly url: string; readonly token: string }) {
  const site = await writeSite(2, { policy: { plugInWindow_s: 30 } })
  const provider = await openProvider(answering)
  const driver = { host: '127.0.0.1', port: await freePort() }
  const publicUrl = `http://127.0.0.1:${driver.port}`
  const file = parse(readFileSync(site.path, 'utf8')) as { http: object }
  const payment = { kind: 'webhook', url: provider.url, secret: SECRET, hold: '40.00', currency: 'EUR' }
  const reached = centre ? { centre: { ...centre, driverPages: true } } : {}
  const http = centre ? file.http : { ...file.http, driver, publicUrl }
  writeFileSync(site.path, stringify({ ...file, http, payment, ...reached }))
  const clock = { ...systemClock, later_ms: 0, now: () => systemClock.now() + clock.later_ms }
  const start = () => serve(site.path, { env: {}, readerFollows: true, clock })
  let serving = await start()
  onTestFinished(() => serving.stop())
  const points = [1, 2].map((number): ChargePointClient => {
    const client = openChargePointClient({
      url: `ws://127.0.0.1:${site.ocppPort}/ocpp`,
      id: `CP-${number}`,
      clock: systemClock,
      reconnect_ms: 100,
      habits: { meterInterval_s: 0.5, callTimeout_s: 3 },
    })
    onTestFinished(() => client.close())
    return client
  })
  await until(() => points.every(({ online }) => online))
  const api = async (method: string, path: string, body?: object): Promise<Response> =>
    fetch(serving.url + path, {
      method,
      ...(body ? { headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) } : {}),
    })
  const listed = (await (await api('GET', '/api/driver-codes')).json()) as { items: { code: string }[] }
  const see = async (bay: number, plate: string | null, frame: string): Promise<void> => {
    const seen = plate === null ? [] : [{ bay, plate }]
    await fetch(`${serving.url}/in/cam-1-secret/reads`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(readsBody(site, seen, { frame })),
    })
  }
  let frames = 0
  const frame = (): string => {
    frames += 1
    return `f${frames}`
  }
  return {
    provider,
    clock,
    points,
    api,
    publicUrl,
    path: site.path,
    codes: listed.items.map(({ code }) => code),
    phone: () => new Phone(publicUrl),
    bay: (number: number) => serving.desk.bay(`bay-${number}`),
    /** A vehicle that nobody here knows stands in the bay, plugged in, and a card is asked for. */
    arrives: async (number: number, plate = `ZZ9${number}ZZZ`, state = 'authorizing'): Promise<void> => {
      for (let n = 0; n < 3; n += 1) await see(number, plate, frame())
      points[number - 1]?.plug(1)
      points[number - 1]?.drive(1, 16)
      await until(
        () => serving.desk.bay(`bay-${number}`)?.state === state,
        60_000,
        () => JSON.stringify(serving.desk.bay(`bay-${number}`)),
      )
    },
    records: async (): Promise<readonly FactRecord[]> => serving.desk.journal.readStream('audit'),
    bayRecords: (number: number) => serving.desk.journal.readStream(`bay:bay-${number}`),
    /** The vehicle unplugs and drives off. */
    leaves: async (number: number): Promise<void> => {
      points[number - 1]?.unplug(1)
      await until(async () => {
        await see(number, null, frame())
        return serving.desk.bay(`bay-${number}`)?.state === 'vacant'
      })
    },
    restart: async (): Promise<void> => {
      await serving.stop()
      serving = await start()
      await until(() => points.every(({ online }) => online))
    },
    until,
  }
}
