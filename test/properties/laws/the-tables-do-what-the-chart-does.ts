import { compiledFrom, compiledPath, compiledStep } from '../../../machines/compiled-step.ts'
import { opened } from '../../../machines/step.ts'
import type { BayRun } from '../bay-run.ts'
import type { Law } from '../law.ts'
import { isSame } from '../plain-facts.ts'

/** Every event of a run once more, by the tables: the same record and the same knowledge after each. */
function tablesAgree({ lived }: BayRun): string | null {
  let bay = compiledFrom(opened('bay-1'))
  for (const { event, draft, now, state } of lived) {
    const made = compiledStep(bay, { ...event })
    const which = `record ${draft.version} (${event.type})`
    if (!isSame(made.draft, draft)) return `${which} is another record by the tables`
    if (!isSame(made.bay.context, now)) return `${which} leaves other knowledge by the tables`
    if (compiledPath(made.bay).state !== state) return `${which} leads elsewhere by the tables`
    bay = made.bay
  }
  return null
}

/** Serves all: what a simulation decides is what the site will decide. */
export const law: Law = {
  number: null,
  promise: 'the tables do what the chart does',
  matters: 'Who sizes a site by simulation, or tries a policy over the past, must see what XState would have decided.',
  own: [],
  bay: [{ says: 'the compiled stepper writes the same records and knows the same after each', breach: tablesAgree }],
}
