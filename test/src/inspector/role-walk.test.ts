import { generateKeyPairSync, sign } from 'node:crypto'
import type { Page } from 'playwright-core'
import { describe, expect, test } from 'vitest'
import { CommissioningDesk } from '../../../src/commissioning/commissioning-desk.ts'
import { RIGHTS } from '../../../src/server/roles.ts'
import type { Role } from '../../../src/site-desk.ts'
import type { Starting } from '../server/plain-server.ts'
import { registeredSite } from '../server/registered-site.ts'
import { ROLE_TOKENS, ROLES, startServer } from '../server/running-server.ts'
import { drawingOver } from '../zones/array-drawing.ts'
import { busySite } from './busy-site.ts'
import { figuredSite } from './figured-site.ts'
import { openAs, there } from './opened-page.ts'
import { pressAll } from './pressed-page.ts'
import { followed } from './still-page.ts'

/** Places that stand in no menu. */
const ASIDE = [
  ...[1, 2, 6].map((one) => `#/bays/bay-${one}`),
  ...['occupancy', 'sessions', 'cameras', 'charge-points'].map((one) => `#/figures/${one}`),
  '#/bays/bay-1?at=seq:1',
  '#/scenarios',
  '#/design-report',
]

/** A site on which everything that the inspector shows is there: a register, zones to draw, figures, commissioning. */
async function wholeSite(): Promise<Starting> {
  const drawing = await drawingOver()
  const figured = await figuredSite()
  const { site: registered } = await registeredSite()
  const site = await busySite({ twoPeople: ['out-of-service'] })
  const { register, handleOf, plateOf } = registered.desk
  const desk = { ...site.desk, register, handleOf, plateOf }
  const { privateKey } = generateKeyPairSync('ed25519')
  const commissioning = new CommissioningDesk({
    siteId: 'depot-north',
    journal: desk.journal,
    scribe: { write: async () => [] },
    signer: () => ({ publicKey: '00'.repeat(32), sign: (message) => sign(null, message, privateKey) }),
  })
  const { figures, views, sights } = figured
  return {
    ...drawing,
    ...(figures && { figures }),
    ...(views && { views }),
    ...(sights && { sights }),
    site: { ...site, desk },
    commissioning,
    tokens: ROLE_TOKENS,
  }
}

/** Every screen of the menu, and whether it is offered. */
const menuOf = (page: Page) =>
  page
    .locator('#nav a')
    .evaluateAll((all) => all.map((one) => [one.getAttribute('href') ?? '', one.checkVisibility()] as const))

const FOR_ALL = ['#/', '#/replay', '#/reviews', '#/cameras', '#/zones', '#/figures']
const ALL = [
  ...['#/', '#/replay', '#/reviews', '#/commission', '#/cameras'],
  ...['#/vehicles', '#/zones', '#/audit', '#/figures', '#/reports'],
]
const without = (...some: readonly string[]) => ALL.filter((one) => !some.includes(one))
/** What stands in the menu of each role. */
const MENUS: { readonly [role in Role]: readonly string[] } = {
  viewer: FOR_ALL,
  operator: without('#/commission', '#/audit'),
  supervisor: ALL,
  installer: without('#/vehicles', '#/audit', '#/reports'),
  fleet: without('#/commission', '#/audit'),
  auditor: without('#/commission'),
  admin: ALL,
}

/** What the server refused this page, with what was done before. */
function refusedOf(page: Page) {
  const refused: string[] = []
  let after = ''
  page.on('response', (answer) => {
    if (answer.status() !== 403) return
    refused.push(`${after}: ${answer.request().method()} ${new URL(answer.url()).pathname}`)
  })
  return {
    refused,
    after: (what: string) => {
      after = what
    },
  }
}

/** Whoever may do all is refused nothing. */
const WALKERS = ROLES.filter((role) => role !== 'admin')

describe.skipIf(!there)('what a role is offered', { timeout: 300_000 }, () => {
  test('nothing is asked for or offered that the server refuses; a screen that is not in the menu says in a sentence that it is not for this role', async () => {
    const walked = await Promise.all(WALKERS.map(walk))
    for (const { role, pressed, refused } of walked) {
      expect([role, pressed > 20]).toEqual([role, true])
      expect([role, refused]).toEqual([role, []])
    }
  })

  test('an admin may do all', () => {
    for (const roles of Object.values(RIGHTS)) expect(roles).toContain('admin')
  })
})

/** Everything that this role can come to, opened and pressed, over a site of its own. */
async function walk(role: Role) {
  const started = await startServer(await wholeSite())
  const page = await openAs(role, started, '/')
  const still = followed(page)
  await still()
  const { refused, after } = refusedOf(page)
  const offered = async () => (await menuOf(page)).flatMap(([href, isOffered]) => (isOffered ? [href] : []))
  await expect.poll(async () => [role, await offered()], { timeout: 60_000 }).toEqual([role, MENUS[role]])
  const menu = await menuOf(page)
  let pressed = 0
  for (const [place, isOffered] of [...menu, ...ASIDE.map((one) => [one, null] as const)]) {
    after(place)
    await page.goto(`${started.server.url}/${place}`)
    await still()
    if (isOffered !== null) await expectTold(page, place, isOffered, role)
    await followFiles(page)
    pressed += await pressAll(page, place, (label) => after(`${place}, ${label}`))
    await page.waitForTimeout(100)
  }
  return { role, pressed, refused }
}

/** Asks for every file that is offered to be taken away. */
const followFiles = (page: Page) =>
  page.evaluate(() =>
    Promise.all(
      [...document.querySelectorAll<HTMLAnchorElement>('main a[href^="/api/"]')].map(({ href }) => fetch(href)),
    ).then(() => undefined),
  )

/** A screen of the menu is shown; one that is not there says so, and offers nothing. */
async function expectTold(page: Page, place: string, isOffered: boolean, role: Role): Promise<void> {
  const told = async () => [place, await page.locator('main .not-yours').allTextContents()]
  const says = isOffered ? [] : [expect.stringContaining(`: not for your role (${role}).`)]
  await expect.poll(told, { timeout: 60_000 }).toEqual([place, says])
  if (isOffered) return
  expect([place, await page.locator('main button:visible, main input:visible').count()]).toEqual([place, 0])
}
