import { describe, expect, test } from 'vitest'
import { recognitionPush } from '../cameras/device-samples.ts'
import { live, openPage, there } from '../inspector/opened-page.ts'
import { ROLE_TOKENS, startServer } from '../server/running-server.ts'
import { drawingOver } from './array-drawing.ts'
import { zoneScene } from './zone-scene.ts'

const as = (role: string) => ({ headers: { authorization: `Bearer ${role}-token` } })

describe('what is to be seen of a bay', { timeout: 180_000 }, () => {
  test('zones, plates in the newest picture and votes of the visit: clear and on record for who may see plates, masked for installers, not there for others', async () => {
    const over = await drawingOver()
    const { ask, site } = await startServer({ ...over, tokens: ROLE_TOKENS })
    await ask('/api/cameras/cam-1/picture', as('installer'))
    const seen = async (role: string) => (await ask('/api/bays/bay-1/sight', as(role))).json()
    const clear = (await seen('operator')) as {
      cameras: { plates: { bayId: string; text: string }[]; zones: { bayId: string }[] }[]
      votes: unknown[]
    }
    expect(clear.cameras[0]?.zones.map(({ bayId }) => bayId)).toEqual(['bay-1', 'bay-2', 'bay-3'])
    expect(clear.cameras[0]?.plates.map(({ bayId }) => bayId)).toEqual(['bay-1', 'bay-3'])
    expect(clear.votes).toEqual([
      { plate: 'AB12CDE', frames: 3, of: 4, reads: 4, ofReads: 5, confidence: expect.closeTo(0.91, 5) },
      { plate: 'A812CDE', frames: 1, of: 4, reads: 1, ofReads: 5, confidence: expect.closeTo(0.55, 5) },
    ])
    const look = site.seen.find(({ what }) => what === 'baySight')
    expect(look).toMatchObject({ role: 'operator', subjects: expect.arrayContaining(['v-1', 'v-2']) })

    const masked = JSON.stringify(await seen('installer'))
    expect(masked).toContain('AB•••DE')
    for (const text of ['AB12CDE', 'A812CDE', ...(clear.cameras[0]?.plates ?? []).map((plate) => plate.text)])
      expect(masked).not.toContain(text)
    expect(site.seen.filter(({ what }) => what === 'baySight')).toHaveLength(1)
    for (const role of ['viewer', 'fleet'])
      expect([role, (await ask('/api/bays/bay-1/sight', as(role))).status]).toEqual([role, 403])
    expect((await ask('/api/bays/bay-9/sight', as('admin'))).status).toBe(404)
  })

  test('vehicles that a camera tells of are boxes over its picture for whoever may look, by list or by event, and never on record', async () => {
    const scene = await zoneScene()
    const from = await scene.seq()
    const list = { reads: [], vehicles: [{ box: [0.05, 0.3, 0.2, 0.4] }, { box: [0.9, 0.02, 0.05, 0.05] }] }
    expect((await scene.ask('POST', '/in/cam-1-secret/reads', list)).status).toBe(200)
    const vehicles = async () => (await scene.ask('GET', '/api/bays/bay-1/sight')).body.cameras[0].vehicles
    expect(await vehicles()).toEqual([
      { bayId: 'bay-1', box: [0.05, 0.3, 0.2, 0.4], at: expect.any(Number) },
      { bayId: null, box: [0.9, 0.02, 0.05, 0.05], at: expect.any(Number) },
    ])
    const { headers, body } = recognitionPush()
    await fetch(`${scene.url}/in/cam-1-secret/platerecognizer`, { method: 'POST', headers, body: new Uint8Array(body) })
    await expect.poll(async () => (await vehicles()).length, { timeout: 60_000 }).toBe(3)
    const { items } = (await scene.ask('GET', `/api/journal?after=${from}&limit=500`)).body
    expect(JSON.stringify(items)).not.toContain('[0.05,0.3,0.2,0.4]')
  })

  test.skipIf(!there)('the page draws their boxes thin and dotted, with the word beside them', async () => {
    const over = await drawingOver()
    const told = { cameraId: 'cam-1', reads: [], frame: null, capturedAt: null, reader: 'device' } as const
    const { server } = await startServer(over)
    const { page, complaints } = await openPage(`${server.url}/#/bays/bay-1`)
    await live(page)
    over.vehicles.hear({ ...told, vehicles: [{ box: [0.07, 0.29, 0.32, 0.38] }] })
    await page.click('[data-fold=picture] summary')
    await page.waitForSelector('.sight-vehicle', { state: 'attached' })
    expect(await page.locator('.sight-label').textContent()).toBe('vehicle, bay-1')
    expect(await page.locator('.sight-panel').textContent()).toContain('where the camera itself told of a vehicle')
    const dashes = await page.locator('.sight-vehicle').evaluate((one) => getComputedStyle(one).strokeDasharray)
    expect(dashes).not.toBe('none')
    expect(complaints).toEqual([])
  })

  test.skipIf(!there)(
    'the page asks for a picture only while its fold is open, and viewers have no such fold',
    async () => {
      const over = await drawingOver()
      const { server, site } = await startServer(over)
      const { page, asked, complaints } = await openPage(`${server.url}/#/bays/bay-1`)
      await live(page)
      await page.waitForSelector('[data-fold=picture]')
      await page.waitForTimeout(1_500)
      const pictures = () => asked.filter((url) => /picture\?|sight$/.test(url)).length
      expect([pictures(), site.seen.filter(({ what }) => /Sight|Picture/.test(what)).length]).toEqual([0, 0])
      await page.click('[data-fold=picture] summary')
      await page.waitForSelector('.sight-plates .is-mine canvas')
      expect(await page.locator('.sight-plates .is-mine .sight-bars li').count()).toBe(7)
      expect(await page.locator('.sight-votes li').first().textContent()).toContain('4 of 5 reads')
      await page.click('[data-fold=picture] summary')
      await page.waitForTimeout(2_500)
      const before = pictures()
      await page.waitForTimeout(2_500)
      expect(pictures()).toBe(before)
      expect(complaints).toEqual([])

      const locked = await startServer({ ...(await drawingOver()), tokens: ROLE_TOKENS })
      const viewer = await openPage(`${locked.server.url}/login`)
      await viewer.page.fill('#token', 'viewer-token')
      await viewer.page.click('button[type=submit]')
      await viewer.page.waitForSelector('body.live')
      await viewer.page.goto(`${locked.server.url}/#/bays/bay-1`)
      await viewer.page.waitForSelector('.chart .active')
      expect(await viewer.page.isVisible('[data-fold=picture]')).toBe(false)
    },
  )
})
