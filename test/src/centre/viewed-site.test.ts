import { once } from 'node:events'
import { request } from 'node:http'
import { expect, onTestFinished, test, vi } from 'vitest'
import { WebSocket } from 'ws'
import { SCENARIOS } from '../../../simulations/scenario-list.ts'
import { keepStory } from '../../../src/commands/recorded-story.ts'
import { openSqliteJournalReadOnly } from '../../../src/journal/sqlite-reader.ts'
import { scratchFolder } from '../../contracts/journal-drafts.ts'
import { withPostgres } from '../../contracts/postgres-cluster.ts'
import { until } from '../journal/appended-batches.ts'
import { openStage, shipPath } from './link-stage.ts'
import { ADMIN_TOKEN, openedCentre } from './opened-centre.ts'

vi.setConfig({ testTimeout: 120_000 })

type Answer = { readonly status: number; readonly body: string; readonly location: string | undefined }

/** Asks the centre under a name of its own: `fetch` sets no Host. */
function ask(port: number, host: string, path: string, headers: object = {}, method = 'GET'): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const asked = request({ host: '127.0.0.1', port, path, method, headers: { host, ...headers } }, (response) => {
      const parts: Buffer[] = []
      response.on('data', (part: Buffer) => parts.push(part))
      response.on('end', () =>
        resolve({
          status: response.statusCode ?? 0,
          body: Buffer.concat(parts).toString(),
          location: response.headers.location,
        }),
      )
    })
    asked.on('error', reject)
    asked.end()
  })
}

withPostgres('a site looked at from the centre', (cluster) => {
  test('its board, replay and audit are told from the copy, read-only and without a plate, to whoever may see the board of sites', async () => {
    const store = cluster().url(await cluster().newDatabase())
    const stage = await openStage(store)
    const scenario = SCENARIOS[0]
    const [story] = scenario?.stories ?? []
    if (scenario === undefined || story === undefined) throw new Error('no scenario')
    const folder = scratchFolder()
    await keepStory(folder, { scenario, story, seed: 0 })
    const path = `${folder}/play.db`
    const own = await openSqliteJournalReadOnly({ path, keys: { open: () => undefined } })
    const { seq } = own.head()
    const bays = new Map<string, string | null>()
    for (const { bayId, stream, state } of await own.readSite(0, 10_000))
      if (bayId !== null && stream === `bay:${bayId}`) bays.set(bayId, state)
    await own.close()
    const site = scenario.name
    const { token } = await stage.add(site)
    const { uplink } = shipPath({ path, keyStore: 'keys' }, stage.centre.url, token, site)
    await until(() => uplink.place.sent === seq)
    await stage.centre.close()

    const centre = await openedCentre(store)
    try {
      const home = `centre.example:${centre.port}`
      const host = `${site}.${home}`
      const authorization = `Bearer ${ADMIN_TOKEN}`
      const at = (where: string, headers: object = { authorization }, method = 'GET') =>
        ask(centre.port, host, where, headers, method)
      // Nobody opens it who may not see the board.
      expect((await at('/api/bays', {})).status).toBe(403)
      expect((await ask(centre.port, home, `/sites/${site}`)).status).toBe(401)
      const page = await ask(centre.port, home, '/', { authorization })
      expect(page.body).toContain(`<a href="/sites/${site}">`)
      const opened = await ask(centre.port, home, `/sites/${site}`, { authorization })
      expect([opened.status, opened.location]).toEqual([
        303,
        expect.stringMatching(new RegExp(`^http://${host}/centre-enter\\?ticket=[\\w-]{43}&seq=${seq}$`)),
      ])
      expect((await ask(centre.port, home, '/sites/nowhere', { authorization })).status).toBe(404)
      let board = await at('/api/bays')
      for (let i = 0; i < 600 && !(board.status === 200 && board.body.startsWith('{')); i++) {
        await new Promise((go) => setTimeout(go, 100))
        board = await at('/api/bays')
      }
      const { items: told } = JSON.parse(board.body) as { items: readonly { bayId: string; state: string }[] }
      expect(new Map(told.map(({ bayId, state }) => [bayId, state]))).toEqual(bays)
      expect((await at('/api/bays', {})).status).toBe(401)
      const then = JSON.parse((await at(`/api/replay?seq=${Math.floor(seq / 2)}`)).body)
      expect(then).toMatchObject({ seq: Math.floor(seq / 2), newest: seq })
      // No key was ever here, so nothing was forgotten: vehicles go by their handles.
      const visits: { plate: string | null; plateForgotten?: true }[] = []
      for (let past = 1; past <= seq; past++) {
        const { bays: stood } = JSON.parse((await at(`/api/replay?seq=${past}`)).body)
        for (const { visit } of stood) if (visit?.plate || visit?.plateForgotten) visits.push(visit)
      }
      expect(visits.length).toBeGreaterThan(0)
      for (const visit of visits) expect(visit).toMatchObject({ plate: expect.stringMatching(/^veh-[\w-]{8}$/) })
      expect((await at('/api/journal')).status).toBe(200)
      expect((await at('/')).body).toContain('<title>')
      expect((await at('/api/bays/bay-1/commands', { authorization }, 'POST')).status).toBe(403)
      const live = new WebSocket(`ws://127.0.0.1:${centre.port}/api/live`, { headers: { host, authorization } })
      onTestFinished(() => live.terminate())
      const [hello] = await once(live, 'message')
      expect(JSON.parse(String(hello))).toMatchObject({ recording: true })
      // The machine that owns no such name is not asked.
      expect((await ask(centre.port, `other.${home}`, '/api/bays', { authorization })).status).toBe(404)
    } finally {
      await centre.close()
    }
  })
})
