import { openViewedSite, type ViewedPlace } from './viewed-site.ts'

/** What a viewer says to the centre that started it: its port, or why there is none. */
export type ViewerSays = { readonly port: number } | { readonly says: string }

const answer = (told: ViewerSays): void => void process.send?.(told)

// A site is rebuilt record by record, which takes this process's whole time for a while: links must not wait for it.
process.once('message', async (place: ViewedPlace) => {
  try {
    answer({ port: (await openViewedSite(place)).port })
  } catch (cause) {
    answer({ says: cause instanceof Error ? cause.message : String(cause) })
  }
})
process.once('disconnect', () => process.exit(0))
