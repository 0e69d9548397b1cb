import type { SiteCamera } from '../site-cameras.ts'
import type { ViewFault } from './view-watch.ts'

/**
 * What a camera can suffer from. `slow`: far fewer pictures than it is used to give; `blind`: it says so itself; `silent`: nothing comes;
 * `refused`, `unreachable`: berth fetches from it, and its login is refused, or it gives nothing although it was asked again and again.
 */
export type CameraFault = ViewFault | 'slow' | 'blind' | 'silent' | 'refused' | 'unreachable'
/** How a camera's messages come: it pushes, or berth fetches. */
export type CameraKind = SiteCamera['kind']

/** A fault in words: what is wrong, what follows from it, what to do. */
export type FaultWords = { readonly says: string; readonly means: string; readonly does: string }

const unseen = (until: string): string =>
  `Its bays count as unseen until ${until}: nothing becomes free by it, and drivers use card or code.`
const UNSEEN = unseen('its picture is good again')
const GOES_ON = 'Its bays go on; reads must agree as ever.'

/** With one of these the camera says nothing of its bays. */
export const BLINDING: ReadonlySet<CameraFault> = new Set([
  ...(['dark', 'blocked', 'glare', 'blind', 'moved', 'silent'] as const),
  ...(['refused', 'unreachable'] as const),
])

/** Every fault in words, where one fits all kinds. */
const FAULT_WORDS: { readonly [fault in CameraFault]: FaultWords } = {
  dark: {
    says: 'shows black',
    means: UNSEEN,
    does: 'Light the bays, or switch on its infrared; look whether its lens is covered.',
  },
  blocked: {
    says: 'shows one grey and nothing else',
    means: UNSEEN,
    does: 'Clean its lens: a bag, a web, snow, or spray over it.',
  },
  glare: {
    says: 'is dazzled: much of its picture is burnt out',
    means: UNSEEN,
    does: 'Turn it away from sun or lamp, or give it a hood; lower its exposure.',
  },
  blurred: {
    says: 'shows far less detail than it used to',
    means: GOES_ON,
    does: 'Clean its lens and set its focus; in fog and heavy rain this ends by itself.',
  },
  moved: {
    says: 'shows another scene than before: it was moved, or something stands before it',
    means:
      'Its zones may lie on other bays: no plate of it counts and its bays are unseen until it shows the old scene or a person says that its zones fit.',
    does: 'Set it back, or draw its zones anew; where they fit as they are, confirm its view.',
  },
  slow: {
    says: 'gives far fewer pictures than it used to',
    means: 'Its bays go on; plates are agreed on later, or not at all.',
    does: 'Look at its network and at what else draws its streams.',
  },
  blind: {
    says: 'says of itself that it sees nothing',
    means: unseen('it says that it sees'),
    does: 'Look at its picture and at its own log.',
  },
  silent: {
    says: 'sends nothing',
    means: unseen('something comes from it'),
    does: 'Look at its power and its network.',
  },
  refused: {
    says: 'refuses the login',
    means: unseen('its login works'),
    does: 'Set name and password in the site file to those of the camera and restart berth: by itself it asks again only after 35 minutes, later after up to 6 hours, so that no account is locked.',
  },
  unreachable: {
    says: 'does not give what it is asked for',
    means: unseen('it gives it'),
    does: 'Look at its power and its network, and open its `url` of the site file from this machine; why it failed is in the log. berth asks again by itself.',
  },
}

const PICTURES = 'Look at its power and its network, and whether the picture at its `url` still changes.'
const EVENTS = 'Look at its power and its network, and at what else draws its events.'
/** What to do where nothing comes, by how it should come. */
const SILENCE: { readonly [kind in CameraKind]: string } = {
  push: 'Look at its power, its network, and whether it still knows this address and its token. A camera that sends only when a vehicle comes: name its `dialect` in the site file.',
  snapshot: PICTURES,
  mjpeg: PICTURES,
  rtsp: PICTURES,
  alertstream: EVENTS,
  eventmanager: EVENTS,
  mqtt: 'Look whether it still publishes on its `topic`, under its `deviceId`, at the broker of its `url`.',
}
const BROKER = {
  refused: { says: 'is not heard: the broker refuses the login' },
  unreachable: {
    says: 'is not heard: its broker is not reached',
    does: 'Look at the broker of its `url` in the site file, and whether it lets berth listen to its `topic`. berth tries again by itself.',
  },
}

/** A fault in words; `says` goes after the camera’s name. What to do depends on how its messages come. */
export function faultWords(fault: CameraFault, kind: CameraKind): FaultWords {
  const words = FAULT_WORDS[fault]
  if (fault === 'silent') return { ...words, does: SILENCE[kind] }
  if (kind === 'mqtt' && (fault === 'refused' || fault === 'unreachable')) return { ...words, ...BROKER[fault] }
  return words
}
