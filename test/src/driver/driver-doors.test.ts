import { readFileSync, writeFileSync } from 'node:fs'
import { type AddressInfo, createServer } from 'node:net'
import { expect, onTestFinished, test } from 'vitest'
import { WebSocket } from 'ws'
import { parse, stringify } from 'yaml'
import { serve } from '../../../src/compose.ts'
import { freePort } from '../serve/free-port.ts'
import { readsBody, until, writeSite } from '../serve/serving-line.ts'

type Texted = { readonly vendorId: string; readonly messageId: string; readonly data: string }

/** A charge point on a real WebSocket whose vendor shows texts; answers every other call with NotImplemented. */
async function openDisplay(url: string): Promise<Texted[]> {
  const texts: Texted[] = []
  const socket = new WebSocket(`${url}/CP-1`, ['ocpp1.6'])
  onTestFinished(() => socket.terminate())
  socket.on('message', (bytes) => {
    const [kind, id, action, payload] = JSON.parse(bytes.toString()) as [number, string, string, Texted]
    if (kind !== 2) return
    if (action === 'DataTransfer') texts.push(payload)
    socket.send(
      JSON.stringify(action === 'DataTransfer' ? [3, id, { status: 'Accepted' }] : [4, id, 'NotImplemented', '', {}]),
    )
  })
  await new Promise((resolve, reject) => socket.once('open', resolve).once('error', reject))
  socket.send(JSON.stringify([2, 'hello', 'Heartbeat', {}]))
  return texts
}

test('a served site tells a stranger at the charge point’s own display and on a listener for drivers alone', async () => {
  const site = await writeSite(1)
  const driver = { host: '127.0.0.1', port: await freePort() }
  const file = parse(readFileSync(site.path, 'utf8')) as { http: object; chargePoints: object[] }
  writeFileSync(
    site.path,
    stringify({
      ...file,
      http: { ...file.http, driver },
      tell: { language: 'de' },
      chargePoints: [{ id: 'CP-1', display: { vendorId: 'org.sign', messageId: 'Show' } }],
    }),
  )
  const serving = await serve(site.path, { env: { BERTH_ADMIN_TOKEN: 'top-secret' }, readerFollows: true })
  onTestFinished(() => serving.stop())
  const texts = await openDisplay(serving.ocppUrl)
  for (const frame of ['f1', 'f2']) {
    const body = JSON.stringify(readsBody(site, [{ bay: 1, plate: 'ZZ99ZZZ' }], { frame }))
    const headers = { 'content-type': 'application/json' }
    expect((await fetch(`${serving.url}/in/cam-1-secret/reads`, { method: 'POST', headers, body })).status).toBe(200)
  }
  await until(() => texts.length > 0)
  expect(texts[0]).toMatchObject({ vendorId: 'org.sign', messageId: 'Show' })
  expect(JSON.parse(texts[0]?.data ?? '')).toEqual({
    connectorId: 1,
    message: 'present-card',
    language: 'de',
    text: 'Bitte Karte vorhalten',
  })
  const door = `http://127.0.0.1:${driver.port}`
  expect(await (await fetch(`${door}/d/bay-1?lang=en`)).text()).toContain('<h1>Please present your card</h1>')
  for (const path of ['/', '/api/site', '/api/bays', '/metrics', '/health/live', '/in/cam-1-secret/reads', '/inspect'])
    expect([path, (await fetch(`${door}${path}`, { headers: { authorization: 'Bearer top-secret' } })).status]).toEqual(
      [path, 404],
    )
  expect((await fetch(`${door}/d/bay-1`, { method: 'POST' })).status).toBe(404)
})

test('a taken port of the driver listener is one sentence, and nothing stays open', async () => {
  const site = await writeSite(1)
  const taken = createServer()
  await new Promise<void>((resolve) => taken.listen(0, '127.0.0.1', resolve))
  onTestFinished(() => void taken.close())
  const { port } = taken.address() as AddressInfo
  const file = parse(readFileSync(site.path, 'utf8')) as { http: { port: number } }
  writeFileSync(site.path, stringify({ ...file, http: { ...file.http, driver: { port } } }))
  await expect(serve(site.path, { env: {}, readerFollows: true })).rejects.toThrow(
    /^http\.driver cannot listen on 127\.0\.0\.1:\d+: the port is taken/,
  )
  await expect(fetch(`http://127.0.0.1:${file.http.port}/health/live`)).rejects.toThrow()
})
