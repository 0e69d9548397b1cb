import { stringify } from 'yaml'
import type { Journal } from '../../../actors/ports.ts'
import { Fault } from '../../../machines/faults.ts'
import type { Draft, FactRecord } from '../../../machines/record.ts'
import type { DesignReport, DesignVisitView } from '../../server/design-report-routes.ts'
import { inspectRecorded, type RecordedSite, type Time } from '../recorded-site.ts'
import { RecordingShelf } from '../recording-shelf.ts'
import { type ListedVisit, openReportFolder, type ReportFolder, visitRecords } from './report-folder.ts'

const READ_ONLY =
  'This is the recording of a simulated site: nothing in it can be ordered or changed. Run `berth serve` or `berth demo` for a site that lives.'

/** A visit as it is shown: the page of its bay, where the vehicle came. */
type ShownVisit = RecordedSite & { readonly at: string }

/** The report in a folder, whose visits are opened when somebody wants to see them, each in an inspector of its own. */
export class ReportShelf implements DesignReport {
  readonly #folder: string
  readonly #report: ReportFolder
  readonly #shelf = new RecordingShelf<ShownVisit>()

  /** Throws as `openReportFolder`. */
  constructor(folder: string) {
    this.#folder = folder
    this.#report = openReportFolder(folder)
  }

  get site(): string {
    return this.#report.site
  }

  get visits(): readonly DesignVisitView[] {
    return this.#report.visits.map(viewOf)
  }

  page(): string {
    return this.#report.page
  }

  async open(name: string): Promise<string | null> {
    const visit = this.#report.visits.find((one) => one.name === name)
    if (!visit) return null
    const { http, at } = await this.#shelf.take(name, () => this.#show(visit))
    return `${http.url}/${at}`
  }

  /** The inspector that stays: over the first visit whose journal holds, an empty bay where none does. Rejects as `inspectRecorded`. */
  async inspect(port: number): Promise<RecordedSite> {
    return this.#shelf.take('', async () => ({ ...(await this.#first(port)), at: '' }))
  }

  close(): Promise<void> {
    return this.#shelf.close()
  }

  async #first(port: number): Promise<RecordedSite> {
    for (const visit of this.#report.visits)
      try {
        // Once on any port, so that a journal that cannot be shown is not taken for a port that is.
        await (await this.#show(visit)).close()
        return await this.#over(visitRecords(this.#folder, visit), port, visit)
      } catch (fault) {
        if (!(fault instanceof Fault) || fault.code === 'SITE_FILE_INVALID') throw fault
      }
    return this.#over([], port, null)
  }

  async #show(visit: ListedVisit): Promise<ShownVisit> {
    const records = visitRecords(this.#folder, visit)
    const [first] = records
    if (!first) throw unlike(visit, 'it holds no record')
    const came = Date.parse(first.at) + (visit.enteredMs ?? 0)
    const at = records.find((record) => Date.parse(record.at) >= came) ?? first
    try {
      const site = await this.#over(records, 0, visit)
      return { ...site, at: `#/bays/${encodeURIComponent(at.bayId ?? first.bayId ?? '')}?at=seq:${at.seq}` }
    } catch (cause) {
      throw unlike(visit, cause instanceof Error ? cause.message : String(cause))
    }
  }

  #over(records: readonly FactRecord[], port: number, visit: ListedVisit | null): Promise<RecordedSite> {
    const { site, timezone } = this.#report
    const bays = [...new Set(records.flatMap(({ bayId }) => bayId ?? []))]
    return inspectRecorded({
      siteId: 'simulated',
      siteFile: siteText(`Simulated: ${site}`, timezone, bays.length > 0 ? bays : ['bay-1']),
      port,
      fill: (journal, _keys, time) => fill(journal, records, time),
      shows: { designReport: this, ...(visit && { simulation: { ...viewOf(visit), site } }) },
      readOnly: READ_ONLY,
    })
  }
}

const unlike = ({ name }: ListedVisit, why: string): Fault => {
  const says = `journals/${name}.jsonl cannot be shown: ${why}; run \`berth sim run\` again.`
  return new Fault('STORE_CORRUPT', { name }, { says })
}

const viewOf = ({ name, trouble, bay, replication, index }: ListedVisit): DesignVisitView => ({
  name,
  trouble,
  bay,
  replication,
  index,
})

/** The site file of a recording: what its bays are equipped with, the records say. */
function siteText(name: string, timezone: string, bays: readonly string[]): string {
  return stringify({
    site: { id: 'simulated', name: name.slice(0, 100), timezone },
    store: { kind: 'sqlite', path: './simulated.db' },
    http: { host: '127.0.0.1', port: 8080 },
    ocpp: { host: '127.0.0.1', port: 0 },
    bays: bays.map((id, index) => ({ id, connectors: [{ chargePoint: `CP-${index + 1}`, evse: 1 }] })),
    chargePoints: bays.map((_, index) => ({ id: `CP-${index + 1}` })),
  })
}

/** Records as they were drafted, into a journal of their own: the same numbers, for every one of them is here. */
async function fill(journal: Journal, records: readonly FactRecord[], time: Time): Promise<void> {
  time.now = Math.max(time.now, ...records.slice(-1).map(({ at }) => Date.parse(at)))
  await journal.append(records.map(draftOf))
}

function draftOf(record: FactRecord): Draft {
  const { stream, bayId, version, at, machine, cause, rule, decisions, guards, effects, timers, state, detail } = record
  const drafted = { stream, bayId, version, at, machine, cause, decisions, guards, effects, timers, state, detail }
  return { schema: 1, ...drafted, ...(rule === undefined ? {} : { rule }), personal: {} }
}
