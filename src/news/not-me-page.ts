import { createHash } from 'node:crypto'
import { escaped } from '../escaped-text.ts'

const STYLE = `body{font:1.1rem/1.5 system-ui,sans-serif;max-width:34rem;margin:3rem auto;padding:0 1rem;color:#111;background:#fff}
button{font:inherit;padding:.8rem 1.2rem;border:0;border-radius:.4rem;background:#a00;color:#fff}`

/** Its own style by its hash, its own form, and nothing else. */
export const NOT_ME_POLICY = [
  "default-src 'none'",
  `style-src 'sha256-${createHash('sha256').update(STYLE).digest('base64')}'`,
  "form-action 'self'",
  "base-uri 'none'",
  "frame-ancestors 'none'",
].join('; ')

/** What a page says of a link that cannot be pressed, by its state. */
const SAYS = {
  done: [
    'Thank you',
    'The charge is being stopped and its bill is disputed. The site has that on record and will look into it.',
  ],
  used: ['Used already', 'This link was used before: the charge was stopped and its bill is disputed.'],
  over: [
    'Too late',
    'This link works for a day after the start. Speak to whoever bills you; they can dispute the bill.',
  ],
  unknown: ['No such link', 'This link leads to nothing. Open it as it was sent to you, whole.'],
  busy: ['One moment, please', 'Too many pages were asked for at once. Try again in a minute.'],
} as const

/** The page of a link that was pressed, or cannot be. */
export function notMeNotice(state: keyof typeof SAYS, siteName: string): string {
  const [title, says] = SAYS[state]
  return page(siteName, title, `<p>${says}</p>`)
}

/** The page on which whoever pays says it: only pressing does anything, so that a program that opens links changes nothing. */
export function notMeQuestion(siteName: string, bayId: string, startedAt: string): string {
  const when = `${startedAt.slice(0, 10)} at ${startedAt.slice(11, 16)} UTC`
  return page(
    siteName,
    'Is this not you?',
    `<p>A charge began in ${escaped(bayId)} of ${escaped(siteName)} on ${when}, and you are to pay for it.</p>
<p>If it is not yours, press the button: the charge is stopped and its bill is disputed. This works once.</p>
<form method="post" enctype="text/plain"><button>This is not me: stop the charge</button></form>`,
  )
}

const page = (siteName: string, title: string, body: string): string => `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width,initial-scale=1"><title>${escaped(title)} · ${escaped(siteName)}</title><style>${STYLE}</style></head>
<body><h1>${escaped(title)}</h1>
${body}
</body></html>
`
