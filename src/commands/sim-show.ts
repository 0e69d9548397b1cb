import { parseArgs } from 'node:util'
import { Fault } from '../../machines/faults.ts'
import { counted } from '../counted.ts'
import { complain } from './sim/complaint.ts'
import { ReportShelf } from './sim/report-shelf.ts'
import { stopSignal } from './stop-signal.ts'

/**
 * `berth sim show DIR`: serves the report of a folder that `berth sim run` made, and the inspector over the journals of its worst visits,
 * read-only, until `stopped`. Answers 1 for a folder that cannot be shown, 2 for a wrong call.
 */
export async function simShow(argv: string[], stopped: () => Promise<void> = stopSignal): Promise<number> {
  const { values, positionals } = parseArgs({
    args: argv,
    allowPositionals: true,
    options: { port: { type: 'string', default: '8080' } },
  })
  const [folder] = positionals
  if (folder === undefined || positionals.length > 1)
    return complain('berth sim show takes one folder: `berth sim show scenario.out`; `berth sim run` writes it.', 2)
  if (!/^\d{1,5}$/.test(values.port) || Number(values.port) > 65_535)
    return complain(`--port takes a number from 0 to 65535; ${JSON.stringify(values.port)} is none.`, 2)
  try {
    const shelf = new ReportShelf(folder)
    const { http } = await shelf.inspect(Number(values.port))
    process.stdout.write(
      `${shelf.site}: the report and ${counted(shelf.visits.length, 'visit')} that went badly, read-only: ${http.url}/#/design-report, until Ctrl-C.\n`,
    )
    await stopped()
    await shelf.close()
    return 0
  } catch (fault) {
    if (fault instanceof Fault) return complain(fault.message, 1)
    throw fault
  }
}
