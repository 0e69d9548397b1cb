import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'

const css = readFileSync(new URL('../../../src/inspector/page/page.css', import.meta.url), 'utf8')

/** The palettes of the page: light, and dark over it. */
function palettes(): { readonly [name: string]: string }[] {
  const [light = '', dark = ''] = [...css.matchAll(/:root \{([^}]*)\}/g)].map(([, body]) => body ?? '')
  const colours = (body: string) =>
    Object.fromEntries([...body.matchAll(/--([\w-]+): (#[0-9a-f]{3,6});/g)].map(([, name, colour]) => [name, colour]))
  return [colours(light), { ...colours(light), ...colours(dark) }]
}

function luminance(colour: string): number {
  const digits =
    colour.length === 4 ? [...colour.slice(1)].map((digit) => digit + digit) : (colour.slice(1).match(/../g) ?? [])
  const [red = 0, green = 0, blue = 0] = digits
    .map((pair) => Number.parseInt(pair, 16) / 255)
    .map((part) => (part <= 0.03928 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4))
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue
}
const contrast = (one: string, two: string) => {
  const [low = 0, high = 0] = [luminance(one), luminance(two)].toSorted((a, b) => a - b)
  return (high + 0.05) / (low + 0.05)
}

test('every text colour stands out from every ground it lies on by 4.5 to 1, in light and in dark (WCAG AA)', () => {
  const pairs = [
    ['ink', 'ground'],
    ['ink', 'sheet'],
    ['ink', 'charge'],
    ['ink', 'need-ground'],
    ['faint', 'ground'],
    ['faint', 'sheet'],
    ['faint', 'charge'],
    ['need', 'sheet'],
    ['need', 'need-ground'],
    ['link', 'sheet'],
    ['link', 'ground'],
    ['link', 'need-ground'],
    ['sheet', 'ink'],
    ['ink', 'replay-ground'],
    ['link', 'replay-ground'],
    ['faint', 'replay-ground'],
  ] as const
  for (const palette of palettes()) {
    for (const [text, ground] of pairs)
      expect([text, ground, contrast(palette[text] ?? '', palette[ground] ?? '') >= 4.5]).toEqual([text, ground, true])
    for (const [edge, ground] of [
      ['strong', 'sheet'],
      ['need', 'ground'],
      ['focus', 'sheet'],
      ['focus', 'ground'],
      ['ok', 'sheet'],
      ['replay', 'ground'],
      ['replay', 'replay-ground'],
    ] as const) {
      expect([edge, ground, contrast(palette[edge] ?? '', palette[ground] ?? '') >= 3]).toEqual([edge, ground, true])
    }
  }
  expect(contrast('#8c1d04', '#ffffff')).toBeGreaterThan(4.5)
})
