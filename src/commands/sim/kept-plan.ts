import { dirname, join, relative, resolve } from 'node:path'
import type { DesignScenario } from '../../../simulations/design/design-scenario.ts'
import { FITTED_DEMAND } from '../../../simulations/design/fitted-demand.ts'
import { checkScenario } from './scenario-file.ts'

/** What of a scenario a site file keeps under `plan`: its own parts, without what is a default, and without what the site file says itself. */
export type KeptPlan = { readonly [part: string]: unknown }

/** The plan of a scenario as a site file at `sitePath` keeps it. Files that it names are then relative to that file. */
export function keptPlan(scenario: DesignScenario, scenarioPath: string, sitePath: string): KeptPlan {
  const usual = checkScenario('version: 1\nsite: { bays: 1 }\ncameras: [{ covers: 1 }]\n').scenario as DesignScenario
  const { site, cameras, ...parts } = moved(scenario, scenarioPath, sitePath) as DesignScenario & { version?: number }
  const { name: _, timezone: __, bays: ___, ...measures } = site
  const { version: _version, policy: _policy, ...own } = parts
  const camera = usual.cameras[0]
  return {
    ...parted('site', changed(measures, usual.site)),
    ...(cameras.length === 0
      ? {}
      : { cameras: cameras.map((one) => ({ covers: one.covers, ...changed(one, camera) })) }),
    ...Object.fromEntries(
      Object.entries(own).flatMap(([key, value]) =>
        Object.entries(parted(key, changed(value, usual[key as keyof DesignScenario]))),
      ),
    ),
  }
}

const parted = (key: string, value: object): KeptPlan => (Object.keys(value).length === 0 ? {} : { [key]: value })

/** The keys of a mapping that differ from another's, all the way down; lists are kept whole. */
function changed(value: unknown, usual: unknown): object {
  const before = (usual ?? {}) as { readonly [key: string]: unknown }
  return Object.fromEntries(
    Object.entries(value as object).flatMap(([key, own]) => {
      if (JSON.stringify(own) === JSON.stringify(before[key])) return []
      return [[key, isMapping(own) && isMapping(before[key]) ? changed(own, before[key]) : own]]
    }),
  )
}

const isMapping = (value: unknown): boolean => typeof value === 'object' && value !== null && !Array.isArray(value)

/** The same with the files that it names (demand, read curve) written as seen from another file. */
export function moved<Plan extends object>(plan: Plan, fromPath: string, toPath: string): Plan {
  const { demand, reader } = plan as { demand?: { source?: unknown }; reader?: { curve?: unknown } }
  const seen = (file: unknown): string => {
    const way = relative(dirname(resolve(toPath)), join(dirname(resolve(fromPath)), String(file)))
    return way.replaceAll('\\', '/')
  }
  const source = demand?.source
  const isFile = typeof source === 'string' && source !== 'rates' && !FITTED_DEMAND.has(source)
  const isCurve = typeof reader?.curve === 'string' && reader.curve !== 'default'
  return {
    ...plan,
    ...(isFile && { demand: { ...demand, source: seen(source) } }),
    ...(isCurve && { reader: { ...reader, curve: seen(reader?.curve) } }),
  }
}
