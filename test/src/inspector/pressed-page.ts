import type { Page } from 'playwright-core'

/** What stands around the screens, and what leaves them: pressed by no walk. */
const CONTROLS = 'main button:not([disabled]), main summary, main dialog[open] button'

/** Presses everything on a screen that can be pressed, fills and sends what is asked, and comes back to `place` where a press led elsewhere. */
export async function pressAll(page: Page, place: string, pressed: (label: string) => void): Promise<number> {
  const done = new Set<string>()
  for (;;) {
    const label = await pressNext(page, [...done])
    if (label === null) return done.size
    done.add(label)
    pressed(label)
    await page.waitForTimeout(60)
    if (await page.locator('dialog[open]').count()) await sendAsked(page)
    if ((await page.evaluate(() => location.hash)) !== place) {
      await page.evaluate((hash) => {
        location.hash = hash
      }, place)
      await page.waitForTimeout(400)
    }
  }
}

/** Presses the first control whose name was not pressed yet, and answers that name; null where there is none. */
const pressNext = (page: Page, done: readonly string[]): Promise<string | null> =>
  page.evaluate(
    ([selector, pressed]) => {
      const nameOf = (one: HTMLElement) => `${one.tagName} ${one.getAttribute('aria-label') ?? one.textContent ?? ''}`
      const next = [...document.querySelectorAll<HTMLElement>(selector)].find(
        (one) => one.checkVisibility({ visibilityProperty: true }) && !pressed.includes(nameOf(one)),
      )
      next?.click()
      return next === undefined ? null : nameOf(next)
    },
    [CONTROLS, done] as const,
  )

/** Answers the question that is open with something, sends it, and closes it. */
async function sendAsked(page: Page): Promise<void> {
  await page.evaluate(() => {
    const dialog = document.querySelector('dialog[open]')
    for (const select of dialog?.querySelectorAll('select') ?? []) select.selectedIndex = select.options.length - 1
    for (const input of dialog?.querySelectorAll('input') ?? []) if (input.value === '') input.value = 'AB12XYZ'
    dialog?.querySelector<HTMLButtonElement>('[type=submit]:not([disabled])')?.click()
  })
  await page.waitForTimeout(150)
  await page.evaluate(() => document.querySelector<HTMLDialogElement>('dialog[open]')?.close())
}
