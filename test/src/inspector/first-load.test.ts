import { gunzipSync, gzipSync } from 'node:zlib'
import { expect, test } from 'vitest'
import { openPageFiles } from '../../../src/server/page-files.ts'
import { startServer } from '../server/running-server.ts'

/** What the two screens that everybody opens may weigh, gzipped; and the driver's page. */
const MOST = { inspector: 60_000, driver: 25_000 }

/** All that a document asks for at once, by address, with the bytes on the wire. */
async function loaded(
  url: string,
): Promise<ReadonlyMap<string, { readonly bytes: number; readonly headers: Headers }>> {
  const fetched = new Map<string, { readonly bytes: number; readonly headers: Headers }>()
  const take = async (address: string): Promise<string> => {
    const answer = await fetch(url + address, { headers: { 'accept-encoding': 'gzip' } })
    const text = await answer.text()
    expect([address, answer.status]).toEqual([address, 200])
    fetched.set(address, { bytes: Number(answer.headers.get('content-length')), headers: answer.headers })
    return text
  }
  const html = await take('/')
  for (const [, address = ''] of html.matchAll(/(?:href|src)="(\/page\/[^"]+)"/g)) await take(address)
  return fetched
}

test(`the first load of board and bay weighs at most ${MOST.inspector / 1000} kB gzip, the statechart included`, async () => {
  const { server } = await startServer()
  const all = await loaded(server.url)
  const chart = openPageFiles().files().get('bay-chart.svg')?.zipped.length ?? 0
  const sum = [...all.values()].reduce((bytes, file) => bytes + file.bytes, chart)
  console.log(`first load of board and bay: ${sum} bytes gzip in ${all.size + 1} files`)
  expect(all.size).toBeGreaterThan(10)
  expect(chart).toBeGreaterThan(1_000)
  expect(sum).toBeLessThanOrEqual(MOST.inspector)
})

test('the document names every module that the first screen imports, so that none waits for another', async () => {
  const { server } = await startServer()
  const all = await loaded(server.url)
  const imported = new Set<string>()
  for (const [address] of all) {
    if (!address.endsWith('.js')) continue
    const text = await (await fetch(server.url + address)).text()
    for (const [, name = ''] of text.matchAll(/^import\b[^'"()]*'\.\/([^']+)'/gm))
      imported.add(address.replace(/[^/]+$/, name))
  }
  expect(imported.size).toBeGreaterThan(10)
  expect([...imported].filter((address) => !all.has(address))).toEqual([])
})

test('files of a build are kept for ever, the documents are asked for each time, and what did not change is not sent again', async () => {
  const { server } = await startServer()
  const all = await loaded(server.url)
  for (const [address, { headers }] of all) {
    expect([address, headers.get('cache-control'), headers.get('content-encoding')]).toEqual([
      address,
      address === '/' ? 'no-cache' : 'public, max-age=31536000, immutable',
      'gzip',
    ])
    const again = await fetch(server.url + address, { headers: { 'if-none-match': headers.get('etag') ?? '' } })
    expect([address, again.status]).toEqual([address, 304])
  }
  const plain = await fetch(`${server.url}/`, { headers: { 'accept-encoding': 'identity' } })
  expect([plain.headers.get('content-encoding'), (await plain.text()).slice(0, 15)]).toEqual([null, '<!doctype html>'])
})

test('no module that a browser gets holds a type, an import of a .ts file, or the text of a comment before a declaration', () => {
  const scripts = [...openPageFiles().files()].filter(([name]) => name.endsWith('.ts'))
  expect(scripts.length).toBeGreaterThan(20)
  for (const [name, { zipped }] of scripts) {
    const text = gunzipSync(zipped).toString()
    expect([name, /^import type|\.ts['"]|^export type|\/\*\*/m.test(text)]).toEqual([name, false])
  }
})

test(`the driver page weighs at most ${MOST.driver / 1000} kB gzip with all that it asks for`, async () => {
  const { server } = await startServer()
  const html = await (await fetch(`${server.url}/d/bay-1`)).text()
  const named = [...html.matchAll(/(?:href|src)="(\/[^"]+)"/g)].map(([, address = '']) => address)
  const parts = await Promise.all(
    named.map(async (address) => gzipSync(Buffer.from(await (await fetch(server.url + address)).arrayBuffer())).length),
  )
  const sum = parts.reduce((all, bytes) => all + bytes, gzipSync(html).length)
  console.log(`driver page: ${sum} bytes gzip`)
  expect(sum).toBeGreaterThan(1_000)
  expect(sum).toBeLessThanOrEqual(MOST.driver)
})
