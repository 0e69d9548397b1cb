/** The page's modules are served to browsers as they are; the tests run those without a DOM in Node. */
type Bay = { readonly bayId: string; readonly version: number; readonly [field: string]: unknown }
type Store = {
  epoch: number | null
  seq: number
  whole: boolean
  bays: Map<string, Bay>
  alarms: unknown[]
  reviews: unknown[]
  newBuild: boolean
  gaps: number
}
export type Wire = {
  emptyStore(): Store
  beginAgain(store: Store): void
  take(store: Store, message: unknown): { gap: boolean; changed?: Iterable<string> }
}
export type Words = {
  masked(plate: string | null): string | null
  whyLine(bay: unknown): string
  sourceOf(type: string): string
  eventWord(type: string): string
}
export type ServerTime = { span(ms: number): string; atSite(time: string, zone: string, day?: boolean): string }

/** A module of the page by its file name. */
export async function pageModule<Module>(name: string): Promise<Module> {
  return (await import(new URL(`../../../src/inspector/page/${name}`, import.meta.url).href)) as Module
}
