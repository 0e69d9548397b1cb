// Keeps the page true without a reload: asks again every few seconds, and says so when nobody answers. Without scripts the page
// reloads itself.
const PAUSE_ms = 3000
const PATIENCE_ms = 8000

const parts = ['word', 'facts', 'always'].flatMap((id) => document.getElementById(id) ?? [])
const old = document.querySelector<HTMLElement>('#old')
let heardAt = performance.now()
let asking = false

async function look(): Promise<void> {
  if (asking || document.hidden) return
  asking = true
  try {
    const answer = await fetch(location.href, { cache: 'no-cache', signal: AbortSignal.timeout(PATIENCE_ms) })
    if (!answer.ok) throw new Error(String(answer.status))
    const next = new DOMParser().parseFromString(await answer.text(), 'text/html')
    document.title = next.title
    document.body.dataset['tone'] = next.body.dataset['tone'] ?? ''
    for (const part of parts) {
      const news = next.getElementById(part.id)
      // Only what changed is written: a screen reader speaks once, and never because of a figure.
      if (news !== null && news.innerHTML !== part.innerHTML) part.replaceChildren(...news.childNodes)
    }
    heardAt = performance.now()
  } catch {
    // The pause below decides when that is worth a word.
  }
  asking = false
  if (old !== null) old.hidden = performance.now() - heardAt < PATIENCE_ms
}

setInterval(() => void look(), PAUSE_ms)
document.addEventListener('visibilitychange', () => void look())
addEventListener('pageshow', () => void look())
