// Keeps the page true without a reload: asks again every few seconds, and says so when nobody answers. Without scripts the page
// reloads itself.
const PAUSE_ms = 3000
const PATIENCE_ms = 8000

const parts = ['word', 'facts', 'always'].flatMap((id) => document.getElementById(id) ?? [])
const door = document.querySelector<HTMLElement>('#door')
const said = document.querySelector<HTMLElement>('#said')
const old = document.querySelector<HTMLElement>('#old')
let heardAt = performance.now()
let asking = false

// What was said of a press is said once: a page that is loaded anew does not say it again.
const own = new URL(location.href)
for (const name of ['said', 'form']) own.searchParams.delete(name)
history.replaceState(null, '', own)

// Who mistyped a PIN types the PIN again and nothing else: what stands beside it stays in this tab until the page has answered.
const KEPT = 'berth-typed'
door?.addEventListener('submit', ({ target }) => {
  const fields = new FormData(target as HTMLFormElement)
  const typed = fields.get('plate') ?? fields.get('choice')
  try {
    if (typed !== null) sessionStorage.setItem(KEPT, String(typed))
  } catch {
    // A browser that keeps nothing for pages: the driver types it again.
  }
})
function typedBefore(): string | null {
  try {
    const typed = sessionStorage.getItem(KEPT)
    sessionStorage.removeItem(KEPT)
    return typed
  } catch {
    return null
  }
}
const typed = typedBefore()
const tried = document.querySelector('#wrong')?.closest('form')
if (tried && typed !== null) {
  const plate = tried.querySelector<HTMLInputElement>('[name=plate]')
  if (plate !== null) plate.value = typed
  for (const choice of tried.querySelectorAll<HTMLInputElement>('[name=choice]'))
    choice.checked = choice.value === typed
  tried.querySelector<HTMLInputElement>('[name=secret]')?.focus()
}

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
      if (news === null || news.innerHTML === part.innerHTML) continue
      part.replaceChildren(...news.childNodes)
      // What was said of a press is over once the bay has something newer to say.
      if (part.id === 'word') said?.replaceChildren()
    }
    renewDoor(next)
    heardAt = performance.now()
  } catch {
    // The pause below decides when that is worth a word.
  }
  asking = false
  const isOld = performance.now() - heardAt >= PATIENCE_ms
  if (old !== null) old.hidden = !isOld
  // Nobody is asked for money by a page that may be out of date.
  for (const button of door?.querySelectorAll('button') ?? []) button.disabled = isOld
}

/** Forms stay while somebody is at them: nothing moves under a hand, and nothing that was typed is lost. */
function renewDoor(next: Document): void {
  const news = next.getElementById('door')
  if (door === null || news === null || door.dataset['was'] === news.innerHTML) return
  const isBusy = door.contains(document.activeElement) || door.querySelector('details[open], #wrong') !== null
  if (isBusy && news.childElementCount > 0) return
  door.dataset['was'] = news.innerHTML
  door.replaceChildren(...news.childNodes)
}
if (door !== null) door.dataset['was'] = door.innerHTML

setInterval(() => void look(), PAUSE_ms)
document.addEventListener('visibilitychange', () => void look())
addEventListener('pageshow', () => void look())
