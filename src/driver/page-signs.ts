const drawn = (paths: string): string =>
  `<svg viewBox="0 0 48 48" fill="none" stroke="currentColor" stroke-width="3.5" stroke-linecap="round" stroke-linejoin="round" aria-hidden="true">${paths}</svg>`

const PLUG = '<path d="M17 5v11M31 5v11M12 16h24v6a12 12 0 0 1-24 0zM24 34v9"/>'

/** A drawing for each message: nobody has to read a language to see what to do. */
export const SIGNS: { readonly [message: string]: string } = {
  free: drawn('<path d="M17 41V7h9a10 10 0 0 1 0 20h-9"/>'),
  wait: drawn('<circle cx="24" cy="24" r="18"/><path d="M24 13v11l8 5"/>'),
  authorized: drawn('<circle cx="24" cy="24" r="18"/><path d="m15 25 6 6 12-13"/>'),
  'plug-in': drawn(PLUG),
  're-plug': drawn('<path d="M10 24a14 14 0 0 1 24-10l4 4M38 8v10H28M38 24a14 14 0 0 1-24 10l-4-4M10 40V30h10"/>'),
  offline: drawn('<path d="M14 34a10 10 0 0 1 2-19 13 13 0 0 1 20 4 8 8 0 0 1 0 15M8 8l32 32"/>'),
  'present-card': drawn('<rect x="5" y="11" width="38" height="26" rx="4"/><path d="M5 20h38M11 30h9"/>'),
  charging: drawn('<path d="M27 4 11 27h12l-2 17 16-23H25z"/>'),
  paused: drawn('<path d="M17 10v28M31 10v28"/>'),
  finished: drawn('<path d="m8 26 11 11 21-25"/>'),
  closed: drawn('<circle cx="24" cy="24" r="18"/><path d="m11.5 36.5 25-25"/>'),
}

/** The tone of each message: `go` do something, `ask` it does not go by itself, `charge` all is well, `rest` nothing to do. */
export const TONES: { readonly [message: string]: 'go' | 'ask' | 'charge' | 'rest' } = {
  free: 'rest',
  wait: 'rest',
  authorized: 'go',
  'plug-in': 'go',
  're-plug': 'go',
  offline: 'ask',
  'present-card': 'ask',
  charging: 'charge',
  paused: 'charge',
  finished: 'rest',
  closed: 'rest',
}
