import { type AddressInfo, createServer, type Socket } from 'node:net'
import { Aedes } from 'aedes'
import { expect, test } from 'vitest'
import { all, closing, ids, receiver, SECRET, tellNews, webhook } from './news-stage.ts'

/** Accepts every connection and never says a word. */
async function hangingDoor(): Promise<number> {
  const server = createServer((socket) => {
    socket.on('error', () => {}).resume()
    closing.push(() => void socket.destroy())
  })
  await new Promise<void>((go) => server.listen(0, '127.0.0.1', go))
  closing.push(() => void server.close())
  return (server.address() as AddressInfo).port
}
const broker = (url: string) => ({
  ...{ id: 'house', url, topic: 'berth', types: null, bays: null, from: 'start' as const, secret: SECRET, login: null },
})
/** A hundred times as fast as the real one, as the pauses between two tries are. */
function fastNow(): () => number {
  const began = Date.now()
  return () => began + (Date.now() - began) * 100
}

test('receivers that cannot be reached, hang or refuse are told of after half a minute, with since when and how much waits for each, and are no more once they take news', {
  retry: 2,
}, async () => {
  let status = 503
  const later = await receiver(() => status)
  const some = { types: ['session.started'] }
  const hanging = await hangingDoor()
  const { away, telling } = tellNews(
    {
      webhooks: [
        webhook('http://127.0.0.1:9/dead', { id: 'dead', ...some }),
        webhook(`http://127.0.0.1:${hanging}/`, { id: 'hangs' }),
        webhook(later.url, { id: 'later' }),
      ],
      mqtt: [broker(`mqtt://127.0.0.1:${hanging}`)],
    },
    undefined,
    fastNow(),
    100,
  )
  const wanted = all.filter(([, { type }]) => type === 'session.started').length
  const told = (id: string) => away.filter((line) => line?.startsWith(`${id}: `)).at(-1)
  await expect.poll(() => ['dead', 'hangs', 'later', 'house'].filter(told), { timeout: 60_000 }).toHaveLength(4)
  const tail = (pieces: number) =>
    `: nothing was taken since \\d{4}-\\d\\d-\\d\\dT[\\d:.]+Z, and ${pieces} pieces? waits? for it\\.$`
  expect(told('dead')).toMatch(new RegExp(`of news \`dead\` at 127.0.0.1:9 cannot be reached${tail(wanted)}`))
  expect(told('hangs')).toMatch(new RegExp(`\`hangs\` at .* does not answer within 0.1 s${tail(all.length)}`))
  expect(told('later')).toMatch(new RegExp(`\`later\` at .* answers 503${tail(all.length)}`))
  expect(told('house')).toMatch(new RegExp(`broker of \`house\` at .* is not reached${tail(all.length)}`))
  expect(telling.positions().map(({ receiver: id, away: state }) => [id, state?.behind])).toEqual([
    ['dead', wanted],
    ['hangs', all.length],
    ['later', all.length],
    ['house', all.length],
  ])
  expect(away).not.toContain(null)
  status = 200
  // Each at least once and in its order: what was answered too late comes again.
  const heard = () => [...new Set(ids(later.taken))]
  await expect.poll(() => heard().length, { timeout: 60_000 }).toBe(all.length)
  expect(heard()).toEqual(ids(all.map(([, row]) => row)))
  expect(away.filter((line) => line === null)).toHaveLength(1)
  expect(telling.positions().find((one) => one.receiver === 'later')?.away).toBeNull()
})

test('a receiver that misses a piece now and then is no news to people', async () => {
  const server = await receiver((place) => (place % 5 === 0 ? 503 : 200))
  const { away } = tellNews({ webhooks: [webhook(server.url)] })
  await expect.poll(() => server.taken.length, { timeout: 60_000 }).toBe(all.length)
  expect(away).toEqual([])
})

test('a piece that a broker did not acknowledge in time comes again before the next one, and never behind it', async () => {
  const taken: string[] = []
  let silent = true
  const aedes = await Aedes.createBroker({
    authorizePublish: (_client, packet, done) => {
      taken.push(JSON.parse(packet.payload.toString()).id)
      if (!silent) done(null)
    },
  })
  const sockets = new Set<Socket>()
  const server = createServer((socket) => {
    sockets.add(socket)
    aedes.handle(socket)
  })
  await new Promise<void>((go) => server.listen(0, '127.0.0.1', go))
  closing.push(async () => {
    await new Promise<void>((go) => aedes.close(() => go()))
    await new Promise((go) => server.close(go))
  })
  const { port } = server.address() as AddressInfo
  tellNews({ mqtt: [broker(`mqtt://127.0.0.1:${port}`)] }, undefined, fastNow())
  await expect.poll(() => taken.length, { timeout: 60_000 }).toBeGreaterThan(2)
  silent = false
  await expect.poll(() => new Set(taken).size, { timeout: 60_000 }).toBe(all.length)
  // The broker drops everybody once: whatever the client still held would come now.
  const before = taken.length
  for (const socket of sockets) socket.destroy()
  await new Promise((go) => setTimeout(go, 7_000))
  expect(taken.slice(before)).toEqual([])
  const firsts = taken.filter((id, place) => taken.indexOf(id) === place)
  expect(firsts).toEqual(ids(all.map(([, row]) => row)))
  expect([...taken].toSorted((a, b) => firsts.indexOf(a) - firsts.indexOf(b))).toEqual(taken)
}, 180_000)
