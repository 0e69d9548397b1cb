import type { CameraDesk } from '../../actors/camera-desk.ts'
import type { Clock, PictureAnswer } from '../../actors/ports.ts'
import { type RulingPorts, RulingWriter } from '../../actors/ruling-writer.ts'
import type { RateRuling } from '../../machines/read-rate.ts'
import type { FactRecord } from '../../machines/record.ts'
import type { DevicePulse } from './camera-dialect.ts'
import type { CameraWatch } from './camera-line.ts'
import { type ViewFault, ViewWatch } from './view-watch.ts'

/** What a camera can suffer from. `slow`: far fewer pictures than it is used to give; `blind`: it says so itself. */
export type CameraFault = ViewFault | 'slow' | 'blind'

/** How a camera is: pictures a second, and what is wrong. */
export type CameraCondition = {
  readonly cameraId: string
  readonly fps: number | null
  readonly faults: readonly CameraFault[]
}

export type CameraHealthParts = RulingPorts & {
  readonly clock: Pick<Clock, 'now'>
  /** Told that a camera sees nothing, and that it sees again: its bays go by it. */
  readonly cameraDesk: () => Pick<CameraDesk, 'camera'>
}

/** Speed is counted in such spans, ms; it is low below this share of the habit, for so many spans. */
const SPAN_MS = 20_000
const SLOW = { share: 0.3, spans: 3, habit: 6, remembered: 45 }
/** What is slower than this is no stream of pictures. */
const LEAST_FPS = 0.2
/** With one of these the camera sees nothing at all. */
const BLINDING: ReadonlySet<CameraFault> = new Set(['dark', 'blocked', 'glare', 'blind'])

type Patient = {
  readonly view: ViewWatch
  /** Pictures since `spanFrom`, and pictures a second of the newest spans. */
  pictures: number
  spanFrom: number
  readonly speeds: number[]
  slowSpans: number
  pulse: DevicePulse | null
  /** On record as wrong. */
  readonly told: Set<CameraFault>
  isBlind: boolean
}

/** Watches how well each camera sees, by its pictures and by what it says of itself; puts faults on record, and their ends. */
export class CameraHealth implements CameraWatch {
  readonly #parts: CameraHealthParts
  readonly #patients = new Map<string, Patient>()
  readonly #writer: RulingWriter<RateRuling>

  constructor(parts: CameraHealthParts) {
    this.#parts = parts
    this.#writer = new RulingWriter(parts, ({ cause }) => `${String(cause['cameraId'])} ${String(cause['fault'])}`)
  }

  picture(cameraId: string, { view }: PictureAnswer): void {
    const patient = this.#patient(cameraId)
    patient.pictures += 1
    if (view) patient.view.see(view, this.#parts.clock.now())
  }

  pulse(cameraId: string, pulse: DevicePulse): void {
    this.#patient(cameraId).pulse = pulse
  }

  /** Takes in one record, in the journal's order. */
  hear({ stream, cause }: FactRecord): void {
    if (stream !== 'site' || (cause.type !== 'camera.impaired' && cause.type !== 'camera.mended')) return
    const { told } = this.#patient(String(cause['cameraId']))
    const fault = String(cause['fault']) as CameraFault
    if (cause.type === 'camera.impaired') told.add(fault)
    else told.delete(fault)
  }

  /** The site begins with these cameras: what was wrong with others is nobody's any more, and of these it must be seen again. */
  begin(cameraIds: readonly string[]): void {
    for (const [cameraId, { told }] of this.#patients) {
      if (cameraIds.includes(cameraId)) continue
      this.#writer.write([...told].map((fault) => mended(cameraId, fault)))
      this.#patients.delete(cameraId)
    }
    for (const cameraId of cameraIds) this.#patient(cameraId)
  }

  /** About once a second. */
  tick(): void {
    const now = this.#parts.clock.now()
    for (const [cameraId, patient] of this.#patients) {
      this.#measure(patient, now)
      const faults = new Set(faultsOf(patient))
      const began = [...faults].filter((fault) => !patient.told.has(fault))
      const ended = [...patient.told].filter((fault) => !faults.has(fault))
      this.#writer.write([
        ...began.map((fault) => impaired(cameraId, fault, patient)),
        ...ended.filter(() => isHeard(patient)).map((fault) => mended(cameraId, fault)),
      ])
      this.#tellBays(cameraId, patient, faults)
    }
  }

  conditions(): readonly CameraCondition[] {
    return [...this.#patients].map(([cameraId, patient]) => ({
      cameraId,
      fps: patient.pulse?.fps ?? patient.speeds.at(-1) ?? null,
      faults: faultsOf(patient),
    }))
  }

  #patient(cameraId: string): Patient {
    const known = this.#patients.get(cameraId)
    if (known) return known
    const patient: Patient = {
      view: new ViewWatch(),
      pictures: 0,
      spanFrom: this.#parts.clock.now(),
      speeds: [],
      slowSpans: 0,
      pulse: null,
      told: new Set(),
      isBlind: false,
    }
    this.#patients.set(cameraId, patient)
    return patient
  }

  #measure(patient: Patient, now: number): void {
    const span_ms = now - patient.spanFrom
    if (span_ms < SPAN_MS) return
    const speed = (patient.pictures * 1_000) / span_ms
    const habit = habitOf(patient)
    const isSlow = habit !== null && habit >= LEAST_FPS && speed < SLOW.share * habit
    patient.slowSpans = isSlow ? patient.slowSpans + 1 : 0
    // A slow camera does not become its own habit.
    if (!isSlow) patient.speeds.push(speed)
    if (patient.speeds.length > SLOW.remembered) patient.speeds.shift()
    Object.assign(patient, { pictures: 0, spanFrom: now })
  }

  #tellBays(cameraId: string, patient: Patient, faults: ReadonlySet<CameraFault>): void {
    const isBlind = [...faults].some((fault) => BLINDING.has(fault))
    if (isBlind === patient.isBlind) return
    patient.isBlind = isBlind
    this.#parts.cameraDesk().camera(cameraId, isBlind ? 'lost' : 'back')
  }
}

/** Whether anything was heard of the camera since the site began: until then nothing is known to be over. */
const isHeard = ({ speeds, pictures, pulse }: Patient): boolean =>
  pictures > 0 || pulse !== null || speeds.some((speed) => speed > 0)

function habitOf({ speeds }: Patient): number | null {
  if (speeds.length < SLOW.habit) return null
  return [...speeds].sort((a, b) => a - b)[speeds.length >> 1] ?? null
}

function faultsOf({ view, pulse, slowSpans }: Patient): readonly CameraFault[] {
  return [
    ...view.faults(),
    ...(slowSpans >= SLOW.spans ? (['slow'] as const) : []),
    ...(pulse?.blind != null ? (['blind'] as const) : []),
  ]
}

const alarmIdOf = (cameraId: string, fault: CameraFault): string => `site/camera/${cameraId}/${fault}`

function impaired(cameraId: string, fault: CameraFault, patient: Patient): RateRuling {
  const { says, does } = WORDS[fault]
  const habit = habitOf(patient)
  const figures = fault === 'slow' && habit !== null ? { habit_fps: Math.round(habit * 100) / 100 } : {}
  const why = fault === 'blind' ? `: ${patient.pulse?.blind ?? ''}` : ''
  const blind = BLINDING.has(fault) ? ' Its bays count as unseen until then.' : ''
  return {
    cause: { type: 'camera.impaired', cameraId, fault, ...figures },
    decisions: [],
    effects: [
      {
        type: 'raise.alarm',
        alarmId: alarmIdOf(cameraId, fault),
        alarm: `camera-${fault}`,
        says: `Camera ${cameraId} ${says}${why}.${blind}`,
        do: does,
      },
    ],
  }
}

const mended = (cameraId: string, fault: CameraFault): RateRuling => ({
  cause: { type: 'camera.mended', cameraId, fault },
  decisions: [],
  effects: [{ type: 'clear.alarm', alarmId: alarmIdOf(cameraId, fault) }],
})

const WORDS: { readonly [fault in CameraFault]: { readonly says: string; readonly does: string } } = {
  dark: { says: 'shows black', does: 'Light the bays, or switch on its infrared; look whether its lens is covered.' },
  blocked: { says: 'shows one grey and nothing else', does: 'Clean its lens: a bag, a web, snow, or spray over it.' },
  glare: {
    says: 'is dazzled: much of its picture is burnt out',
    does: 'Turn it away from sun or lamp, or give it a hood; lower its exposure.',
  },
  blurred: {
    says: 'shows far less detail than it used to',
    does: 'Clean its lens and set its focus; in fog and heavy rain this ends by itself.',
  },
  moved: {
    says: 'shows another scene than before: it was moved, or something stands before it',
    does: 'Set it back, or draw its zones anew: until then plates may be given to the wrong bay.',
  },
  slow: {
    says: 'gives far fewer pictures than it used to',
    does: 'Look at its network and at what else draws its streams.',
  },
  blind: { says: 'says of itself that it sees nothing', does: 'Look at its picture and at its own log.' },
}
