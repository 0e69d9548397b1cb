import type { FactRecord } from '../../../machines/record.ts'
import { RelivedSite } from '../../../machines/relived.ts'

/** The drafts of a simulated journal that live otherwise when it is lived again, in order. */
export function relivedDrift<One extends object>(drafts: readonly One[]): readonly One[] {
  const site = new RelivedSite()
  return drafts.filter((draft) => site.take({ ...structuredClone(draft), seq: 1 } as unknown as FactRecord))
}
