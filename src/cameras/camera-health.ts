import type { Moment } from '../../actors/clock-watch.ts'
import type { PlateFeed } from '../../actors/plate-feed.ts'
import type { Clock, PictureAnswer } from '../../actors/ports.ts'
import { cell, memory } from '../../actors/record-memory.ts'
import { type RulingPorts, RulingWriter } from '../../actors/ruling-writer.ts'
import type { RateRuling } from '../../machines/read-rate.ts'
import type { FactRecord } from '../../machines/record.ts'
import type { DevicePulse } from './camera-dialect.ts'
import { BLINDING, type CameraFault, type CameraKind, faultWords } from './camera-fault-words.ts'
import type { CameraWatch } from './camera-line.ts'
import { FaultBook, type StandingFault } from './fault-book.ts'
import { ViewWatch } from './view-watch.ts'

/** How a camera is: pictures a second, now and as it is used to (null = not known), and what is wrong. */
export type CameraCondition = {
  readonly cameraId: string
  readonly fps: number | null
  readonly usual_fps: number | null
  readonly faults: readonly KindFault[]
}
/** A fault that stands, of a camera whose messages come so. */
export type KindFault = StandingFault & { readonly kind: CameraKind }
/** Why nothing comes from a camera that berth fetches from; `works`: it gives what it is asked for. */
export type SourceNews = 'works' | 'refused' | 'unreachable'
/** A camera of the site file. `zones`: a name of where its zones lie, another one when they are drawn anew. `kind` absent = it pushes. */
export type WatchedCamera = { readonly cameraId: string; readonly zones: string; readonly kind?: CameraKind }

export type CameraHealthParts = RulingPorts & {
  readonly clock: Pick<Clock, 'now'>
  /** Told that a camera sees nothing, and that it sees again: its bays go by it. Knows who is silent. */
  readonly cameraDesk: () => Pick<PlateFeed, 'camera' | 'cameras'>
}

/** Speed is counted in such spans, ms; it is low below this share of the habit, for so many spans. */
const SPAN_MS = 20_000
const SLOW = { share: 0.3, spans: 3, habit: 6, remembered: 45 }
/** What is slower than this is no stream of pictures. */
const LEAST_FPS = 0.2
type Patient = {
  readonly view: ViewWatch
  /** Pictures since `spanFrom`, and pictures a second of the newest spans. */
  pictures: number
  spanFrom: number
  readonly speeds: number[]
  slowSpans: number
  pulse: DevicePulse | null
  isBlind: boolean
  isSilent: boolean
  kind: CameraKind
  /** What its source says; null = nothing yet, or it pushes. */
  source: SourceNews | null
  zones: string
  /** Where its zones lay when it was found moved. */
  movedZones: string
  /** Found moved before a restart: what its scene was is forgotten since, so only a person or new zones can tell that it fits. */
  isUnconfirmed: boolean
}

/** Watches how well each camera sees, by its pictures and by what it says of itself; puts faults on record, and their ends. */
export class CameraHealth implements CameraWatch {
  readonly #parts: CameraHealthParts
  /** What is on record as wrong. */
  readonly #book = new FaultBook()
  readonly #patients = new Map<string, Patient>()
  readonly #writer: RulingWriter<RateRuling>
  /** What is remembered by records alone. */
  readonly memory = memory({
    book: this.#book.memory,
    movedZones: cell(
      () => [...this.#patients].map(([cameraId, { movedZones }]) => [cameraId, movedZones] as const),
      (said) => {
        for (const [cameraId, movedZones] of said) this.#patient(cameraId).movedZones = movedZones
      },
    ),
  })

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

  /** What became of fetching from a camera. */
  source(cameraId: string, news: SourceNews): void {
    this.#patient(cameraId).source = news
  }

  /** Takes in one record, in the journal's order. */
  hear(record: FactRecord): void {
    this.#book.hear(record)
    const { stream, cause } = record
    if (stream !== 'site' || cause.type !== 'camera.impaired') return
    const patient = this.#patient(String(cause['cameraId']))
    if (cause['fault'] === 'moved') patient.movedZones = String(cause['zones'] ?? '')
  }

  /**
   * The site begins with these cameras: what was wrong with others is nobody's any more, and of these it must be seen again. A camera
   * that was found moved stays so, unless its zones were drawn anew.
   */
  begin(cameras: readonly WatchedCamera[]): void {
    for (const cameraId of new Set([...this.#patients.keys(), ...this.#book.cameraIds()])) {
      if (cameras.some((camera) => camera.cameraId === cameraId)) continue
      this.#writer.write(this.#book.standing(cameraId).map(({ fault }) => mended(cameraId, fault)))
      this.#patients.delete(cameraId)
    }
    for (const { cameraId, zones, kind = 'push' } of cameras) {
      const patient = this.#patient(cameraId)
      Object.assign(patient, { zones, kind })
      const wasMoved = this.#book.has(cameraId, 'moved')
      patient.isUnconfirmed = wasMoved && patient.movedZones === zones
      if (wasMoved && !patient.isUnconfirmed) this.#writer.write([mended(cameraId, 'moved', 'new zones')])
    }
  }

  /** About once a second. */
  tick(): void {
    const now = this.#parts.clock.now()
    const standing = new Map(
      this.#parts
        .cameraDesk()
        .cameras()
        .map((camera) => [camera.cameraId, camera.status]),
    )
    for (const [cameraId, patient] of this.#patients) {
      this.#measure(patient, now)
      const status = standing.get(cameraId)
      // The feed calls a camera lost that is blind, too: only one that sees and is lost is silent.
      if (!patient.isBlind || patient.isSilent) patient.isSilent = status === 'lost'
      const faults = new Set(faultsOf(patient))
      const told = this.#book.standing(cameraId).map(({ fault }) => fault)
      const began = [...faults].filter((fault) => !told.includes(fault))
      const ended = told.filter((fault) => !faults.has(fault))
      this.#writer.write([
        ...began.map((fault) => impaired(cameraId, fault, patient)),
        ...ended.filter((fault) => isOver(fault, patient, status)).map((fault) => mended(cameraId, fault)),
      ])
      this.#tellBays(cameraId, patient, faults)
    }
  }

  conditions(): readonly CameraCondition[] {
    return [...this.#patients].map(([cameraId, patient]) => ({
      cameraId,
      fps: patient.pulse?.fps ?? patient.speeds.at(-1) ?? null,
      usual_fps: habitOf(patient),
      faults: this.#book.standing(cameraId).map((one) => ({ ...one, kind: patient.kind })),
    }))
  }

  /** Why a camera says nothing of its bays, or said nothing then; null where it does. */
  blindness = (cameraId: string, then?: Moment): KindFault | null => {
    const standing = this.#book.blindness(cameraId, then)
    return standing && { ...standing, kind: this.#patients.get(cameraId)?.kind ?? 'push' }
  }

  /** Whether its zones may lie on other bays than they were drawn for: what it reads belongs to nobody. */
  isElsewhere = (cameraId: string): boolean => {
    const patient = this.#patients.get(cameraId)
    return patient !== undefined && (patient.isUnconfirmed || patient.view.isElsewhere)
  }

  /** Whether its pictures show its zones, and anything at all. */
  sees(cameraId: string): boolean {
    const patient = this.#patients.get(cameraId)
    return patient === undefined || !(this.isElsewhere(cameraId) || patient.isBlind)
  }

  /** A person says that the zones of a moved camera fit what it shows now. Resolves to the record's seq; null where it was not found moved. */
  async confirmView(cameraId: string, by: string, reason: string | null): Promise<number | null> {
    const patient = this.#patients.get(cameraId)
    if (!patient || !this.#book.has(cameraId, 'moved')) return null
    const { cause, ...rest } = mended(cameraId, 'moved', reason ?? 'its zones fit', by)
    const [record] = await this.#parts.scribe().write([{ stream: 'site', cause, ...rest, personal: {} }])
    patient.view.learnScene()
    patient.isUnconfirmed = false
    return record?.seq ?? null
  }

  /** Its zones were drawn anew, by a person who saw its picture: what it shows now is its scene. */
  async redrawn(cameraId: string, zones: string, by: string): Promise<void> {
    const patient = this.#patients.get(cameraId)
    if (!patient) return
    patient.zones = zones
    patient.view.learnScene()
    await this.confirmView(cameraId, by, 'new zones')
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
      isBlind: false,
      isSilent: false,
      kind: 'push',
      source: null,
      zones: '',
      movedZones: '',
      isUnconfirmed: false,
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
    // Who is silent is known to the bays already.
    const isBlind = [...faults].some((fault) => fault !== 'silent' && BLINDING.has(fault))
    if (isBlind === patient.isBlind) return
    patient.isBlind = isBlind
    this.#parts.cameraDesk().camera(cameraId, isBlind ? 'lost' : 'back')
  }
}

/** Whether anything was heard of the camera since the site began: until then nothing is known to be over. */
const isHeard = ({ speeds, pictures, pulse }: Patient): boolean =>
  pictures > 0 || pulse !== null || speeds.some((speed) => speed > 0)

/** Whether what is on record as wrong is known to be over. */
function isOver(fault: CameraFault, patient: Patient, status: string | undefined): boolean {
  if (fault === 'silent') return status === 'live'
  if (fault === 'refused' || fault === 'unreachable') return patient.source !== null || status === 'live'
  return isHeard(patient)
}

function habitOf({ speeds }: Patient): number | null {
  if (speeds.length < SLOW.habit) return null
  return [...speeds].sort((a, b) => a - b)[speeds.length >> 1] ?? null
}

function faultsOf({ view, pulse, slowSpans, isSilent, isUnconfirmed, source }: Patient): readonly CameraFault[] {
  const seen = view.faults()
  return [
    ...seen,
    ...(isUnconfirmed && !seen.includes('moved') ? (['moved'] as const) : []),
    ...(slowSpans >= SLOW.spans ? (['slow'] as const) : []),
    ...(pulse?.blind != null ? (['blind'] as const) : []),
    ...(source === 'refused' || source === 'unreachable' ? [source] : []),
    ...(isSilent ? (['silent'] as const) : []),
  ]
}

const alarmIdOf = (cameraId: string, fault: CameraFault): string => `site/camera/${cameraId}/${fault}`

function impaired(cameraId: string, fault: CameraFault, patient: Patient): RateRuling {
  const { says, means, does } = faultWords(fault, patient.kind)
  const habit = habitOf(patient)
  const figures = fault === 'slow' && habit !== null ? { habit_fps: Math.round(habit * 100) / 100 } : {}
  const place = fault === 'moved' ? { zones: patient.zones } : {}
  const why = fault === 'blind' ? `: ${patient.pulse?.blind ?? ''}` : ''
  return {
    cause: { type: 'camera.impaired', cameraId, fault, ...figures, ...place },
    decisions: [],
    effects: [
      {
        type: 'raise.alarm',
        alarmId: alarmIdOf(cameraId, fault),
        alarm: `camera-${fault}`,
        says: `Camera ${cameraId} ${says}${why}. ${means}`,
        do: does,
      },
    ],
  }
}

const mended = (cameraId: string, fault: CameraFault, reason?: string, by?: string): RateRuling => ({
  cause: { type: 'camera.mended', cameraId, fault, ...(reason && { reason }), ...(by && { by }) },
  decisions: [],
  effects: [{ type: 'clear.alarm', alarmId: alarmIdOf(cameraId, fault) }],
})
