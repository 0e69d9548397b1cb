import { equal } from 'node:assert/strict'
import type { Journal } from '../../../actors/ports.ts'
import { Recorder } from '../../../actors/recorder.ts'
import type { Draft } from '../../../machines/record.ts'
import { eventOf, evidence, opened, step } from '../../../machines/step.ts'
import { fc } from '../../seeded-check.ts'
import type { BayRun } from '../bay-run.ts'
import type { Law } from '../law.ts'
import { decided, isSame } from '../plain-facts.ts'

/** Records as JSON, lived again in another order of machines: nothing but them may have been asked. */
function recordsRebuild(run: BayRun): string | null {
  let snapshot = opened('bay-1')
  for (const record of JSON.parse(JSON.stringify(run.drafts)) as Draft[]) {
    const made = step(snapshot, eventOf(record))
    if (!isSame(evidence(made.draft), evidence(record))) return `record ${record.version} decides otherwise again`
    if (!isSame(made.draft.cause, record.cause)) return `record ${record.version} has another cause again`
    snapshot = made.snapshot
  }
  if (!isSame(snapshot.value, run.snapshot.value)) return 'another state'
  return isSame(snapshot.context, run.snapshot.context) ? null : 'something else is known'
}

/** How long the site is away, ms. */
const AWAY = [0, 90_000, 7_200_000]

function restartChangesNothing(run: BayRun): string | null {
  const later = run.copy()
  later.crash(AWAY[run.lived.length % AWAY.length] ?? 0)
  const [before, after] = [run.bay.visit, later.bay.visit]
  if (before?.visitId !== after?.visitId) return 'the visit changed'
  if (!isSame(before?.payer, after?.payer)) return 'the payer changed'
  if (!isSame(before?.closed, after?.closed)) return 'what was charged changed'
  const draft = later.lived.at(-1)?.draft
  const sent = draft?.effects.find((effect) => /^(start|stop)\./.test(effect.type))
  if (sent) return `the restart sent ${sent.type}`
  return draft && decided(draft, 'SessionBilled').length > 0 ? 'the restart billed' : null
}

/** Nothing is released by timers that ran out while nobody watched: evidence is heard again first. */
function restartForgetsSilence({ lived }: BayRun): string | null {
  for (const { event, now } of lived) {
    if (event.type !== 'site.resumed') continue
    if (Object.values(now.connectors).some((one) => one.link === 'online')) return 'a link is up that nobody heard'
    if (now.here.presence !== 'unknown') return `cameras say ${now.here.presence} that nobody heard`
    if (now.visit && now.visit.lastSign !== event.at) return 'absence goes on from before the restart'
  }
  return null
}

/** The first append fails while `behind` others wait: a journal with them and without it would tell a story that never happened. */
async function lostTogether(behind: number): Promise<void> {
  const written: unknown[] = []
  const append = async (drafts: readonly Draft[]): Promise<never[]> => {
    await Promise.resolve()
    if (written.push(...drafts) === 1) throw new RangeError('the disk is full')
    return []
  }
  const recorder = new Recorder(
    { append } as unknown as Journal,
    queueMicrotask,
    () => {},
    () => {},
  )
  const name = (version: number): Draft => ({ version }) as unknown as Draft
  const all = [recorder.record([name(0)])]
  await Promise.resolve()
  for (let version = 1; version <= behind; version += 1) all.push(recorder.record([name(version)]))
  const settled = await Promise.allSettled(all)
  await recorder.idle()
  equal(settled.filter((one) => one.status === 'rejected').length, behind + 1)
  equal(written.length, 1)
}

/** Law 7. An auditor months later must see the same decisions, and a crash must not cost anybody money. */
export const law: Law = {
  number: 7,
  promise: 'the journal alone rebuilds everything',
  matters: 'An auditor months later must see the same decisions, and a crash must not cost anybody money.',
  own: [
    {
      says: 'what waited behind a record that could not be written is lost with it, and nobody is told otherwise',
      share: 0.05,
      property: () => fc.asyncProperty(fc.integer({ min: 1, max: 5 }), lostTogether) as fc.IRawProperty<unknown>,
    },
  ],
  bay: [
    { says: 'the records alone give the same state and the same bytes', breach: recordsRebuild },
    { says: 'a restart changes no visit, no payer and no bill, and sends nothing', breach: restartChangesNothing },
    { says: 'after a restart nothing is known that nobody has heard again', breach: restartForgetsSilence },
  ],
}
