const TOKEN = /"(?:[^"\\]|\\.)*"\s*:?|[{}]/g

/** True where one object of a JSON text, which `value` is, has a name twice: it could say one thing here and another to somebody else. */
export function hasTwins(text: string, value: unknown): boolean {
  // As berth writes it; nothing that is written from an object holds a name twice.
  if (JSON.stringify(value) === text) return false
  const open: Set<string>[] = []
  for (const [token] of text.matchAll(TOKEN)) {
    if (token === '{') open.push(new Set())
    else if (token === '}') open.pop()
    else if (token.endsWith(':')) {
      const name = String(JSON.parse(token.slice(0, -1)))
      if (open.at(-1)?.has(name)) return true
      open.at(-1)?.add(name)
    }
  }
  return false
}
