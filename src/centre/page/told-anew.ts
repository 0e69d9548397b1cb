// What is told is told anew every few seconds, part by part, without a reload: a form, and what somebody has under their keys, stays as it is.
// Where another page stands here by now (a sign-in, a site that was opened) the browser goes to it. Without scripts a reload tells it.
const every = Number(document.querySelector<HTMLElement>('main')?.dataset['every'] ?? 0)
const parts = (page: Document): HTMLElement[] => [...page.querySelectorAll<HTMLElement>('[data-told]')]

function tell(part: HTMLElement, news: HTMLElement): void {
  if (part.innerHTML === news.innerHTML) return
  const held = part.contains(document.activeElement) ? document.activeElement?.getAttribute('href') : null
  part.innerHTML = news.innerHTML
  if (held) part.querySelector<HTMLElement>(`[href="${CSS.escape(held)}"]`)?.focus()
}

async function look(): Promise<void> {
  if (document.hidden) return
  try {
    const answer = await fetch(location.href, { cache: 'no-store', headers: { accept: 'text/html' } })
    const page = new DOMParser().parseFromString(await answer.text(), 'text/html')
    const [own, news] = [parts(document), parts(page)]
    if (own.length !== news.length) return location.reload()
    for (const [index, part] of own.entries()) tell(part, news[index] ?? part)
    document.title = page.title
  } catch {
    // Nobody answers: what is shown stays, and is asked for again.
  }
}
if (every > 0) setInterval(() => void look(), every * 1000)
