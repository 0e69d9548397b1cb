import { expect, test } from 'vitest'
import { openDatabase } from '../../../src/journal/sqlite-file.ts'
import { openSqliteJournalReadOnly } from '../../../src/journal/sqlite-reader.ts'
import { BY, privateSite, startedRoom } from '../privacy/private-room.ts'
import { openPlainServer } from '../server/plain-server.ts'

/** What somebody does to the row 8 of a store that is served, and what is said of it. */
const DONE: readonly (readonly [sql: string, says: RegExp])[] = [
  [
    `UPDATE record SET content = replace(content, '"by":"the auditor"', '"by":"nobody else"') WHERE seq = 8`,
    /^Record 8 .* does not fit its hashes/,
  ],
  [
    `UPDATE record SET personal = replace(personal, '"$salt":"', '"$salt":"A') WHERE seq = 8`,
    /^Record 8 .* does not fit its hashes/,
  ],
  [
    "UPDATE record SET hash = replace(hash, substr(hash, 1, 1), 'z') WHERE seq = 8",
    /^Record 8 .* does not fit its hashes/,
  ],
  [
    "UPDATE record SET stream = 'bay:bay-1', version = 1000 WHERE seq = 8",
    /^Record 8 .* stands in another place than it says/,
  ],
  ['DELETE FROM record WHERE seq = 8', /^Record 9 .* does not follow on record 7/],
]

test('a record that is altered in the store while berth serves is told to nobody: every call that needs it names it, and an alarm says what to do', async () => {
  for (const [sql, says] of DONE) {
    const room = await startedRoom(await privateSite())
    for (const one of [1, 2, 3, 4, 5, 6]) await room.register.putAccount(`acc-${one}`, { name: `Ada ${one}` }, BY)
    const { path } = room.file.store
    const { server } = await openPlainServer({ site: { desk: room.desk } as never })
    try {
      const ask = async (what: string) => {
        const answer = await fetch(server.url + what)
        return { status: answer.status, ...((await answer.json()) as Record<string, unknown>) }
      }
      expect(await ask('/api/journal')).toMatchObject({ status: 200 })
      expect(room.desk.siteAlarms.open()).toEqual([])
      const store = openDatabase(path, '')
      expect(store.prepare(sql).run().changes, sql).toBe(1)
      store.close()
      for (const what of ['/api/journal', '/api/journal?after=6&limit=3', '/api/replay/records'])
        expect(await ask(what), `${sql} ${what}`).toMatchObject({
          status: 500,
          code: 'STORE_CORRUPT',
          detail: expect.stringMatching(says),
        })
      expect(await ask('/api/journal?limit=6')).toMatchObject({ status: 200 })
      expect(await ask('/api/audit/chain')).toMatchObject({ status: 200, wrong: expect.stringMatching(says) })
      expect(room.desk.siteAlarms.open()).toMatchObject([
        { type: 'journal', says: expect.stringMatching(says), do: expect.stringMatching(/^Stop berth/) },
      ])
      const beside = await openSqliteJournalReadOnly({ path, keys: room.keys })
      await expect(beside.readSite()).rejects.toThrow(says)
      await beside.close()
    } finally {
      await server.close()
      await room.close()
    }
  }
}, 180_000)
