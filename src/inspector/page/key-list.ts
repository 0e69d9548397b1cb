/** Keys: those of every screen and of the one that is open. They act while nobody types and no question is open, and `?` lists them. */
import { make } from './dom.ts'
import { PAGE_WORDS as WORDS } from './page-words.ts'
import type { Key } from './screen.ts'

const names: { readonly [key: string]: string } = {
  ArrowLeft: '←',
  ArrowRight: '→',
  ArrowUp: '↑',
  ArrowDown: '↓',
  ' ': '␣',
}

/** Shows which keys there are. */
export function showKeys(keys: readonly Key[]): void {
  const dialog = make('dialog', { 'aria-labelledby': 'keys-title', class: 'keys' })
  const rows = keys.flatMap(({ key, says }) => [
    make('dt', {}, make('kbd', {}, names[key] ?? key)),
    make('dd', {}, says),
  ])
  const close = make('button', { type: 'button', onclick: () => dialog.close() }, WORDS.close)
  dialog.append(make('h2', { id: 'keys-title' }, WORDS.keysTitle), make('dl', {}, ...rows), close)
  dialog.addEventListener('close', () => dialog.remove())
  document.body.append(dialog)
  dialog.showModal()
}

/** Heeds keys for as long as the page is there. */
export function heedKeys(keys: () => readonly Key[]): void {
  addEventListener('keydown', (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || isTyping(event.target)) return
    if (document.querySelector('dialog[open]') !== null) return
    const fits = ({ key, when }: Key) => (key === event.key || key === event.key.toLowerCase()) && when?.() !== false
    const wanted = keys().find(fits)
    if (wanted === undefined) return
    event.preventDefault()
    wanted.press(event)
  })
}

const isTyping = (target: EventTarget | null): boolean =>
  target instanceof HTMLElement && target.matches('input, select, textarea, [contenteditable]')
