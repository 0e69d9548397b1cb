import { randomUUID } from 'node:crypto'
import { expect, test } from 'vitest'
import { eventId, type NewEvent } from '../../src/journal/kurrent-event.ts'
import { KurrentLine } from '../../src/journal/kurrent-line.ts'
import type { Patience } from '../../src/journal/server-append.ts'

/** What berth relies on of a KurrentDB server, asked of whatever answers at `url`: the double, or a real one. */
export function kurrentFacts(name: string, url: () => Promise<string>, patience: Patience): void {
  const asking = (what: string, ask: (line: KurrentLine, stream: string) => Promise<void>) =>
    test(`${name}: ${what}`, async () => {
      const line = new KurrentLine(await url(), patience)
      try {
        await ask(line, `berth-fact-${randomUUID()}`)
      } finally {
        await line.close()
      }
    })
  const event = (nth: number, data: object = { nth }): NewEvent => ({ id: eventId('fact', nth), type: 'fact', data })
  const revisions = async (line: KurrentLine, stream: string) =>
    (await line.read(stream, { from: 0, count: 100 }))?.map(({ revision, id }) => [revision, id])

  asking('a stream that nobody wrote is not there, in either direction', async (line, stream) => {
    expect(await line.read(stream, { from: 0, count: 10 })).toBeNull()
    expect(await line.read(stream, { from: 'newest', count: 1 })).toBeNull()
  })

  asking(
    'a batch takes the revisions after the expected one, and another expectation is wrong',
    async (line, stream) => {
      expect(await line.append(stream, [event(1), event(2)], -1)).toEqual({ is: 'done' })
      expect(await line.append(stream, [event(3)], 1)).toEqual({ is: 'done' })
      for (const wrong of [-1, 0, 1, 3]) expect(await line.append(stream, [event(9)], wrong)).toEqual({ is: 'wrong' })
      expect(await revisions(line, stream)).toEqual([1, 2, 3].map((nth, index) => [index, eventId('fact', nth)]))
    },
  )

  asking(
    'the same events behind the same revision are written once, however often they are sent',
    async (line, stream) => {
      for (let i = 0; i < 3; i++) expect(await line.append(stream, [event(1), event(2)], -1)).toEqual({ is: 'done' })
      expect(await line.append(stream, [event(3)], 1)).toEqual({ is: 'done' })
      expect(await line.append(stream, [event(1), event(2)], -1)).toEqual({ is: 'done' })
      expect(await line.append(stream, [event(2)], 0), 'a part of it, where it stands').toEqual({ is: 'done' })
      expect(await revisions(line, stream)).toHaveLength(3)
    },
  )

  asking(
    'what was appended comes back as it was, the newest alone too, and past the end there is nothing',
    async (line, stream) => {
      const data = { b: ['é', null, -1.5e-7, { '10': 'x', '9': 'y' }], a: '\u2028"\\' }
      await line.append(stream, [{ ...event(1, data), meta: { personal: '{}', epoch: '3' } }, event(2)], -1)
      const [first] = (await line.read(stream, { from: 0, count: 1 })) ?? []
      expect(first).toMatchObject({ stream, revision: 0, id: eventId('fact', 1), type: 'fact', data })
      expect(first?.meta).toMatchObject({ personal: '{}', epoch: '3' })
      expect((await line.read(stream, { from: 'newest', count: 1 }))?.map(({ revision }) => revision)).toEqual([1])
      expect(await line.read(stream, { from: 2, count: 10 })).toEqual([])
    },
  )

  asking('a link leads to its event, with that event’s own place', async (line, stream) => {
    await line.append(stream, [event(1), event(2)], -1)
    const links = `${stream}:links`
    await line.append(links, [{ id: eventId('link'), type: '$>', link: `1@${stream}` }], -1)
    const [followed] = (await line.read(links, { from: 0, count: 10, follow: true })) ?? []
    expect(followed).toMatchObject({ stream, revision: 1, id: eventId('fact', 2) })
  })

  asking('five hundred events of a kilobyte go in one append', async (line, stream) => {
    const many = Array.from({ length: 500 }, (_, nth) => event(nth, { text: 'x'.repeat(1_000) }))
    expect(await line.append(stream, many, -1)).toEqual({ is: 'done' })
    expect(await line.read(stream, { from: 0, count: 1_000 })).toHaveLength(500)
  })
}
