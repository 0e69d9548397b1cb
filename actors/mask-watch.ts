import { fold } from '../machines/plate.ts'
import type { RateRuling } from '../machines/read-rate.ts'
import type { FactRecord } from '../machines/record.ts'
import {
  hearText,
  NO_STANDING_TEXTS,
  type Proposal,
  type StandingTexts,
  settledProposals,
  shared,
} from '../machines/standing-text.ts'
import type { TrackRead } from '../machines/track.ts'
import type { Rectangle } from '../machines/zone.ts'
import type { Polygon } from './ports.ts'
import { cell } from './record-memory.ts'
import { type RulingPorts, RulingWriter } from './ruling-writer.ts'

/** What the plate feed tells of one bay in one message. `agreed`: the folded plate that its votes agreed on; `looksEmpty`: the picture itself shows nobody. */
export type BayReads = {
  readonly cameraId: string
  readonly at: number
  readonly reads: readonly TrackRead[]
  readonly agreed: string | null
  readonly looksEmpty: boolean
}

type MaskPorts = RulingPorts & {
  /** Keyed hash: no text is kept. */
  readonly mark: (text: string) => string
}

/** A proposed box is drawn so much larger on every side, as a share of its own size. */
const ROOM = 0.25

/** Proposes masks where the same text is read again and again that is no vehicle's plate, and takes the proposal back once the site file follows it. */
export class MaskWatch {
  #texts: StandingTexts = NO_STANDING_TEXTS
  /** What is remembered by records alone. */
  readonly memory = cell(
    () => this.#texts.proposed,
    (proposed) => {
      this.#texts = { ...NO_STANDING_TEXTS, proposed }
    },
  )
  readonly #ports: MaskPorts
  readonly #writer: RulingWriter<RateRuling>

  constructor(ports: MaskPorts) {
    this.#ports = ports
    this.#writer = new RulingWriter(ports, ({ cause }) => `${cause['cameraId']} ${JSON.stringify(cause['box'])}`)
  }

  /** Hears what was read in one bay's zone. */
  read({ cameraId, at, reads, agreed, looksEmpty }: BayReads): void {
    const plates = reads.filter((read) => fold(read.text) === agreed)
    for (const { text, box } of reads) {
      if (!box || fold(text) === agreed) continue
      // A part of the plate itself, read for a line of its own, is no sign.
      const isBeside = plates.length > 0 && plates.every((plate) => plate.box && shared(plate.box, box) === 0)
      if (plates.length > 0 && !isBeside) continue
      const heard = {
        cameraId,
        mark: this.#ports.mark(fold(text)),
        box,
        agreed: isBeside && agreed !== null ? this.#ports.mark(agreed) : null,
        looksEmpty,
        at,
      }
      const { texts, proposal } = hearText(this.#texts, heard)
      this.#texts = texts
      if (proposal) this.#writer.write([proposed(proposal)])
    }
  }

  /** Takes in one record, in the journal's order: what was proposed before is not proposed again. */
  hear({ stream, cause }: Pick<FactRecord, 'stream' | 'cause'>): void {
    if (stream !== 'site' || (cause.type !== 'mask.proposed' && cause.type !== 'mask.settled')) return
    const { cameraId, box } = cause as unknown as Pick<Proposal, 'cameraId' | 'box'>
    const others = this.#texts.proposed.filter((one) => one.cameraId !== cameraId || shared(one.box, box) === 0)
    const { reads = 0, since = 0, beside = 0, empty = 0 } = cause as unknown as Partial<Proposal>
    const kept = cause.type === 'mask.proposed' ? [{ cameraId, box, reads, since, beside, empty }] : []
    this.#texts = { ...this.#texts, proposed: [...others, ...kept] }
  }

  /** The site has begun with these masks; null for a camera that the site file does not name. */
  begin(masksOf: (cameraId: string) => readonly Polygon[] | null): void {
    this.#writer.write(settledProposals(this.#texts, masksOf).map(settled))
  }
}

const alarmOf = (cameraId: string, box: Rectangle): string =>
  `site/mask/${cameraId}/${box.map((share) => Math.round(1000 * share)).join('-')}`

function proposed(proposal: Proposal): RateRuling {
  const { cameraId, box, reads, beside, empty } = proposal
  const times = [
    ...(beside > 0 ? [`beside the plates of ${beside} vehicles`] : []),
    ...(empty > 0 ? [`${empty} times while the bay looked empty`] : []),
  ]
  const raise = {
    type: 'raise.alarm',
    alarmId: alarmOf(cameraId, box),
    alarm: 'mask-proposed',
    says: `Camera ${cameraId} read the same text ${reads} times at one place, ${times.join(' and ')}: it is no vehicle’s plate.`,
    do: `Look at the picture there; where it is a sign or a window, add to \`ignore\` of ${cameraId}: ${JSON.stringify(around(box))}`,
  }
  return { cause: { type: 'mask.proposed', ...proposal }, decisions: [], effects: [raise] }
}

const settled = ({ cameraId, box }: Proposal): RateRuling => ({
  cause: { type: 'mask.settled', cameraId, box },
  decisions: [],
  effects: [{ type: 'clear.alarm', alarmId: alarmOf(cameraId, box) }],
})

function around([x, y, width, height]: Rectangle): Polygon {
  const share = (value: number): number => Math.round(Math.min(1, Math.max(0, value)) * 1000) / 1000
  const [left, right] = [share(x - ROOM * width), share(x + (1 + ROOM) * width)]
  const [top, bottom] = [share(y - ROOM * height), share(y + (1 + ROOM) * height)]
  return [
    [left, top],
    [right, top],
    [right, bottom],
    [left, bottom],
  ]
}
