import type { OcppServer } from './ocpp/ocpp-server.ts'
import type { Log } from './room-parts.ts'
import { readSiteFile, type SiteFile } from './site-file.ts'
import type { ToldOthers } from './told-others.ts'

/** What of a running site takes a changed file; `ocpp`: null where another back end has the charge points. */
type Reloaded = { readonly ocpp: Pick<OcppServer, 'reload'> | null; readonly told: Pick<ToldOthers, 'showCrops'> }

/**
 * What of the site file may change while it runs: passwords of charge points, what lies in the certificate's files, and whether a centre may look at crops. No
 * connection of a charge point is touched. A file that does not check changes nothing.
 */
export async function reloadSite(path: string, env: NodeJS.ProcessEnv, site: Reloaded, log: Log): Promise<void> {
  const file = await readSiteFile(path, env).catch((cause: unknown) => {
    log(`Nothing was taken over: ${says(cause)}`)
    return null
  })
  if (file === null) return
  site.told.showCrops(file.centre?.crops === true)
  const crops = file.centre ? [`whether its centre is shown crops (${file.centre.crops ? 'yes' : 'no'})`] : []
  const charge = site.ocpp !== null && tookChargePoints(site.ocpp, file, log) ? [CHARGE_POINTS] : []
  const taken = [...charge, ...crops]
  if (taken.length === 0) return log('Nothing was taken over: what changed in the site file waits for a restart.')
  log(`Taken from the files as they are now: ${taken.join(', and ')}. Anything else waits for a restart.`)
}

const CHARGE_POINTS = 'passwords and certificate of the charge points'

function tookChargePoints(ocpp: Pick<OcppServer, 'reload'>, { chargePoints }: SiteFile, log: Log): boolean {
  try {
    ocpp.reload(chargePoints.map(({ id, password }) => ({ id, ...(password === null ? {} : { password }) })))
    return true
  } catch (cause) {
    log(`Passwords and certificate of the charge points stay as they were: ${says(cause)}`)
    return false
  }
}

const says = (cause: unknown): string => (cause instanceof Error ? cause.message : String(cause))
