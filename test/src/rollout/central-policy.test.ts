import { expect, onTestFinished, test } from 'vitest'
import { DEFAULT_POLICY } from '../../../machines/events.ts'
import { systemClock } from '../../../src/clock.ts'
import { openRoom } from '../../../src/open-room.ts'
import { checkPolicy } from '../../../src/rollout/policy-check.ts'
import type { Room } from '../../../src/room.ts'
import { readSiteFile, type SiteFile } from '../../../src/site-file.ts'
import { siteRequests } from '../../../src/uplink/site-requests.ts'
import { cameraMessage, cameraRead } from '../../actors/camera-reads.ts'
import { until, writeSite } from '../serve/serving-line.ts'

/** A site of two bays whose centre may say by which policy it decides, or not. */
async function siteOf(isTaken = true): Promise<SiteFile> {
  const file = await readSiteFile((await writeSite(2, { policy: { absence_s: 3, voteWindow_s: 1 } })).path, {})
  const centre = {
    url: 'wss://centre.example/link',
    token: 'token-of-the-tests',
    ca: null,
    silent_min: 60,
    driverPages: false,
    orders: [],
  }
  return { ...file, centre: { ...centre, policy: isTaken } }
}

async function opens(file: SiteFile): Promise<Room> {
  const room = await openRoom(file, systemClock, () => {}, {})
  onTestFinished(() => room.close())
  await room.start()
  return room
}

/** Nobody asks for a driver page here. */
const NO_DOORS = undefined as never

const quorums = ({ site }: Room) => ['bay-1', 'bay-2'].map((bayId) => site.bay(bayId)?.policy.quorum)

/** Causes and what matters of them, of every record so far. */
async function causes(room: Room) {
  const records = await room.journal.readSite(0, 10_000)
  return records
    .filter(({ cause }) => cause.type.startsWith('policy.'))
    .map(({ stream, cause }) => `${stream} ${cause.type} ${String(cause['policyVersion'] ?? '')}`.trim())
}

/** Somebody comes to bay-1 whose plate one frame shows. */
const comes = (room: Room) =>
  room.feed.see(cameraMessage([cameraRead('AB12CDE', { box: [0.2, 0.6, 0.1, 0.05], frame: 'f' })]))

test('vacant bays adopt the policy of the centre in the batch that puts it on record, and the next start goes on with it', async () => {
  const file = await siteOf()
  const room = await opens(file)
  expect(quorums(room)).toEqual([2, 2])
  expect(await room.centralPolicy.order({ version: 1, policy: { quorum: 3 } })).toEqual({ version: 1, waiting: 0 })
  expect(quorums(room)).toEqual([3, 3])
  // What the centre leaves out is the default, not what the file says: all of the section is the centre's.
  expect(room.site.bay('bay-1')?.policy).toEqual({ ...DEFAULT_POLICY, quorum: 3 })
  expect(room.centralPolicy.now().quorum).toBe(3)
  const told = ['site policy.ordered 1', 'bay:bay-1 policy.adopted', 'bay:bay-2 policy.adopted']
  expect((await causes(room)).slice(-3)).toEqual(told)
  const before = await causes(room)
  expect(await room.centralPolicy.order({ version: 1, policy: { quorum: 3 } })).toEqual({ version: 1, waiting: 0 })
  expect(await causes(room)).toEqual(before)
  await room.close()
  const again = await opens(file)
  expect(quorums(again)).toEqual([3, 3])
  expect(await causes(again)).toEqual(before)
  await again.close()
  // Taken away in the file: the file's word counts again.
  expect(quorums(await opens({ ...file, centre: null }))).toEqual([2, 2])
})

test('who stands in a bay is judged to the end by the rules they came under, also over a restart; then the bay adopts the new ones', async () => {
  const file = await siteOf()
  const room = await opens(file)
  await comes(room)
  expect(room.site.bay('bay-1')?.visit).not.toBeNull()
  expect(await room.centralPolicy.order({ version: 1, policy: { quorum: 3, absence_s: 3 } })).toEqual({
    version: 1,
    waiting: 1,
  })
  room.tick()
  await room.site.idle()
  expect(quorums(room)).toEqual([2, 3])
  await room.close()
  const again = await opens(file)
  expect(again.site.bay('bay-1')?.visit).not.toBeNull()
  expect(quorums(again)).toEqual([2, 3])
  await until(() => {
    again.tick()
    return again.site.bay('bay-1')?.visit === null && again.site.bay('bay-1')?.policy.quorum === 3
  }, 180_000)
  await again.site.idle()
  expect((await causes(again)).at(-1)).toBe('bay:bay-1 policy.adopted')
  expect(await again.centralPolicy.order({ version: 1, policy: { quorum: 3, absence_s: 3 } })).toEqual({
    version: 1,
    waiting: 0,
  })
})

test('what does not check, is older, or is another content under a known number is refused in a sentence, and nothing is on record', async () => {
  const room = await opens(await siteOf())
  await room.centralPolicy.order({ version: 5, policy: { quorum: 3 } })
  const before = await causes(room)
  for (const [body, says] of [
    [{ version: 6, policy: { quorum: 0 } }, /^Version 6 of the policy does not check: policy\.quorum: /],
    [{ version: 6, policy: { quroum: 2 } }, /unknown key `quroum`/],
    [
      { version: 6, policy: { lock: { on_A: 0.1, off_A: 0.2 } } },
      /policy\.lock\.off_A: off_A 0\.2 is not below on_A 0\.1/,
    ],
    [{ version: 6, policy: { autonomy: `${'$'}{BERTH_ADMIN_TOKEN}` } }, /policy\.autonomy/],
    [{ version: 6, policy: null }, /does not check: policy: /],
    [{ version: 6, policy: [1] }, /does not check: policy: /],
    [{ version: 6 }, /does not check: policy: /],
    [{ version: 0, policy: {} }, /no version/],
    ['v6', /no version/],
    [{ version: 4, policy: { quorum: 3 } }, /is older than version 5, which is in force/],
    [{ version: 5, policy: { quorum: 2 } }, /is in force with other rules/],
  ] as const)
    await expect(room.centralPolicy.order(body as never)).rejects.toThrow(says)
  expect(await causes(room)).toEqual(before)
  expect(quorums(room)).toEqual([3, 3])
})

test('a gateway whose file does not say so takes no policy: it does not even offer to', async () => {
  const offered = async (isTaken: boolean) =>
    Object.keys(siteRequests(await opens(await siteOf(isTaken)), systemClock, NO_DOORS))
  expect(await offered(true)).toContain('policy')
  expect(await offered(false)).not.toContain('policy')
})

test('a policy by itself is checked as in a site file, with its defaults', () => {
  expect(checkPolicy({})).toEqual({ policy: DEFAULT_POLICY })
  expect(checkPolicy({ quorum: 'two', extra: 1 })).toEqual({
    problems: [expect.stringMatching(/policy\.extra: unknown key/), expect.stringMatching(/policy\.quorum: /)],
  })
})
