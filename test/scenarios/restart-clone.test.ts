import { expect, test } from 'vitest'
import { fold } from '../../machines/plate.ts'
import { replaysTheSame } from '../../simulations/rereading.ts'
import { TWO_BAYS } from '../../simulations/toy-scene.ts'
import { ToySite } from '../../simulations/toy-site.ts'

const PLATE = 'AB12CDE'

/** Seconds of one plate at two bays: it moves, comes back once it was free, and at last both bays show it. */
const shownAt = (second: number): readonly string[] =>
  second < 6 ? ['bay-1'] : second < 12 ? ['bay-2'] : second < 60 ? [] : second < 66 ? ['bay-1'] : ['bay-1', 'bay-2']
const END_s = 75

/** The site, and whatever process of it lives; charge points are free all the time. */
class Lot {
  site: ToySite
  crashes = 0
  #greeted: ToySite | null = null

  constructor(site: ToySite) {
    this.site = site
  }

  async #greet(): Promise<void> {
    if (this.#greeted === this.site) return
    this.#greeted = this.site
    for (const chargePointId of ['CP-1', 'CP-2']) {
      await this.site.hear({ type: 'online', chargePointId })
      const free = { evse: 1, status: 'Available', errorCode: null, happenedAt: null }
      await this.site.hear({ type: 'status', chargePointId, ...free })
    }
  }

  async run(): Promise<void> {
    for (let second = 0; second < END_s; second += 1) {
      await this.#greet()
      const bays = shownAt(second)
      await this.site.camera('cam-1', { plates: bays.map((bayId) => ({ bayId, plate: PLATE })), occupied: [...bays] })
      await this.site.pass(1000)
      if (!this.site.journal.dead) continue
      this.crashes += 1
      this.site = await this.site.crash()
      this.#standsAlone()
    }
    await this.site.pass(1000)
  }

  /** Law 3: one plate has at most one live visit that may start, and nobody dead holds it. */
  #standsAlone(): void {
    const handle = this.site.keys.vehicle(fold(PLATE))
    const granted = ['bay-1', 'bay-2'].filter((bayId) => {
      const claim = this.site.bay(bayId)?.visit?.claim
      return claim?.handle === handle && claim.state === 'granted'
    })
    expect(granted.length).toBeLessThanOrEqual(1)
    const holder = this.site.site.claims.held.get(handle)
    if (granted.length === 1) expect(holder?.bayId).toBe(granted[0])
    if (holder) expect(this.site.bay(holder.bayId)?.visit?.visitId).toBe(holder.visitId)
    for (const waiting of this.site.site.claims.waiting)
      expect(this.site.bay(waiting.bayId)?.visit?.visitId).toBe(waiting.visitId)
  }

  ends(): void {
    this.#standsAlone()
    const payers = ['bay-1', 'bay-2'].filter((bayId) => this.site.bay(bayId)?.visit?.payer)
    expect(payers).toHaveLength(1)
  }
}

async function lot(): Promise<Lot> {
  const site = await new ToySite(TWO_BAYS).open()
  await site.registers(PLATE, 'acc-1')
  return new Lot(site)
}

test('a crash at any record of one plate at two bays leaves it with one visit: what was ruled and not told is told at the next start', async () => {
  const calm = await lot()
  const before = calm.site.journal.appends
  await calm.run()
  calm.ends()
  const appends = calm.site.journal.appends - before
  expect(calm.site.journal.records.flatMap((one) => one.decisions).map((one) => one.type)).toEqual(
    expect.arrayContaining(['ClaimLost', 'ClaimReleased', 'ClaimContested', 'ClaimGranted']),
  )
  const wrong: string[] = []
  for (let crash = 1; crash <= appends; crash += 1)
    for (const durable of [false, true]) {
      const one = await lot()
      one.site.journal.dies = { atAppend: before + crash, durable }
      try {
        await one.run()
        expect(one.crashes).toBe(1)
        one.ends()
        await replaysTheSame(one.site)
      } catch (error) {
        wrong.push(`append ${crash} of ${appends}, ${durable ? 'durable' : 'lost'}: ${String(error).split('\n')[0]}`)
      }
    }
  expect(wrong).toEqual([])
}, 180_000)

test('a store that fails while a claim is told does not leave the plate with two bays once it works again', async () => {
  const site = await new ToySite(TWO_BAYS).open()
  await site.registers(PLATE, 'acc-1')
  const shows = async (bayId: string): Promise<void> => {
    await site.camera('cam-1', { plates: [{ bayId, plate: PLATE }], occupied: [bayId] })
    await site.pass(300)
  }
  for (let frame = 0; frame < 3; frame += 1) await shows('bay-1')
  expect(site.bay('bay-1')?.visit?.claim?.state).toBe('granted')
  // The ruling is the last that fits on the disk.
  const append = site.journal.append.bind(site.journal)
  site.journal.append = async (drafts) => {
    const written = await append(drafts)
    if (drafts.some((draft) => draft.decisions.some((decision) => decision.type === 'ClaimLost')))
      site.journal.failing = true
    return written
  }
  for (let frame = 0; frame < 3; frame += 1) await shows('bay-2')
  expect(site.site.failing).toBe(true)
  site.journal.failing = false
  await site.pass(5_000)
  await shows('bay-2')
  await site.pass(5_000)
  expect(site.site.failing).toBe(false)
  expect(site.bay('bay-1')?.visit?.claim?.state).not.toBe('granted')
  expect(site.bay('bay-2')?.visit?.claim?.state).toBe('granted')
})
