import type { ViewFault } from './view-watch.ts'

/** What a camera can suffer from. `slow`: far fewer pictures than it is used to give; `blind`: it says so itself; `silent`: nothing comes. */
export type CameraFault = ViewFault | 'slow' | 'blind' | 'silent'

/** A fault in words: what is wrong, what follows from it, what to do. */
export type FaultWords = { readonly says: string; readonly means: string; readonly does: string }

const UNSEEN = 'Its bays count as unseen until then: nothing becomes free by it, and drivers use card or code.'
const GOES_ON = 'Its bays go on; reads must agree as ever.'

/** With one of these the camera says nothing of its bays. */
export const BLINDING: ReadonlySet<CameraFault> = new Set(['dark', 'blocked', 'glare', 'blind', 'moved', 'silent'])

/** Every fault in words; `says` goes after the camera’s name. */
export const FAULT_WORDS: { readonly [fault in CameraFault]: FaultWords } = {
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
    does: 'Set it back, or draw its zones anew and restart; where they fit as they are, confirm its view.',
  },
  slow: {
    says: 'gives far fewer pictures than it used to',
    means: 'Its bays go on; plates are agreed on later, or not at all.',
    does: 'Look at its network and at what else draws its streams.',
  },
  blind: {
    says: 'says of itself that it sees nothing',
    means: UNSEEN,
    does: 'Look at its picture and at its own log.',
  },
  silent: {
    says: 'sends nothing',
    means: UNSEEN,
    does: 'Look at its power, its network, and whether it still knows this address and its token.',
  },
}
