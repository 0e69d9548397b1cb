import { expect, test, vi } from 'vitest'
import { PasswordBook } from '../../../src/ocpp/password-book.ts'
import { hashPassword, isPassword, isPasswordNow, makePassword, readPassword } from '../../../src/ocpp/password-hash.ts'

vi.setConfig({ testTimeout: 180_000 })

const bytes = (text: string): Buffer => Buffer.from(text)

function bookOf(...passwords: [string, string][]): PasswordBook {
  const book = new PasswordBook()
  book.adopt(passwords)
  return book
}

test('a hash holds for its password alone, and no two of one password are alike', async () => {
  const [one, other] = [hashPassword(bytes('sécret')), hashPassword(bytes('sécret'))]
  expect(one).not.toBe(other)
  expect(one).not.toContain('cret')
  for (const stored of [one, other].map(readPassword)) {
    if (!stored) throw new Error('berth does not take its own hash')
    expect(await isPassword(stored, bytes('sécret'))).toBe(true)
    expect(isPasswordNow(stored, bytes('sécret'))).toBe(true)
    for (const wrong of ['secret', 'sécret ', '', 'x'.repeat(10_000)]) {
      expect(await isPassword(stored, bytes(wrong))).toBe(false)
      expect(isPasswordNow(stored, bytes(wrong))).toBe(false)
    }
  }
})

test.each([
  '$scrypt$',
  '$scrypt$ln=14,r=8,p=1$c2FsdHNhbHRzYWx0c2E$short',
  `$scrypt$ln=24,r=8,p=1$${'A'.repeat(22)}$${'A'.repeat(43)}`,
  `$scrypt$ln=2,r=8,p=1$${'A'.repeat(22)}$${'A'.repeat(43)}`,
  `$scrypt$ln=14,r=99,p=9$${'A'.repeat(22)}$${'A'.repeat(43)}`,
  `hex:$scrypt$ln=14,r=8,p=0$${'A'.repeat(22)}$${'A'.repeat(43)}`,
])('%s is no hash that berth takes', (text) => {
  expect(readPassword(text)).toBeNull()
})

test('a made password has 32 letters that nobody takes for each other; a binary one is 20 bytes, understood as bytes and as hex', async () => {
  const { password, stored } = makePassword(false)
  expect(password).toMatch(/^[A-HJ-NP-Za-km-z2-9]{32}$/)
  const book = bookOf(['CP-1', stored])
  expect(await book.holds('CP-1', bytes(password))).toBe(true)
  const hex = makePassword(true)
  expect(hex.password).toMatch(/^[0-9A-F]{40}$/)
  for (const given of [Buffer.from(hex.password, 'hex'), bytes(hex.password), bytes(hex.password.toLowerCase())])
    expect(await bookOf(['CP-1', hex.stored]).holds('CP-1', given)).toBe(true)
  expect(await bookOf(['CP-1', hex.stored]).holds('CP-1', bytes(hex.password.slice(1)))).toBe(false)
})

test('2,000 charge points come back without working out a hash again', async () => {
  const stored = hashPassword(bytes('the password'))
  const ids = Array.from({ length: 20 }, (_, i) => `CP-${i}`)
  const book = bookOf(...ids.map((id): [string, string] => [id, stored]))
  for (const id of ids) expect(await book.holds(id, bytes('the password'))).toBe(true)
  const from = process.cpuUsage()
  for (let i = 0; i < 2_000; i += 1) expect(await book.holds(`CP-${i % 20}`, bytes('the password'))).toBe(true)
  const { user } = process.cpuUsage(from)
  expect(user / 1_000).toBeLessThan(200)
})

test('the same wrong password, again and again, costs nothing; the right one still comes in', async () => {
  const book = bookOf(['CP-1', hashPassword(bytes('right'))])
  expect(await book.holds('CP-1', bytes('wrong'))).toBe(false)
  const from = process.cpuUsage()
  for (let i = 0; i < 1_000; i += 1) await book.holds('CP-1', bytes('wrong'))
  expect(process.cpuUsage(from).user / 1_000).toBeLessThan(200)
  expect(await book.holds('CP-1', bytes('right'))).toBe(true)
})

test('more than some hundred guesses at one moment are sent away, and the machine works out no more than two at a time', async () => {
  const book = bookOf(['CP-1', hashPassword(bytes('right'), 10)])
  const answers = await Promise.all(Array.from({ length: 300 }, (_, i) => book.holds('CP-1', bytes(`guess ${i}`))))
  expect(answers.filter((one) => one === 'busy')).toHaveLength(98)
  expect(answers).not.toContain(true)
  expect(await book.holds('CP-1', bytes('right'))).toBe(true)
})

test('passwords are taken over anew: a changed one must be shown again, one that is gone holds for nobody', async () => {
  const book = bookOf(['CP-1', hashPassword(bytes('one'))], ['CP-2', 'two'])
  expect(await book.holds('CP-1', bytes('one'))).toBe(true)
  book.adopt([['CP-1', hashPassword(bytes('other'))]])
  expect(await book.holds('CP-1', bytes('one'))).toBe(false)
  expect(await book.holds('CP-1', bytes('other'))).toBe(true)
  expect(await book.holds('CP-2', bytes('two'))).toBe(false)
})
