import { existsSync, mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { stringify } from 'yaml'
import type { Journal, Keys } from '../../actors/ports.ts'
import { DEFAULT_POLICY } from '../../machines/events.ts'
import { Fault } from '../../machines/faults.ts'
import type { Draft } from '../../machines/record.ts'
import { type Played, type PlayOptions, playStory } from '../../simulations/player.ts'
import type { Scenario, Story } from '../../simulations/scenario.ts'
import { toyPlans } from '../../simulations/toy-bays.ts'
import { ONE_BAY } from '../../simulations/toy-scene.ts'
import { systemChance } from '../chance.ts'
import { openSqliteJournal } from '../journal/sqlite.ts'
import { type KeyStore, openKeyStore } from '../privacy/key-store.ts'
import type { Scenarios, SimulationView } from '../server/scenario-routes.ts'
import { clockOf, inspectRecorded, type RecordedSite, type Time } from './recorded-site.ts'

/** One story of a scenario, and how it is played. */
export type Telling = { readonly scenario: Scenario; readonly story: Story; readonly seed: number }

const MARK = '# Written by `berth play --keep`.'
const READ_ONLY =
  'This is the recording of a scenario: nothing in it can be ordered or changed. Run `berth serve` or `berth demo` for a site that lives.'

/** The site file of a story's site, as `berth serve` would want it. */
function siteText({ scenario, story }: Telling, port: number): string {
  const { bays, policy = {} } = story.site ?? ONE_BAY
  const plans = toyPlans(bays, { ...DEFAULT_POLICY, ...policy })
  const cameras = [...new Set(plans.flatMap((plan) => plan.zones.map((zone) => zone.cameraId)))]
  const chargePoints = [...new Set(bays.flatMap((bay) => bay.connectors.map((one) => one.chargePointId)))]
  const file = {
    site: { id: scenario.name, name: `Recording: ${scenario.edgeCase} ${scenario.title}`, timezone: 'UTC' },
    store: { kind: 'sqlite', path: './play.db' },
    http: { host: '127.0.0.1', port },
    ocpp: { host: '127.0.0.1', port: 0 },
    cameras: cameras.map((id) => ({ id, token: `${id}-of-a-recording`, kind: 'push' })),
    bays: plans.map((plan) => ({
      id: plan.bayId,
      connectors: plan.connectors.map(({ chargePointId, evse }) => ({ chargePoint: chargePointId, evse })),
      zones: plan.zones.map(({ cameraId, polygon }) => ({ camera: cameraId, polygon })),
    })),
    chargePoints: chargePoints.map((id) => ({ id })),
    ...(Object.keys(policy).length > 0 ? { policy } : {}),
  }
  return `${MARK}\n# ${story.promise}\n${stringify(file, { flowCollectionPadding: true })}`
}

/** Plays a story whose records go into a production journal as they become durable; rejects where one could not be written. */
async function recordInto(journal: Journal, keys: KeyStore, { story, seed }: Telling, time: Time): Promise<Played> {
  const writes: Promise<unknown>[] = []
  const written = (drafts: readonly Draft[]): void => {
    time.now = Math.max(time.now, ...drafts.map((draft) => Date.parse(draft.at)))
    writes.push(journal.append(drafts))
  }
  const options: PlayOptions = { seed, keys: portOf(keys), written }
  const played = await playStory(story, options)
  await Promise.all(writes)
  return played
}

/** The key store as stories may hold it: calls that can be taken out of it and put in the place of others. */
const portOf = (keys: KeyStore): Keys => ({
  vehicle: (folded) => keys.vehicle(folded),
  findVehicle: (folded) => keys.findVehicle(folded),
  card: (idToken) => keys.card(idToken),
  findCard: (idToken) => keys.findCard(idToken),
  startToken: (startId, visitId, length) => keys.startToken(startId, visitId, length),
  findStart: (idToken) => keys.findStart(idToken),
  tokenOf: (startId) => keys.tokenOf(startId),
  destroy: (subject) => keys.destroy(subject),
  mark: (text) => keys.mark(text),
})

/**
 * Plays a story into a store of its own in `folder` (made where absent): `site.yaml`, the journal and its keys, for `berth replay`,
 * `verify` and `export`. Throws Fault BODY_INVALID where the folder holds a site already, STORE_UNWRITABLE where it cannot be written.
 */
export async function keepStory(folder: string, telling: Telling): Promise<Played> {
  const path = join(folder, 'site.yaml')
  const store = join(folder, 'play.db')
  if (existsSync(store) || existsSync(path)) {
    const says = `${folder} holds a site or an earlier recording; give --keep a folder of its own.`
    throw new Fault('BODY_INVALID', {}, { says })
  }
  try {
    mkdirSync(folder, { recursive: true })
    writeFileSync(path, siteText(telling, 8080))
  } catch (cause) {
    const says = `The recording cannot be written to ${folder}; give --keep a folder that you may write.`
    throw new Fault('STORE_UNWRITABLE', {}, { cause, says })
  }
  const siteId = telling.scenario.name
  const time: Time = { now: 0 }
  const clock = clockOf(time)
  const keys = openKeyStore({ path: `${store}.keys`, siteId, clock, chance: systemChance })
  try {
    const journal = await openSqliteJournal({ path: store, siteId, clock, keys })
    return await recordInto(journal, keys, telling, time).finally(() => journal.close())
  } finally {
    keys.close()
  }
}

/** An inspector over a story that was played. */
export type Inspected = RecordedSite & { readonly played: Played }

/**
 * Plays a story and opens the inspector and the API over its journal, as `inspectRecorded` does. `port` 0 = any; `scenarios`: what else can
 * be shown from there.
 */
export async function inspectStory(telling: Telling, port: number, scenarios?: Scenarios): Promise<Inspected> {
  let played: Played | null = null
  const site = await inspectRecorded({
    siteId: telling.scenario.name,
    siteFile: siteText(telling, port),
    port,
    fill: async (journal, keys, time) => {
      played = await recordInto(journal, keys, telling, time)
    },
    shows: { simulation: simulationOf(telling), ...(scenarios && { scenarios }) },
    readOnly: READ_ONLY,
  })
  return { ...site, played: played as unknown as Played }
}

/** What a recording is of, for people. */
function simulationOf({ scenario, story }: Telling): SimulationView {
  const { name, edgeCase, title, given, when, wanted, stories } = scenario
  return { name, edgeCase, title, given, when, wanted, story: stories.indexOf(story) + 1, promise: story.promise }
}
