import type { Hop } from './hop.ts'
import type { Route } from './roster.ts'

/** So long another node has for its answer, ms. */
const PATIENCE_MS = 2_000

/**
 * What other nodes heard of the database, for one that cannot ask it: claims of sites, as each of them knew at its last beat. A node that
 * does not answer is left out.
 */
export async function askPeers(
  urls: Iterable<string>,
  hop: Pick<Hop, 'word'>,
): Promise<readonly Pick<Route, 'siteId' | 'claim'>[]> {
  const answers = await Promise.all([...urls].map((url) => askPeer(url, hop.word(url)).catch(() => [])))
  return answers.flat()
}

async function askPeer(url: string, word: string): Promise<readonly Pick<Route, 'siteId' | 'claim'>[]> {
  const answer = await fetch(new URL('/cluster', url), {
    headers: { authorization: `Bearer ${word}` },
    redirect: 'error',
    signal: AbortSignal.timeout(PATIENCE_MS),
  })
  if (!answer.ok) return []
  const { sites } = (await answer.json()) as { readonly sites: readonly Route[] }
  return sites.map(({ siteId, claim }) => ({ siteId: String(siteId), claim: Number(claim) }))
}
