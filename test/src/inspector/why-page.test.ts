import { describe, expect, test } from 'vitest'
import { pathOf } from '../../../machines/step.ts'
import type { BayView } from '../../../projections/bay-view.ts'
import { reviewQueue } from '../../../projections/review-queue.ts'
import { viewOf } from '../../../projections/view-of-bay.ts'
import { ONE_BAY, Scene } from '../../../simulations/toy-scene.ts'
import type { ArrayDesk } from '../server/array-desk.ts'
import { ROLE_TOKENS, startServer } from '../server/running-server.ts'
import { busySite } from './busy-site.ts'
import { live, openAs, openPage, there, WALL } from './opened-page.ts'

/** The only bay of a scene, as the server shows it. */
function viewIn({ site }: Scene): BayView {
  const host = site.site.hosts.get('bay-1')
  if (!host) throw new TypeError('there is no bay-1')
  const { snapshot, standing } = host.committed
  return viewOf({ bay: snapshot.context, ...pathOf(snapshot.value), standing, timers: host.kept, alarms: [] })
}

/** A person is asked which of two plates it is. */
async function contested(): Promise<Scene> {
  const scene = await Scene.open(ONE_BAY)
  await scene.registers('AB12CDE', 'acc-1')
  await scene.registers('AB12CDF', 'acc-2')
  await scene.arrives('AB12CDE', 'bay-1', 1)
  await scene.arrives('AB12CDF', 'bay-1', 1)
  scene.stands(null)
  await scene.watch(12)
  expect(scene.state()).toBe('detecting.in-review')
  return scene
}

/** A site where the second reader read another plate than the first in bay-2. */
async function disagreeing(): Promise<ArrayDesk> {
  const site = await busySite()
  const visit = site.desk.bay('bay-2')?.visit
  if (!visit) throw new TypeError('nobody is in bay-2')
  await site.change(
    'bay-2',
    { type: 'second.read' },
    {
      visit: { ...visit, secondRead: { says: 'other', plate: 'v-2', first: 'v-1' } },
      why: {
        event: 'second.read',
        seq: 7,
        at: '2026-11-22T10:00:00.000Z',
        rule: 'secondAnswered',
        guards: [{ name: 'secondAnswered', ok: true, value: true, need: 'the second reader answered' }],
        evidence: [],
      },
    },
  )
  return site
}

describe.skipIf(!there)('why', { timeout: 180_000 }, () => {
  test('from what needs a person one click leads to what brought the bay where it is, whatever was noted since, in the same sentence', async () => {
    const scene = await contested()
    const site = await busySite()
    const asked = viewIn(scene)
    await site.change('bay-1', { type: asked.why?.event ?? '' }, asked)
    const [row] = scene.site.journal.records.reduce(reviewQueue.fold, reviewQueue.start()).values()
    if (row === undefined) throw new TypeError('nobody is asked')
    site.reviews.unshift({ ...row, since: new Date(Date.now() - 3_600_000).toISOString() })
    const { server } = await startServer({ site })
    const { page } = await openPage(server.url)
    await live(page)
    const first = page.locator('.needs-list li').first()
    const because = 'No second reader had an answer: a person is asked.'
    await expect.poll(() => first.locator('.need-why').textContent()).toBe(`Why: ${because}`)
    // None of this changes the state.
    await scene.says('Preparing')
    await scene.says('Available')
    await scene.says('Preparing')
    const later = viewIn(scene)
    expect([later.version - asked.version, later.state, later.detail]).toEqual([3, asked.state, asked.detail])
    await site.change('bay-1', { type: 'connector.status' }, later)
    await first.locator('a').click()
    const why = page.getByRole('region', { name: 'Why' })
    await expect.poll(() => why.textContent()).toContain('Last noted: connector status')
    expect(await why.locator('.why-line').textContent()).toBe(because)
    const text = await why.textContent()
    for (const part of [`record ${asked.why?.seq}, `, `(record ${later.noted?.seq}, `]) expect(text).toContain(part)
    await page.goBack()
    await expect.poll(() => first.locator('.need-why').textContent()).toBe(`Why: ${because}`)
  })

  test('of two readers that disagree the screen of the bay says what each one read; the board, and who may see no plate, that they disagree', async () => {
    const { server, send } = await startServer({ site: await disagreeing(), tokens: ROLE_TOKENS })
    const board = await openAs('operator', { server, send }, '/')
    const need = board.locator('.needs-list li', { hasText: 'bay-2' })
    const other = 'The second reader read another plate than the first: a person is asked which it is.'
    expect(await need.locator('.need-why').textContent()).toBe(`Why: ${other}`)
    await need.locator('a').click()
    const line = board.locator('.why-line')
    await expect
      .poll(() => line.textContent())
      .toBe('The second reader read A812CDE, the first AB12CDE: a person is asked which it is.')
    expect(await line.locator('.plate').allTextContents()).toEqual(['A812CDE', 'AB12CDE'])
    const wall = await openAs('viewer', { server, send }, '/#/bays/bay-2')
    await expect.poll(() => wall.locator('.why-line').textContent()).toBe(other)
    const german = await openAs('operator', { server, send }, '/#/bays/bay-2', { ...WALL, locale: 'de-DE' })
    await expect
      .poll(() => german.locator('.why-line').textContent())
      .toBe('Der zweite Leser las A812CDE, der erste AB12CDE: Ein Mensch wird gefragt, welches es ist.')
  })

  test('cause, consequence and what to do stand with what needs a person, and one click shows what was seen and what was needed', async () => {
    const site = await busySite()
    const alarm = { alarmId: 'b', bayId: 'bay-1', type: 'drawn-after-end', says: 'It gives energy on.', do: 'Stop it.' }
    site.alarms.push({ ...alarm, since: new Date(Date.now() - 3_600_000).toISOString() })
    const { server } = await startServer({ site })
    const { page } = await openPage(server.url)
    await live(page)
    const first = page.locator('.needs-list li').first()
    for (const part of ['It gives energy on.', 'Energy flows that nobody pays for', 'Stop it.'])
      await expect.poll(() => first.textContent()).toContain(part)
    await first.locator('a').click()
    const panel = page.getByRole('region', { name: 'Why' })
    const why = await panel.textContent()
    for (const part of ['meter values: record 1', '6.1 A, and from 0.2 A on it counts as charging'])
      expect(why).toContain(part)
  })
})
