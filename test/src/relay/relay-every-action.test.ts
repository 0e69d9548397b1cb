import { expect, onTestFinished, test, vi } from 'vitest'
import { WebSocket } from 'ws'
import { systemChance } from '../../../src/chance.ts'
import { systemClock } from '../../../src/clock.ts'
import { openRelay } from '../../../src/relay/relay.ts'
import { RelayClient } from '../../../src/relay/relay-client.ts'
import { fc } from '../../seeded-check.ts'
import { openPlainBackEnd, type PlainBackEnd } from './plain-back-end.ts'
import { ALIAS, openBare, relaySettings, soon, TOKEN } from './relay-stage.ts'
import { actionPayloads } from './spec-payloads.ts'

vi.setConfig({ testTimeout: 120_000 })

/** One thing that is said, and what the other side says to it; null = nothing. */
type Step = { readonly by: 'charge point' | 'back end'; readonly text: string; readonly answer: string | null }
/** What either side heard, in order. */
type Transcript = { readonly chargePoint: readonly string[]; readonly backEnd: readonly string[] }

/** Plays a conversation step by step, as the protocol has it; the steps of `local` are the relay's to answer. */
async function plays(
  url: string,
  backEnd: PlainBackEnd,
  protocol: string,
  steps: readonly Step[],
  local: (step: Step) => boolean,
): Promise<Transcript> {
  const from = backEnd.heard.length
  const bare = await openBare(`${url}/CP-1`, [protocol])
  await soon(() => backEnd.socket?.readyState === WebSocket.OPEN)
  for (const step of steps) {
    const [below, above] = [bare.texts.length, backEnd.heard.length]
    const down = step.by === 'back end'
    if (down) backEnd.say(step.text)
    else bare.send(step.text)
    const isLocal = local(step)
    if (!isLocal) await heard(() => (down ? bare.texts.length > below : backEnd.heard.length > above))
    if (step.answer === null) continue
    if (down) bare.send(step.answer)
    else if (!isLocal) backEnd.say(step.answer)
    await heard(() => (down ? backEnd.heard.length > above : bare.texts.length > below))
  }
  bare.socket.terminate()
  return { chargePoint: bare.texts, backEnd: backEnd.heard.slice(from) }
}

/** As `soon`, without a pause: there are thousands of steps. */
async function heard(holds: () => boolean): Promise<void> {
  for (const last = performance.now() + 60_000; !holds(); ) {
    if (performance.now() > last) throw new Error('not heard within a minute')
    await new Promise((resolve) => setImmediate(resolve))
  }
}

/** A token pays for one start: each round that bears one has its own. */
const TOKENS = [TOKEN, 'FEDCBA9876543210']
const bears = (text: string): boolean => TOKENS.some((token) => text.includes(token))

function withToken(payload: unknown, ours: string | null): unknown {
  if (ours === null || typeof payload !== 'object' || payload === null) return payload
  if ('idTag' in payload) return { ...payload, idTag: ours }
  const { idToken } = payload as { idToken?: unknown }
  return typeof idToken === 'object' && idToken ? { ...payload, idToken: { ...idToken, idToken: ours } } : payload
}

const id = fc.oneof(fc.uuid(), fc.integer(), fc.string({ maxLength: 36 }), fc.double({ noNaN: true }))

/** Every action of a version, called from either side, with its answer or an error; and what no version's schemas know. */
function conversation(version: '1_6' | '2_0_1' | '2_1'): Step[] {
  const steps = (ours: string | null) =>
    actionPayloads(version).flatMap(({ action, call, answer }) =>
      (['charge point', 'back end'] as const).map((by) =>
        fc.tuple(id, call, answer, fc.nat(9)).map(([i, payload, says, kind]): Step => {
          const called = withToken(payload, ours)
          const results = [
            [4, i, 'InternalError', 'no', {}],
            [3, i, says],
          ]
          return {
            by,
            text: JSON.stringify([2, i, action, called]),
            answer: JSON.stringify(results[Math.min(kind, 1)]),
          }
        }),
      ),
    )
  const odd = fc
    .tuple(fc.constantFrom('charge point', 'back end'), id, fc.jsonValue(), fc.nat(6))
    .map(([by, i, value, kind]) => {
      const [n, v] = [JSON.stringify(i), JSON.stringify(value)]
      const texts = [
        `[5,${n},"FormatViolation","",${v}]`,
        `[6,${n},"NotifyPeriodicEventStream",${v}]`,
        `[3, ${n} ,${v} ]`,
        `[4,${n},"GenericError","",${v}]`,
        `[7,${n},${v}]`,
        `[2,${n}`,
        `{"not":${v}}`,
      ]
      return { by, text: texts[kind] ?? '', answer: null } as Step
    })
  const { seed = 1 } = fc.readConfigureGlobal() ?? {}
  const rounds = [TOKENS[0] ?? null, null, TOKENS[1] ?? null].map((ours, round) =>
    fc.sample(fc.tuple(...steps(ours)), { numRuns: 1, seed: seed + round }).flat(),
  )
  return [...rounds.flat(), ...fc.sample(odd, 150)]
}

/** The call as the back end shall hear it through berth: the same, but for berth's own token where a token stands. */
function throughBerth(text: string): string {
  const frame = parsed(text)
  const [type, , action, payload] = frame
  if (type !== 2 || !['StartTransaction', 'StopTransaction', 'TransactionEvent'].includes(String(action))) return text
  const { idTag, idToken } = payload as { idTag?: unknown; idToken?: { idToken: unknown } }
  if (TOKENS.includes(String(idTag))) Object.assign(payload as object, { idTag: ALIAS })
  if (idToken && TOKENS.includes(String(idToken.idToken))) Object.assign(idToken, { idToken: ALIAS })
  return JSON.stringify(frame)
}

function parsed(text: string): unknown[] {
  try {
    const frame: unknown = JSON.parse(text)
    return Array.isArray(frame) ? frame : []
  } catch {
    return []
  }
}

/** An Authorize of berth's own token. */
const isLocal = ({ by, text }: Step): boolean => by === 'charge point' && bears(text) && parsed(text)[2] === 'Authorize'

/** Every action that has an answer; the one of 2.1 that has none (a SEND) is among the odd frames. */
for (const [version, protocol, known] of [
  ['1_6', 'ocpp1.6', 39],
  ['2_0_1', 'ocpp2.0.1', 64],
  ['2_1', 'ocpp2.1', 90],
] as const)
  test(`${protocol}: every action from either side with payloads of its schemas, played directly and through the relay, differs in berth’s tokens alone`, async () => {
    const steps = conversation(version)
    for (const by of ['charge point', 'back end']) {
      const called = steps.flatMap((step) => (step.by === by && parsed(step.text)[0] === 2 ? parsed(step.text)[2] : []))
      expect(new Set(called).size).toBe(known)
    }
    const backEnd = await openPlainBackEnd()
    const direct = await plays(backEnd.url, backEnd, protocol, steps, () => false)
    const settings = relaySettings(backEnd.url)
    const relay = await openRelay(settings, { clock: systemClock, chance: systemChance })
    onTestFinished(() => relay.close())
    const logic = new RelayClient({ channel: settings.channel, clock: systemClock, hear: () => undefined })
    onTestFinished(() => logic.close())
    await soon(() => logic.connected)
    for (const token of TOKENS)
      await logic.put({ chargePointId: 'CP-1', token, alias: ALIAS, startId: `start-${token}` })
    const through = await plays(`ws://127.0.0.1:${relay.port}/ocpp`, backEnd, protocol, steps, isLocal)
    const local = new Set(steps.filter(isLocal).map(({ text }) => text))
    expect(through.backEnd).toEqual(direct.backEnd.filter((text) => !local.has(text)).map(throughBerth))
    expect(through.chargePoint).toEqual(
      steps.flatMap((step) => {
        if (step.by === 'back end') return step.text
        if (!isLocal(step)) return step.answer ?? []
        const key = version === '1_6' ? 'idTagInfo' : 'idTokenInfo'
        return JSON.stringify([3, parsed(step.text)[1], { [key]: { status: 'Accepted' } }])
      }),
    )
    expect(direct.chargePoint).toEqual(
      steps.flatMap(({ by, text, answer }) => (by === 'back end' ? text : (answer ?? []))),
    )
    const rewritten = direct.backEnd.filter((text) => throughBerth(text) !== text)
    console.log(`${protocol}: ${steps.length} steps, ${local.size} answered here, ${rewritten.length} rewritten`)
    expect([local.size, rewritten.length]).toEqual([2, version === '1_6' ? 4 : 2])
  })
