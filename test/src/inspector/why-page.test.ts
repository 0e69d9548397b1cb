import { describe, expect, test } from 'vitest'
import { pathOf } from '../../../machines/step.ts'
import type { BayView } from '../../../projections/bay-view.ts'
import { reviewQueue } from '../../../projections/review-queue.ts'
import { viewOf } from '../../../projections/view-of-bay.ts'
import { ONE_BAY, Scene } from '../../../simulations/toy-scene.ts'
import { startServer } from '../server/running-server.ts'
import { busySite } from './busy-site.ts'
import { live, openPage, there } from './opened-page.ts'

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

describe.skipIf(!there)('why', { timeout: 60_000 }, () => {
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
    const because =
      'The second reader answered and did not settle it: the same plate as the first reader’s, free of doubt, was needed. So a person is asked.'
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
