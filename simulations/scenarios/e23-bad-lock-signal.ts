import { ClockSkew } from '../../actors/ocpp/clock-skew.ts'
import { readMeterValues } from '../../actors/ocpp/meter-samples.ts'
import { DEFAULT_PROFILE, profileNamed } from '../../actors/ocpp/profiles/default.ts'
import type { Outcome, Scenario, Story } from '../scenario.ts'
import type { Scene } from '../toy-scene.ts'
import type { ToySiteOptions } from '../toy-site.ts'

const siteWith = (profile: string): ToySiteOptions => ({
  bays: [{ bayId: 'bay-1', connectors: [{ chargePointId: 'CP-1', evse: 1, profile }] }],
})

type Value = readonly [measurand: string, value: number, phase?: string]

/** MeterValues.req as the charge point words it, read by its profile. */
async function measures(scene: Scene, profile: string, transactionId: string, values: readonly Value[]): Promise<void> {
  const at = scene.site.clock.now()
  const sampledValue = values.map(([measurand, value, phase]) => ({ measurand, value: String(value), phase }))
  const samples = readMeterValues([{ timestamp: new Date(at).toISOString(), sampledValue }], {
    profile: profileNamed(profile) ?? DEFAULT_PROFILE,
    at,
    skew: new ClockSkew(),
    past: false,
  })
  scene.does(
    `CP-1/1 measures ${values.map(([measurand, value, phase]) => [measurand, phase, value].filter(Boolean).join(' ')).join(', ')}`,
  )
  await scene.site.hear({ type: 'meter', chargePointId: 'CP-1', evse: 1, transactionId, samples })
}

async function charging(scene: Scene): Promise<string> {
  await scene.registers('AB12CDE', 'acc-1')
  await scene.arrives('AB12CDE')
  await scene.plugsIn()
  const { transactionId } = await scene.begins({ register_Wh: 5_003 })
  await scene.says('Charging')
  return String(transactionId)
}

/** So many minutes of samples, one every 30 s. */
async function meters(
  scene: Scene,
  profile: string,
  transactionId: string,
  minutes: number,
  values: (minute: number) => readonly Value[],
): Promise<void> {
  for (let half = 1; half <= minutes * 2; half += 1) {
    await scene.watch(30)
    await measures(scene, profile, transactionId, values(half / 2))
  }
}

async function leaves(scene: Scene, transactionId: string): Promise<void> {
  await scene.ends(transactionId, 6_003, { reason: 'EVDisconnected' })
  await scene.unplugs()
  await scene.leaves()
}

const register = (Wh: number): Value => ['Energy.Active.Import.Register', Math.round(Wh)]
/** 16 A over one phase, by the register. */
const drawn = (minute: number): Value => register(5_003 + (16 * 230 * minute) / 60)

const drawing = (scene: Scene): boolean | undefined => scene.site.bay('bay-1')?.connectors['CP-1/1']?.flow.drawing
const quarrels = (scene: Scene, type: 'ContradictionNoticed' | 'ContradictionResolved'): unknown[] =>
  scene
    .decided(type)
    .filter((one) => one['kind'] === 'signals')
    .map((one) => one['says'])

const BILLED: Outcome = {
  bays: {
    'bay-1': {
      state: 'vacant',
      payer: null,
      told: ['authorized (first)', 'charging (plate)', 'finished (please leave)', 'free (exit-seen)'],
      bills: [{ accountId: 'acc-1', energy_Wh: 1_000, exit: 'exit-seen' }],
    },
  },
  commands: ['start CP-1/1'],
  alarms: [],
  alarmsEver: [],
}
const SHOWN: Outcome = { ...BILLED, alarmsEver: ['bay-1/signals'] }

/** A signal that this profile reads as a flow: drawing, locked, no quarrel. */
const reads = (what: string, profile: string, flow: readonly Value[]): Story => ({
  promise: `${what}: the profile ${profile} reads it as the flow`,
  site: siteWith(profile),
  async play(scene) {
    const transactionId = await charging(scene)
    await meters(scene, profile, transactionId, 3, (minute) => [...flow, drawn(minute)])
    scene.sees('drawing', drawing(scene), true)
    scene.sees('the state', scene.state(), 'charging-locked.charging')
    scene.sees('signals that disagree', quarrels(scene, 'ContradictionNoticed'), [])
    await leaves(scene, transactionId)
  },
  outcome: BILLED,
})

export const E23: Scenario = {
  name: 'e23-bad-lock-signal',
  edgeCase: 'E23',
  title: 'bad lock signal',
  given: null,
  when: 'noise, neutral, per-phase, export, missing, frozen, suspended-but-drawing',
  wanted: 'each charger profile says which signal it trusts; disagreement is shown.',
  stories: [
    {
      promise: 'noise of 0.019 A in an open transaction is no flow, and the transaction keeps the bay locked',
      site: siteWith('default'),
      async play(scene) {
        const transactionId = await charging(scene)
        await meters(scene, 'default', transactionId, 4, () => [
          ['Current.Import', 0.019],
          ['Power.Active.Import', 1.4],
          register(5_003),
        ])
        scene.sees('drawing', drawing(scene), false)
        scene.sees('locked', scene.locked(), true)
        await leaves(scene, transactionId)
      },
      outcome: BILLED,
    },
    reads('current on the neutral conductor', 'injet-sonic', [
      ['Current.Import', 0, 'L1'],
      ['Current.Import', 16, 'N'],
    ]),
    reads('current of two phases of three', 'jvh', [
      ['Current.Import', 8, 'L2'],
      ['Current.Import', 8, 'L3'],
    ]),
    reads('current as Current.Export', 'grizzl-e', [
      ['Current.Import', 0],
      ['Current.Export', 16],
    ]),
    {
      promise:
        'current as Current.Export under a profile that does not know it: the register disagrees, that is shown, and the lock stays',
      site: siteWith('default'),
      async play(scene) {
        const transactionId = await charging(scene)
        await meters(scene, 'default', transactionId, 6, (minute) => [
          ['Current.Import', 0],
          ['Current.Export', 16],
          drawn(minute),
        ])
        scene.sees('signals that disagree', quarrels(scene, 'ContradictionNoticed'), ['register-runs'])
        scene.holds('the alarm signals is open', scene.alarms().includes('signals'), scene.alarms())
        scene.sees('locked', scene.locked(), true)
        scene.sees('the payer', scene.payer(), 'acc-1')
        await leaves(scene, transactionId)
        scene.sees('signals that agree again', quarrels(scene, 'ContradictionResolved'), ['register-runs'])
      },
      outcome: SHOWN,
    },
    {
      promise: 'missing: without any sample the transaction alone keeps the bay locked',
      site: siteWith('default'),
      async play(scene) {
        const transactionId = await charging(scene)
        await scene.watch(600)
        scene.sees('the state', scene.state(), 'charging-locked.suspended')
        scene.sees('the payer', scene.payer(), 'acc-1')
        await leaves(scene, transactionId)
      },
      outcome: BILLED,
    },
    {
      promise: 'frozen: the same current and register again and again are shown once, and over when the register moves',
      site: siteWith('default'),
      async play(scene) {
        const transactionId = await charging(scene)
        await meters(scene, 'default', transactionId, 6, () => [['Current.Import', 16], register(5_103)])
        scene.sees('signals that disagree', quarrels(scene, 'ContradictionNoticed'), ['register-still'])
        scene.sees('the state', scene.state(), 'charging-locked.charging')
        await meters(scene, 'default', transactionId, 8, (minute) => [
          ['Current.Import', 16],
          register(5_103 + (16 * 230 * minute) / 60),
        ])
        scene.sees('signals that agree again', quarrels(scene, 'ContradictionResolved'), ['register-still'])
        await leaves(scene, transactionId)
      },
      outcome: SHOWN,
    },
    {
      promise: 'frozen, where the profile trusts the register: no flow, and still locked by the transaction',
      site: siteWith('by-register'),
      async play(scene) {
        const transactionId = await charging(scene)
        await meters(scene, 'by-register', transactionId, 3, (minute) => [['Current.Import', 16], drawn(minute)])
        scene.sees('drawing', drawing(scene), true)
        await meters(scene, 'by-register', transactionId, 6, () => [['Current.Import', 16], register(5_187)])
        scene.sees('drawing', drawing(scene), false)
        scene.sees('locked', scene.locked(), true)
        scene.sees('signals that disagree', quarrels(scene, 'ContradictionNoticed'), ['register-still'])
        await leaves(scene, transactionId)
      },
      outcome: SHOWN,
    },
    {
      promise: 'suspended but drawing: the flow is believed, and the word that denies it is shown',
      site: siteWith('default'),
      async play(scene) {
        const transactionId = await charging(scene)
        await measures(scene, 'default', transactionId, [['Current.Import', 16], drawn(0)])
        await scene.says('SuspendedEVSE')
        await meters(scene, 'default', transactionId, 3, (minute) => [['Current.Import', 16], drawn(minute)])
        scene.sees('the state', scene.state(), 'charging-locked.charging')
        scene.sees('signals that disagree', quarrels(scene, 'ContradictionNoticed'), ['suspended-but-drawing'])
        await scene.says('Charging')
        scene.sees('signals that agree again', quarrels(scene, 'ContradictionResolved'), ['suspended-but-drawing'])
        await leaves(scene, transactionId)
      },
      outcome: SHOWN,
    },
    {
      promise: 'suspended but drawing, where the family is known to say so: nothing to show',
      site: siteWith('suspended-draws'),
      async play(scene) {
        const transactionId = await charging(scene)
        await scene.says('SuspendedEVSE')
        await meters(scene, 'suspended-draws', transactionId, 3, (minute) => [['Current.Import', 16], drawn(minute)])
        scene.sees('the state', scene.state(), 'charging-locked.charging')
        scene.sees('signals that disagree', quarrels(scene, 'ContradictionNoticed'), [])
        await leaves(scene, transactionId)
      },
      outcome: BILLED,
    },
  ],
}
