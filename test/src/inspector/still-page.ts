import type { Page, Request } from 'playwright-core'

/** So long nothing may be asked for and nothing be put into the page before it counts as still, ms. */
const STILL_MS = 200
/** What never comes to rest is looked at all the same after so long, ms. */
const AT_MOST_MS = 15_000

/**
 * Follows what this page asks for from now on; what it answers waits until the page is still: everything that it asked for was answered,
 * and no element has been put into it for a moment. Texts that count on are no movement.
 */
export function followed(page: Page): () => Promise<void> {
  const open = new Set<Request>()
  let newest = performance.now()
  const moved = (): void => {
    newest = performance.now()
  }
  const answered = (one: Request): void => {
    open.delete(one)
    moved()
  }
  page.on('request', (one) => {
    open.add(one)
    moved()
  })
  page.on('response', (answer) => answered(answer.request()))
  page.on('requestfailed', answered)
  return async () => {
    const end = performance.now() + AT_MOST_MS
    do await unmoved(page)
    while ((open.size > 0 || performance.now() - newest < STILL_MS) && performance.now() < end)
  }
}

/** Resolves once no element was put into the page for a moment. */
const unmoved = (page: Page): Promise<void> =>
  page.evaluate(
    (still_ms) =>
      new Promise<void>((resolve) => {
        const rests = (): ReturnType<typeof setTimeout> =>
          setTimeout(() => {
            watch.disconnect()
            resolve()
          }, still_ms)
        let timer = rests()
        const watch = new MutationObserver((changes) => {
          if (!changes.some(({ addedNodes }) => [...addedNodes].some((one) => one instanceof Element))) return
          clearTimeout(timer)
          timer = rests()
        })
        watch.observe(document, { childList: true, subtree: true })
      }),
    STILL_MS,
  )
