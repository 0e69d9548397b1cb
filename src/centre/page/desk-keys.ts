// One review at a time is at hand: keys go from one to the next and press its buttons. The list is told anew every few seconds; what is
// at hand stays so. Without scripts every button is still a button.
const LOOK_ms = 5000
const desk = document.querySelector<HTMLElement>('#desk')
let atHand = ''

const reviews = (): HTMLElement[] => [...document.querySelectorAll<HTMLElement>('article')]

function take(review: HTMLElement | undefined): void {
  if (review === undefined) return
  atHand = review.id
  review.focus()
  review.scrollIntoView({ block: 'nearest' })
}

function step(by: number): void {
  const all = reviews()
  const now = all.findIndex(({ id }) => id === atHand)
  take(all[Math.min(all.length - 1, Math.max(0, now < 0 ? 0 : now + by))])
}

document.addEventListener('keydown', (event) => {
  if (event.ctrlKey || event.altKey || event.metaKey) return
  const key = event.key.toLowerCase()
  if (key === 'j' || key === 'k') return step(key === 'j' ? 1 : -1)
  const review = reviews().find(({ id }) => id === atHand)
  review?.querySelector<HTMLElement>(`[data-key="${CSS.escape(key)}"]`)?.click()
})
desk?.addEventListener('focusin', (event) => {
  atHand = (event.target as HTMLElement).closest('article')?.id ?? atHand
})

async function look(): Promise<void> {
  if (document.hidden || desk === null) return
  try {
    const answer = await fetch(location.href, { cache: 'no-store' })
    if (!answer.ok) return
    const next = new DOMParser().parseFromString(await answer.text(), 'text/html')
    const news = next.querySelector('#desk')
    const ids = (list: Iterable<Element>): string =>
      [...list].map(({ id, textContent }) => `${id} ${textContent}`).join('\n')
    if (news === null || ids(news.querySelectorAll('article, li')) === ids(desk.querySelectorAll('article, li'))) return
    const held = document.activeElement?.closest('#desk') !== null
    desk.innerHTML = news.innerHTML
    document.title = next.title
    if (held || atHand === '') take(reviews().find(({ id }) => id === atHand) ?? reviews()[0])
  } catch {
    // Nobody answers: what is shown stays, and is asked for again.
  }
}
setInterval(() => void look(), LOOK_ms)
// Of one review its pictures stay in sight: it is at hand, and not gone to.
if (desk === null) atHand = reviews()[0]?.id ?? ''
else take(reviews()[0])
