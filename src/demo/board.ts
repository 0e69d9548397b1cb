import type { Clock } from '../../actors/ports.ts'
import type { BayView, ReviewRow } from '../../projections/bay-view.ts'
import type { ApiClient } from './api-client.ts'
import { rest } from './rest.ts'

/** The bays as the API shows them, asked for twice a second. */
export type Board = {
  /** The newest view of a bay, null before the first answer. */
  bay(bayId: string): BayView | null
  /** Called with every view that differs from the one before it. */
  onChange(listener: (bay: BayView, before: BayView | null) => void): void
  /** Asks once, now. */
  refresh(): Promise<void>
  /** Asks until the signal ends; never rejects. */
  run(signal: AbortSignal): Promise<void>
  /** Waits until a bay looks so, or for `patience_ms`; answers whether it did. */
  until(bayId: string, looksSo: (bay: BayView) => boolean, patience_ms: number, signal: AbortSignal): Promise<boolean>
}

const EVERY_MS = 500

/** A board of the server behind `api`. */
export function openBoard(api: ApiClient, clock: Clock): Board {
  const bays = new Map<string, BayView>()
  const listeners: ((bay: BayView, before: BayView | null) => void)[] = []
  const refresh = async (): Promise<void> => {
    const { items } = (await api.get('/api/bays')) as unknown as { readonly items: readonly BayView[] }
    for (const bay of items) {
      const before = bays.get(bay.bayId) ?? null
      if (before !== null && before.version === bay.version) continue
      bays.set(bay.bayId, bay)
      for (const listener of listeners) listener(bay, before)
    }
  }
  return {
    bay: (bayId) => bays.get(bayId) ?? null,
    onChange: (listener) => void listeners.push(listener),
    refresh,
    async run(signal) {
      while (!signal.aborted) {
        // A server that is busy or stopping answers late or not at all: the next question asks again.
        await refresh().catch(() => undefined)
        await rest(clock, EVERY_MS, signal).catch(() => undefined)
      }
    },
    async until(bayId, looksSo, patience_ms, signal) {
      const end = clock.now() + patience_ms
      for (;;) {
        const bay = bays.get(bayId)
        if (bay !== undefined && looksSo(bay)) return true
        if (clock.now() >= end) return false
        await rest(clock, 200, signal)
      }
    },
  }
}

/** Reviews that wait for a person. */
export async function openReviews(api: ApiClient): Promise<readonly ReviewRow[]> {
  const { items } = (await api.get('/api/reviews')) as unknown as { readonly items: readonly ReviewRow[] }
  return items
}
