import type { Keys } from '../actors/ports.ts'

/**
 * Keys without cryptography: handles and tokens are counted, so a run names everything alike for the same order of events. Another seed
 * names everything otherwise, and sorts it otherwise.
 */
export function toyKeys(seed = 0): Keys {
  const vehicles = new Map<string, string>()
  const cards = new Map<string, string>()
  const tokens = new Map<string, string>()
  const starts = new Map<string, { startId: string; visitId: string }>()
  let made = 0
  const named = (names: Map<string, string>, prefix: string, text: string) => {
    const known = names.get(text)
    if (known !== undefined) return known
    made += 1
    const name = `${prefix}-${seed === 0 ? String(made).padStart(6, '0') : toyMark(`${seed}/${made}/${text}`)}`
    names.set(text, name)
    return name
  }
  return {
    vehicle: (folded) => named(vehicles, 'veh', folded),
    findVehicle: (folded) => vehicles.get(folded) ?? null,
    card: (idToken) => named(cards, 'card', idToken),
    findCard: (idToken) => cards.get(idToken) ?? null,
    startToken(startId, visitId, length) {
      const known = tokens.get(startId)
      if (known !== undefined) return known
      const token = `BE${(seed * 1000 + tokens.size + 1)
        .toString(16)
        .toUpperCase()
        .padStart(length - 2, '0')}`
      tokens.set(startId, token)
      starts.set(token, { startId, visitId })
      return token
    },
    findStart: (idToken) => starts.get(idToken.toUpperCase()) ?? null,
    tokenOf: (startId) => tokens.get(startId) ?? null,
    destroy(subject) {
      for (const names of [vehicles, cards])
        for (const [text, name] of names) if (name === subject) return names.delete(text)
      return false
    },
    mark: toyMark,
  }
}

/** FNV-1a over 53 bits' worth of two lanes: tells texts apart, keeps nothing secret. */
function toyMark(text: string): string {
  let low = 0x811c9dc5
  let high = 0xcbf29ce4
  for (let i = 0; i < text.length; i++) {
    low = Math.imul(low ^ text.charCodeAt(i), 0x01000193)
    high = Math.imul(high ^ (text.charCodeAt(i) + i), 0x01000193)
  }
  return (low >>> 0).toString(36) + (high >>> 0).toString(36)
}
